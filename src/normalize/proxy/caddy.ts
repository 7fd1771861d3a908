/** Caddy sites → edges, with automatic HTTPS (Caddy documentation, "Automatic HTTPS", "Addresses", "Directives"). */
import type { CorsPolicy, CredentialLiteral, Edge, Located, RateLimit, Setting, Span } from "../../model.ts";
import type { CaddyTree } from "../../parse/caddyfile.ts";
import type { Parsed } from "../../parse/index.ts";
import type { Facts } from "../facts.ts";
import { caddyCors, headersOf } from "./caddy-headers.ts";
import { configurations, isUnknown, type Line, named, type Site, within } from "./caddy-line.ts";
import { headerCredential } from "./credential.ts";
import { seconds } from "./duration.ts";
import { blankAfter, indentStep, part, protocolName } from "./edge.ts";

/** Facts of every Caddyfile of the project. */
export function caddy(parsed: readonly Parsed<CaddyTree>[]): Facts {
  const all = configurations(parsed);
  const sites = all.flatMap(({ sites }) => sites);
  const each = <T>(read: (line: Line, subject: string) => readonly T[]): T[] =>
    sites.flatMap((site) => [...within(site.lines)].flatMap((line) => read(line, subjectOf(site))));
  return {
    edges: sites.flatMap(edge),
    cors: sites.flatMap((site): CorsPolicy[] => caddyCors(site, subjectOf(site))),
    rateLimits: each(rateLimits),
    credentialLiterals: each(sentCredentials),
    settings: {
      requestSize: each(requestSizes),
      bodyLogging: all.flatMap(({ file, options }) =>
        [...within(options)]
          .filter(({ name }) => name.value === "log_credentials")
          .map((line) => logged(line, file.path)),
      ),
    },
    roles: parsed.map(({ file }) => ({ file, role: "Caddy" })),
  };
}

const logged = ({ name }: Line, subject: string): Setting<boolean> => ({
  at: { value: true, span: name.span },
  subject,
  key: name.value,
});

const subjectOf = ({ file, addresses }: Site): string =>
  addresses[0] ? `${file.path} site ${addresses[0].value}` : file.path;

interface Address {
  readonly host?: Located<string>;
  readonly port?: number;
  readonly tls: boolean;
  /** Part of it comes from the environment. */
  readonly unknown: boolean;
  readonly span: Span;
}

/**
 * `[scheme://][host][:port][/path]`: https unless scheme, port 80 or a missing host say otherwise. `auto_https off` and
 * `disable_redirects` leave such a site on the https port, with no plain listener beside it.
 */
function addressOf(word: Located<string>, secured: boolean): Address {
  const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|\{[^}]*\}|[^:/]*)(?::([^/]*))?/i.exec(word.value)!;
  const [, scheme = "", host = "", port] = match;
  const unknown = isUnknown(host) || (port !== undefined && !/^\d+$/.test(port));
  const number = port !== undefined && /^\d+$/.test(port) ? Number(port) : undefined;
  const plain = scheme.toLowerCase() === "http" || number === 80 || (!host && number !== 443);
  const tls = scheme.toLowerCase() === "https" || secured || !plain;
  const start = word.value.indexOf(host, scheme ? scheme.length + 3 : 0);
  return {
    ...(host && !isUnknown(host) && { host: part(word, start, start + host.length) }),
    ...(!unknown && { port: number ?? (tls ? 443 : 80) }),
    tls,
    unknown,
    span: word.span,
  };
}

function edge(site: Site): Edge[] {
  const tlsLines = named(site.lines, "tls");
  const addresses = site.addresses.map((word) => addressOf(word, tlsLines.length > 0));
  const first = addresses[0];
  if (!first) return [];

  const listening = addresses.flatMap(({ port, tls, span }) => (port === undefined ? [] : [{ port, tls, span }]));
  const tls = addresses.some((address) => address.tls);
  const hasPlain = addresses.some((address) => !address.tls && !address.unknown);
  const redirect = everywhere(site.lines).some(isRedirectToHttps);
  const tlsOption = (name: string) =>
    tlsLines.flatMap((line) => named(line.block, name)).flatMap((line) => line.arguments);
  return [
    {
      subject: subjectOf(site),
      kind: "caddy",
      span: first.span,
      hosts: addresses.flatMap(({ host }) => host ?? []),
      listens: listening,
      tls,
      redirectsToHttps: redirect || !hasPlain,
      serves: !redirect && serves(site),
      protocols: tlsOption("protocols").map((each) => ({ ...each, value: protocolName(each.value) })),
      ciphers: tlsOption("ciphers"),
      headers: everywhere(site.lines).flatMap(headersOf),
      upstreams: [...within(site.lines)].flatMap(upstreams),
      blank: blank(site),
      dropsHeaders: [],
      ...(site.opaque && { headersUnknown: true }),
    },
  ];
}

