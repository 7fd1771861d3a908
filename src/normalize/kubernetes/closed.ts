/** How what is published would be kept inside its cluster (core/v1 Service, `ServiceSpec`; ContainerPort, `hostPort`). */
import type { Blank, Span } from "../../model.ts";
import { entry, items, type YamlMapping, type YamlNode } from "../../parse/yaml.ts";
import { entryRemoval } from "../removal.ts";
import { field, place, type Resource } from "./resource.ts";

/** Fields that the API refuses in a Service of type ClusterIP. */
const OUTSIDE: ReadonlySet<string> = new Set([
  "allocateLoadBalancerNodePorts",
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "loadBalancerClass",
  "loadBalancerIP",
  "loadBalancerSourceRanges",
]);
const NODE_PORT: ReadonlySet<string> = new Set(["nodePort"]);
const HOST_PORT: ReadonlySet<string> = new Set(["hostPort", "hostIP"]);

/** Each port of a Service holds the blanks of all. */
const MOST_PORTS = 100;

/**
 * Blanks that make a Service one of type ClusterIP, each filled in with "": its type, and without what that type has not.
 * Absent where others share what would change, and where addresses of its own keep it open (`externalIPs`).
 */
export function clusterOnly(service: Resource): readonly Blank[] | undefined {
  const spec = field(service.root, "spec");
  const type = entry(spec, "type");
  if (spec?.kind !== "mapping" || !type || type.alias || type.merged || field(spec, "externalIPs")) return undefined;
  const ports = items(field(spec, "ports"));
  if (ports.length > MOST_PORTS) return undefined;
  const span = placeOf(service, spec)(type.value);
  if (!span || type.value.anchor || type.value.shared) return undefined;
  const removals = [spec, ...ports].flatMap((node, index) =>
    node.kind === "mapping" ? [without(service, node, index ? NODE_PORT : OUTSIDE)] : [],
  );
  return removals.every((each) => each !== undefined)
    ? [{ span, before: "ClusterIP", after: "" }, ...removals.flat()]
    : undefined;
}

/** Blanks that take a container's port from its node, each filled in with "". */
export const offTheNode = (resource: Resource, port: YamlNode): readonly Blank[] | undefined =>
  port.kind === "mapping" ? without(resource, port, HOST_PORT) : undefined;

function without(resource: Resource, mapping: YamlMapping, names: ReadonlySet<string>): readonly Blank[] | undefined {
  const place = placeOf(resource, mapping);
  const found = mapping.written.flatMap(({ key }, index) => (names.has(key.text) ? [index] : []));
  // On one line the commas of neighbours would meet.
  if (found.length > 1 && mapping.flow) return undefined;
  const removals = found.map((index) => entryRemoval(mapping, index, place));
  return removals.every((each) => each !== undefined) ? removals : undefined;
}

/** Places of the file that `node` is written in. */
function placeOf(resource: Resource, node: YamlNode) {
  const origin = resource.origins?.get(node);
  return (each: { readonly start: number; readonly end: number }): Span | undefined =>
    resource.origins?.get(each) === origin ? place(resource, each) : undefined;
}
