/** Caddyfile → lines with offsets: words, quotes, backticks, heredocs, blocks, comments (Caddyfile Concepts, "Structure"). */

import type { Located, Problem, SourceFile, Span } from "../model.ts";
import { lineEnd } from "./lines.ts";

/** One line of words, with the block that its last word `{` opens. */
export interface CaddyDirective {
  /** Empty for the global options block and for matcher tokens alone. Decoded; spans leave quotes out. */
  readonly words: readonly Located<string>[];
  readonly block?: readonly CaddyDirective[];
  /** From the first word to the last one, or to the `}` of its block. */
  readonly span: Span;
}

export interface CaddyTree {
  readonly directives: readonly CaddyDirective[];
  readonly problems: readonly Problem[];
}

const MAX_DEPTH = 50;

interface Frame {
  readonly directives: CaddyDirective[];
  readonly head?: { readonly words: readonly Located<string>[]; readonly open: number };
}

/**
 * Parses one file. A `{` that is a word of its own and ends its line opens a block, a `}` of its own closes one;
 * `{placeholder}` and `{$VARIABLE}` are parts of words. Addresses may go on behind a comma. Total and linear.
 */
export function parseCaddyfile(file: SourceFile): CaddyTree {
  const { text } = file;
  const problems: Problem[] = [];
  const root: Frame = { directives: [] };
  const stack: Frame[] = [root];
  let words: Located<string>[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const span = (start: number, end: number): Span => ({ file, start, end });
  const problem = (start: number, end: number, message: string) =>
    problems.push({ kind: "unreadable", span: span(start, end), message });
  const put = (all: readonly Located<string>[], start: number, end: number, block?: readonly CaddyDirective[]) => {
    const directive = { words: all, span: span(all[0]?.span.start ?? start, end) };
    stack.at(-1)!.directives.push(block ? { ...directive, block } : directive);
  };
  const endLine = () => {
    if (words.length) put(words, words[0]!.span.start, words.at(-1)!.span.end);
    words = [];
  };

  while (at < text.length) {
    const char = text[at]!;
    if (char === "\n") {
      at++;
      const goesOn = stack.length === 1 && words.at(-1)?.value.endsWith(",");
      if (!goesOn) endLine();
    } else if (char === " " || char === "\t" || char === "\r") at++;
    else if (char === "#") at = lineEnd(text, at);
    else if (char === "\\" && /^\\\r?\n/.test(text.slice(at, at + 3))) at += text[at + 1] === "\r" ? 3 : 2;
    else if (char === "{" && (text[at + 1] === "{" || text[at + 1] === "%")) return template(span(at, at + 2));
    else if (char === "{" && opensBlock(text, at)) {
      if (stack.length > MAX_DEPTH) {
        problem(at, at + 1, `blocks are nested more than ${MAX_DEPTH} deep`);
        return { directives: root.directives, problems };
      }
      stack.push({ directives: [], head: { words, open: at } });
      words = [];
      at++;
    } else if (char === "}" && isEnd(text[at + 1])) {
      endLine();
      at++;
      const frame = stack.length > 1 ? stack.pop() : undefined;
      if (frame?.head) put(frame.head.words, frame.head.open, at, frame.directives);
      else problem(at - 1, at, '"}" closes no block');
    } else {
      const read = wordAt(text, at);
      if (read.end === undefined) {
        problem(at, at + read.opening.length, `string is never closed: ${read.closing} expected`);
        at = text.length;
      } else {
        words.push({ value: read.value, span: span(read.from, read.to) });
        at = read.end;
      }
    }
  }
  endLine();
  for (let frame = stack.pop(); frame?.head; frame = stack.pop()) {
    const { head } = frame;
    const name = head.words[0]?.value ?? "global options";
    problem(head.open, head.open + 1, `block "${name}" is never closed: "}" expected`);
    put(head.words, head.open, text.length, frame.directives);
  }
  return { directives: root.directives, problems };
}

const template = (at: Span): CaddyTree => ({
  directives: [],
  problems: [
    { kind: "template", span: at, message: "file is a template that must be rendered before it can be checked" },
  ],
});

const isEnd = (char: string | undefined): boolean => char === undefined || /\s/.test(char);

/** `{` alone, behind it only blanks or a comment on its line. */
function opensBlock(text: string, at: number): boolean {
  if (!isEnd(text[at + 1])) return false;
  let i = at + 1;
  while (text[i] === " " || text[i] === "\t" || text[i] === "\r") i++;
  return i >= text.length || text[i] === "\n" || text[i] === "#";
}

type Word =
  | { readonly value: string; readonly from: number; readonly to: number; readonly end: number }
  | { readonly end?: never; readonly opening: string; readonly closing: string };

function wordAt(text: string, at: number): Word {
  const char = text[at]!;
  if (char === '"') return quoted(text, at);
  if (char === "`") {
    const close = text.indexOf("`", at + 1);
    return close < 0
      ? { opening: char, closing: char }
      : { value: text.slice(at + 1, close), from: at + 1, to: close, end: close + 1 };
  }
  if (char === "<" && text[at + 1] === "<") {
    const marker = /^<<([A-Za-z0-9_-]{1,64})\r?\n/.exec(text.slice(at, at + 70));
    if (marker) return heredoc(text, at, marker[0].length, marker[1]!);
  }
  let i = at;
  for (; i < text.length && !/\s/.test(text[i]!); i++) {
    if (text[i] === "\\" && text[i + 1] !== "\n" && text[i + 1] !== "\r") i++;
  }
  const to = Math.min(i, text.length);
  return { value: text.slice(at, to), from: at, to, end: to };
}

/** Only `\"` is an escape inside double quotes; every other backslash stands for itself. */
function quoted(text: string, at: number): Word {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') {
      return { value: text.slice(at + 1, i).replaceAll('\\"', '"'), from: at + 1, to: i, end: i + 1 };
    }
  }
  return { opening: '"', closing: '"' };
}

/** The body up to the line that holds the marker, indentation of that line taken off every line. */
function heredoc(text: string, at: number, opening: number, marker: string): Word {
  const from = at + opening;
  for (let line = from; line < text.length; line = lineEnd(text, line) + 1) {
    let start = line;
    while (text[start] === " " || text[start] === "\t") start++;
    if (!text.startsWith(marker, start) || !isEnd(text[start + marker.length])) continue;
    const indent = text.slice(line, start);
    const to = Math.max(from, line - 1);
    const body = text.slice(from, to).split("\n");
    return {
      value: body.map((row) => (row.startsWith(indent) ? row.slice(indent.length) : row)).join("\n"),
      from,
      to,
      end: start + marker.length,
    };
  }
  return { opening: `<<${marker}`, closing: marker };
}
