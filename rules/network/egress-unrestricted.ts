import { type Container, composeService, type Deployment, defineRule } from "../../src/rule.ts";

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
    const egressPolicy = model.objects.some(({ restrictsEgress }) => restrictsEgress);
    const reported = new Set<string>();
    for (const container of model.containers) {
      const { format, productKind, role, workload, subject, name } = container;
      if (productKind !== "application" || role !== "main" || format === "dockerfile") continue;
      const key = `${container.project}\0${workload}`;
      if (reported.has(key) || (format === "kubernetes" ? egressPolicy : !leaves(container, model))) continue;

      reported.add(key);
      report({
        at: name,
        subject,
        message: `${name.value} can reach every outside address`,
        snippet:
          format === "compose"
            ? `${composeService(name.value, "networks: [backend]")}\nnetworks:\n  backend:\n    internal: true`
            : "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny-egress\nspec:\n  podSelector: {}\n  policyTypes: [Egress]",
      });
    }
  },
});

/** On the host's network, or on one that is known to have a way out. */
const leaves = ({ networkMode, networks, project }: Container, model: Deployment): boolean =>
  networkMode?.value === "host" ||
  networkMode?.value === "bridge" ||
  networks.some(({ value }) =>
    model.networks.some(
      (network) => network.name.value === value && network.project === project && network.internal === false,
    ),
  );
