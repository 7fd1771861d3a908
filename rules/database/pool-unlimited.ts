import { defineRule } from "../../src/rule.ts";

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
      if (at.value > 0) continue;

      report({
        at,
        subject,
        message: `${key} puts no upper bound on database connections`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=10` : `${key}: 10`,
      });
    }
  },
});
