/**
 * Compose interpolation: `$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+a} ${V+a}`, nesting, `$$` (Compose Specification,
 * 12-interpolation). The process environment is never read: what is neither in a `.env` nor has a fallback is unknown.
 */
import type { EnvValue, Located, Reference, Span } from "../model.ts";

/** What a name is worth where the text is interpolated: absent is unset, "unknown" is set to what cannot be seen. */
export type Lookup = (name: string) => Located<string> | "unknown" | undefined;

/** Source span of `text.slice(from, to)` of the decoded text. */
export type Place = (from: number, to: number) => Span;

type Operator = "" | ":-" | "-" | ":?" | "?" | ":+" | "+";

/** A piece of a text. Offsets are into the decoded text. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "invalid"; readonly from: number; readonly to: number }
  | {
      readonly kind: "reference";
      readonly from: number;
      readonly to: number;
      readonly name: string;
      readonly operator: Operator;
      /** What stands behind the operator. */
      readonly word: readonly Part[];
      readonly wordFrom: number;
    };

/**
 * Interpolates one decoded text. `place(from, to)` gives the source span of `text.slice(from, to)`.
 * Returns a `literal` (with `$$` resolved) if the text has no reference. A malformed `${…}` stays as it is written,
 * `malformed()` finds it. Never throws; linear in the text.
 */
export function interpolate(text: string, place: Place, lookup: Lookup): EnvValue {
  if (!text.includes("$")) return { from: "literal", text };
  const parts = split(text, 0, 0).parts;
  const references: Reference[] = [];
  const resolved = evaluate(parts, text, place, lookup, references)?.value;
  if (references.length === 0) return { from: "literal", text: resolved ?? text };
  return { from: "variable", text, references, ...(resolved !== undefined && { resolved }) };
}

/** Offsets of the first `${…}` that is no reference: unclosed, without a name, or with an operator that Compose lacks. */
export function malformed(text: string): { readonly from: number; readonly to: number } | undefined {
  if (!text.includes("${")) return undefined;
  const find = (parts: readonly Part[]): { from: number; to: number } | undefined => {
    for (const part of parts) {
      if (part.kind === "invalid") return part;
      const inner = part.kind === "reference" ? find(part.word) : undefined;
      if (inner) return inner;
    }
    return undefined;
  };
  return find(split(text, 0, 0).parts);
}

// ── Syntax ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Deeper than anyone nests; what is deeper is taken as malformed. */
const DEPTH = 32;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-?+]/y;

const match = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
};

/**
 * Parts from `at` up to the end, or inside braces up to the `}` that closes them. `end` is the offset of that `}`, or
 * the length of the text where it is missing. Each character is read once.
 */
function split(text: string, at: number, depth: number): { readonly parts: readonly Part[]; readonly end: number } {
  const parts: Part[] = [];
  let from = at;
  let i = at;
  const flush = (to: number) => {
    if (to > from) parts.push({ kind: "text", text: text.slice(from, to) });
  };
  while (i < text.length) {
    if (text[i] === "}" && depth > 0) break;
    if (text[i] !== "$") {
      i++;
      continue;
    }
    if (text[i + 1] === "$") {
      flush(i + 1);
      i += 2;
      from = i;
      continue;
    }
    const part = text[i + 1] === "{" ? braced(text, i, depth) : named(text, i);
    if (!part) {
      i++;
      continue;
    }
    flush(i);
    parts.push(part);
    i = from = part.to;
  }
  flush(i);
  return { parts, end: i };
}

function named(text: string, from: number): (Part & { to: number }) | undefined {
  const name = match(NAME, text, from + 1);
  const to = from + 1 + name.length;
  return name ? { kind: "reference", from, to, name, operator: "", word: [], wordFrom: to } : undefined;
}

