import { defineRule, fromOutside, moves, type VariableOrigin, withoutFallback } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/in-env-literal",
    title: "Credential is written out as an environment variable",
    severity: "critical",
    presets: ["recommended"],
    guides: ["qwed/environment-variable-injection", "qca/database-credentials", "qca/openai-api-key-exposure"],
    why: `
Everyone who can read the repository, the image or the manifest has the credential, and its history keeps it after it was
removed. A literal in a live \`.env\` that git ignores is where it belongs and is not reported; one in an example file is.`,
    remedy: `
Name the variable and let the platform fill it in; then rotate the value, for it is known.

\`\`\`yaml
environment:
  POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}
\`\`\`

\`\`\`yaml
env:
  - name: OPENAI_API_KEY
    valueFrom:
      secretKeyRef:
        name: qwed-secrets
        key: openai-api-key
\`\`\``,
    fix: "unsafe",
    sameAs: {
      trivy: ["DS-0031"],
      "kube-linter": ["env-var-secret"],
      hadolint: ["DL3064"],
      polaris: ["sensitiveContainerEnvVar"],
      kubescape: ["C-0012", "C-0259"],
    },
    references: ["https://cwe.mitre.org/data/definitions/798.html", "https://12factor.net/config"],
    yieldsTo: [
      "secrets/provider-key",
      "secrets/real-value-in-example",
      "secrets/default-credential",
      "secrets/in-build-argument",
      "secrets/basic-auth-url",
      "jwt/weak-secret",
    ],
    sameInEveryStage: true,
  },

  check(model, report) {
    const { toDotenv, toSecret } = moves(model);
    for (const variable of model.variables) {
      const { credential, origin, name, subject } = variable;
      if (credential?.kind !== "strong") continue;
      if (!WRITTEN_OUT.has(origin) && !(origin === "env-file" && name.span.file.stage === "example")) continue;

      const inFallback = variable.value.value.from === "variable";
      report({
        at: credential.span,
        subject,
        message: inFallback
          ? `${name.value} falls back to a credential that is written out`
          : `${name.value} holds a credential that is written out`,
        snippet: withoutFallback(variable, model.sensitive) ?? fromOutside(variable),
        fix:
          origin === "compose"
            ? toDotenv(variable, credential.span, name.value)
            : origin === "kubernetes"
              ? toSecret(variable)
              : undefined,
      });
    }
  },
});

/** Where a literal is published with the file. Live env files, Secrets and ConfigMaps have rules of their own. */
const WRITTEN_OUT: ReadonlySet<VariableOrigin> = new Set(["compose", "dockerfile-env", "kubernetes", "ci"]);
