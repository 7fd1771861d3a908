import { type Container, composeService, type Deployment, defineRule, type Fix, shellWord } from "../../src/rule.ts";

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

What the workloads do need has to be let through: the fix lets them reach each other and the name service, the addresses
outside are for you to add.

In Compose put the backend on an \`internal: true\` network and let an egress proxy stand between.`,
    fix: "unsafe",
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
            : deny(""),
        fix: format === "kubernetes" ? denied(container, model) : undefined,
      });
    }
  },
});

/** `namespace`: a further line of the metadata, or "". */
const deny = (namespace: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-egress${namespace}
spec:
  podSelector: {}
  policyTypes: [Egress]`;

/** Each other, and the name service: without it nothing finds anything. */
const WITHIN = `
  egress:
    - to:
        - podSelector: {}
    - to:
        - namespaceSelector: {}
      ports:
        - { port: 53, protocol: UDP }
        - { port: 53, protocol: TCP }`;

/** A manifest beside that of the workload, for the namespace of the workload. */
function denied({ name, workload }: Container, { files, objects }: Deployment): Fix | undefined {
  const { file } = name.span;
  const owner = objects.find(({ subject, name }) => subject === workload && name.span.file === file);
  const path = `${file.path.slice(0, file.path.lastIndexOf("/") + 1)}network-policy.yaml`;
  if (files.some((file) => file.path === path)) return undefined;
  const namespace = /^[a-z0-9-]+$/.exec(owner?.namespace ?? "");
  const text = deny(namespace ? `\n  namespace: ${namespace}` : "") + WITHIN;
  return {
    title: `deny outgoing traffic in ${path}`,
    safety: "unsafe",
    edits: [],
    additions: [{ path, key: "NetworkPolicy", text }],
    command: `kubectl apply -f ${shellWord(path)}`,
  };
}

/** On the host's network, or on one that is known to have a way out. */
const leaves = ({ networkMode, networks, project }: Container, model: Deployment): boolean =>
  networkMode?.value === "host" ||
  networkMode?.value === "bridge" ||
  networks.some(({ value }) =>
    model.networks.some(
      (network) => network.name.value === value && network.project === project && network.internal === false,
    ),
  );
