/** The syntax of connection URLs and connection strings, as offsets into a text. Nothing here decodes or judges. */
import { HOLE, masked } from "./written.ts";

/** Half-open range of offsets into the text. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface UrlSyntax {
  /** As written, `jdbc:` included, lower case; "" for a `key=value` connection string. */
  readonly scheme: string;
  readonly user?: Range;
  /** Present if it is not empty; it may hold references. */
  readonly password?: Range;
  /** First host of several, without brackets and port. */
  readonly host?: Range;
  readonly port?: Range;
  readonly parameters: readonly { readonly name: string; readonly value: Range }[];
}

/** In UTF-16 code units. Longer than any driver takes. */
const LONGEST = 8192;
const SCHEME = /^(?:(?:jdbc|r2dbc):)?[a-z][a-z0-9+.-]{0,30}(?::[a-z][a-z0-9-]{0,20}){0,2}:\/\//i;
const ORACLE_THIN = /^jdbc:oracle:(?:thin|oci8?):/i;

/**
 * Parts of a URL (RFC 3986 with what drivers allow beside it: several hosts, `jdbc:` prefixes, `;` parameters of SQL
 * Server, unescaped `@` and `/` in passwords) or of a `Server=…;Password=…` / `host=… password=…` connection string.
 * Absent if the text is neither. References are never taken apart.
 */
export function splitUrl(text: string): UrlSyntax | undefined {
  if (text.length > LONGEST) return undefined;
  const mask = masked(text);
  const scheme = SCHEME.exec(mask)?.[0];
  if (scheme) return authority(mask, scheme.slice(0, -3).toLowerCase(), scheme.length);
  const thin = ORACLE_THIN.exec(mask)?.[0];
  return thin ? oracle(mask, thin.length) : connectionString(mask);
}

/** Where a credential of the text stands: the password of its authority, else of its parameters. */
export const passwordOf = (url: UrlSyntax): Range | undefined =>
  url.password ?? url.parameters.find(({ name }) => PASSWORDS.has(name))?.value;

/** Where its user stands. */
export const userOf = (url: UrlSyntax): Range | undefined =>
  url.user ?? url.parameters.find(({ name }) => USERS.has(name))?.value;

const PASSWORDS: ReadonlySet<string> = new Set(["password", "pwd", "accountkey", "sharedaccesskey"]);
const USERS: ReadonlySet<string> = new Set(["user", "username", "user id", "uid", "userid"]);
const SERVERS: ReadonlySet<string> = new Set(["server", "host", "data source", "address", "hostaddr"]);

