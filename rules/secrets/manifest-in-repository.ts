import { defineRule, shellWord, type Variable } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/manifest-in-repository",
    title: "Kubernetes Secret with values is stored in the repository",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/docker-kubernetes"],
    why: `
Base64 is not encryption: whoever reads the file has the secret. A manifest that git ignores, sealed and external secrets,
and manifests that hold nothing but placeholders are not reported.`,
    remedy: `
Create the Secret from outside the repository, or commit it encrypted (Sealed Secrets, SOPS) or as a reference (External
Secrets, Vault).

\`\`\`bash
kubectl create secret generic qwed-secrets --from-literal=jwt-secret="$(openssl rand -base64 48)"
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
      "https://cwe.mitre.org/data/definitions/312.html",
    ],
  },

  check(model, report) {
    for (const { name, subject, format, holds, variables } of model.secrets) {
      const { file } = name.span;
      if (format !== "kubernetes" || holds !== "values" || file.git === "ignored" || file.stage === "example") continue;
      const real = variables.filter(({ credential }) => credential && REAL.has(credential.kind));
      const [first] = real;
      if (!first) continue;

      report({
        at: first.value,
        subject,
        message: `Secret ${name.value} stores ${real.length === 1 ? "a value" : `${real.length} values`} in the repository`,
        related: real.slice(1).map(({ name: key }) => ({ at: key, message: `${key.value} is in it too` })),
        snippet: [`kubectl create secret generic ${shellWord(name.value)}`, ...real.map(source)].join(" \\\n  "),
      });
    }
  },
});

/** A well-known value is no secret: `secrets/default-credential` reports it. */
const REAL: ReadonlySet<string> = new Set(["strong", "provider"]);

/** Where `kubectl` takes one key from. */
const source = ({ name: { value: key }, credential }: Variable): string =>
  credential?.purpose === "private-key" || key.startsWith(".")
    ? shellWord(`--from-file=${key}`)
    : `${shellWord(`--from-literal=${key}`)}="$${key.replaceAll(/\W/g, "_").toUpperCase()}"`;
