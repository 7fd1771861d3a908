/** Annotations of ingress-nginx (its documentation, "NGINX Configuration: Annotations"). */
import type { CorsPolicy, Header, Located, RateLimit, Setting } from "../../model.ts";
import { boolean, number, text, type YamlNode } from "../../parse/yaml.ts";
import { blankAt } from "./blank.ts";
import type { Directory } from "./directory.ts";
import { annotation, field, isTemplate, locate, placeWithin, type Resource, readAs } from "./resource.ts";
import type { Store } from "./stores.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

const at = (resource: Resource, name: string): YamlNode | undefined => {
  const node = annotation(resource, PREFIX + name);
  return node?.kind === "scalar" ? node : undefined;
};

/** What the controller answers where an annotation is left out. */
const DEFAULTS = {
  "cors-allow-origin": "*",
  "cors-allow-methods": "GET, PUT, POST, DELETE, PATCH, OPTIONS",
  "cors-allow-headers":
    "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization",
} as const;

/** The CORS policy of an Ingress; none unless `enable-cors` is on. Every origin with credentials is the default. */
export function corsOf(resource: Resource): CorsPolicy[] {
  const enabled = at(resource, "enable-cors");
  if (!enabled || !boolean(enabled)) return [];
  const list = (name: keyof typeof DEFAULTS) => {
    const node = at(resource, name);
    if (node) return listed(resource, node);
    const blank = blankAt(resource, field(resource.root), ["metadata", "annotations", PREFIX + name]);
    return words(DEFAULTS[name]).map(({ word }) => ({
      ...locate(resource, enabled, word),
      implied: true as const,
      ...(blank && { blank }),
    }));
  };
  const written = at(resource, "cors-allow-credentials");
  const credentials: Located<boolean> | undefined = written
    ? readAs(resource, written, boolean)
    : { ...locate(resource, enabled, true), implied: true };
  return [
    {
      subject: resource.subject,
      syntax: "ingress",
      key: `${PREFIX}cors-allow-origin`,
      origins: list("cors-allow-origin"),
      ...(credentials && { credentials }),
      methods: list("cors-allow-methods"),
      headers: list("cors-allow-headers"),
    },
  ];
}

/** Words of a comma-separated text with their offsets. */
function words(list: string): { readonly word: string; readonly start: number }[] {
  return [...list.matchAll(/[^,\s]+/g)].map(({ 0: word, index }) => ({ word, start: index }));
}

/** A template is unknown: no word of it is a value. */
function listed(resource: Resource, node: YamlNode): Located<string>[] {
  if (node.kind !== "scalar" || isTemplate(node.text)) return [];
  return words(node.text).map(({ word, start }) => ({
    value: word,
    span: placeWithin(resource, node, start, start + word.length),
  }));
}

/** Requests that `limit-rps` and `limit-rpm` count over seconds; connections have no window. */
const LIMITS: readonly (readonly [name: string, window: number | undefined])[] = [
  ["limit-rps", 1],
  ["limit-rpm", 60],
  ["limit-connections", undefined],
];

export const rateLimitsOf = (resource: Resource): RateLimit[] =>
  LIMITS.flatMap(([name, window]) => {
    const requests = readAs(resource, at(resource, name), number);
    if (!requests) return [];
    const limit = { subject: resource.subject, where: "proxy", key: PREFIX + name, requests } as const;
    return [{ ...limit, ...(window !== undefined && { window }) }];
  });

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `8m` → bytes; 0 is no limit (nginx, "Configuration file measurement units"). */
function size(node: YamlNode | undefined): number | undefined {
  const [, digits, unit] = /^(\d{1,15})([kmg]?)$/i.exec(text(node)?.trim() ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS[unit!.toLowerCase()]!;
}

export function requestSizeOf(resource: Resource): Setting<number>[] {
  const bytes = readAs(resource, at(resource, "proxy-body-size"), size);
  return bytes ? [{ at: bytes, subject: resource.subject, key: `${PREFIX}proxy-body-size` }] : [];
}

/** True if the class, or an annotation of its own, says that ingress-nginx serves this Ingress. */
function isIngressNginx(resource: Resource): boolean {
  const named =
    text(field(resource.root, "spec", "ingressClassName")) ?? text(annotation(resource, "kubernetes.io/ingress.class"));
  if (named !== undefined) return named === "nginx" || named.startsWith("nginx-");
  const annotations = field(resource.root, "metadata", "annotations");
  return annotations?.kind === "mapping" && annotations.written.some(({ key }) => key.text.startsWith(PREFIX));
}

/**
 * Headers that the snippets of an Ingress set, those of the ConfigMap that `custom-headers` names, and the one that
 * ingress-nginx sends by itself where it ends TLS.
 */
export function ingressHeaders(resource: Resource, tls: boolean, stores: Directory<Store>): Header[] {
  const snippets = ["configuration-snippet", "server-snippet"].flatMap((name) => at(resource, name) ?? []);
  const headers = [...snippets.flatMap((node) => headersIn(resource, node)), ...customHeaders(resource, stores)];
  if (!tls || !isIngressNginx(resource) || headers.some(({ name }) => name.value.toLowerCase() === HSTS)) {
    return headers;
  }
  const implied = <T>(value: T): Located<T> => ({ value, span: resource.name.span, implied: true });
  return [
    ...headers,
    { name: implied("Strict-Transport-Security"), value: implied("max-age=31536000; includeSubDomains") },
  ];
}

/** `custom-headers: namespace/name` of a ConfigMap whose keys are headers. */
function customHeaders(resource: Resource, stores: Directory<Store>): Header[] {
  const [namespace, name] = text(at(resource, "custom-headers"))?.split("/") ?? [];
  const held = name && stores("ConfigMap", name, { namespace, folder: resource.folder });
  return [...(held ? held.entries.values() : [])].flatMap(({ key, value }) =>
    value.value.from === "literal" ? [{ name: key, value: { ...value, value: value.value.text } }] : [],
  );
}

const HSTS = "strict-transport-security";

/** `add_header Name value always;` and `more_set_headers "Name: value";`. */
const HEADER =
  /\badd_header[ \t]+"?(?<added>[\w-]+)"?[ \t]+(?:"(?<quoted>[^"\n]*)"|'(?<single>[^'\n]*)'|(?<bare>[^\s;"']+))|\bmore_set_headers[ \t]+["'](?<set>[\w-]+):[ \t]*(?<to>[^"'\n]*)["']/g;

function headersIn(resource: Resource, node: YamlNode): Header[] {
  if (node.kind !== "scalar") return [];
  return [...node.text.matchAll(HEADER)].map(({ 0: whole, index, groups = {} }) => {
    const name = groups.added ?? groups.set ?? "";
    const value = groups.quoted ?? groups.single ?? groups.bare ?? groups.to ?? "";
    const nameAt = index + whole.indexOf(name, whole.search(/[ \t]/));
    const valueAt = index + whole.lastIndexOf(value);
    return {
      name: { value: name, span: placeWithin(resource, node, nameAt, nameAt + name.length) },
      value: { value, span: placeWithin(resource, node, valueAt, valueAt + value.length) },
    };
  });
}
