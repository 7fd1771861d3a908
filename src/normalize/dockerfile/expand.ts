/**
 * Variables in Dockerfile words: `$V ${V} ${V:-d} ${V-d} ${V:+a} ${V+a} ${V:?e} ${V?e} ${V#p} ${V##p} ${V%p} ${V%%p}
 * ${V/p/r} ${V//p/r}` (Dockerfile reference, "Environment replacement"). Single quotes and escapes stop expansion.
 */

/** What a name is worth at this place: its value, "unset", or "unknown" where the build or the base image decides. */
export type Scope = (name: string) => { readonly value: string } | "unset" | "unknown";

/** One reference in a word; offsets are UTF-16 code units into the word as written. */
export interface ExpandedReference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** What stands behind `:-` or `-`, with its place. */
  readonly fallback?: { readonly text: string; readonly start: number; readonly end: number };
  readonly required?: true;
}

export interface Expanded {
  /** Quotes and escapes removed, references as written. */
  readonly text: string;
  /** Absent if a reference is unknown. */
  readonly resolved?: string;
  /** In order; those inside a fallback are left out. */
  readonly references: readonly ExpandedReference[];
}

const OPERATOR = /:?[-+?]|##?|%%?|\/\/?/y;
const NAME = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y;
/** References that bring in more characters than this are unknown: values that double with every ARG grow without end. */
const MAX_GROWTH = 4000;
/** `${…}` nested deeper than anybody writes: what lies below is unknown. */
const MAX_DEPTH = 20;

