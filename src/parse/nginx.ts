/** nginx configuration → directives with offsets: words, quotes, `${variables}`, blocks, comments and Lua blocks. */

import type { Located, Problem, SourceFile, Span } from "../model.ts";
import { lineEnd } from "./lines.ts";
import { luaEnd } from "./nginx-lua.ts";

/** `name argument… ;` or `name argument… { … }`. */
export interface NginxDirective {
  readonly name: Located<string>;
  /** Decoded; spans leave quotes out. */
  readonly arguments: readonly Located<string>[];
  /** Absent for a simple directive; empty for a Lua block, whose body is not nginx's. */
  readonly block?: readonly NginxDirective[];
  /** From the name to `;`, or to the `}` of its block. */
  readonly span: Span;
}

export interface NginxTree {
  readonly directives: readonly NginxDirective[];
  readonly problems: readonly Problem[];
}

/** nginx itself knows no limit; no configuration comes near this one, and everything downstream may recurse. */
const MAX_DEPTH = 50;

interface Frame {
  readonly directives: NginxDirective[];
  /** The directive that opened it; absent for the file. */
  readonly head?: { readonly words: readonly Located<string>[]; readonly open: number };
}

/**
 * Parses one file by the rules of nginx's own tokenizer: quotes count only where a word starts, `#` too, `{` ends a
 * word unless it follows `$`, `}` counts only where a word starts. Total and linear: what cannot be read is a problem
 * at the token that opens it, and everything before and after is kept.
 */
export function parseNginx(file: SourceFile): NginxTree {
  const { text } = file;
  const problems: Problem[] = [];
  const root: Frame = { directives: [] };
  const stack: Frame[] = [root];
  let words: Located<string>[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const span = (start: number, end: number): Span => ({ file, start, end });
  const problem = (start: number, end: number, message: string) =>
    problems.push({ kind: "unreadable", span: span(start, end), message });
  const put = (all: readonly Located<string>[], end: number, block?: readonly NginxDirective[]) => {
    const [name, ...rest] = all;
    if (!name) return;
    const directive = { name, arguments: rest, span: span(outerStart(text, name), end) };
    stack.at(-1)!.directives.push(block ? { ...directive, block } : directive);
  };
  const unterminated = () => {
    const name = words[0];
    if (name) problem(name.span.start, name.span.end, `directive "${name.value}" is not ended by ";"`);
    if (name) put(words, words.at(-1)!.span.end);
    words = [];
  };

  while (at < text.length) {
    const char = text[at]!;
    if (isBlank(char)) at++;
    else if (char === "#") at = lineEnd(text, at);
    else if (char === ";") {
      at++;
      put(words, at);
      words = [];
    } else if (char === "{") {
      if (text[at + 1] === "{" || text[at + 1] === "%") return template(span(at, at + 2));
      if (words[0]?.value.endsWith("_by_lua_block")) {
        const end = luaEnd(text, at + 1);
        if (end === undefined) problem(at, at + 1, `block "${words[0].value}" is never closed: "}" expected`);
        at = end ?? text.length;
        put(words, at, []);
      } else if (stack.length > MAX_DEPTH) {
        problem(at, at + 1, `blocks are nested more than ${MAX_DEPTH} deep`);
        return { directives: root.directives, problems };
      } else {
        if (!words.length) problem(at, at + 1, 'block has no name before "{"');
        stack.push({ directives: [], head: { words, open: at } });
        at++;
      }
      words = [];
    } else if (char === "}") {
      if (words.length) unterminated();
      at++;
      const frame = stack.length > 1 ? stack.pop() : undefined;
      if (frame?.head) put(frame.head.words, at, frame.directives);
      else problem(at - 1, at, '"}" closes no block');
    } else {
      const read = char === '"' || char === "'" ? quoted(text, at) : plain(text, at);
      if (read.end === undefined) {
        problem(at, at + 1, `string is never closed: ${char} expected`);
        at = text.length;
      } else {
        words.push({ value: read.value, span: span(read.from, read.to) });
        at = read.end;
      }
    }
  }
  unterminated();
  for (let frame = stack.pop(); frame?.head; frame = stack.pop()) {
    const { head } = frame;
    problem(head.open, head.open + 1, `block "${head.words[0]?.value ?? ""}" is never closed: "}" expected`);
    put(head.words, text.length, frame.directives);
  }
  return { directives: root.directives, problems };
}

const template = (at: Span): NginxTree => ({
  directives: [],
  problems: [
    { kind: "template", span: at, message: "file is a template that must be rendered before it can be checked" },
  ],
});

const isBlank = (char: string): boolean => char === " " || char === "\t" || char === "\n" || char === "\r";

/** Start of a word with its quote. */
const outerStart = (text: string, { span }: Located<string>): number =>
  span.start > 0 && (text[span.start - 1] === '"' || text[span.start - 1] === "'") ? span.start - 1 : span.start;

interface Word {
  readonly value: string;
  readonly from: number;
  readonly to: number;
  /** Offset behind the word; absent: never closed. */
  readonly end?: number;
}

function quoted(text: string, at: number): Word {
  const quote = text[at];
  const from = at + 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return { value: resolveEscapes(text.slice(from, i)), from, to: i, end: i + 1 };
  }
  return { value: "", from, to: text.length };
}

function plain(text: string, at: number): Word & { readonly end: number } {
  let i = at;
  for (; i < text.length; i++) {
    const char = text[i]!;
    if (char === "\\") i++;
    else if (char === "{" && text[i - 1] === "$" && i > at) {
      const close = text.slice(i, i + 200).search(/[}\s;]/);
      if (close > 0 && text[i + close] === "}") i += close;
    } else if (isBlank(char) || char === ";" || char === "{") break;
  }
  const to = Math.min(i, text.length);
  return { value: resolveEscapes(text.slice(at, to)), from: at, to, end: to };
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "\\": "\\", t: "\t", r: "\r", n: "\n" };

/** nginx resolves these escapes and leaves every other backslash to the directive (regular expressions). */
const resolveEscapes = (raw: string): string =>
  raw.includes("\\") ? raw.replace(/\\(["'\\trn])/g, (_, char: string) => ESCAPES[char]!) : raw;
