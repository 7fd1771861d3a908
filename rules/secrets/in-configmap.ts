import { defineRule, secretKey, shellWord } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/in-configmap",
    title: "ConfigMap holds a password, token or key",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
ConfigMaps are read by everyone who may look at the namespace, are not encrypted at rest, and show in dashboards and
\`kubectl describe\`; the manifest carries the value into the repository too.`,
    remedy: `
Move the entry to a Secret that is not in the repository, and take it from there.

\`\`\`yaml
envFrom:
  - configMapRef:
      name: app-config
  - secretRef:
      name: app-secrets
\`\`\``,
    fix: "none",
    sameAs: { trivy: ["KSV-0109"], polaris: ["sensitiveConfigmapContent"], kubescape: ["C-0012"] },
    references: [
      "https://cwe.mitre.org/data/definitions/312.html",
      "https://kubernetes.io/docs/concepts/configuration/configmap/",
    ],
    yieldsTo: ["secrets/provider-key", "secrets/default-credential", "secrets/basic-auth-url", "jwt/weak-secret"],
  },

  check(model, report) {
    for (const { origin, credential, name, subject } of model.variables) {
      if (origin !== "config-map" || credential?.kind !== "strong" || credential.span.file.stage === "example")
        continue;

      const secret = subject.startsWith("ConfigMap ") ? subject.slice("ConfigMap ".length) : "app";
      report({
        at: credential.span,
        subject,
        message: `${name.value} is a credential in a ConfigMap`,
        snippet: `kubectl create secret generic ${shellWord(`${secret}-secrets`)} ${shellWord(`--from-literal=${secretKey(name.value)}`)}="$${name.value.replaceAll(/\W/g, "_").toUpperCase()}"`,
      });
    }
  },
});
