/** Gateway API: a Gateway with the HTTPRoutes that attach to it (gateway.networking.k8s.io/v1). */
import type { Edge, Header } from "../../model.ts";
import { items, number, text, type YamlNode } from "../../parse/yaml.ts";
import type { Directory, Named } from "./directory.ts";
import { type Backend, type EdgeWithBackends, nothing } from "./ingress.ts";
import { field, literal, place, type Resource, stringAt, stringsAt } from "./resource.ts";

/** An HTTPRoute or GRPCRoute that names a Gateway as its parent, perhaps one listener of it. */
export interface Attached {
  readonly route: Resource;
  readonly listener?: string | undefined;
}

/** Routes by the Gateway of the project that they name. */
export function attachments(
  routes: readonly Resource[],
  gateways: Directory<Named & { readonly resource: Resource }>,
): ReadonlyMap<Resource, readonly Attached[]> {
  const attached = new Map<Resource, Attached[]>();
  for (const route of routes) {
    for (const parent of items(field(route.root, "spec", "parentRefs"))) {
      const name = literal(field(parent, "name"));
      const namespace = text(field(parent, "namespace")) ?? route.namespace;
      const gateway = name === undefined ? undefined : gateways("Gateway", name, { namespace, folder: route.folder });
      if (!gateway) continue;
      const list = attached.get(gateway.resource) ?? [];
      list.push({ route, listener: text(field(parent, "sectionName")) });
      attached.set(gateway.resource, list);
    }
  }
  return attached;
}

/** A Gateway serves what its routes send on; without a route it serves nothing. */
export function gateway(resource: Resource, attached: readonly Attached[]): EdgeWithBackends {
  const listeners = items(field(resource.root, "spec", "listeners")).flatMap((node) => listener(resource, node) ?? []);
  const rules = attached.flatMap(({ route, listener: name }) =>
    items(field(route.root, "spec", "rules")).map((node) => ({ route, name, node })),
  );
  const serving = rules.filter(({ node }) => items(field(node, "backendRefs")).length > 0);
  const backends = serving.flatMap(({ route, node }) =>
    items(field(node, "backendRefs")).flatMap((reference) => backend(route, reference) ?? []),
  );
  const tls = listeners.some((one) => one.tls);
  const plain = listeners.filter((one) => !one.tls);
  const answers = (name: string | undefined) => plain.some((one) => name === undefined || one.name === name);
  const edge: Edge = {
    ...nothing(resource, "gateway"),
    hosts: [
      ...listeners.flatMap(({ host }) => host ?? []),
      ...attached.flatMap(({ route }) => stringsAt(route, field(route.root, "spec", "hostnames"))),
    ],
    listens: listeners.map(({ port, tls, span }) => ({ port, tls, span })),
    tls,
    redirectsToHttps: tls && !serving.some(({ name }) => answers(name)),
    serves: serving.length > 0,
    headers: everywhere(serving.map(({ route, node }) => responseHeaders(route, node))),
    upstreams: backends.map(({ at }) => at),
    ...(isInternal(resource) && { internal: true }),
  };
  return { edge, backends };
}

/** Classes of load balancers inside a network, such as GKE's `gke-l7-rilb`. */
const isInternal = (resource: Resource): boolean =>
  /(^|[-_.])(rilb|internal|private)([-_.]|$)/.test(literal(field(resource.root, "spec", "gatewayClassName")) ?? "");

function listener(resource: Resource, node: YamlNode) {
  const portNode = field(node, "port");
  const port = number(portNode);
  const protocol = literal(field(node, "protocol"));
  if (!portNode || port === undefined || protocol === undefined) return undefined;
  const tls = protocol === "HTTPS" || protocol === "TLS";
  const host = stringAt(resource, field(node, "hostname"));
  return { name: text(field(node, "name")), port, tls, span: place(resource, portNode), host };
}

function backend(route: Resource, reference: YamlNode): Backend | undefined {
  const at = stringAt(route, field(reference, "name"));
  const port = stringAt(route, field(reference, "port"));
  return at && { at, ...(port && { port }) };
}

const responseHeaders = (route: Resource, rule: YamlNode): Header[] =>
  items(field(rule, "filters")).flatMap((filter) =>
    ["set", "add"].flatMap((verb) =>
      items(field(filter, "responseHeaderModifier", verb)).flatMap((entry) => {
        const [name, value] = [stringAt(route, field(entry, "name")), stringAt(route, field(entry, "value"))];
        return name && value ? [{ name, value }] : [];
      }),
    ),
  );

/** Headers that every one of the rules sets. */
function everywhere([first = [], ...others]: readonly (readonly Header[])[]): Header[] {
  const sets = others.map((headers) => new Set(headers.map(({ name }) => name.value.toLowerCase())));
  return first.filter(({ name }) => sets.every((set) => set.has(name.value.toLowerCase())));
}
