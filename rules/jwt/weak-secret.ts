import { defineRule, fromOutside, type TokenPolicy, withoutFallback } from "../../src/rule.ts";

/** HMAC-SHA-256 needs a key at least as long as its hash: 256 bits (RFC 7518, section 3.2). */
const SHORTEST = 32;

export default defineRule({
  meta: {
    id: "jwt/weak-secret",
    title: "Signing secret is short, a well-known value or a placeholder",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/critical-secrets", "qca/environment-signing-secrets"],
    why: `
One token is enough to guess a short or well-known secret on an ordinary machine, and whoever has it signs tokens for any
user. It is judged everywhere, in a live \`.env\` too; examples may hold placeholders. One in the manifest of a Kubernetes
Secret is low: it may well be filled in on the way to the cluster.`,
    remedy: `
Generate one, and take it from outside of the files that are committed.

\`\`\`bash
JWT_SECRET_KEY=$(openssl rand -base64 48)
\`\`\`

\`\`\`yaml
env:
  - name: JWT_SECRET_KEY
    valueFrom:
      secretKeyRef:
        name: qwed-secrets
        key: jwt-secret
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/521.html",
      "https://datatracker.ietf.org/doc/html/rfc7518#section-3.2",
    ],
  },

  check(model, report) {
    for (const policy of model.tokens) {
      const { secret, subject, key, fallback, credential, variable } = policy;
      if (!secret || !credential || fallback?.providedBy.length) continue;
      const why = weakness(secret.value, credential.kind);
      if (!why || (secret.span.file.stage === "example" && credential.kind !== "strong")) continue;

      report({
        at: secret,
        subject,
        message: `${key} ${/verif|decode/i.test(key) ? "checks signatures" : "signs"} with ${why}`,
        severity: credential.kind === "placeholder" && variable?.origin === "secret" ? "low" : undefined,
        snippet: variable
          ? (withoutFallback(variable, model.sensitive) ?? generated(fromOutside(variable)))
          : fromEnvironment(policy),
      });
    }
  },
});

function weakness(secret: string, kind: string): string | undefined {
  switch (kind) {
    case "weak":
      return "a well-known value";
    case "placeholder":
      return "a placeholder that was never replaced";
    case "strong":
      return secret.length < SHORTEST ? `a secret of ${secret.length} characters` : undefined;
    default:
      return undefined;
  }
}

/** A line of a `.env` tells where its value comes from. */
const generated = (snippet: string): string =>
  snippet.endsWith("=") ? `# openssl rand -base64 48\n${snippet}` : snippet;

/** Source that refuses to start without the secret. */
function fromEnvironment({ syntax, key, fallback }: TokenPolicy): string {
  const usual = /session/i.test(key) ? "SESSION_SECRET" : "JWT_SECRET";
  const variable = fallback?.variable.value ?? (/^[A-Z][A-Z0-9_]*$/.test(key) ? key : usual);
  return syntax === "python"
    ? `${variable} = os.environ["${variable}"]`
    : `const ${variable} = process.env.${variable};\nif (!${variable}) throw new Error("${variable} is not set");`;
}
