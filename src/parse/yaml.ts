/**
 * YAML 1.2 and JSON → documents of nodes with offsets.
 *
 * js-yaml's event stream is the fast path. It stops at a file's first error, so a file that fails is cut at its
 * document separators, the good documents are kept, and `yaml-errors.ts` (loaded only then) explains the bad ones.
 */
import { type Event, parseEvents, YAMLException } from "js-yaml";
import type { Problem, SourceFile, Span } from "../model.ts";
import { build, COMPLEX_KEY } from "./yaml-build.ts";

export { slice } from "./yaml-positions.ts";
export { at, boolean, entries, entry, items, located, number, spanOf, text } from "./yaml-read.ts";

interface Node {
  /** Of the text between quotes, of the body of a block scalar, of the outermost brackets or first key and last value. */
  readonly start: number;
  readonly end: number;
  /** As written: `!reset`, `!!binary`. */
  readonly tag?: string;
  readonly anchor?: string;
  /** An alias names it, or what holds it: whoever edits it changes other places too. */
  readonly shared?: true;
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
  /** `<<` or a key that is written twice is among `written`: they are not what the mapping means. */
  readonly irregular?: true;
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
    const part = broken.length < MOST_BROKEN ? parsePart(file, start, end) : undefined;
    for (const document of part?.documents ?? []) documents.push(document);
    for (const problem of part?.problems ?? []) problems.push(problem);
    if (part) continue;
    const last = broken.at(-1);
    if (last && broken.length >= MOST_BROKEN) broken[broken.length - 1] = { ...last, end };
    else broken.push({ file, start, end });
  }
  return { documents, problems, broken };
}

/** A refusal is slow. What follows so many broken documents is one broken part. */
const MOST_BROKEN = 50;

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
