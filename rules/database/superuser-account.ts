import { defineRule, type EnvValue, type Located } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "database/superuser-account",
    title: "Application connects to its database as a superuser",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/database-least-privilege"],
    why: `
One injected query as \`postgres\`, \`root\` or \`sa\` reads every database, writes files and runs programs on the server. An
account that owns nothing but its schema limits the damage.`,
    remedy: `
\`\`\`sql
CREATE ROLE app LOGIN PASSWORD '…';
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app;
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/250.html"],
  },

  check(model, report) {
    for (const { database, user, subject, key, scheme } of model.urls) {
      if (!database || !user || !SUPERUSERS.has(user.value.toLowerCase()) || user.span.file.stage === "example")
        continue;

      report({
        at: user,
        subject,
        message: `${key} connects as ${user.value}, the superuser of ${scheme.replace(/[+:].*$/, "")}`,
      });
    }
    for (const { name, value, subject } of model.variables) {
      const account = ACCOUNT.test(name.value) ? accountIn(value) : undefined;
      if (!account || value.span.file.stage === "example" || !SUPERUSERS.has(account.value.toLowerCase())) continue;

      report({ at: account, subject, message: `${name.value} makes the application connect as ${account.value}` });
    }
  },
});

/** What is written, or what `${DB_USER:-postgres}` falls back to: a value from elsewhere is judged where it stands. */
function accountIn({ value, span }: Located<EnvValue>): Located<string> | undefined {
  if (value.from === "literal") return { value: value.text, span };
  const [reference, ...others] = value.from === "variable" ? value.references : [];
  return reference && !others.length && !reference.value ? reference.fallback : undefined;
}

const SUPERUSERS: ReadonlySet<string> = new Set(["postgres", "root", "sa", "system", "sys", "dba"]);

/** Accounts of the application; `POSTGRES_USER` and the like create the server's own administrator. */
const ACCOUNT = /^(\w+_)?(DB|DATABASE|PG|SQL)_?USER(NAME)?$|^PGUSER$|^SPRING_DATASOURCE_USERNAME$/i;
