/** Ingress and OpenShift Route: the edge, and what it brings to the world. */
import type { Edge, Header, Located, Port } from "../../model.ts";
import { boolean, items, text, type YamlNode } from "../../parse/yaml.ts";
import type { Directory } from "./directory.ts";
import { ingressHeaders } from "./ingress-nginx.ts";
import { annotation, field, literal, locate, type Resource, stringAt } from "./resource.ts";
import type { Store } from "./stores.ts";

/** A Service that an edge sends to, and how it names the port. */
export interface Backend {
  readonly at: Located<string>;
  readonly port?: Located<string>;
}

export interface EdgeWithBackends {
  readonly edge: Edge;
  readonly backends: readonly Backend[];
}

/** Annotations with which a controller ends TLS although `spec.tls` is empty. */
const TLS_ANNOTATIONS = [
  "alb.ingress.kubernetes.io/certificate-arn",
  "networking.gke.io/managed-certificates",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
  "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
  "traefik.ingress.kubernetes.io/router.tls",
  "nginx.ingress.kubernetes.io/ssl-passthrough",
];

/** networking.k8s.io/v1 Ingress; the fields of v1beta1 are read too. */
export function ingress(resource: Resource, stores: Directory<Store>): EdgeWithBackends {
  const spec = field(resource.root, "spec");
  const tls =
    items(field(spec, "tls")).length > 0 ||
    TLS_ANNOTATIONS.some((name) => !["", "false"].includes(text(annotation(resource, name)) ?? ""));
  const rules = items(field(spec, "rules"));
  const paths = rules.flatMap((rule) => items(field(rule, "http", "paths")));
  const backends = [
    field(spec, "defaultBackend") ?? field(spec, "backend"),
    ...paths.map((path) => field(path, "backend")),
  ].flatMap((node) => backend(resource, node) ?? []);
  const plain = listensPlain(resource);
  const kept = tls ? keepsPlain(resource) : undefined;
  const edge: Edge = {
    ...nothing(resource, "ingress"),
    hosts: rules.flatMap((rule) => stringAt(resource, field(rule, "host")) ?? []),
    listens: listens(resource, plain || !tls, tls).map((each) =>
      kept && !each.tls ? { ...each, span: kept.span } : each,
    ),
    tls,
    redirectsToHttps: tls && (!plain || !kept),
    serves: backends.length > 0,
    headers: ingressHeaders(resource, tls, stores),
    upstreams: backends.map(({ at }) => at),
    ...(isInternalEdge(resource) && { internal: true }),
  };
  return { edge, backends };
}

/** Both forms of a backend: `service: {name, port: {number|name}}` and the older `serviceName`, `servicePort`. */
function backend(resource: Resource, node: YamlNode | undefined): Backend | undefined {
  const service = stringAt(resource, field(node, "service", "name") ?? field(node, "serviceName"));
  if (!service) return undefined;
  const port =
    field(node, "service", "port", "number") ?? field(node, "service", "port", "name") ?? field(node, "servicePort");
  const named = stringAt(resource, port);
  return { at: service, ...(named && { port: named }) };
}

/** False where an annotation leaves only the TLS listener. */
function listensPlain(resource: Resource): boolean {
  if (boolean(annotation(resource, "kubernetes.io/ingress.allow-http")) === false) return false;
  const entryPoints = text(annotation(resource, "traefik.ingress.kubernetes.io/router.entrypoints"));
  if (entryPoints && !entryPoints.split(",").some((name) => ["web", "http"].includes(name.trim()))) return false;
  const ports = text(annotation(resource, "alb.ingress.kubernetes.io/listen-ports"));
  return !ports || /"HTTP"/.test(ports);
}

/**
 * The annotation that lets plain requests through. ingress-nginx answers those of a host with TLS by a redirect unless
 * `ssl-redirect` is off (its documentation, "Server-side HTTPS enforcement through redirect"); so does the ALB if told
 * to. Another controller's habit is unknown and taken as good.
 */
