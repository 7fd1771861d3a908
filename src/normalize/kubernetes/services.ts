/** Services: which containers they select and who can reach them (core/v1 Service). */
import type { Container, Port, Reach } from "../../model.ts";
import { items, number, text, type YamlNode } from "../../parse/yaml.ts";
import { clusterOnly } from "./closed.ts";
import { protocolOf } from "./container.ts";
import { sameNamespace } from "./directory.ts";
import { annotation, field, literal, place, type Resource, stringMap } from "./resource.ts";

/** A workload as a selector sees it. */
export interface Selectable {
  readonly resource: Resource;
  readonly labels: ReadonlyMap<string, string>;
  readonly containers: readonly Container[];
  /** Container ports by their name. */
  readonly named: ReadonlyMap<string, number>;
}

/** The containers of the workload that a Service sends to: the nearest one whose pod labels hold the whole selector. */
export type Selection = (service: Resource) => Selectable | undefined;

export function selection(workloads: readonly Selectable[]): Selection {
  const byLabel = new Map<string, Selectable[]>();
  for (const workload of workloads) {
    for (const [name, value] of workload.labels) {
      const key = `${name}\0${value}`;
      const bucket = byLabel.get(key);
      if (bucket) bucket.push(workload);
      else byLabel.set(key, [workload]);
    }
  }
  return (service) => {
    const selector = [...stringMap(field(service.root, "spec", "selector"))];
    if (!selector.length) return undefined;
    const candidates = selector
      .map(([name, value]) => byLabel.get(`${name}\0${value}`) ?? [])
      .reduce((fewest, bucket) => (bucket.length < fewest.length ? bucket : fewest))
      .slice(0, MOST_CANDIDATES)
      .filter(
        ({ resource, labels }) =>
          sameNamespace(resource, service) && selector.every(([key, value]) => labels.get(key) === value),
      );
    return candidates.find(({ resource }) => resource.folder === service.folder) ?? candidates[0];
  };
}

/** Keeps look-ups of many Services among many workloads with the same labels linear. */
const MOST_CANDIDATES = 256;

/** One port of a Service and the container port behind it. */
export interface ServicePort {
  readonly port: Port;
  readonly number?: number | undefined;
  readonly name?: string | undefined;
}

/** Ports of a Service with their reach from outside the cluster. */
export function servicePorts(service: Resource, selected: Selectable | undefined): ServicePort[] {
  const spec = field(service.root, "spec");
  const type = field(spec, "type");
  const written = type ? literal(type) : "ClusterIP";
  if (written === "ExternalName") return [];
  const via = written === "NodePort" || written === "LoadBalancer" ? written : "ClusterIP";
  const reach = written === undefined ? "unknown" : reachOf(service, via);
  const closed = reach === "world" ? clusterOnly(service) : undefined;
  return items(field(spec, "ports")).flatMap((entry): ServicePort[] => {
    const node = field(entry, "port");
    if (!node) return [];
    const port = number(node);
    const nodePort = field(entry, "nodePort");
    const target = targetOf(field(entry, "targetPort"), port, selected);
    const published = via === "NodePort" ? number(nodePort) : via === "LoadBalancer" ? port : undefined;
    const product = productAt(selected, target);
    const workload = selected?.containers[0]?.workload;
    const large = [node, nodePort, field(entry, "targetPort")].find((each) => (number(each) ?? 0) > 65535);
    if (large) return [outOfRange(service, entry, large, via)];
    return [
      {
        number: port,
        name: text(field(entry, "name")),
        port: {
          span: place(service, via === "NodePort" && nodePort ? nodePort : node),
          subject: service.subject,
          owner: service.name.value,
          format: "kubernetes",
          via,
          ...(target !== undefined && { target }),
          ...(published !== undefined && { published }),
          protocol: protocolOf(field(entry, "protocol")),
          reach,
          ...(closed && { closed }),
          ...(workload && { workload }),
          ...(product && { product }),
        },
      },
    ];
  });
}

/** A port with a number that no port has. */
function outOfRange(service: Resource, entry: YamlNode, node: YamlNode, via: Port["via"]): ServicePort {
  const span = place(service, node);
  return {
    number: undefined,
    name: text(field(entry, "name")),
    port: {
      span,
      subject: service.subject,
      owner: service.name.value,
      format: "kubernetes",
      via,
      protocol: protocolOf(field(entry, "protocol")),
      outOfRange: { value: number(node)!, span },
      reach: "unknown",
    },
  };
}

/** `targetPort` is a number, the name of a container's port, or by default the port itself. */
function targetOf(node: YamlNode | undefined, port: number | undefined, selected: Selectable | undefined) {
  return node ? (number(node) ?? selected?.named.get(text(node) ?? "")) : port;
}

/** What listens there: the container that declares the port, else the first main one. */
export function productAt(selected: Selectable | undefined, target: number | undefined): string | undefined {
  const containers = selected?.containers.filter(({ role }) => role === "main") ?? [];
  const declares = containers.find(({ ports }) => ports.some((port) => port.target === target));
  return (declares ?? containers[0])?.product;
}

function reachOf(service: Resource, via: Port["via"]): Reach {
  const spec = field(service.root, "spec");
  if (items(field(spec, "externalIPs")).length) return "world";
  if (via === "NodePort") return "world";
  if (via !== "LoadBalancer") return "internal";
  const sources = items(field(spec, "loadBalancerSourceRanges")).map((node) => text(node) ?? "");
  const restricted = sources.length > 0 && !sources.some((range) => /^(0\.0\.0\.0|::)\/0$/.test(range));
  return restricted || isInternal(service) ? "internal" : "world";
}

/** Annotations that keep a cloud's load balancer inside its network, and the values that say so. */
const INTERNAL: readonly (readonly [name: string, value: RegExp])[] = [
  ["service.beta.kubernetes.io/aws-load-balancer-internal", /^(true|0\.0\.0\.0\/0)$/i],
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", /^internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/i],
  ["networking.gke.io/load-balancer-type", /^internal$/i],
  ["cloud.google.com/load-balancer-type", /^internal$/i],
  ["service.beta.kubernetes.io/openstack-internal-load-balancer", /^true$/i],
  ["service.beta.kubernetes.io/oci-load-balancer-internal", /^true$/i],
  ["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", /^intranet$/i],
  ["service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", /^subnet-/],
  ["service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", /^private$/i],
  ["load-balancer.hetzner.cloud/disable-public-network", /^true$/i],
];

const isInternal = (service: Resource): boolean =>
  INTERNAL.some(([name, value]) => value.test(text(annotation(service, name)) ?? ""));

/** Names of container ports, for `targetPort: http` and probes. */
export const namedPorts = (pod: YamlNode | undefined): ReadonlyMap<string, number> =>
  new Map(
    items(field(pod, "containers")).flatMap((container) =>
      items(field(container, "ports")).flatMap((entry) => {
        const [name, port] = [text(field(entry, "name")), number(field(entry, "containerPort"))];
        return name !== undefined && port !== undefined ? [[name, port] as const] : [];
      }),
    ),
  );
