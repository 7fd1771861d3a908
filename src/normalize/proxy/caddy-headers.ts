/** Response headers of Caddy sites and the CORS policies they make, with the matchers that guard them. */
import type { CorsPolicy, Header, Located } from "../../model.ts";
import { isUnknown, type Line, type Site, within } from "./caddy-line.ts";
import { ALLOW_ORIGIN, corsPolicies, MAX_HEADERS, NO_ORIGINS, type Origins, part, words } from "./edge.ts";

/**
 * Headers of one `header` line or block: `Name value`, `+Name`, `?Name`, `>Name`. Removals and replacements set none.
 * A colon behind the name is habit and ignored by Caddy.
 */
export function headersOf(line: Line): Header[] {
  if (line.name.value !== "header") return [];
  const rows = line.arguments.length ? [line.arguments] : [];
  for (const { name, arguments: rest } of line.block) rows.push([name, ...rest]);
  return rows.slice(0, MAX_HEADERS).flatMap(([field, value, replacement]): Header[] => {
    if (!field || !value || replacement || field.value.startsWith("-") || field.value === "defer") return [];
    const from = /^[+?>]/.test(field.value) ? 1 : 0;
    const to = field.value.endsWith(":") ? field.value.length - 1 : field.value.length;
    return [{ name: part(field, from, to), value }];
  });
}

/**
 * One policy for each `Access-Control-Allow-Origin`. Credentials, methods and headers come from lines with the same
 * matcher in the same block.
 */
export function caddyCors(site: Site, subject: string): CorsPolicy[] {
  const matchers = new Map<string, Line>();
  for (const line of within(site.lines)) {
    if (line.matcher === undefined && line.name.value.startsWith("@")) matchers.set(line.name.value, line);
  }
  return groups(site.lines, undefined).flatMap(({ matcher, headers }) =>
    headers.flatMap(({ name, value }) =>
      name.value.toLowerCase() === ALLOW_ORIGIN.toLowerCase()
        ? corsPolicies(
            { subject, syntax: "caddy", key: ALLOW_ORIGIN },
            originsOf(value, matcher === undefined ? undefined : matchers.get(matcher)),
            headers,
          )
        : [],
    ),
  );
}

interface Group {
  readonly matcher: string | undefined;
  readonly headers: Header[];
}

/** `header` lines of each block by matcher; a block's own matcher holds for lines without one. */
function groups(lines: readonly Line[], outer: string | undefined): Group[] {
  const here = new Map<string | undefined, Header[]>();
  const inner: Group[] = [];
  for (const line of lines) {
    const matcher = line.matcher?.value.startsWith("@") ? line.matcher.value : outer;
    const headers = headersOf(line);
    const list = here.get(matcher);
    if (!headers.length) inner.push(...groups(line.block, matcher));
    else if (list) list.push(...headers.slice(0, MAX_HEADERS - list.length));
    else here.set(matcher, headers);
  }
  return [...[...here].map(([matcher, headers]) => ({ matcher, headers })), ...inner];
}

const REFLECTED = /^\{(http\.request\.header\.|header\.)origin\}$/i;

function originsOf(value: Located<string>, matcher: Line | undefined): Origins {
  if (!REFLECTED.test(value.value))
    return isUnknown(value.value) ? NO_ORIGINS : { origins: words(value), patterns: [] };
  return (matcher && guarded(matcher)) ?? { ...NO_ORIGINS, reflected: { value: true, span: value.span } };
}

/** `@name header Origin <value>` and `@name header_regexp [name] Origin <regex>`, on one line or in a block. */
function guarded({ arguments: given, block }: Line): Origins | undefined {
  const rows = [given, ...block.map(({ name, arguments: rest }) => [name, ...rest])];
  const origins: Located<string>[] = [];
  const patterns: Located<string>[] = [];
  for (const [kind, ...rest] of rows) {
    const field = rest.findIndex(({ value }) => value.toLowerCase() === "origin");
    const value = rest[field + 1];
    if (!kind || field < 0 || !value || isUnknown(value.value)) continue;
    if (kind.value === "header_regexp") patterns.push(value);
    else if (kind.value === "header") origins.push(...rest.slice(field + 1));
  }
  return origins.length || patterns.length ? { origins, patterns } : undefined;
}
