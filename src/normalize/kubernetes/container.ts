/** Containers of a workload, with what the pod and the project add to each. */
import type { Container, ImageReference, Located, OverwrittenVariable, Port, Variable } from "../../model.ts";
import { boolean, entries, entry, items, number, text, type YamlNode } from "../../parse/yaml.ts";
import { imageReference, productOf } from "../images.ts";
import { offTheNode } from "./closed.ts";
import type { Directory, Named } from "./directory.ts";
import { environment } from "./environment.ts";
import { present } from "./present.ts";
import { field, isNull, literal, locate, place, readAs, stringAt, stringsAt } from "./resource.ts";
import { implied, type Parts, securityContext } from "./security.ts";
import type { Store } from "./stores.ts";
import { mountsOf } from "./volumes.ts";
import type { Workload } from "./workload.ts";

/** A container, and the variables that are its own and no ConfigMap's or Secret's. */
export interface BuiltContainer {
  readonly container: Container;
  readonly own: readonly Variable[];
  readonly overwritten: readonly OverwrittenVariable[];
}

export interface Project {
  readonly stores: Directory<Store>;
  /** Secrets of the project whose values are kept outside. */
  readonly kept: Directory<Named>;
  /** Namespaces ("" for none) where a LimitRange may set a memory limit. */
  readonly limited: ReadonlySet<string>;
}

const ROLES = [
  ["containers", "main"],
  ["initContainers", "init"],
  ["ephemeralContainers", "ephemeral"],
] as const;

/** All containers of a pod template (core/v1 PodSpec), main ones first. */
export function containersOf(workload: Workload, project: Project): BuiltContainer[] {
  const pod = field(workload.template, "spec");
  return ROLES.flatMap(([key, role]) =>
    items(field(pod, key)).flatMap((node, index) =>
      node.kind === "mapping" ? build(workload, project, pod, node, isSidecar(node) ? "main" : role, index) : [],
    ),
  );
}

/** An init container that runs beside the main ones for as long as they do (Kubernetes, "Sidecar Containers"). */
const isSidecar = (container: YamlNode): boolean => text(field(container, "restartPolicy")) === "Always";

function build(
  workload: Workload,
  project: Project,
  pod: YamlNode | undefined,
  node: YamlNode,
  role: Container["role"],
  index: number,
): BuiltContainer {
  const { resource, template } = workload;
  const name = stringAt(resource, field(node, "name")) ?? {
    ...locate(resource, entries(node)[0]?.key ?? node, `${index + 1}`),
    implied: true as const,
  };
  const subject = `${resource.subject} / container ${name.value}`;
  const parts: Parts = { resource, template, pod, container: node, name };
  const image = imageOf(parts, subject);
  const product = image?.known ? productOf(image) : undefined;
  const hostNetwork = field(pod, "hostNetwork");
  const { stores, kept } = project;
  const { all, own, from, overwritten } = environment({ resource, subject, stores, kept }, node);
  const mounts = mountsOf(parts, subject);
  const serves = workload.serves && role === "main";
  const container: Container = {
    name,
    subject,
    format: "kubernetes",
    role,
    kind: resource.kind,
    workload: resource.subject,
    productKind: product?.kind ?? "application",
    ...present({
      image,
      product: product?.name,
      memoryLimit: memoryLimit(parts, project),
      networkMode: boolean(hostNetwork) ? readAs(resource, hostNetwork, () => "host") : undefined,
      healthcheck: serves ? probed(parts) : undefined,
      // The kubelet rotates logs by itself (`containerLogMaxSize`, 10Mi unless set otherwise).
      logRotation: implied(parts, true),
      replicas: role === "main" ? workload.replicas : undefined,
    }),
    ...securityContext(parts, { image, product, mounts }),
    networks: [],
    ports: portsOf(parts, subject, product?.name, boolean(hostNetwork)),
    mounts,
    variables: all,
    environmentFrom: from,
    command: [...stringsAt(resource, field(node, "command")), ...stringsAt(resource, field(node, "args"))],
    checks: CHECKS.flatMap((path) => {
      const check = stringsAt(resource, field(node, ...path, "exec", "command"));
      return check.length ? [check] : [];
    }),
    profiles: [],
    labels: entries(field(template, "metadata", "labels")).flatMap(({ key, value }) =>
      value.kind === "scalar"
        ? [{ name: locate(resource, key, key.text), value: locate(resource, value, value.text) }]
        : [],
    ),
  };
  return { container, own, overwritten };
}