/** Expands one word as written. Total: what the builder would refuse is unknown, never an exception. */
export function expand(raw: string, scope: Scope, escaping: string): Expanded {
  if (!/[$'"\\`]/.test(raw)) return { text: raw, resolved: raw, references: [] };
  const references: ExpandedReference[] = [];
  const text: string[] = [];
  const reader: Reader = { raw, escaping, scope, at: 0, broken: false };
  const resolved = read(reader, undefined, 0, (piece) => text.push(piece), references);
  return { text: text.join(""), references, ...(resolved !== undefined && !reader.broken && { resolved }) };
}

interface Reader {
  readonly raw: string;
  readonly escaping: string;
  readonly scope: Scope;
  at: number;
  /** A `${` or a quote is never closed, or a substitution is none: the builder refuses the file. */
  broken: boolean;
}

/** Reads up to the character `stop` (which it passes) or the end; undefined if a part is unknown. */
function read(
  reader: Reader,
  stop: string | undefined,
  depth: number,
  written: (piece: string) => void,
  references: ExpandedReference[],
): string | undefined {
  const { raw, escaping } = reader;
  const result: string[] = [];
  let known = true;
  let quote = "";
  let grown = 0;
  const literal = (piece: string) => {
    result.push(piece);
    written(piece);
  };
  while (reader.at < raw.length) {
    const character = raw[reader.at]!;
    if (!quote && character === stop) {
      reader.at++;
      return known ? result.join("") : undefined;
    }
    if (character === escaping && quote !== "'") {
      const next = raw[reader.at + 1] ?? "";
      const kept = quote && next !== '"' && next !== "$" && next !== escaping;
      literal(kept ? character + next : next);
      reader.at += 2;
    } else if (character === quote) {
      quote = "";
      reader.at++;
    } else if (!quote && (character === "'" || character === '"')) {
      quote = character;
      reader.at++;
    } else if (character === "$" && quote !== "'") {
      const start = reader.at;
      const value = reference(reader, depth, references);
      written(raw.slice(start, reader.at));
      grown += value?.length ?? 0;
      if (value === undefined || grown > MAX_GROWTH) known = false;
      else result.push(value);
    } else {
      literal(character);
      reader.at++;
    }
  }
  if (stop !== undefined || quote) reader.broken = true;
  return known ? result.join("") : undefined;
}

function reference(reader: Reader, depth: number, references: ExpandedReference[]): string | undefined {
  const { raw, scope } = reader;
  const start = reader.at;
  const braced = raw[start + 1] === "{";
  NAME.lastIndex = start + (braced ? 2 : 1);
  const name = NAME.exec(raw)?.[0];
  reader.at = Math.min(raw.length, start + (braced ? 2 : 1) + (name?.length ?? 0));
  if (name === undefined) {
    reader.broken ||= braced;
    return "$";
  }
  const value = scope(name);
  const plain = value === "unknown" ? undefined : value === "unset" ? "" : value.value;
  if (!braced) {
    references.push({ name, start, end: reader.at });
    return plain;
  }
  if (raw[reader.at] === "}") {
    references.push({ name, start, end: ++reader.at });
    return plain;
  }
  OPERATOR.lastIndex = reader.at;
  const written = OPERATOR.exec(raw)?.[0];
  if (!written || depth >= MAX_DEPTH) {
    reader.at = raw.length;
    reader.broken = true;
    return undefined;
  }
  const index = references.push({ name, start, end: raw.length }) - 1;
  const wordStart = reader.at + written.length;
  reader.at = wordStart;
  const pattern = written[0] === "/" ? read(reader, "/", depth + 1, ignore, []) : undefined;
  const word = read(reader, "}", depth + 1, ignore, []);
  const isFallback = written === "-" || written === ":-";
  const closed = raw[reader.at - 1] === "}" ? reader.at - 1 : reader.at;
  references[index] = {
    name,
    start,
    end: reader.at,
    ...(isFallback && { fallback: { text: word ?? raw.slice(wordStart, closed), start: wordStart, end: closed } }),
    ...(written.endsWith("?") && { required: true }),
  };

  const missing = value === "unset" || (value !== "unknown" && written[0] === ":" && value.value === "");
  switch (written.at(-1)) {
    case "-":
      // What nobody in the file sets is set from outside or not at all: the fallback is what is known to run.
      return missing || value === "unknown" ? word : plain;
    case "+":
      return missing ? "" : value === "unknown" ? undefined : word;
    case "?":
      return missing ? undefined : plain;
    case "/":
      return plain === undefined || pattern === undefined || word === undefined
        ? undefined
        : replaced(plain, pattern, word, written === "//");
    default:
      return plain === undefined || word === undefined ? undefined : trimmed(plain, word, written);
  }
}

const ignore = (): void => {};

// ── Patterns ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Values and patterns longer than this are left unknown: no image reference or user name is, and matching is quadratic. */
const MAX_PATTERN = 1000;

/** `#` and `##` cut a prefix, `%` and `%%` a suffix; the double form cuts the longest match. */
function trimmed(value: string, pattern: string, operator: string): string | undefined {
  if (value.length > MAX_PATTERN || pattern.length > MAX_PATTERN) return undefined;
  const prefix = operator[0] === "#";
  const longest = operator.length === 2;
  const lengths = prefix
    ? matchLengths([...pattern], [...value])
    : matchLengths([...pattern].reverse(), [...value].reverse());
  const length = longest ? lengths.at(-1) : lengths[0];
  if (length === undefined) return value;
  return prefix ? [...value].slice(length).join("") : [...value].slice(0, [...value].length - length).join("");
}

function replaced(value: string, pattern: string, replacement: string, all: boolean): string | undefined {
  if (value.length > MAX_PATTERN || pattern.length > MAX_PATTERN) return undefined;
  if (/[*?\\]/.test(pattern)) return undefined;
  return all ? value.replaceAll(pattern, () => replacement) : value.replace(pattern, () => replacement);
}

/** Lengths of all prefixes of `value` that `*` and `?` let match, ascending. */
function matchLengths(pattern: readonly string[], value: readonly string[]): readonly number[] {
  let states = new Set([0]);
  const close = (from: Set<number>): Set<number> => {
    for (const state of from) if (pattern[state] === "*") from.add(state + 1);
    return from;
  };
  states = close(states);
  const lengths: number[] = states.has(pattern.length) ? [0] : [];
  for (let i = 0; i < value.length && states.size; i++) {
    const next = new Set<number>();
    for (const state of states) {
      const token = pattern[state];
      if (token === "*") next.add(state);
      else if (token === "?" || token === value[i]) next.add(state + 1);
    }
    states = close(next);
    if (states.has(pattern.length)) lengths.push(i + 1);
  }
  return lengths;
}
