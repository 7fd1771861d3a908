/** Objects that run together → facts: each on its own, then what they are to each other. */
import type { KubernetesObject, Located, Port } from "../../model.ts";
import { items, number, text } from "../../parse/yaml.ts";
import type { Facts } from "../facts.ts";
import { retirement } from "./api-versions.ts";
import { type BuiltContainer, containersOf } from "./container.ts";
import { directory, type Named } from "./directory.ts";
import { attachments, gateway } from "./gateway.ts";
import { type Backend, type EdgeWithBackends, edgePorts, ingress, route } from "./ingress.ts";
import { corsOf, rateLimitsOf, requestSizeOf } from "./ingress-nginx.ts";
import { field, locate, type Resource, readAs, stringMap } from "./resource.ts";
import { namedPorts, productAt, type Selectable, type ServicePort, selection, servicePorts } from "./services.ts";
import { configMap, type Store, secret, secretStore } from "./stores.ts";
import {
  ingressRoute,
  type Middlewares,
  middlewareCors,
  middlewareRateLimits,
  middlewareRequestSize,
} from "./traefik.ts";
import { workloadOf } from "./workload.ts";

/** `generated`: ConfigMaps and Secrets that a generator makes beside the objects. */
export function cluster(resources: readonly Resource[], generated: readonly Store[] = []): Facts {
  const of = byKind(resources);

  const configMaps = of("ConfigMap").filter(inGroup(CORE)).map(configMap);
  const secrets = new Map(
    of("Secret")
      .filter(inGroup(CORE))
      .map((resource) => [resource, secret(resource)]),
  );
  const stores = [...configMaps, ...secrets.values(), ...generated];

  const limited = new Set(of("LimitRange").map(({ namespace = "" }) => namespace));
  const autoscaled = autoscalers(of("HorizontalPodAutoscaler"));
  const sealed = resources.flatMap((resource) => secretStore(resource, secrets.get(resource)) ?? []);
  const kept = resources.flatMap((resource) => {
    const store = resource.kind === "Secret" ? undefined : secretStore(resource, undefined);
    return store ? [{ ...named(resource), kind: "Secret", name: store.name.value }] : [];
  });
  const project = { stores: directory(stores), kept: directory(kept), limited };
  const built: BuiltContainer[] = [];
  const selectable: Selectable[] = [];
  for (const resource of resources) {
    const workload = workloadOf(resource, autoscaled(resource));
    if (!workload) continue;
    const containers = containersOf(workload, project);
    for (const each of containers) built.push(each);
    selectable.push({
      resource,
      labels: stringMap(field(workload.template, "metadata", "labels")),
      containers: containers.map(({ container }) => container),
      named: namedPorts(field(workload.template, "spec")),
    });
  }
  const containers = built.map(({ container }) => container);

  const services = servicesOf(of("Service"), selectable);
  const middlewares = of("Middleware");
  const ingresses = of("Ingress").filter(inGroup(/^(networking\.k8s\.io|extensions)\//));
  const edges = [
    ...ingresses.map((resource) => ({ resource, ...ingress(resource, project.stores) })),
    ...otherEdges(of, directory([...middlewares, ...of("TLSOption")].map(named))),
  ];

  return {
    containers,
    images: containers.flatMap(({ image }) => image ?? []),
    ports: [
      ...containers.flatMap(({ ports }) => ports),
      ...services.ports,
      ...edges.flatMap((edge) => edgePorts(edge.resource, edge, (backend) => services.behind(edge.resource, backend))),
    ],
    mounts: containers.flatMap(({ mounts }) => mounts),
    secrets: [...sealed, ...generated.flatMap(generatedSecret)],
    objects: resources.map(objectOf),
    variables: [...stores.flatMap(({ variables }) => [...variables.values()]), ...built.flatMap(({ own }) => own)],
    overwritten: built.flatMap(({ overwritten }) => overwritten),
    edges: edges.map(({ edge }) => edge),
    cors: [...ingresses.flatMap(corsOf), ...middlewares.flatMap(middlewareCors)],
    rateLimits: [...ingresses.flatMap(rateLimitsOf), ...middlewares.flatMap(middlewareRateLimits)],
    settings: { requestSize: [...ingresses.flatMap(requestSizeOf), ...middlewares.flatMap(middlewareRequestSize)] },
  };
}

function byKind(resources: readonly Resource[]): (...kinds: string[]) => Resource[] {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const group = groups.get(resource.kind);
    if (group) group.push(resource);
    else groups.set(resource.kind, [resource]);
  }
  return (...kinds) => kinds.flatMap((kind) => groups.get(kind) ?? []);
}

function objectOf(resource: Resource): KubernetesObject {
  const retired = retirement(resource.apiVersion, resource.kind);
  return {
    kind: locate(resource, field(resource.root, "kind") ?? resource.root, resource.kind),
    apiVersion: locate(resource, field(resource.root, "apiVersion") ?? resource.root, resource.apiVersion),
    name: resource.name,
    ...(resource.namespace && { namespace: resource.namespace }),
    subject: resource.subject,
    ...(/NetworkPolicy$/.test(resource.kind) && { restrictsEgress: restrictsEgress(resource) }),
    ...(retired && { retired }),
  };
}

/** `policyTypes` says Egress, or leaves it to rules that are there (networking.k8s.io NetworkPolicySpec; Cilium). */
function restrictsEgress(resource: Resource): boolean {
  const spec = field(resource.root, "spec");
  const types = items(field(spec, "policyTypes")).map((type) => text(type));
  if (types.length) return types.includes("Egress");
  return ["egress", "egressDeny"].some((key) => field(spec, key)) || items(field(resource.root, "specs")).length > 0;
}

const named = (resource: Resource): Named & { readonly resource: Resource } => ({
  kind: resource.kind,
  name: resource.name.value,
  namespace: resource.namespace,
  folder: resource.folder,
  resource,
});

/** How far an autoscaler may scale each workload (autoscaling HorizontalPodAutoscaler, `scaleTargetRef`). */
function autoscalers(resources: readonly Resource[]): (workload: Resource) => Located<number> | undefined {
  const targets = directory(
    resources.map((resource) => ({
      kind: text(field(resource.root, "spec", "scaleTargetRef", "kind")) ?? "",
      name: text(field(resource.root, "spec", "scaleTargetRef", "name")) ?? "",
      namespace: resource.namespace,
      folder: resource.folder,
      most: readAs(resource, field(resource.root, "spec", "maxReplicas"), number),
    })),
  );
  return (workload) => targets(workload.kind, workload.name.value, workload)?.most;
}

/** Ports of the Services, and what is behind a Service for the edges that send to it. */
function servicesOf(resources: readonly Resource[], selectable: readonly Selectable[]) {
  const select = selection(selectable);
  const services = resources.filter(inGroup(CORE)).map((resource) => {
    const selected = select(resource);
    return { ...named(resource), selected, ports: servicePorts(resource, selected) };
  });
  const find = directory(services);
  const behind = (edge: Resource, { at, port }: Backend): Pick<Port, "target" | "product"> => {
    const service = find("Service", at.value, edge);
    const used = service && portNamed(service.ports, port?.value);
    const target = used?.port.target;
    const product = productAt(service?.selected, target);
    return { ...(target !== undefined && { target }), ...(product && { product }) };
  };
  return { ports: services.flatMap(({ ports }) => ports.map(({ port }) => port)), behind };
}

/** A backend names a port by number or name; it may leave it out if there is only one. */
const portNamed = (ports: readonly ServicePort[], wanted: string | undefined): ServicePort | undefined =>
  wanted === undefined
    ? ports[0]
    : ports.find(({ number, name }) => name === wanted || (number !== undefined && String(number) === wanted));

/** The group of Pods, Services, ConfigMaps and Secrets. */
const CORE = /^v1$/;

/** Kinds of several products share names: the group of `apiVersion` tells them apart. */
const inGroup =
  (group: RegExp) =>
  (resource: Resource): boolean =>
    group.test(resource.apiVersion);

function otherEdges(
  of: (...kinds: string[]) => Resource[],
  middlewares: Middlewares,
): (EdgeWithBackends & { readonly resource: Resource })[] {
  const gateways = of("Gateway").filter(inGroup(/^gateway\.networking\.k8s\.io\//));
  const attached = attachments(of("HTTPRoute", "GRPCRoute"), directory(gateways.map(named)));
  return [
    ...gateways.map((resource) => ({ resource, ...gateway(resource, attached.get(resource) ?? []) })),
    ...of("Route")
      .filter(inGroup(/^(route\.openshift\.io\/)?v1$/))
      .map((resource) => ({ resource, ...route(resource) })),
    ...of("IngressRoute").map((resource) => ({ resource, ...ingressRoute(resource, middlewares) })),
  ];
}

const generatedSecret = ({ kind, name, subject, entries, variables }: Store) => {
  const first = entries.values().next().value;
  return kind === "Secret" && first
    ? [
        {
          name: { ...first.key, value: name },
          subject,
          format: "kubernetes" as const,
          holds: "values" as const,
          variables: [...variables.values()],
        },
      ]
    : [];
};
