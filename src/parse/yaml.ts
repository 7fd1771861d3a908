/**
 * YAML 1.2 and JSON → documents of nodes with offsets.
 *
 * js-yaml's event stream is the fast path. It stops at a file's first error, so a file that fails is cut at its
 * document separators, the good documents are kept, and `yaml-errors.ts` (loaded only then) explains the bad ones.
 */
import { CORE_SCHEMA, type Event, getScalarValue, parseEvents, YAMLException } from "js-yaml";
import type { Located, Problem, SourceFile, Span } from "../model.ts";

interface Node {
  /** Of the text between quotes, of the body of a block scalar, of the outermost brackets or first key and last value. */
  readonly start: number;
  readonly end: number;
  /** As written: `!reset`, `!!binary`. */
  readonly tag?: string;
  readonly anchor?: string;
}

export interface YamlScalar extends Node {
  readonly kind: "scalar";
  /** Decoded text. */
  readonly text: string;
  /** By the YAML 1.2 core schema. Quoted and block scalars are strings. */
  readonly value: string | number | boolean | null;
  readonly style: "plain" | "single" | "double" | "block";
}

export interface YamlEntry {
  /** A key that is not a scalar has the text "". */
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** The `*alias` through which the value came. */
  readonly alias?: { readonly start: number; readonly end: number };
  /** The entry came through `<<`: the alias token that brought it. */
  readonly merged?: { readonly start: number; readonly end: number };
}

export interface YamlMapping extends Node {
  readonly kind: "mapping";
  readonly flow: boolean;
  /** As written, `<<` included, duplicates included. Use `entries()` for what they mean. */
  readonly written: readonly YamlEntry[];
}

export interface YamlItem {
  readonly value: YamlNode;
  readonly alias?: { readonly start: number; readonly end: number };
}

export interface YamlSequence extends Node {
  readonly kind: "sequence";
  readonly flow: boolean;
  readonly items: readonly YamlItem[];
}

export type YamlNode = YamlScalar | YamlMapping | YamlSequence;

export interface YamlDocument {
  readonly file: SourceFile;
  readonly root: YamlNode;
}

export interface YamlTree {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
  /** Ranges that js-yaml refused, for `explainYaml` to turn into problems. */
  readonly broken: readonly Span[];
}

/**
 * Aliases may make a document this many times larger than it is written, plus a fixed allowance (compose-go stops at
 * 100,000 visits). Past that it is a bomb, not a configuration.
 */
const EXPANSION = { factor: 10, allowance: 100_000 };

/** Parses one file. Total: never throws, linear in the text. */
export function parseYaml(file: SourceFile): YamlTree {
  const offset = file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const whole = parsePart(file, offset, file.text.length);
  if (whole) return whole.problems.length ? templated(file, whole) : whole;

  const template = templateAt(file.text);
  if (template) return { documents: [], problems: [templateProblem(file, template)], broken: [] };

  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  const broken: Span[] = [];
  for (const [start, end] of parts(file.text, offset)) {
    const part = parsePart(file, start, end);
    if (part) {
      documents.push(...part.documents);
      problems.push(...part.problems);
    } else broken.push({ file, start, end });
  }
  return { documents, problems, broken };
}

/** Start and end of each document by its `---` line. */
function* parts(text: string, offset: number): Generator<[number, number]> {
  let start = offset;
  for (const { index } of text.matchAll(/^---(?=[ \t\r\n]|$)/gm)) {
    if (index > start) yield [start, index];
    start = index;
  }
  yield [start, text.length];
}