function keepsPlain(resource: Resource): Located<boolean> | undefined {
  if (boolean(annotation(resource, "nginx.ingress.kubernetes.io/force-ssl-redirect"))) return undefined;
  const written = annotation(resource, "nginx.ingress.kubernetes.io/ssl-redirect");
  return written && boolean(written) === false ? locate(resource, written, false) : undefined;
}

/** route.openshift.io/v1 Route: without `insecureEdgeTerminationPolicy` plain requests are refused. */
export function route(resource: Resource): EdgeWithBackends {
  const spec = field(resource.root, "spec");
  const tls = field(spec, "tls") !== undefined;
  const plain = !tls || literal(field(spec, "tls", "insecureEdgeTerminationPolicy")) === "Allow";
  const host = stringAt(resource, field(spec, "host"));
  const to = stringAt(resource, field(spec, "to", "name"));
  const port = stringAt(resource, field(spec, "port", "targetPort"));
  const edge: Edge = {
    ...nothing(resource, "ingress"),
    hosts: host ? [host] : [],
    listens: listens(resource, plain, tls),
    tls,
    redirectsToHttps: tls && !plain,
    serves: to !== undefined,
    headers: [
      ...routeHeaders(resource, field(spec, "httpHeaders", "actions", "response")),
      ...hsts(resource, annotation(resource, "haproxy.router.openshift.io/hsts_header")),
    ],
    upstreams: to ? [to] : [],
  };
  return { edge, backends: to ? [{ at: to, ...(port && { port }) }] : [] };
}

const routeHeaders = (resource: Resource, actions: YamlNode | undefined): Header[] =>
  items(actions).flatMap((action) => {
    const name = stringAt(resource, field(action, "name"));
    const value = stringAt(resource, field(action, "action", "set", "value"));
    return name && value ? [{ name, value }] : [];
  });

function hsts(resource: Resource, node: YamlNode | undefined): Header[] {
  const value = stringAt(resource, node);
  return value ? [{ name: { ...value, value: "Strict-Transport-Security" }, value }] : [];
}

/** An edge that does nothing yet; its place is its name. */
export const nothing = (resource: Resource, kind: Edge["kind"]): Edge => ({
  subject: resource.subject,
  kind,
  span: resource.name.span,
  hosts: [],
  listens: [],
  tls: false,
  redirectsToHttps: false,
  serves: false,
  protocols: [],
  ciphers: [],
  headers: [],
  upstreams: [],
});

/** The usual pair of listeners, at the edge's name. */
export const listens = (resource: Resource, plain: boolean, tls: boolean): Edge["listens"] => [
  ...(plain ? [{ port: 80, tls: false, span: resource.name.span }] : []),
  ...(tls ? [{ port: 443, tls: true, span: resource.name.span }] : []),
];

/** Class names and annotations that keep an edge inside the network. */
function isInternalEdge(resource: Resource): boolean {
  const scheme = text(annotation(resource, "alb.ingress.kubernetes.io/scheme"));
  const words = [
    text(field(resource.root, "spec", "ingressClassName")),
    text(annotation(resource, "kubernetes.io/ingress.class")),
  ];
  if (words.includes("gce-internal")) return true;
  if (words.includes("alb") || scheme) return scheme !== "internet-facing";
  return words.some((word) => word !== undefined && /(^|[-_.])(internal|private)([-_.]|$)/.test(word));
}

/** What an edge publishes: one port for each backend, at the place that names it. */
export function edgePorts(
  resource: Resource,
  { edge, backends }: EdgeWithBackends,
  resolve: (backend: Backend) => Pick<Port, "target" | "product">,
): Port[] {
  const reach = isInternalEdge(resource) ? "internal" : "world";
  return backends.map((backend) => ({
    span: (backend.port ?? backend.at).span,
    subject: resource.subject,
    owner: resource.name.value,
    format: "kubernetes",
    via: "Ingress",
    ...resolve(backend),
    published: edge.tls ? 443 : 80,
    protocol: "tcp",
    reach,
  }));
}
