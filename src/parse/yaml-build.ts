/** Events of one YAML stream → trees: anchors, aliases, tags, ends of collections, and what is wrong among them. */
import { CORE_SCHEMA, type Event, getScalarValue } from "js-yaml";
import type { Problem, SourceFile } from "../model.ts";
import type {
  YamlDocument,
  YamlEntry,
  YamlItem,
  YamlMapping,
  YamlNode,
  YamlScalar,
  YamlSequence,
  YamlTree,
} from "./yaml.ts";

/**
 * Aliases may make a document this many times larger than it is written, plus a fixed allowance (compose-go stops at
 * 100,000 visits). Past that it is a bomb, not a configuration. Readers follow aliases by recursion, hence the depth.
 */
const EXPANSION = { factor: 10, allowance: 100_000, depth: 500 };

/** A problem of legal YAML that tells a template from a configuration. */
export const COMPLEX_KEY = "mapping key is not a scalar";

const STYLES = { 1: "plain", 2: "single", 3: "double", 4: "block", 5: "block" } as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a reader meets who follows the aliases of a node: nodes, and how deep they lie. */
interface Extent {
  size: number;
  depth: number;
}

/** A collection, or a document, that is not closed yet. */
type Frame = Extent &
  (
    | { readonly kind: "document"; node?: YamlNode }
    | { readonly kind: "mapping"; readonly node: Mutable<YamlMapping>; readonly written: YamlEntry[]; key?: YamlScalar }
    | { readonly kind: "sequence"; readonly node: Mutable<YamlSequence>; readonly items: YamlItem[] }
  );

interface Stream {
  readonly file: SourceFile;
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly from: number;
  readonly documents: YamlDocument[];
  readonly problems: Problem[];
  readonly stack: Frame[];
  /** Of the document so far; the latest node of a name counts. */
  readonly anchors: Map<string, YamlNode>;
  /** Of collections that have an anchor. */
  readonly extents: Map<YamlNode, Extent>;
  /** What aliases of the document name. */
  readonly aliased: Set<YamlNode>;
  /** Nodes of the document so far. */
  written: number;
}

/**
 * Trees of the events of `text`, which stands at offset `from` of the file. Never throws; linear in the events. A
 * document that its aliases blow up is left out and named as a problem.
 */
export function build(file: SourceFile, text: string, from: number, events: readonly Event[]): YamlTree {
  const stream: Stream = {
    file,
    text,
    from,
    documents: [],
    problems: [],
    stack: [],
    anchors: new Map(),
    extents: new Map(),
    aliased: new Set(),
    written: 0,
  };
  for (const event of events) {
    switch (event.type) {
      case 1:
        stream.anchors.clear();
        stream.extents.clear();
        stream.aliased.clear();
        stream.written = 0;
        stream.stack.push({ kind: "document", size: 0, depth: 0 });
        break;
      case 2: {
        const items: YamlItem[] = [];
        const node: Mutable<YamlSequence> = {
          kind: "sequence",
          flow: event.style === 2,
          ...startOf(stream, event),
          items,
        };
        begin(stream, node, event);
        stream.stack.push({ kind: "sequence", node, items, size: 1, depth: 0 });
        break;
      }
      case 3: {
        const written: YamlEntry[] = [];
        const node: Mutable<YamlMapping> = {
          kind: "mapping",
          flow: event.style === 2,
          ...startOf(stream, event),
          written,
        };
        begin(stream, node, event);
        stream.stack.push({ kind: "mapping", node, written, size: 1, depth: 0 });
        break;
      }
      case 4:
        begin(stream, scalar(stream, event), event);
        break;
      case 5:
        alias(stream, event);
        break;
      case 6:
        close(stream, stream.stack.pop());
        break;
    }
  }
  return { documents: stream.documents, problems: stream.problems, broken: [] };
}

const problem = ({ problems, file }: Stream, start: number, end: number, message: string) =>
  problems.push({ kind: "unreadable", span: { file, start, end }, message });

const startOf = ({ from }: Stream, { start }: { readonly start: number }) => ({
  start: start + from,
  end: start + from,
});

const endOf = ({ value, alias }: YamlItem): number => alias?.end ?? value.end;

/** A node that is written here takes its place, and its anchor. */
function begin(stream: Stream, node: Mutable<YamlNode>, event: Event & { type: 2 | 3 | 4 }): void {
  stream.written++;
  if (event.tagStart >= 0) node.tag = stream.text.slice(event.tagStart, event.tagEnd);
  if (event.anchorStart >= 0) {
    node.anchor = stream.text.slice(event.anchorStart, event.anchorEnd);
    stream.anchors.set(node.anchor, node);
  }
  put(stream, node);
  if (node.kind === "scalar") grow(stream.stack.at(-1), LEAF);
}

const LEAF: Extent = { size: 1, depth: 1 };

function grow(frame: Frame | undefined, { size, depth }: Extent): void {
  if (!frame) return;
  frame.size += size;
  frame.depth = Math.max(frame.depth, depth + 1);
}

function put(stream: Stream, value: YamlNode, alias?: YamlItem["alias"]): void {
  const top = stream.stack.at(-1);
  if (!top) return;
  if (top.kind === "document") top.node = value;
  else if (top.kind === "sequence") top.items.push(alias ? { value, alias } : { value });
  else if (!top.key) {
    // Its end is not known yet: the first character stands for it.
    const { start, end } = alias ?? { start: value.start, end: value.start + 1 };
    if (value.kind !== "scalar") problem(stream, start, end, COMPLEX_KEY);
    top.key = value.kind === "scalar" ? value : emptyScalar(value.start);
  } else {
    top.written.push(alias ? { key: top.key, value, alias } : { key: top.key, value });
    delete top.key;
  }
}

