import {
  type Container,
  composeService,
  type Deployment,
  defineRule,
  type Fix,
  folderOf,
  type Network,
  shellWord,
} from "../../src/rule.ts";

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
    const open = new Set(model.networks.filter(({ internal }) => internal === false).map(networkKey));
    const denied = denying(model);
    for (const container of model.containers) {
      const { format, productKind, role, workload, subject, name } = container;
      if (productKind !== "application" || role !== "main" || format === "dockerfile") continue;
      const key = `${container.project}\0${workload}`;
      if (reported.has(key) || (format === "kubernetes" ? egressPolicy : !leaves(container, open))) continue;

      reported.add(key);
      report({
        at: name,
        subject,
        message: `${name.value} can reach every outside address`,
        snippet:
          format === "compose"
            ? `${composeService(name.value, "networks: [backend]")}\nnetworks:\n  backend:\n    internal: true`
            : deny(""),
        fix: format === "kubernetes" ? denied(container) : undefined,
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

/** A manifest beside that of a workload, for the namespace of the workload; undefined where there is one of that name. */
function denying({ files, objects }: Deployment): (container: Container) => Fix | undefined {
  const paths = new Set(files.map(({ path }) => path));
  const namespaces = new Map(
    objects.map(({ subject, name, namespace }) => [`${subject}\0${name.span.file.path}`, namespace] as const),
  );
  return ({ name, workload }) => {
    const { file } = name.span;
    const path = `${folderOf(file.path)}network-policy.yaml`;
    if (paths.has(path)) return undefined;
    const namespace = /^[a-z0-9-]+$/.exec(namespaces.get(`${workload}\0${file.path}`) ?? "");
    return {
      title: `deny outgoing traffic in ${path}`,
      safety: "unsafe",
      edits: [],
      additions: [{ path, key: "NetworkPolicy", text: deny(namespace ? `\n  namespace: ${namespace}` : "") + WITHIN }],
      command: `kubectl apply -f ${shellWord(path)}`,
    };
  };
}

const networkKey = ({ project, name }: Pick<Network, "project" | "name">): string => `${project}\0${name.value}`;

/** On the host's network, or on one of those that are known to have a way out. */
const leaves = ({ networkMode, networks, project }: Container, open: ReadonlySet<string>): boolean =>
  networkMode?.value === "host" ||
  networkMode?.value === "bridge" ||
  networks.some((name) => open.has(`${project}\0${name.value}`));
