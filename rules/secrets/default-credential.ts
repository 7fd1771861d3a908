import { defineRule, fromOutside, withoutFallback } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/default-credential",
    title: "Well-known default credential",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/database-credentials"],
    why: `
\`postgres/postgres\`, \`admin/admin\` and \`changeme\` are the first that scanners try. A default inside an interpolation
(\`\${DB_PASSWORD:-postgres}\`) is the same password for everyone who forgets to set the variable.`,
    remedy: `
\`\`\`yaml
environment:
  POSTGRES_USER: \${POSTGRES_USER}
  POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/1392.html"],
    yieldsTo: ["jwt/weak-secret"],
  },

  check(model, report) {
    for (const variable of model.variables) {
      const { credential, name, origin, subject, value } = variable;
      if (credential?.kind !== "weak" || name.span.file.stage === "example" || origin === "ci") continue;

      const what = /password|url/.test(credential.purpose) ? "password" : "value";
      const verb =
        value.value.from === "variable" ? "falls back to" : credential.purpose === "url" ? "carries" : "holds";
      report({
        at: credential.span,
        subject,
        message: `${name.value} ${verb} a well-known ${what}`,
        snippet:
          withoutFallback(variable, model.sensitive) ??
          (origin === "env-file" ? `# openssl rand -base64 24\n${fromOutside(variable)}` : fromOutside(variable)),
      });
    }
  },
});