/** Go templates and Jinja: `{{ … }}` or `{% … %}` outside a comment. */
function templateAt(text: string): { start: number; end: number } | undefined {
  const match = /^[^#\n]*?(\{\{|\{%)/m.exec(text);
  if (!match) return undefined;
  const start = match.index + match[0].length - 2;
  return { start, end: start + 2 };
}

const templateProblem = (file: SourceFile, at: { start: number; end: number }): Problem => ({
  kind: "template",
  span: { file, ...at },
  message: "file is a template that must be rendered before it can be checked",
});

/** `a: {{ .Values.x }}` is legal YAML with a mapping as a key: a template all the same. */
function templated(file: SourceFile, tree: YamlTree): YamlTree {
  const at = tree.problems.some(({ message }) => message === COMPLEX_KEY) ? templateAt(file.text) : undefined;
  return at ? { documents: [], problems: [templateProblem(file, at)], broken: [] } : tree;
}

const COMPLEX_KEY = "mapping key is not a scalar";

const STYLES = { 1: "plain", 2: "single", 3: "double", 4: "block", 5: "block" } as const;

function parsePart(file: SourceFile, from: number, to: number): YamlTree | undefined {
  const text = from === 0 && to === file.text.length ? file.text : file.text.slice(from, to);
  let events: Event[];
  try {
    events = parseEvents(text, {});
  } catch (error) {
    if (error instanceof YAMLException || error instanceof RangeError) return undefined;
    throw error;
  }
  return build(file, text, from, events);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Frame =
  | { readonly kind: "document"; root?: YamlNode }
  | { readonly kind: "mapping"; readonly node: Mutable<YamlMapping>; readonly written: YamlEntry[]; key?: YamlScalar }
  | { readonly kind: "sequence"; readonly node: Mutable<YamlSequence>; readonly items: YamlItem[] };

function build(file: SourceFile, text: string, from: number, events: readonly Event[]): YamlTree {
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  const stack: Frame[] = [];
  let anchors = new Map<string, YamlNode>();
  let openAnchors = new Set<string>();
  let aliased: YamlNode[] = [];
  let written = 0;

  const problem = (start: number, end: number, message: string) =>
    problems.push({ kind: "unreadable", span: { file, start, end }, message });

  const put = (value: YamlNode, alias?: { start: number; end: number }) => {
    const top = stack.at(-1);
    if (!top) return;
    if (top.kind === "document") top.root = value;
    else if (top.kind === "sequence") top.items.push(alias ? { value, alias } : { value });
    else if (!top.key) {
      if (value.kind !== "scalar") problem(value.start, value.end, COMPLEX_KEY);
      top.key = value.kind === "scalar" ? value : emptyScalar(value.start);
    } else {
      top.written.push(alias ? { key: top.key, value, alias } : { key: top.key, value });
      delete top.key;
    }
    if (alias) aliased.push(value);
  };

  const open = (node: YamlNode) => {
    written++;
    if (node.anchor) {
      if (node.kind === "scalar") anchors.set(node.anchor, node);
      else openAnchors.add(node.anchor);
    }
  };

  const close = (node: Mutable<YamlMapping> | Mutable<YamlSequence>, last: YamlItem | undefined) => {
    const end = last ? endOf(last) : node.start;
    node.end = node.flow ? closing(text, end - from, node.kind === "mapping" ? "}" : "]") + from : end;
    if (node.anchor) {
      openAnchors.delete(node.anchor);
      anchors.set(node.anchor, node);
    }
  };

  for (const event of events) {
    switch (event.type) {
      case 1:
        anchors = new Map();
        openAnchors = new Set();
        aliased = [];
        written = 0;
        stack.push({ kind: "document" });
        break;
      case 2: {
        const items: YamlItem[] = [];
        const node: Mutable<YamlSequence> = {
          kind: "sequence",
          flow: event.style === 2,
          start: event.start + from,
          end: event.start + from,
          items,
        };
        setProperties(node, text, event);
        put(node);
        open(node);
        stack.push({ kind: "sequence", node, items });
        break;
      }
      case 3: {
        const entries: YamlEntry[] = [];
        const node: Mutable<YamlMapping> = {
          kind: "mapping",
          flow: event.style === 2,
          start: event.start + from,
          end: event.start + from,
          written: entries,
        };
        setProperties(node, text, event);
        put(node);
        open(node);
        stack.push({ kind: "mapping", node, written: entries });
        break;
      }
      case 4: {
        const node = scalar(text, event, from, lastOffset(stack, from));
        open(node);
        put(node);
        break;
      }
      case 5: {
        const name = text.slice(event.anchorStart, event.anchorEnd);
        const alias = { start: event.anchorStart - 1 + from, end: event.anchorEnd + from };
        const target = anchors.get(name);
        if (openAnchors.has(name))
          problem(alias.start, alias.end, `alias *${name} refers to the node that contains it`);
        else if (!target) problem(alias.start, alias.end, `alias *${name} has no anchor`);
        put(target ?? emptyScalar(alias.start), alias);
        break;
      }
      case 6: {
        const frame = stack.pop();
        if (frame?.kind === "document") {
          if (expandedSize(aliased) > written * EXPANSION.factor + EXPANSION.allowance) {
            problem(from, from, "aliases expand the document beyond any use: it is refused");
          } else if (frame.root) documents.push({ file, root: frame.root });
        } else if (frame?.kind === "sequence") close(frame.node, frame.items.at(-1));
        else if (frame) {
          close(frame.node, frame.written.at(-1));
          duplicates(frame.written, problem);
        }
        break;
      }
    }
  }
  return { documents, problems, broken: [] };
}

/** Nodes that a reader visits who follows these aliases, aliases inside them included. Each node is counted once. */
function expandedSize(aliased: readonly YamlNode[]): number {
  const sizes = new Map<YamlNode, number>();
  const size = (node: YamlNode): number => {
    if (node.kind === "scalar") return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    let sum = 1;
    for (const { value } of node.kind === "mapping" ? node.written : node.items) sum += size(value);
    sizes.set(node, sum);
    return sum;
  };
  return aliased.reduce((sum, node) => sum + size(node), 0);
}

const endOf = ({ value, alias }: YamlItem): number => alias?.end ?? value.end;

const emptyScalar = (at: number): Mutable<YamlScalar> => ({
  kind: "scalar",
  text: "",
  value: null,
  style: "plain",
  start: at,
  end: at,
});

/** Where an empty value stands: just behind the key or dash that leaves it out. */
function lastOffset(stack: readonly Frame[], from: number): number {
  const top = stack.at(-1);
  if (top?.kind === "mapping")
    return top.key?.end ?? (top.written.length ? endOf(top.written.at(-1)!) : top.node.start);
  if (top?.kind === "sequence") return top.items.length ? endOf(top.items.at(-1)!) : top.node.start + 1;
  return from;
}

function scalar(text: string, event: Event & { type: 4 }, from: number, missing: number): YamlScalar {
  const node: Mutable<YamlScalar> = emptyScalar(missing);
  setProperties(node, text, event);
  if (event.valueStart < 0) return node;
  const decoded = event.fast ? text.slice(event.valueStart, event.valueEnd) : getScalarValue(text, event);
  const style = STYLES[event.style];
  node.text = decoded;
  node.value = style === "plain" && event.tagStart < 0 ? plain(decoded) : decoded;
  node.style = style;
  node.start = event.valueStart + from;
  node.end = event.valueEnd + from;
  return node;
}

function plain(text: string): string | number | boolean | null {
  const { value } = CORE_SCHEMA.resolveImplicitScalarTag(text);
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : text;
}

type Properties = {
  readonly anchorStart: number;
  readonly anchorEnd: number;
  readonly tagStart: number;
  readonly tagEnd: number;
};

function setProperties(node: { tag?: string; anchor?: string }, text: string, event: Properties): void {
  if (event.tagStart >= 0) node.tag = text.slice(event.tagStart, event.tagEnd);
  if (event.anchorStart >= 0) node.anchor = text.slice(event.anchorStart, event.anchorEnd);
}

/** Offset behind the bracket that closes a flow collection; only blanks, commas and comments stand in between. */
function closing(text: string, at: number, bracket: string): number {
  for (let i = at; i < text.length; i++) {
    if (text[i] === bracket) return i + 1;
    if (text[i] === "#") i = (text.indexOf("\n", i) + 1 || text.length) - 1;
  }
  return at;
}

function duplicates(
  written: readonly YamlEntry[],
  problem: (start: number, end: number, message: string) => void,
): void {
  if (written.length < 2) return;
  const seen = new Set<string>();
  for (const { key } of written) {
    if (key.text === "" || key.text === "<<") continue;
    if (seen.has(key.text)) problem(key.start, key.end, `key "${key.text}" is written twice in one mapping`);
    seen.add(key.text);
  }
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What a mapping means: merge keys `<<` resolved (one alias, a list of them, nested), the mapping's own keys win, then
 * earlier merges; of a key written twice the last counts. In the order a reader meets them.
 */
export function entries(node: YamlNode | undefined): readonly YamlEntry[] {
  if (node?.kind !== "mapping") return [];
  const known = resolved.get(node);
  if (known) return known;
  resolved.set(node, []);
  const result = new Map<string, YamlEntry>();
  for (const entry of node.written) if (entry.key.text !== "<<") result.set(entry.key.text, entry);
  for (const entry of node.written) {
    if (entry.key.text !== "<<" || entry.key.style !== "plain") continue;
    const sources = entry.value.kind === "sequence" && !entry.alias ? entry.value.items : [entry];
    for (const source of new Set(sources)) {
      const merged = source.alias ?? { start: entry.key.start, end: entry.key.end };
      for (const inherited of entries(source.value)) {
        if (!result.has(inherited.key.text)) result.set(inherited.key.text, { ...inherited, merged });
      }
    }
  }
  const list = [...result.values()];
  resolved.set(node, list);
  return list;
}
const resolved = new WeakMap<YamlMapping, readonly YamlEntry[]>();

/** The entry under `key`, merge keys resolved. */
export const entry = (node: YamlNode | undefined, key: string): YamlEntry | undefined =>
  entries(node).find((candidate) => candidate.key.text === key);

/** The node at a path of keys. */
export function at(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let current = node;
  for (const key of path) current = entry(current, key)?.value;
  return current;
}

/** Values of a sequence; nothing for any other node. */
export const items = (node: YamlNode | undefined): readonly YamlNode[] =>
  node?.kind === "sequence" ? node.items.map(({ value }) => value) : [];

/** Decoded text of a scalar that is there and not null. */
export const text = (node: YamlNode | undefined): string | undefined =>
  node?.kind === "scalar" && node.value !== null ? node.text : undefined;

/** Booleans as YAML 1.1 decoders (Kubernetes', Compose's casts) take them, quoted or not; absent for all else. */
export function boolean(node: YamlNode | undefined): boolean | undefined {
  const word = text(node)?.toLowerCase();
  if (word === undefined) return undefined;
  if (["true", "yes", "y", "on", "1"].includes(word)) return true;
  return ["false", "no", "n", "off", "0"].includes(word) ? false : undefined;
}

/** A finite number, quoted or not. */
export function number(node: YamlNode | undefined): number | undefined {
  const word = text(node)?.trim();
  return word && Number.isFinite(Number(word)) ? Number(word) : undefined;
}

export const spanOf = (file: SourceFile, node: { start: number; end: number }): Span => ({
  file,
  start: node.start,
  end: node.end,
});

export const located = <T>(file: SourceFile, node: { start: number; end: number }, value: T): Located<T> => ({
  value,
  span: spanOf(file, node),
});

/**
 * Source span of `text.slice(from, to)` of a decoded scalar. Exact where the scalar is written as it reads; where
 * escapes, folding or block indentation stand between, the same text is looked up in the source, else the whole scalar.
 */
export function slice(file: SourceFile, node: YamlScalar, from: number, to: number): Span {
  const raw = file.text.slice(node.start, node.end);
  if (raw === node.text) return { file, start: node.start + from, end: node.start + to };
  const wanted = node.text.slice(from, to);
  let before = 0;
  for (let i = node.text.indexOf(wanted); i >= 0 && i < from; i = node.text.indexOf(wanted, i + 1)) before++;
  let found = wanted ? raw.indexOf(wanted) : -1;
  while (found >= 0 && before-- > 0) found = raw.indexOf(wanted, found + 1);
  return found < 0 ? spanOf(file, node) : { file, start: node.start + found, end: node.start + found + wanted.length };
}