/** Lines that every request meets: those without a matcher, also inside `route`, `handle` and `handle *`. */
function everywhere(lines: readonly Line[]): Line[] {
  return lines.flatMap((line) => {
    if (line.matcher && line.matcher.value !== "*" && line.matcher.value !== "/*") return [];
    return ["route", "handle"].includes(line.name.value) ? everywhere(line.block) : [line];
  });
}

const isRedirectToHttps = ({ name, arguments: [target] }: Line): boolean =>
  name.value === "redir" && /^https:\/\//i.test(target?.value ?? "");

const ANSWERS = new Set([
  "reverse_proxy",
  "file_server",
  "php_fastcgi",
  "respond",
  "root",
  "templates",
  "metrics",
  "acme_server",
  "forward_auth",
]);

function serves({ lines, opaque }: Site): boolean {
  const refused = everywhere(lines).some(({ name }) => name.value === "abort" || name.value === "error");
  if (refused) return false;
  return opaque || [...within(lines)].some((line) => ANSWERS.has(line.name.value) && !isRefusal(line));
}

const isRefusal = ({ name, arguments: all }: Line): boolean =>
  name.value === "respond" && all.some(({ value }) => /^[45]\d\d$/.test(value));

function upstreams({ name, arguments: given, block }: Line): Located<string>[] {
  if (name.value !== "reverse_proxy" && name.value !== "php_fastcgi") return [];
  return [...given, ...named(block, "to").flatMap((line) => line.arguments)].filter(({ value }) => !isUnknown(value));
}

/** Behind the last `header` line of the site, else as its first line. */
function blank({ directive }: Site) {
  const { block, span, words } = directive;
  const last = (block ?? []).findLast((line) => line.words[0]?.value === "header" && !line.block);
  if (last) return blankAfter(last.span);
  if (!block) return blankAfter(span);
  const end = span.file.text.indexOf("{\n", words.at(-1)!.span.end);
  const open = end < 0 ? span.file.text.indexOf("{", words.at(-1)!.span.end) : end;
  return blankAfter({ ...span, end: open + 1 }, indentStep(span.file.text));
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** `request_body { max_size 10MB }`; Caddy counts in powers of 1000 unless the unit says `iB`. */
function requestSizes({ name, block }: Line, subject: string): Setting<number>[] {
  if (name.value !== "request_body") return [];
  return named(block, "max_size").flatMap(({ arguments: [size] }) => {
    const match = size && /^(\d{1,15})\s*([kmg]?i?b?)$/i.exec(size.value);
    const unit = match && UNITS[match[2]!.toLowerCase().replace(/^([kmg])(i?)$/, "$1$2b")];
    return match && unit ? [{ at: { value: Number(match[1]) * unit, span: size.span }, subject, key: "max_size" }] : [];
  });
}

/** The rate_limit module: `rate_limit { zone name { events 100 window 1m } }`, or `rate_limit {key} 100r/m`. */
function rateLimits({ name, arguments: given, block }: Line, subject: string): RateLimit[] {
  if (name.value !== "rate_limit") return [];
  const base = { subject, where: "proxy", key: "rate_limit", enabled: { value: true, span: name.span } } as const;
  const zones = named(block, "zone").flatMap(({ block: zone }): RateLimit[] => {
    const events = named(zone, "events")[0]?.arguments[0];
    const window = seconds(named(zone, "window")[0]?.arguments[0]?.value ?? "");
    const known = events && /^\d+$/.test(events.value);
    return [
      {
        ...base,
        ...(known && { requests: { value: Number(events.value), span: events.span } }),
        ...(window !== undefined && { window }),
      },
    ];
  });
  if (zones.length) return zones;
  const rate = given.find(({ value }) => /^\d+r\/[smh]$/.test(value));
  if (!rate) return [base];
  const digits = rate.value.indexOf("r");
  const requests = { value: Number(rate.value.slice(0, digits)), span: part(rate, 0, digits).span };
  return [{ ...base, requests, window: { s: 1, m: 60, h: 3600 }[rate.value.at(-1) as "s" | "m" | "h"] }];
}

/** `header_up Authorization "Basic …"` and `request_header …`. */
function sentCredentials({ name, arguments: [field, value] }: Line, subject: string): CredentialLiteral[] {
  if (!field || !value || !["header_up", "request_header"].includes(name.value)) return [];
  const bare = part(field, /^[+?>]/.test(field.value) ? 1 : 0, field.value.length);
  const found = headerCredential(bare, value, subject);
  return found ? [found] : [];
}
