/** A Compose tree after interpolation: like YAML, but values know their file, their folder and what `${…}` came to. */
import type { Blank, EnvValue, Located, Problem, SourceFile, Span } from "../../model.ts";
import { entries, type YamlEntry, type YamlMapping, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { positions } from "../../parse/yaml-positions.ts";
import { interpolate, type Lookup, malformed, type Place } from "../interpolation.ts";

/** Where a tree comes from: what its relative paths start at and what its variables are looked up in. */
export interface Source {
  readonly file: SourceFile;
  /** Relative to the root of the run; "" is the root. */
  readonly folder: string;
  readonly lookup: Lookup;
  /** Path of the `.env` that a name nobody has bound yet would be looked up in. */
  readonly filledFrom: string | undefined;
}

interface Common {
  readonly span: Span;
  readonly source: Source;
  /** `!reset`, `!override` and other tags, as written. */
  readonly tag?: string;
  /** An alias brings it elsewhere too: an edit would change its other users. */
  readonly shared?: true;
}

export interface Scalar extends Common {
  readonly kind: "scalar";
  /** Nothing is written, or `null`. */
  readonly empty: boolean;
  readonly value: EnvValue & { readonly from: "literal" | "variable" };
  /** Decoded, before interpolation. */
  readonly raw: string;
  /** Source span of a part of the decoded, uninterpolated text. */
  readonly place: Place;
  /** How another value would be written in its place; absent where it can not be without its neighbours. */
  readonly blank?: Blank;
}

export interface Entry {
  readonly key: Located<string>;
  readonly value: Node;
}

export interface Mapping extends Common {
  readonly kind: "mapping";
  readonly entries: ReadonlyMap<string, Entry>;
  /** What is written, for blanks; absent where an alias or merge key brought it, because an edit would change its other users. */
  readonly yaml?: YamlMapping;
  /** It extends a service that is out of sight: what it leaves out is unknown. */
  readonly partial?: true;
}

export interface Sequence extends Common {
  readonly kind: "sequence";
  readonly items: readonly Node[];
}

export type Node = Scalar | Mapping | Sequence;

/**
 * Reads a YAML tree: anchors and merge keys resolved, values interpolated, keys not. A node that several aliases name
 * is read once, so the cost is linear in what is written.
 */
export function reader(source: Source, problems: Problem[]): (node: YamlNode) => Node {
  const known = new Map<YamlNode, Node>();
  const read = (node: YamlNode, flow = false): Node => {
    const before = known.get(node);
    if (before) return before;
    const made = make(node, flow);
    known.set(node, made);
    return made;
  };
  // What an alias stands for is written above it, and so read before it, where it belongs.
  const make = (node: YamlNode, flow: boolean): Node => {
    const common = {
      source,
      span: { file: source.file, start: node.start, end: node.end },
      ...(node.tag !== undefined && { tag: node.tag }),
      ...(node.shared && { shared: true as const }),
    };
    switch (node.kind) {
      case "sequence":
        return { ...common, kind: "sequence", items: node.items.map(({ value }) => read(value, node.flow)) };
      case "mapping":
        return {
          ...common,
          kind: "mapping",
          ...(!node.shared && { yaml: node }),
          entries: new Map(entries(node).map(entryIn(node.flow))),
        };
      case "scalar":
        return { ...common, ...scalar(source, node, flow, problems) };
    }
  };
  const entryIn =
    (flow: boolean) =>
    ({ key, value, alias, merged }: YamlEntry): [string, Entry] => [
      key.text,
      {
        key: { value: key.text, span: { file: source.file, start: key.start, end: key.end } },
        value: alias || merged ? shared(read(value)) : read(value, flow),
      },
    ];
  return read;
}

/** The node as one that others use too: a map without a place for blanks. */
export function shared(node: Node): Node {
  if (node.kind !== "mapping") return node;
  const { yaml: _, ...rest } = node;
  return rest;
}

function scalar(source: Source, node: YamlScalar, flow: boolean, problems: Problem[]): Omit<Scalar, keyof Common> {
  const place = positions(source.file, node);
  const value = interpolate(node.text, place, source.lookup) as Scalar["value"];
  const wrong = malformed(node.text);
  if (wrong) {
    problems.push({
      kind: "unreadable",
      span: place(wrong.from, wrong.to),
      message: "expected a variable such as ${NAME} or ${NAME:-default}; a dollar sign itself is written $$",
    });
  }
  const blank = otherText(place(0, node.text.length), node.style, flow);
  return { kind: "scalar", empty: node.value === null, value, raw: node.text, place, ...(blank && { blank }) };
}

/** Braces end a plain scalar in flow style, so there other text needs quotes. */
function otherText(span: Span, style: YamlScalar["style"], flow: boolean): Blank | undefined {
  if (style === "block") return undefined;
  const quote = style === "plain" && flow ? '"' : "";
  return { span, before: quote, after: quote };
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The value under a path of keys. */
export function get(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let current = node;
  for (const key of path) current = current?.kind === "mapping" ? current.entries.get(key)?.value : undefined;
  return current;
}

/** The map under a path of keys, if it and all on the way are written here and nowhere shared. */
export function own(node: Node | undefined, ...path: readonly string[]): Mapping | undefined {
  let current = node;
  for (const key of path) current = current?.kind === "mapping" && current.yaml ? get(current, key) : undefined;
  return current?.kind === "mapping" && current.yaml ? current : undefined;
}

export const entry = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === "mapping" ? node.entries.get(key) : undefined;

/** What a scalar comes to; absent where it is empty, a collection, or holds a variable that is unknown. */
export function text(node: Node | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.empty) return undefined;
  return node.value.from === "literal" ? node.value.text : node.value.resolved;
}

/** What a scalar comes to, or as it is written where a variable in it is unknown. */
export const written = (node: Scalar): string => text(node) ?? node.raw;

/** True where a value is given that nobody can know before it is deployed. */
export const unresolved = (node: Node | undefined): boolean =>
  node?.kind === "scalar" && node.value.from === "variable" && node.value.resolved === undefined;

/** Words that Compose casts to a boolean, quoted or not (compose-go: `interpolate`, cast table). */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "y", "yes", "on", "1"].map((word) => [word, true] as const),
  ...["false", "n", "no", "off", "0"].map((word) => [word, false] as const),
]);

