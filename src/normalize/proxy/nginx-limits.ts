/** nginx limits, logs and literal credentials (ngx_http_limit_req, _core, _log and _proxy modules). */
import type { CredentialLiteral, Located, RateLimit, Setting } from "../../model.ts";
import type { NginxDirective } from "../../parse/nginx.ts";
import type { Facts } from "../facts.ts";
import { headerCredential, variableCredential } from "./credential.ts";
import { part } from "./edge.ts";
import { condition } from "./nginx-headers.ts";
import { effective, isUnknown, own, type Scope } from "./nginx-scope.ts";

/** Facts of all scopes of the project; zones and log formats are looked up by name over all of them. */
export function limitsOf(
  scopes: readonly Scope[],
  subjectOf: (scope: Scope) => string,
): Pick<Facts, "rateLimits" | "settings" | "credentialLiterals"> {
  const seen = new Set<NginxDirective>();
  const once = (scope: Scope, name: string) => own(scope, name).filter((each) => !seen.has(each) && seen.add(each));
  const zones = new Map<string, Zone>();
  const logged = new Set<string>();
  for (const scope of scopes) {
    for (const directive of own(scope, "limit_req_zone")) {
      const zone = zoneOf(directive);
      if (zone) zones.set(zone.name, zone);
    }
    for (const {
      arguments: [path, format],
    } of own(scope, "access_log")) {
      if (path?.value !== "off") logged.add(format?.value ?? "combined");
    }
  }
  const each = <T>(name: string, read: (directive: NginxDirective, scope: Scope) => readonly T[]): T[] =>
    scopes.flatMap((scope) => once(scope, name).flatMap((directive) => read(directive, scope)));

  return {
    rateLimits: each("limit_req", (directive, scope) => rateLimit(directive, zones, scope, subjectOf(scope))),
    settings: {
      requestSize: each("client_max_body_size", (directive, scope) => requestSize(directive, subjectOf(scope))),
      bodyLogging: each("log_format", (directive, scope) => bodyLogging(directive, logged, subjectOf(scope))),
    },
    credentialLiterals: [
      ...HEADERS.flatMap((name) => each(name, (directive, scope) => sentCredential(directive, subjectOf(scope)))),
      ...each("set", ({ arguments: [name, value] }, scope) => present(name, value, subjectOf(scope))),
      ...scopes
        .filter(({ kind, directive }) => kind === "if" && directive && !seen.has(directive) && seen.add(directive))
        .flatMap((scope) => {
          const [name, operator, value] = condition(scope);
          return operator && /^!?=$/.test(operator.value) ? present(name, value, subjectOf(scope)) : [];
        }),
    ],
  };
}

const HEADERS = ["proxy_set_header", "grpc_set_header"];

function sentCredential({ arguments: [name, value] }: NginxDirective, subject: string): CredentialLiteral[] {
  const found = name && value && headerCredential(name, value, subject);
  return found ? [found] : [];
}

function present(name: Located<string> | undefined, value: Located<string> | undefined, subject: string) {
  const found = name && value && variableCredential(name, value, subject);
  return found ? [found] : [];
}

interface Zone {
  readonly name: string;
  readonly requests?: Located<number>;
  readonly window?: number;
}

/** `limit_req_zone key zone=name:size rate=10r/s;` */
function zoneOf({ arguments: all }: NginxDirective): Zone | undefined {
  const name = all.map(({ value }) => /^zone=([^:]+)/.exec(value)?.[1]).find(Boolean);
  const rate = all.find(({ value }) => value.startsWith("rate="));
  const match = rate && /^rate=(\d+)r\/([sm])$/.exec(rate.value);
  if (!name) return undefined;
  if (!match) return { name };
  const { span } = part(rate, 5, 5 + match[1]!.length);
  return { name, requests: { value: Number(match[1]), span }, window: match[2] === "s" ? 1 : 60 };
}

/** `limit_req zone=name …;`: on unless `limit_req_dry_run` only counts. */
function rateLimit(
  directive: NginxDirective,
  zones: ReadonlyMap<string, Zone>,
  scope: Scope,
  subject: string,
): RateLimit[] {
  const name = directive.arguments.map(({ value }) => /^zone=(.+)/.exec(value)?.[1]).find(Boolean);
  const zone = name ? zones.get(name) : undefined;
  const dry = effective(scope, "limit_req_dry_run")[0]?.arguments[0];
  const only = dry?.value === "on" ? dry : undefined;
  const enabled = only ? { value: false, span: only.span } : { value: true, span: directive.name.span };
  return [
    {
      subject,
      where: "proxy",
      key: only ? "limit_req_dry_run" : "limit_req",
      enabled,
      ...(zone?.requests && { requests: zone.requests }),
      ...(zone?.window !== undefined && { window: zone.window }),
    },
  ];
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes of `10m`, `1g`, `512k`, `0`; absent for anything else. */
function sizeInBytes(written: string): number | undefined {
  const match = /^(\d{1,15})([kmg]?)$/i.exec(written);
  return match ? Number(match[1]) * UNITS[match[2]!.toLowerCase()]! : undefined;
}

function requestSize({ name, arguments: [size] }: NginxDirective, subject: string): Setting<number>[] {
  const bytes = size && sizeInBytes(size.value);
  return size && bytes !== undefined ? [{ at: { value: bytes, span: size.span }, subject, key: name.value }] : [];
}

const SENSITIVE = /\$\{?(http_authorization|request_body|http_cookie|http_x_api_key|http_proxy_authorization)\b\}?/g;

/** Variables of a format in use that carry credentials or bodies, each with its own place. */
function bodyLogging(
  { arguments: [name, ...format] }: NginxDirective,
  logged: ReadonlySet<string>,
  subject: string,
): Setting<boolean>[] {
  if (!name || !logged.has(name.value)) return [];
  return format.flatMap((word) =>
    isUnknown(word.value)
      ? []
      : [...word.span.file.text.slice(word.span.start, word.span.end).matchAll(SENSITIVE)].map((match) => {
          const start = word.span.start + match.index;
          const span = { file: word.span.file, start, end: start + match[0].length };
          return { at: { value: true, span }, subject, key: `$${match[1]}` };
        }),
  );
}
