import {
  composeService,
  containerEnv,
  defineRule,
  fromOutside,
  type Located,
  moves,
  type SourceFile,
  type Span,
  secretKeyRef,
  secretOf,
  type Variable,
} from "../../src/rule.ts";

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
    const { toDotenv, toSecret } = moves(model);
    const holders = new Map(model.variables.map((variable) => [place(variable.value.span), variable]));
    for (const { at, password, credential, subject, key, host, database } of model.urls) {
      if (!password || (credential && /^(empty|reference|placeholder)$/.test(credential.kind))) continue;
      const { stage, language } = at.span.file;
      if (credential?.kind === "weak" && (stage === "example" || stage === "test")) continue;
      const variable = holders.get(place(at.span));
      const kept = variable?.origin === "env-file" || variable?.origin === "secret";
      if (kept && stage !== "example") continue;

      report({
        at: password,
        subject,
        message: `${key} carries a password${host === undefined ? "" : ` for ${host}`}`,
        snippet: variable
          ? withoutPassword(variable, at, password)
          : fromSource(language, /^[A-Z][A-Z0-9_]*$/.test(key) ? key : database ? "DATABASE_URL" : "SERVICE_URL"),
        fix:
          variable?.origin === "compose"
            ? toDotenv(variable, password.span, passwordOf(key))
            : variable?.origin === "kubernetes"
              ? toSecret(variable)
              : undefined,
      });
    }
  },
});

const place = ({ file, start, end }: Span): string => `${file.path}\0${start}\0${end}`;

/** `DATABASE_URL` → `DATABASE_PASSWORD`. */
const passwordOf = (name: string): string => `${name.replace(/_?(URL|URI|DSN)$/i, "")}_PASSWORD`;

/** The user's own URL with a reference where the password stands. */
function withoutPassword(variable: Variable, { span }: Located<string>, password: Located<string>): string {
  const name = variable.name.value;
  const secret = passwordOf(name);
  const { text } = span.file;
  const url = (reference: string): string =>
    text.slice(span.start, password.span.start) + reference + text.slice(password.span.end, span.end);
  switch (variable.origin) {
    case "compose":
      return composeService(
        variable.subject.replace(/^service /, ""),
        `environment:\n  ${name}: ${url(`\${${secret}:?set ${secret} in .env}`)}`,
      );
    case "kubernetes":
    case "config-map":
      return containerEnv(
        variable.subject,
        `${secretKeyRef(secret, secretOf(variable.subject))}\n- name: ${name}\n  value: ${url(`$(${secret})`)}`,
      );
    case "env-file":
      return `${name}=${url("<password>")}`;
    default:
      return fromOutside(variable);
  }
}

function fromSource(language: SourceFile["language"], name: string): string | undefined {
  if (language === "python") return `os.environ["${name}"]`;
  return language === "javascript" ? `process.env.${name}` : undefined;
}