function braced(text: string, from: number, depth: number): Part & { to: number } {
  const name = match(NAME, text, from + 2);
  const behind = from + 2 + name.length;
  const operator = match(OPERATOR, text, behind) as Operator;
  const wordFrom = behind + operator.length;
  const bare = text[behind] === "}";
  if (!name || depth >= DEPTH || (!operator && !bare)) return { kind: "invalid", from, to: closing(text, from + 2) };
  const { parts, end } = bare ? { parts: [], end: behind } : split(text, wordFrom, depth + 1);
  if (end >= text.length) return { kind: "invalid", from, to: text.length };
  return { kind: "reference", from, to: end + 1, name, operator, word: parts, wordFrom };
}

/** Offset behind the `}` that closes the brace open at `at`, nested `${` counted. */
function closing(text: string, at: number): number {
  let open = 1;
  for (let i = at; i < text.length; i++) {
    if (text[i] === "}" && --open === 0) return i + 1;
    if (text[i] === "$" && text[i + 1] === "{") {
      open++;
      i++;
    }
  }
  return text.length;
}

// ── Meaning ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The text that the parts amount to, where the value of each is known. `source` is the one place that decides all of it. */
interface Evaluated {
  readonly value: string;
  readonly source?: Located<string>;
}

/** References that bring in more characters than this are unknown: values that name one another twice grow without end. */
const MAX_GROWTH = 8000;

const without = ({ unset: _, ...rest }: Reference): Reference => rest;

function evaluate(
  parts: readonly Part[],
  text: string,
  place: Place,
  lookup: Lookup,
  references: Reference[],
): Evaluated | undefined {
  let value = "";
  let known = true;
  let grown = 0;
  let only: Located<string> | undefined;
  for (const part of parts) {
    if (part.kind === "text") value += part.text;
    else if (part.kind === "invalid") value += text.slice(part.from, part.to);
    else {
      const inner: Reference[] = [];
      const { reference, decided, spared } = meaning(part, text, place, lookup, inner);
      references.push(reference);
      for (const each of inner) references.push(spared ? without(each) : each);
      grown += decided?.value.length ?? 0;
      if (decided && grown <= MAX_GROWTH) value += decided.value;
      else known = false;
      only = decided;
    }
  }
  if (!known) return undefined;
  return parts.length === 1 && only ? { value, source: only } : { value };
}

function meaning(
  part: Part & { readonly kind: "reference" },
  text: string,
  place: Place,
  lookup: Lookup,
  inner: Reference[],
): {
  readonly reference: Reference;
  readonly decided: Located<string> | undefined;
  /** What stands behind the operator is not used: it does not matter whether its variables are set. */
  readonly spared?: boolean;
} {
  const { name, operator } = part;
  const found = lookup(name);
  const at = { name, span: place(part.from, part.to) };
  if (operator === ":?" || operator === "?") {
    const value = found !== "unknown" && (operator === "?" || found?.value) ? found : undefined;
    return { reference: { ...at, required: true, ...(value && { value }) }, decided: value };
  }
  const evaluated = evaluate(part.word, text, place, lookup, inner);
  const word = evaluated && (evaluated.source ?? { value: evaluated.value, span: place(part.wordFrom, part.to - 1) });
  if (found === "unknown") {
    const fallback = operator === ":-" || operator === "-" ? word : undefined;
    return { reference: { ...at, ...(fallback && { fallback }) }, decided: undefined, spared: true };
  }
  switch (operator) {
    case ":-":
    case "-": {
      const value = operator === "-" || found?.value ? found : undefined;
      const reference = { ...at, ...(word && { fallback: word }), ...(value && { value }) };
      return { reference, decided: value ?? word, spared: value !== undefined };
    }
    case ":+":
    case "+": {
      const set = operator === "+" ? found !== undefined : Boolean(found?.value);
      if (set) return { reference: { ...at, ...(word && { value: word }) }, decided: word };
      const fallback: Located<string> = { value: "", span: at.span, implied: true };
      return { reference: { ...at, fallback }, decided: fallback, spared: true };
    }
    default:
      return { reference: { ...at, ...(found ? { value: found } : { unset: true as const }) }, decided: found };
  }
}
