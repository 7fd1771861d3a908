import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/egress-unrestricted",
    title: "Backend can reach every outside address",
    severity: "info",
    presets: ["strict"],
    guides: ["qwed/llm05-network-isolation"],
    why: `
A library that was taken over, or an agent that was talked into it, sends data to wherever it likes. The QWED guide asks
for a network without outbound access except to the addresses of the LLM providers.`,
    remedy: `
\`\`\`yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-egress
spec:
  podSelector: {}
  policyTypes: [Egress]
\`\`\`

In Compose put the backend on an \`internal: true\` network and let an egress proxy stand between.`,
    fix: "none",
    sameAs: {},
    references: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
  },

  check(model, report) {
    const egressPolicy = model.objects.some(
      ({ kind }) => kind.value === "NetworkPolicy" || kind.value === "CiliumNetworkPolicy",
    );
    const internal = new Set(model.networks.filter((network) => network.internal).map(({ name }) => name.value));
    const reported = new Set<string>();
    for (const { format, productKind, role, workload, subject, name, networks, networkMode } of model.containers) {
      if (productKind !== "application" || role !== "main" || format === "dockerfile" || reported.has(workload))
        continue;
      if (
        format === "kubernetes"
          ? egressPolicy
          : networkMode?.value === "none" || (networks.length > 0 && networks.every(({ value }) => internal.has(value)))
      )
        continue;

      reported.add(workload);
      report({
        at: name,
        subject,
        message: `${name.value} can reach every outside address`,
        snippet:
          format === "compose"
            ? "networks:\n  backend:\n    internal: true"
            : "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny-egress\nspec:\n  podSelector: {}\n  policyTypes: [Egress]",
      });
    }
  },
});
