/** Response headers of nginx scopes, and the CORS policies they make (ngx_http_headers_module, ngx_http_map_module). */
import type { CorsPolicy, Header, Located } from "../../model.ts";
import type { NginxDirective } from "../../parse/nginx.ts";
import { ALLOW_ORIGIN, corsPolicies, MAX_HEADERS, NO_ORIGINS, type Origins, part, words } from "./edge.ts";
import { descendants, effective, isUnknown, own, type Scope } from "./nginx-scope.ts";

/** Headers that the scope writes itself: `add_header` and headers-more's `more_set_headers`. */
export function ownHeaders(scope: Scope): Header[] {
  return [
    ...own(scope, "add_header").slice(0, MAX_HEADERS).flatMap(addedHeader),
    ...own(scope, "more_set_headers").slice(0, MAX_HEADERS).flatMap(moreHeaders),
  ];
}

/** Headers that responses of the scope carry: `add_header` of the nearest level that has any, `more_set_headers` of all. */
export function effectiveHeaders(scope: Scope): Header[] {
  const more: Header[] = [];
  for (let at: Scope | undefined = scope; at; at = at.parent)
    more.push(...own(at, "more_set_headers").slice(0, MAX_HEADERS).flatMap(moreHeaders));
  return [...addHeaders(scope).slice(0, MAX_HEADERS).flatMap(addedHeader), ...more.slice(0, MAX_HEADERS)];
}

/** Since nginx 1.29.3 `add_header_inherit merge` keeps those of the parents. */
function addHeaders(scope: Scope): readonly NginxDirective[] {
  const merge = effective(scope, "add_header_inherit")[0]?.arguments[0]?.value === "merge";
  if (!merge) return effective(scope, "add_header");
  const all: NginxDirective[] = [];
  for (let at: Scope | undefined = scope; at; at = at.parent) all.push(...own(at, "add_header").slice(0, MAX_HEADERS));
  return all;
}

function addedHeader({ arguments: [name, value] }: NginxDirective): Header[] {
  return name && value ? [{ name, value }] : [];
}

function moreHeaders({ arguments: all }: NginxDirective): Header[] {
  return all.slice(0, MAX_HEADERS).flatMap((word) => {
    const colon = word.value.indexOf(":");
    if (colon <= 0 || word.value.startsWith("-")) return [];
    const from = colon + 1 + /^\s*/.exec(word.value.slice(colon + 1))![0].length;
    return [{ name: part(word, 0, colon), value: part(word, from, word.value.length) }];
  });
}

/** What `map` and `set` give the variables of a configuration. Built once per configuration. */
export interface Variables {
  /** `map $source $name { … }` by name. */
  readonly maps: ReadonlyMap<string, Scope>;
  /** `set $name value` by name, with the scope that sets it. */
  readonly sets: ReadonlyMap<string, readonly { readonly value: Located<string>; readonly scope: Scope }[]>;
  readonly known: Map<string, Origins>;
}

/** Values of one variable that are looked at. */
const MAX_VALUES = 500;

export function variables(roots: readonly Scope[]): Variables {
  const maps = new Map<string, Scope>();
  const sets = new Map<string, { value: Located<string>; scope: Scope }[]>();
  for (const root of roots) {
    for (const scope of descendants(root)) {
      const target = scope.kind === "map" ? scope.directive?.arguments[1] : undefined;
      if (target) maps.set(target.value, scope);
      for (const {
        arguments: [name, value],
      } of own(scope, "set")) {
        if (!name || !value) continue;
        const list = sets.get(name.value);
        if (!list) sets.set(name.value, [{ value, scope }]);
        else if (list.length < MAX_VALUES) list.push({ value, scope });
      }
    }
  }
  return { maps, sets, known: new Map() };
}

/** Policies of the headers that one scope writes itself. */
export function corsOf(scope: Scope, subject: string, known: Variables): CorsPolicy[] {
  const headers = ownHeaders(scope);
  return headers.flatMap(({ name, value }) =>
    name.value.toLowerCase() === ALLOW_ORIGIN.toLowerCase()
      ? corsPolicies({ subject, syntax: "nginx", key: ALLOW_ORIGIN }, originsOf(value, scope, known), headers)
      : [],
  );
}

const ORIGIN = /^\$\{?http_origin\}?$/;

/** What a value of `Access-Control-Allow-Origin` allows, in the scope that writes it. */
function originsOf(value: Located<string>, scope: Scope, known: Variables): Origins {
  if (ORIGIN.test(value.value))
    return guard(scope, known) ?? { ...NO_ORIGINS, reflected: { value: true, span: value.span } };
  if (isUnknown(value.value)) return NO_ORIGINS;
  const name = /^\$\{?(\w+)\}?$/.exec(value.value)?.[1];
  if (name) return variableOrigins(`$${name}`, undefined, known);
  return value.value.includes("$") ? NO_ORIGINS : { origins: words(value), patterns: [] };
}

