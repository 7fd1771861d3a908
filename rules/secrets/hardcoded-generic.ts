import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/hardcoded-generic",
    title: "Password, token or key is hard-coded",
    severity: "critical",
    presets: ["recommended"],
    guides: [],
    why: `
The credential is in every clone, every image and every copy of the source, and its history keeps it after it was removed.
Names, references, placeholders and test files' dummies are not reported; well-known values are as severe as real ones,
for they are what attackers try first.`,
    remedy: `
Read it from the environment, and let the program refuse to start without it; then change the value, for it is known.

\`\`\`python
DB_PASSWORD = os.environ["DB_PASSWORD"]
\`\`\`

\`\`\`javascript
const password = process.env.DB_PASSWORD;
if (!password) throw new Error("DB_PASSWORD is not set");
\`\`\``,
    fix: "none",
    sameAs: {
      kics: ["common/passwords_and_secrets"],
      checkov: ["CKV_SECRET_10"],
    },
    references: ["https://cwe.mitre.org/data/definitions/798.html"],
    yieldsTo: ["secrets/provider-key", "secrets/basic-auth-url", "jwt/weak-secret", "secrets/default-credential"],
  },

  check(model, report) {
    for (const { name, credential, subject } of model.credentialLiterals) {
      const { kind, span } = credential;
      if ((kind !== "strong" && kind !== "weak") || span.file.stage === "test") continue;

      report({
        at: span,
        subject,
        message: kind === "weak" ? `${name.value} is a well-known value` : `${name.value} is hard-coded`,
        snippet: SNIPPETS[span.file.language]?.(variableOf(name.value)),
      });
    }
  },
});

/** `db_password`, `dbPassword` → `DB_PASSWORD`. */
const variableOf = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/\W+/g, "_")
    .toUpperCase();

const SNIPPETS: Readonly<Record<string, (variable: string) => string>> = {
  python: (variable) => `os.environ["${variable}"]`,
  javascript: (variable) => `process.env.${variable}`,
  caddyfile: (variable) => `{$${variable}}`,
  nginx: (variable) => `# /etc/nginx/templates: filled in from the environment at start\n\${${variable}}`,
};
