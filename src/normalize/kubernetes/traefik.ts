/** Traefik's IngressRoute and the Middlewares it names (traefik.io/v1alpha1). */
import type { CorsPolicy, Edge, Header, Located, RateLimit, Setting } from "../../model.ts";
import { boolean, entries, items, number, text, type YamlNode } from "../../parse/yaml.ts";
import { protocolName } from "../proxy/edge.ts";
import type { Directory, Named } from "./directory.ts";
import { type EdgeWithBackends, listens, nothing } from "./ingress.ts";
import {
  booleanAt,
  field,
  isNull,
  isTemplate,
  literal,
  locate,
  numberAt,
  placeWithin,
  type Resource,
  stringAt,
  stringsAt,
} from "./resource.ts";

/** Middlewares and TLSOptions of the project. */
export type Middlewares = Directory<Named & { readonly resource: Resource }>;

/** Entry points that Traefik's documentation and charts call so; any other name says nothing about TLS. */
const PLAIN = new Set(["web", "http"]);
const SECURE = new Set(["websecure", "https"]);

/** Without `entryPoints` a route listens on all of them; `tls:` alone, even empty, ends TLS. */
export function ingressRoute(resource: Resource, middlewares: Middlewares): EdgeWithBackends {
  const spec = field(resource.root, "spec");
  const points = items(field(spec, "entryPoints")).flatMap((node) => text(node) ?? []);
  const routes = items(field(spec, "routes"));
  const services = routes.flatMap((route) => items(field(route, "services")));
  const tls = entries(spec).some(({ key }) => key.text === "tls") || points.some((point) => SECURE.has(point));
  const plain = !points.length ? !tls : points.some((point) => PLAIN.has(point));
  const named = routes.map((route) => middlewaresOf(resource, route, middlewares));
  const used = named.map(({ found }) => found);
  const tlsOption = tlsOptionOf(resource, field(spec, "tls", "options"), middlewares);
  const minimum = tlsOption && stringAt(tlsOption, field(tlsOption.root, "spec", "minVersion"));
  const backends = services.flatMap((service) => {
    const at = stringAt(resource, field(service, "name"));
    const port = stringAt(resource, field(service, "port"));
    const internal = at?.value.includes("@internal");
    return at && !internal ? [{ at, ...(port && { port }) }] : [];
  });
  const redirects = used.length > 0 && used.every((list) => list.some(redirectsToHttps));
  const edge: Edge = {
    ...nothing(resource, "traefik"),
    hosts: routes.flatMap((route) => hostsIn(resource, field(route, "match"))),
    listens: listens(resource, plain, tls),
    tls,
    redirectsToHttps: redirects || (tls && !plain),
    serves: backends.length > 0 && !(redirects && !tls),
    protocols: minimum ? [{ ...minimum, value: protocolName(minimum.value) }] : [],
    ciphers: tlsOption ? stringsAt(tlsOption, field(tlsOption.root, "spec", "cipherSuites")) : [],
    headers: used.length ? (used[0]?.flatMap(headersOf) ?? []) : [],
    ...(named.some(({ missing }) => missing) && { headersUnknown: true }),
    upstreams: backends.map(({ at }) => at),
  };
  return { edge, backends };
}

/** `missing`: one of them is not part of the project. */
function middlewaresOf(resource: Resource, route: YamlNode, middlewares: Middlewares) {
  const all = items(field(route, "middlewares")).map((node) => namedBy(resource, "Middleware", node, middlewares));
  const found = all.flatMap((middleware) => middleware ?? []);
  return { found, missing: found.length < all.length };
}

/** The object that `name` and `namespace` of a reference point to. */
function namedBy(resource: Resource, kind: string, reference: YamlNode, objects: Middlewares): Resource | undefined {
  const name = literal(field(reference, "name"));
  const namespace = text(field(reference, "namespace")) ?? resource.namespace;
  return name === undefined ? undefined : objects(kind, name, { namespace, folder: resource.folder })?.resource;
}

/** The one named `default` holds for every route that names none (Traefik, "TLSOption"). */
const tlsOptionOf = (resource: Resource, reference: YamlNode | undefined, objects: Middlewares) =>
  reference
    ? namedBy(resource, "TLSOption", reference, objects)
    : objects("TLSOption", "default", { namespace: resource.namespace, folder: resource.folder })?.resource;

const redirectsToHttps = ({ root }: Resource): boolean =>
  text(field(root, "spec", "redirectScheme", "scheme")) === "https";