/**
 * Origins for which a variable is not empty (`wanted` absent, and its values are origins) or equals `wanted` (it is a
 * flag that a condition compares).
 */
function variableOrigins(name: string, wanted: string | undefined, known: Variables): Origins {
  const id = `${name}\0${wanted ?? ""}`;
  const before = known.known.get(id);
  if (before) return before;
  known.known.set(id, NO_ORIGINS);
  const found: Origins[] = [];
  const map = known.maps.get(name);
  if (map) found.push(...mapOrigins(map, wanted));
  for (const { value, scope } of known.sets.get(name) ?? []) {
    if (wanted === undefined) found.push(originsOf(value, scope, known));
    else if (value.value.includes(wanted) || /\$/.test(value.value)) found.push(guard(scope, known) ?? NO_ORIGINS);
  }
  const reflected = found.find((each) => each.reflected)?.reflected;
  const merged: Origins = {
    origins: found.flatMap(({ origins }) => origins).slice(0, MAX_VALUES),
    patterns: found.flatMap(({ patterns }) => patterns).slice(0, MAX_VALUES),
    ...(reflected && { reflected }),
  };
  known.known.set(id, merged);
  return merged;
}

const OFF = new Set(["", "0", "false", "off", "no", "null"]);

/** Each row of `map $http_origin $name { … }`: the key is the origin unless the value says otherwise. */
function mapOrigins(map: Scope, wanted: string | undefined): Origins[] {
  if (!ORIGIN.test(map.directive?.arguments[0]?.value ?? "")) return [];
  const rows = [...map.own.values()].flat().slice(0, MAX_VALUES);
  return rows.flatMap(({ name: key, arguments: [value] }): Origins[] => {
    if (!value || ["hostnames", "volatile", "include"].includes(key.value)) return [];
    if (wanted === undefined ? OFF.has(value.value) : value.value !== wanted) return [];
    if (wanted === undefined && value.value === "*") return [{ origins: [value], patterns: [] }];
    if (isUnknown(key.value)) return [];
    if (key.value === "default") {
      if (ORIGIN.test(value.value)) return [{ ...NO_ORIGINS, reflected: { value: true, span: value.span } }];
      return wanted === undefined && /^https?:/.test(value.value) ? [{ origins: [value], patterns: [] }] : [];
    }
    return [keyed(key)];
  });
}

/** `~regex`, `~*regex` or an origin. */
function keyed(key: Located<string>): Origins {
  const skip = /^~\*?/.exec(key.value)?.[0].length;
  return skip
    ? { origins: [], patterns: [part(key, skip, key.value.length)] }
    : { origins: [part(key, key.value.startsWith("\\") ? 1 : 0, key.value.length)], patterns: [] };
}

/** What an enclosing `if` allows: `$http_origin ~ regex`, `$http_origin = origin`, `$flag = value`. Absent: nothing. */
function guard(scope: Scope, known: Variables): Origins | undefined {
  for (let at: Scope | undefined = scope; at?.kind === "if"; at = at.parent) {
    const [subject, operator, value] = condition(at);
    if (!subject) continue;
    if (ORIGIN.test(subject.value)) {
      if (operator?.value === "=" && value) return { origins: [value], patterns: [] };
      if ((operator?.value === "~" || operator?.value === "~*") && value) return { origins: [], patterns: [value] };
      continue;
    }
    if (operator && operator.value !== "=") continue;
    if (!known.maps.has(subject.value) && !known.sets.has(subject.value)) continue;
    const allowed = variableOrigins(subject.value, value?.value ?? "1", known);
    if (allowed.origins.length || allowed.patterns.length) return allowed;
  }
  return undefined;
}

/** Words of `if ( … )` without the parentheses, which may stand alone or touch the first and last word. */
export function condition({ directive }: Scope): Located<string>[] {
  const all = [...(directive?.arguments ?? [])];
  const first = all[0];
  if (first?.value.startsWith("("))
    all.splice(0, 1, ...(first.value === "(" ? [] : [part(first, 1, first.value.length)]));
  const last = all.at(-1);
  if (last?.value.endsWith(")")) {
    all.splice(-1, 1, ...(last.value === ")" ? [] : [part(last, 0, last.value.length - 1)]));
  }
  return all;
}

/** The value of a header that is one variable of a map: the longest of its values stands for it. */
export function resolved({ name, value }: Header, { maps }: Variables): Header {
  const map = /^\$\w+$/.test(value.value) ? maps.get(value.value) : undefined;
  if (!map) return { name, value };
  let longest: Located<string> | undefined;
  for (const {
    arguments: [candidate],
  } of [...map.own.values()].flat().slice(0, MAX_VALUES)) {
    if (candidate && candidate.value.length > (longest?.value.length ?? 0)) longest = candidate;
  }
  return { name, value: longest ?? value };
}