function alias(stream: Stream, { anchorStart, anchorEnd }: Event & { type: 5 }): void {
  const name = stream.text.slice(anchorStart, anchorEnd);
  const place = { start: anchorStart - 1 + stream.from, end: anchorEnd + stream.from };
  const target = stream.anchors.get(name);
  const cyclic = target !== undefined && stream.stack.some(({ node }) => node === target);
  if (cyclic) problem(stream, place.start, place.end, `alias *${name} refers to the node that contains it`);
  else if (!target) problem(stream, place.start, place.end, `alias *${name} has no anchor`);
  const value = target && !cyclic ? target : emptyScalar(place.start);
  if (value === target) stream.aliased.add(target);
  put(stream, value, place);
  grow(stream.stack.at(-1), stream.extents.get(value) ?? LEAF);
}

function close(stream: Stream, frame: Frame | undefined): void {
  if (!frame) return;
  if (frame.kind === "document") {
    if (!frame.node) return;
    share([...stream.aliased]);
    if (frame.size > stream.written * EXPANSION.factor + EXPANSION.allowance || frame.depth > EXPANSION.depth) {
      const { start } = frame.node;
      problem(stream, start, start, "aliases expand the document beyond any use: it is refused");
    } else stream.documents.push({ file: stream.file, root: frame.node });
    return;
  }
  const { node } = frame;
  const last = frame.kind === "mapping" ? frame.written.at(-1) : frame.items.at(-1);
  node.end = last ? endOf(last) : node.start;
  if (node.flow) node.end = closing(stream, node.start, node.end);
  if (frame.kind === "mapping" && isIrregular(stream, frame.written)) frame.node.irregular = true;
  if (node.anchor !== undefined) stream.extents.set(node, { size: frame.size, depth: frame.depth });
  grow(stream.stack.at(-1), frame);
}

/** Marks nodes and all below them, each once. */
function share(pending: YamlNode[]): void {
  for (let node: Mutable<YamlNode> | undefined = pending.pop(); node; node = pending.pop()) {
    if (node.shared) continue;
    node.shared = true;
    if (node.kind === "sequence") for (const { value } of node.items) pending.push(value);
    if (node.kind === "mapping") for (const { value } of node.written) pending.push(value);
  }
}

/** Offset behind the bracket that closes a flow collection; a pair alone, as in `[a: b]`, has none. */
function closing({ text, from }: Stream, start: number, end: number): number {
  const open = text[start - from];
  const bracket = open === "{" ? "}" : open === "[" ? "]" : undefined;
  const at = bracket === undefined ? -1 : skipTo(text, end - from, bracket);
  return at < 0 ? end : at + 1 + from;
}

/** The next `character` outside comments, or -1. */
function skipTo(text: string, at: number, character: string): number {
  for (let i = at; i < text.length; i++) {
    if (text[i] === character) return i;
    if (text[i] === "#") i = (text.indexOf("\n", i) + 1 || text.length) - 1;
  }
  return -1;
}

/** Names every key that is written twice. True if `entries` has something to sort out: such a key, or `<<`. */
function isIrregular(stream: Stream, written: readonly YamlEntry[]): boolean {
  let irregular = false;
  const seen = new Set<string>();
  for (const { key } of written) {
    const name = key.text;
    if (name === "<<") irregular = true;
    else if (seen.has(name)) {
      irregular = true;
      if (name !== "") problem(stream, key.start, key.end, `key "${name}" is written twice in one mapping`);
    } else seen.add(name);
  }
  return irregular;
}

// ── Scalars ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const emptyScalar = (at: number): Mutable<YamlScalar> => ({
  kind: "scalar",
  text: "",
  value: null,
  style: "plain",
  start: at,
  end: at,
});

function scalar(stream: Stream, event: Event & { type: 4 }): Mutable<YamlScalar> {
  const { text, from } = stream;
  if (event.valueStart < 0) return emptyScalar(missing(stream));
  const decoded = event.fast ? text.slice(event.valueStart, event.valueEnd) : getScalarValue(text, event);
  const style = STYLES[event.style];
  return {
    kind: "scalar",
    text: decoded,
    value: style === "plain" && event.tagStart < 0 ? plain(decoded) : decoded,
    style,
    start: event.valueStart + from,
    end: event.valueEnd + from,
  };
}

/** Where an empty value stands: just behind the key or dash that leaves it out. */
function missing({ stack, text, from }: Stream): number {
  const top = stack.at(-1);
  if (top?.kind === "mapping") {
    if (top.key) return top.key.end;
    const last = top.written.at(-1);
    return last ? endOf(last) : top.node.start;
  }
  if (top?.kind === "sequence") {
    const last = top.items.at(-1);
    const behind = last ? endOf(last) : top.node.start;
    const dash = top.node.flow ? -1 : skipTo(text, behind - from, "-");
    return dash < 0 ? behind : dash + 1 + from;
  }
  return from;
}

/** First characters of what the core schema reads as a number, a boolean or null. */
const TYPED = /^(?:[-+.\d~]|[nNtTfF]\w{3,4}$)/;

/** A plain scalar by the core schema (YAML 1.2.2, 10.3.2). */
function plain(text: string): string | number | boolean | null {
  if (text !== "" && !TYPED.test(text)) return text;
  const { value } = CORE_SCHEMA.resolveImplicitScalarTag(text);
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : text;
}