function authority(mask: string, scheme: string, from: number): UrlSyntax {
  const end = firstOf(mask, /[/?#;\s]/g, from);
  let at = mask.lastIndexOf("@", end - 1);
  if (at < from) at = unescaped(mask, from, end);
  const hosts = at < from ? from : at + 1;
  const hostEnd = Math.max(hosts, firstOf(mask, /[/?#;,\s]/g, hosts));
  return {
    scheme,
    ...(at >= from && credentials(mask, from, at)),
    ...host(mask, hosts, hostEnd),
    parameters: parameters(mask, hostEnd),
  };
}

/** Offset of the `@` of a password that holds an unescaped `/`, `?` or `#`; a number behind the colon is a port. */
function unescaped(mask: string, from: number, end: number): number {
  const colon = mask.indexOf(":", from);
  if (colon < 0 || colon >= end || /^\d*$/.test(mask.slice(colon + 1, end))) return -1;
  const stop = firstOf(mask, /\s/g, from);
  const at = mask.indexOf("@", end);
  return at < stop ? at : -1;
}

function credentials(mask: string, from: number, to: number): Pick<UrlSyntax, "user" | "password"> {
  const colon = mask.indexOf(":", from);
  const split = colon >= 0 && colon < to ? colon : to;
  return {
    ...(split > from && { user: { from, to: split } }),
    ...(split + 1 < to && { password: { from: split + 1, to } }),
  };
}

function host(mask: string, from: number, to: number): Pick<UrlSyntax, "host" | "port"> {
  const bracket = mask[from] === "[" ? mask.indexOf("]", from) : -1;
  const start = bracket > 0 && bracket < to ? from + 1 : from;
  const colon = start > from ? mask.indexOf(":", bracket) : mask.indexOf(":", from);
  const end = start > from ? bracket : colon >= 0 && colon < to ? colon : to;
  return {
    ...(end > start && { host: { from: start, to: end } }),
    ...(colon >= 0 && colon + 1 < to && { port: { from: colon + 1, to } }),
  };
}

/** `?a=b&c=d` of URLs and `;a=b;c=d` of SQL Server. */
function parameters(mask: string, from: number): UrlSyntax["parameters"] {
  const query = mask.indexOf("?", from);
  const semicolon = mask.indexOf(";", from);
  if (query < 0 && semicolon < 0) return [];
  const useQuery = query >= 0 && (semicolon < 0 || query < semicolon);
  const hash = useQuery ? mask.indexOf("#", query) : -1;
  return pairs(mask, (useQuery ? query : semicolon) + 1, hash < 0 ? mask.length : hash, useQuery ? "&" : ";");
}

function pairs(mask: string, from: number, to: number, separator: string): { name: string; value: Range }[] {
  const found: { name: string; value: Range }[] = [];
  for (let at = from; at < to; ) {
    const next = mask.indexOf(separator, at);
    const end = next < 0 || next > to ? to : next;
    const pair = mask.slice(at, end);
    const equals = at + pair.indexOf("=");
    if (equals > at) {
      const trimmed = pair.slice(equals + 1 - at).trimEnd();
      const value = trimmed.trimStart();
      const start = equals + 1 + trimmed.length - value.length;
      const quoted = value.length > 1 && /^(?:"[^"]*"|'[^']*')$/.test(value) ? 1 : 0;
      found.push({
        name: mask.slice(at, equals).trim().toLowerCase(),
        value: { from: start + quoted, to: start + value.length - quoted },
      });
    }
    at = end + 1;
  }
  return found.filter(({ name, value }) => name !== "" && name.length < 64 && value.to > value.from);
}

/** `jdbc:oracle:thin:user/password@//host:1521/service` */
function oracle(mask: string, from: number): UrlSyntax {
  const at = mask.indexOf("@", from);
  const slash = mask.indexOf("/", from);
  const start = at < 0 ? from : at + 1 + (mask.startsWith("//", at + 1) ? 2 : 0);
  return {
    scheme: "jdbc:oracle",
    ...(slash > from && slash < at && { user: { from, to: slash } }),
    ...(slash > from && slash + 1 < at && { password: { from: slash + 1, to: at } }),
    ...host(mask, start, firstOf(mask, /[/?:]/g, start)),
    parameters: [],
  };
}

/** ADO.NET and Azure (`;`) and libpq (blanks) key-value strings that name a server, an endpoint or a password. */
function connectionString(mask: string): UrlSyntax | undefined {
  if (!mask.includes("=") || mask.includes("\n")) return undefined;
  const parameters = pairs(mask, 0, mask.length, mask.includes(";") ? ";" : " ");
  const server = parameters.find(({ name }) => SERVERS.has(name))?.value;
  const secret = parameters.some(({ name }) => PASSWORDS.has(name));
  if (parameters.length < 2 || !(server || secret)) return undefined;
  return {
    scheme: "",
    ...(server && host(mask, server.from, Math.min(server.to, firstOf(mask, /,/g, server.from)))),
    parameters,
  };
}

/** Offset of the first match of a global pattern at or behind `from`, else the length of the text. */
function firstOf(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** True if a reference covers any of the range. */
export const holds = (text: string, { from, to }: Range): boolean =>
  masked(text).slice(from, to).includes(HOLE) || /^\$\w+$/.test(text.slice(from, to));