function imageOf({ resource, container }: Parts, subject: string): ImageReference | undefined {
  const node = field(container, "image");
  const reference = text(node);
  if (!node || !reference) return undefined;
  const pullPolicy = stringAt(resource, field(container, "imagePullPolicy"));
  return imageReference({
    reference: locate(resource, node, reference),
    known: literal(node) !== undefined,
    subject,
    format: "kubernetes",
    ...(pullPolicy && { pullPolicy }),
  });
}

/** A LimitRange of the namespace may set what the container leaves out: unknown. */
function memoryLimit(parts: Parts, { limited }: Project): Located<boolean> | undefined {
  const path = ["resources", "limits", "memory"];
  const limit = field(parts.container, ...path) ?? field(parts.pod, ...path);
  if (limit) return literal(limit) === undefined ? undefined : locate(parts.resource, limit, true);
  const spaces = parts.resource.namespace ? [parts.resource.namespace, ""] : [...limited];
  if (spaces.some((space) => limited.has(space))) return undefined;
  return implied(parts, false, path);
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const CHECKS: readonly (readonly string[])[] = [
  ...PROBES.map((probe) => [probe]),
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

function probed(parts: Parts): Located<boolean> {
  const probe = PROBES.flatMap((key) => entry(parts.container, key) ?? []).find(({ value }) => !isNull(value));
  return probe ? locate(parts.resource, probe.key, true) : implied(parts, false);
}

/** Ports that a container declares. `hostNetwork` puts each of them on the node. */
function portsOf(
  { resource, container, name }: Parts,
  subject: string,
  product: string | undefined,
  hostNetwork: boolean | undefined,
): Port[] {
  return items(field(container, "ports")).flatMap((port): Port[] => {
    const node = field(port, "containerPort");
    const target = number(node);
    if (!node || target === undefined) return [];
    const base = {
      subject,
      owner: name.value,
      format: "kubernetes",
      target,
      protocol: protocolOf(field(port, "protocol")),
      ...(product && { product }),
    } as const;
    const host = field(port, "hostPort");
    const large = [node, host].find((each) => (number(each) ?? 0) > 65535);
    if (large) {
      const { target: _, ...rest } = base;
      const outOfRange = { value: number(large)!, span: place(resource, large) };
      const via = large === node ? "containerPort" : "hostPort";
      return [{ ...rest, span: outOfRange.span, via, outOfRange, reach: "unknown" }];
    }
    if (hostNetwork) {
      return [{ ...base, span: place(resource, node), via: "hostNetwork", published: target, reach: "world" }];
    }
    const inside: Port = { ...base, span: place(resource, node), via: "containerPort", reach: "internal" };
    const published = number(host);
    if (!host || published === undefined || published === 0) return [inside];
    const address = text(field(port, "hostIP"));
    const closed = offTheNode(resource, port);
    return [
      inside,
      {
        ...base,
        span: place(resource, host),
        via: "hostPort",
        published,
        ...(address && { host: address }),
        ...(closed && { closed }),
        reach: reachOf(address),
      },
    ];
  });
}

export function protocolOf(node: YamlNode | undefined): Port["protocol"] {
  const protocol = text(node)?.toLowerCase();
  return protocol === "udp" || protocol === "sctp" ? protocol : "tcp";
}

function reachOf(address: string | undefined): Port["reach"] {
  if (!address || address === "0.0.0.0" || address === "::") return "world";
  if (/[${]/.test(address)) return "unknown";
  if (/^127\.|^::1$|^localhost$/.test(address)) return "loopback";
  return /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254)\.|^f[cd]|^fe80/i.test(address) ? "internal" : "world";
}