export const flag = (node: Node | undefined): boolean | undefined => BOOLEANS.get(text(node)?.toLowerCase() ?? "");

/** A finite number, quoted or not. */
export function number(node: Node | undefined): number | undefined {
  const word = text(node)?.trim();
  return word && Number.isFinite(Number(word)) ? Number(word) : undefined;
}

/**
 * A part of a scalar as a scalar of its own, interpolated by itself: the value in `NAME=value`, a word of a command.
 * Offsets are into `raw`; `text` replaces the part's text where quotes were taken off.
 */
export function part(node: Scalar, from: number, to: number, text: string = node.raw.slice(from, to)): Scalar {
  const plain = text.length === to - from;
  const place: Place = plain ? (a, b) => node.place(from + a, from + b) : () => node.place(from, to);
  const value = interpolate(text, place, node.source.lookup) as Scalar["value"];
  const span = node.place(from, to);
  const blank = partBlank(node, span, from, to);
  const { source } = node;
  return { kind: "scalar", source, span, empty: false, value, raw: text, place, ...(blank && { blank }) };
}

/** What needs quotes needs them around the whole scalar. */
function partBlank({ blank, raw }: Scalar, span: Span, from: number, to: number): Blank | undefined {
  if (!blank?.before) return blank && { ...blank, span };
  if (/["\\]/.test(raw)) return undefined;
  return { ...blank, before: blank.before + raw.slice(0, from), after: raw.slice(to) + blank.after };
}

/**
 * Offset of the first `character` that stands outside `${…}`, or -1. Linear, for splitting a text whose variables are
 * not known.
 */
export function indexOutside(raw: string, character: string, from = 0): number {
  let open = 0;
  for (let i = from; i < raw.length; i++) {
    if (raw[i] === "$" && raw[i + 1] === "{") {
      open++;
      i++;
    } else if (open > 0) {
      if (raw[i] === "}") open--;
    } else if (raw[i] === character) return i;
  }
  return -1;
}

/**
 * A map, or a list of `NAME=value`, as one map in the order written; the last of equal names counts. A name without
 * a value is there with an empty scalar (Compose Specification, 05-services: `environment`, `labels`, `args`).
 */
export function pairs(node: Node | undefined): ReadonlyMap<string, Entry> {
  if (node?.kind === "mapping") return node.entries;
  const result = new Map<string, Entry>();
  for (const item of list(node)) {
    if (item.kind !== "scalar" || item.empty) continue;
    const equals = indexOutside(item.raw, "=");
    const name = part(item, 0, equals < 0 ? item.raw.length : equals);
    const key = at(name, written(name));
    const value: Scalar =
      equals < 0
        ? { ...name, empty: true, value: { from: "literal", text: "" }, raw: "" }
        : part(item, equals + 1, item.raw.length);
    result.set(key.value, { key, value });
  }
  return result;
}

/** The values of a list; one value alone counts as a list of one. */
export function list(node: Node | undefined): readonly Node[] {
  if (node?.kind === "sequence") return node.items;
  return node?.kind === "scalar" && !node.empty ? [node] : [];
}

/** Items of a list in which one of the same key replaces an earlier one, in its place (13-merge, unique resources). */
export function lastOf(items: readonly Node[], keyOf: (item: Node) => string | Node): readonly Node[] {
  const result = new Map<string | Node, Node>();
  for (const item of items) result.set(keyOf(item), item);
  return [...result.values()];
}

export const at = <T>(node: { readonly span: Span }, value: T): Located<T> => ({ value, span: node.span });

/** Resolved texts of a list, each at its place; unknown ones are left out. */
export const texts = (node: Node | undefined): readonly Located<string>[] =>
  list(node).flatMap((item) => {
    const value = text(item);
    return value === undefined ? [] : [at(item, value)];
  });
