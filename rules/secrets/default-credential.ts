import { composeService, defineRule, secretKeyRef, type Variable } from "../../src/rule.ts";

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
      const { credential, name, subject, value } = variable;
      if (credential?.kind !== "weak" || name.span.file.stage === "example" || variable.origin === "ci") continue;

      const url = credential.purpose === "url";
      report({
        at: credential.span,
        subject,
        message:
          value.value.from === "variable"
            ? `${name.value} falls back to a well-known password`
            : `${name.value} ${url ? "carries" : "is"} a well-known password`,
        snippet: snippet(variable),
      });
    }
  },
});

function snippet({ name, origin, subject }: Variable): string {
  const variable = name.value;
  switch (origin) {
    case "compose":
      return composeService(
        subject.replace(/^service /, ""),
        `environment:\n  ${variable}: \${${variable}:?set ${variable} in .env}`,
      );
    case "kubernetes":
    case "config-map":
      return `env:\n  ${secretKeyRef(variable, "app-secrets").replaceAll("\n", "\n  ")}`;
    case "env-file":
      return `# openssl rand -base64 24\n${variable}=`;
    default:
      return `${variable}: a value that only this deployment knows`;
  }
}