/** Names in ``Host(`a`, `b`)`` of a rule. */
function hostsIn(resource: Resource, node: YamlNode | undefined): Located<string>[] {
  if (node?.kind !== "scalar" || isTemplate(node.text)) return [];
  return [...node.text.matchAll(/\bHost\(([^()]*)\)/g)].slice(0, MOST_HOSTS).flatMap((call) =>
    [...call[1]!.matchAll(/[`"]([^`"]+)[`"]/g)].slice(0, MOST_HOSTS).map((name) => {
      const start = call.index + "Host(".length + name.index + 1;
      return { value: name[1]!, span: placeWithin(resource, node, start, start + name[1]!.length) };
    }),
  );
}

/** Finding one place reads the whole rule. */
const MOST_HOSTS = 64;

/** Switches of the headers middleware and the header that each sets. */
const SWITCHES: Readonly<Record<string, readonly [name: string, value: string]>> = {
  contentTypeNosniff: ["X-Content-Type-Options", "nosniff"],
  frameDeny: ["X-Frame-Options", "DENY"],
  browserXssFilter: ["X-XSS-Protection", "1; mode=block"],
};

/** Options that carry a header's value. */
const VALUES: Readonly<Record<string, string>> = {
  customFrameOptionsValue: "X-Frame-Options",
  contentSecurityPolicy: "Content-Security-Policy",
  referrerPolicy: "Referrer-Policy",
  permissionsPolicy: "Permissions-Policy",
};

function headersOf(resource: Resource): Header[] {
  const headers = field(resource.root, "spec", "headers");
  return entries(headers).flatMap(({ key, value }): Header[] => {
    const header = (name: string, text: string) => [
      { name: locate(resource, key, name), value: locate(resource, value, text) },
    ];
    if (isNull(value)) return [];
    if (key.text === "customResponseHeaders") {
      return entries(value).flatMap((entry) => {
        const set = stringAt(resource, entry.value);
        return set?.value ? [{ name: locate(resource, entry.key, entry.key.text), value: set }] : [];
      });
    }
    if (key.text === "stsSeconds") {
      const seconds = number(value);
      const subdomains = boolean(field(headers, "stsIncludeSubdomains")) ? "; includeSubDomains" : "";
      return seconds ? header("Strict-Transport-Security", `max-age=${seconds}${subdomains}`) : [];
    }
    if (Object.hasOwn(SWITCHES, key.text)) return boolean(value) ? header(...SWITCHES[key.text]!) : [];
    return Object.hasOwn(VALUES, key.text) ? header(VALUES[key.text]!, literal(value) ?? "") : [];
  });
}

/** `accessControlAllow…` of the headers middleware. */
export function middlewareCors(resource: Resource): CorsPolicy[] {
  const headers = field(resource.root, "spec", "headers");
  const origins = field(headers, "accessControlAllowOriginList");
  const pattern = stringsAt(resource, field(headers, "accessControlAllowOriginListRegex"))[0];
  if (!origins && !pattern) return [];
  const credentials = booleanAt(resource, field(headers, "accessControlAllowCredentials"));
  return [
    {
      subject: resource.subject,
      syntax: "traefik",
      key: origins ? "accessControlAllowOriginList" : "accessControlAllowOriginListRegex",
      origins: stringsAt(resource, origins),
      ...(pattern && { pattern }),
      ...(credentials && { credentials }),
      methods: stringsAt(resource, field(headers, "accessControlAllowMethods")),
      headers: stringsAt(resource, field(headers, "accessControlAllowHeaders")),
    },
  ];
}

/** `rateLimit`: `average` requests a `period`, one second unless it says otherwise; 0 is no limit. */
export function middlewareRateLimits(resource: Resource): RateLimit[] {
  const limit = field(resource.root, "spec", "rateLimit");
  const requests = numberAt(resource, field(limit, "average"));
  const window = seconds(field(limit, "period"));
  if (!requests || window === undefined) return [];
  return [{ subject: resource.subject, where: "proxy", key: "rateLimit.average", requests, window }];
}

const UNITS: Readonly<Record<string, number>> = { "": 1, ms: 0.001, s: 1, m: 60, h: 3600 };

function seconds(node: YamlNode | undefined): number | undefined {
  if (!node) return 1;
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text(node) ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS[unit ?? ""]!;
}

export function middlewareRequestSize(resource: Resource): Setting<number>[] {
  const bytes = numberAt(resource, field(resource.root, "spec", "buffering", "maxRequestBodyBytes"));
  return bytes ? [{ at: bytes, subject: resource.subject, key: "buffering.maxRequestBodyBytes" }] : [];
}
