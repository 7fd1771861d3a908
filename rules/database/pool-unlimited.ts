import { defineRule, type Language } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "database/pool-unlimited",
    title: "Connection pool has no upper bound",
    severity: "info",
    presets: ["strict"],
    guides: ["qca/database-connection-pool"],
    why: `
Every request that waits opens one more connection, until the database refuses all of them, other services included.`,
    remedy: `
\`\`\`python
create_engine(DATABASE_URL, pool_size=10, max_overflow=5)
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/770.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.poolSize) {
      if (at.value > 0 || TAKES_DEFAULT.test(key)) continue;

      report({
        at,
        subject,
        message: `${key} puts no upper bound on database connections`,
        snippet: bounded(key, at.span.file.language),
      });
    }
  },
});

/** node-postgres and postgres.js read `max: 0` as their default of 10. */
const TAKES_DEFAULT = /\(max=/;

/** The variable or option with a bound, in the language of its file. */
function bounded(key: string, language: Language): string {
  const option = /\((\w+)=/.exec(key)?.[1] ?? key;
  if (language === "yaml") return `${option}: "10"`;
  return language === "javascript" ? `${option}: 10` : `${option}=10`;
}
