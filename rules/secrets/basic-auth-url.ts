import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/basic-auth-url",
    title: "Connection URL carries a user name and password",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/critical-secrets", "qca/database-credentials"],
    why: `
URLs travel: into logs, error messages, process lists and shell history, and the password with them. A URL in a live
\`.env\` that git ignores, or with the password as a reference, is not reported.`,
    remedy: `
Keep the password out of the file, and let the platform put it together.

\`\`\`yaml
environment:
  DATABASE_URL: postgresql://\${POSTGRES_USER}:\${POSTGRES_PASSWORD}@db:5432/\${POSTGRES_DB}
\`\`\``,
    fix: "unsafe",
    sameAs: { checkov: ["CKV_SECRET_4"] },
    references: ["https://cwe.mitre.org/data/definitions/522.html"],
    yieldsTo: ["secrets/default-credential", "secrets/provider-key"],
    sameInEveryStage: true,
  },

  check(model, report) {
    const kept = new Set(
      model.variables
        .filter(({ origin }) => origin === "env-file" || origin === "secret")
        .map(({ value }) => value.span.file),
    );
    for (const { at, password, subject, key, scheme, host } of model.urls) {
      if (!password || password.value === "") continue;
      const { file } = at.span;
      if (kept.has(file) && file.stage !== "example") continue;

      report({
        at: password,
        subject,
        message: `${key} carries a password for ${host ?? "its server"} in the URL`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key)
          ? `${key}: \${${key}:?set ${key} in .env}`
          : `${scheme}://\${DB_USER}:\${DB_PASSWORD}@${host ?? "db"}`,
      });
    }
  },
});
