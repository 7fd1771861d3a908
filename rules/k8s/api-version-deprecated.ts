import { defineRule, type KubernetesObject, replace } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "k8s/api-version-deprecated",
    title: "Object uses an apiVersion that is deprecated or removed",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
A cluster that no longer serves the version refuses the object: a policy, a role or a rollout that worked before the
upgrade is gone after it, often when a cluster has to be rebuilt in a hurry. A version that is deprecated and still
served is reported as low.`,
    remedy: `
Move to the version that took its place and check the fields that changed with it.

\`\`\`yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
\`\`\``,
    fix: "unsafe",
    sameAs: {
      kics: ["k8s/object_is_using_a_deprecated_api_version"],
      trivy: ["KSV-0107"],
      "kube-linter": ["no-extensions-v1beta"],
      "kube-score": ["stable-version"],
    },
    references: [
      "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
      "https://kubernetes.io/docs/reference/using-api/deprecation-policy/",
    ],
  },

  check(model, report) {
    for (const object of model.objects) {
      const { retired, apiVersion, kind, subject } = object;
      if (!retired) continue;
      const { deprecated, removed, replacement, compatible } = retired;
      const name = `${apiVersion.value} ${kind.value}`;
      const state = removed
        ? `Kubernetes has no ${name} since ${removed}`
        : `Kubernetes deprecates ${name} since ${deprecated}`;
      report({
        at: apiVersion,
        subject,
        message: `${state}. ${successor(object)}`,
        severity: removed ? undefined : "low",
        snippet: replacement && compatible ? `apiVersion: ${replacement}` : undefined,
        fix:
          replacement && compatible
            ? {
                title: `use ${replacement}`,
                safety: "unsafe",
                edits: [replace(apiVersion.span, replacement)],
              }
            : undefined,
      });
    }
  },
});

function successor({ retired }: KubernetesObject): string {
  if (!retired?.replacement) return "Nothing took its place";
  return `${retired.replacement} took its place${retired.compatible ? "" : ", with other fields"}`;
}
