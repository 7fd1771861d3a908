/** Traefik middlewares → CORS policies, limits, literal credentials; static options → settings (Traefik 3 reference). */
import type { CorsPolicy, CredentialLiteral, Header, Located, RateLimit, Setting } from "../../model.ts";
import { headerCredential } from "./credential.ts";
import { seconds } from "./duration.ts";
import { ALLOW_ORIGIN, corsPolicies, words } from "./edge.ts";
import { type Configuration, children, flag, isUnknown, list, type Option, option, value } from "./traefik-tree.ts";

export function cors(middleware: Option, subject: string): CorsPolicy[] {
  const headers = option(middleware, "headers");
  const credentials = flag(headers, "accesscontrolallowcredentials");
  const key = option(headers, "accesscontrolalloworiginlist")?.key.value ?? "accessControlAllowOriginList";
  const known = (from: Option | undefined) => list(from).filter(({ value }) => !isUnknown(value));
  const policies = corsPolicies(
    { subject, syntax: "traefik", key: key.slice(key.lastIndexOf(".") + 1) },
    {
      origins: known(option(headers, "accesscontrolalloworiginlist")),
      patterns: known(option(headers, "accesscontrolalloworiginlistregex")),
    },
    [],
  ).map((policy) => ({
    ...policy,
    ...(policy.pattern && !policy.origins.length && { key: `${policy.key}Regex` }),
    ...(credentials && { credentials }),
    methods: list(option(headers, "accesscontrolallowmethods")),
    headers: list(option(headers, "accesscontrolallowheaders")),
  }));
  const custom: Header[] = children(headers ?? middleware, "customresponseheaders").flatMap((each) =>
    each.value ? [{ name: each.key, value: each.value }] : [],
  );
  const allowed = custom.find(({ name }) => name.value.toLowerCase() === ALLOW_ORIGIN.toLowerCase())?.value;
  if (!allowed?.value || isUnknown(allowed.value)) return policies;
  const base = { subject, syntax: "traefik", key: ALLOW_ORIGIN } as const;
  return [...policies, ...corsPolicies(base, { origins: words(allowed), patterns: [] }, custom)];
}

const integer = (written: Located<string> | undefined): Located<number> | undefined =>
  written && /^\d{1,15}$/.test(written.value) ? { value: Number(written.value), span: written.span } : undefined;

/** `average` requests per `period` (one second where nobody says); an average of 0 limits nothing. */
export function rateLimit(middleware: Option, subject: string): RateLimit[] {
  const limit = option(middleware, "ratelimit");
  if (!limit) return [];
  const written = value(limit, "average");
  const requests = integer(written);
  const window = seconds(value(limit, "period")?.value ?? "1s");
  const enabled = requests ? { value: requests.value > 0, span: requests.span } : undefined;
  const off = { value: false, span: limit.key.span, implied: true } as const;
  return [
    {
      subject,
      where: "proxy",
      key: "rateLimit",
      ...(enabled ? { enabled } : !written && { enabled: off }),
      ...(requests && { requests }),
      ...(window !== undefined && { window }),
    },
  ];
}

export function requestSize(middleware: Option, subject: string): Setting<number>[] {
  const at = integer(value(middleware, "buffering", "maxrequestbodybytes"));
  return at ? [{ at, subject, key: "maxRequestBodyBytes" }] : [];
}

export function sentCredentials(middleware: Option, subject: string): CredentialLiteral[] {
  return children(middleware, "headers", "customrequestheaders").flatMap((each) => {
    const found =
      each.value && !isUnknown(each.value.value) ? headerCredential(each.key, each.value, subject) : undefined;
    return found ? [found] : [];
  });
}

/** `api.insecure` serves the API and the dashboard to whoever reaches the port. */
export function insecureApi({ root, subject }: Configuration): Setting<boolean>[] {
  const insecure = flag(root, "api", "insecure");
  return insecure ? [{ at: { ...insecure, value: !insecure.value }, subject, key: "api.insecure" }] : [];
}

/** Access logs leave request headers out unless told to keep them. */
export function loggedHeaders({ root, subject }: Configuration): Setting<boolean>[] {
  const fields = option(root, "accesslog", "fields", "headers");
  const kept = (each: Option | undefined) => (each?.value?.value.toLowerCase() === "keep" ? each.value : undefined);
  const all = kept(option(fields, "defaultmode"));
  const names = ["authorization", "cookie"].flatMap((name) => kept(option(fields, "names", name)) ?? []);
  return [...(all ? [all] : []), ...names].map(({ span }) => ({
    at: { value: true, span },
    subject,
    key: "accessLog.fields.headers",
  }));
}
