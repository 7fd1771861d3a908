/**
 * .env files → entries with places. Tolerant and lossless: what Node, Python and Compose each read differently is kept
 * apart here (separator, quote style, comment, rest of the line), and `dotenv-dialects.ts` says what each makes of it.
 */
import type { Located, Problem, SourceFile, Span } from "../model.ts";

export type Quote = "none" | "single" | "double" | "backtick";

export interface DotenvEntry {
  readonly key: Located<string>;
  /** The word `export` stands before the key. */
  readonly exported: boolean;
  /** "none": a key alone, which Compose takes from whoever starts it. */
  readonly separator: "=" | ":" | "none";
  readonly quote: Quote;
  /** As written: between the quotes, or up to the comment. Empty and just behind the separator where nothing is. */
  readonly raw: Located<string>;
  /** Escapes of double quotes decoded, references left as they are. */
  readonly value: string;
  /** From `#` to the end of the line. */
  readonly comment?: Span;
  /** What follows a closing quote and is no comment: every dialect reads it differently. */
  readonly rest?: Span;
  /** The quote that opens the value is never closed; the value is then the rest of the line, quote included. */
  readonly unterminated?: true;
  /** From `export` or the key to the end of value, rest and comment. */
  readonly span: Span;
}

export interface DotenvTree {
  readonly entries: readonly DotenvEntry[];
  /** Lines that would be assignments but for their name (`FOO BAR=1`, `*FOO=1`): no two engines agree about them. */
  readonly misnamed: readonly DotenvEntry[];
  /** Whole-line comments, from `#` to the end of the line. */
  readonly comments: readonly Span[];
  readonly problems: readonly Problem[];
}

const QUOTES: ReadonlyMap<string, Quote> = new Map([
  ["'", "single"],
  ['"', "double"],
  ["`", "backtick"],
]);

const SPACE = /\s*/y;
const BLANK = /[^\S\n]*/y;
const COMMENT = /#[^\n]*/y;
const EXPORT = /export[^\S\n]+(?=[^\s=:])/y;
/** Names as Compose takes them, which Node's are a subset of. Sticky patterns with the `u` flag are ten times slower. */
const ASCII_KEY = /[\w.[\]-]+(?![^\0-\x7f])/y;
const KEY = /[\p{L}\p{N}_.[\]-]+/uy;
const LINE = /[^\n]*/y;
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f\uFFFD]/;

/** Parses one file. Total: never throws; linear in the text. Offsets are UTF-16 code units. */
export function parseDotenv(file: SourceFile): DotenvTree {
  const { text } = file;
  const span = (start: number, end: number): Span => ({ file, start, end });
  const binary = BINARY.exec(text);
  if (binary) {
    const at = span(binary.index, binary.index + 1);
    return {
      entries: [],
      misnamed: [],
      comments: [],
      problems: [{ kind: "unreadable", span: at, message: "file is not text" }],
    };
  }

  const entries: DotenvEntry[] = [];
  const misnamed: DotenvEntry[] = [];
  const comments: Span[] = [];
  const problems: Problem[] = [];
  /** End of the last line that is no assignment: neighbours of its kind share one problem. */
  let strayEnd = -1;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  for (;;) {
    const before = at;
    at = skip(SPACE, text, at);
    if (at >= text.length) break;
    if (text[at] === "#") {
      const end = trimEnd(text, at, skip(COMMENT, text, at));
      comments.push(span(at, end));
      at = skip(LINE, text, end);
      continue;
    }
    const entry = assignment(file, at);
    if (entry) {
      entries.push(entry);
      if (entry.unterminated) {
        problems.push({
          kind: "unreadable",
          span: span(entry.raw.span.start, entry.raw.span.end),
          message: `value of ${entry.key.value} opens a quote that is never closed`,
        });
      }
      at = skip(LINE, text, entry.span.end);
      continue;
    }
    const wrong = misnamedAt(file, at);
    if (wrong) {
      misnamed.push(wrong);
      at = skip(LINE, text, wrong.span.end);
      continue;
    }
    const end = trimEnd(text, at, skip(LINE, text, at));
    const previous = problems.at(-1);
    if (previous && strayEnd >= 0 && strayEnd === trimEnd(text, strayEnd, before)) {
      problems[problems.length - 1] = { ...previous, span: span(previous.span.start, end) };
    } else {
      problems.push({ kind: "unreadable", span: span(at, end), message: "line is no comment and no KEY=value" });
    }
    strayEnd = end;
    at = skip(LINE, text, end);
  }
  return { entries, misnamed, comments, problems };
}

/** The entry that starts at `start`, which is no blank; absent if the line is none. */
function assignment(file: SourceFile, start: number): DotenvEntry | undefined {
  const { text } = file;
  const span = (from: number, to: number): Span => ({ file, start: from, end: to });
  const keyStart = skip(EXPORT, text, start);
  const ascii = skip(ASCII_KEY, text, keyStart);
  const keyEnd = ascii > keyStart ? ascii : skip(KEY, text, keyStart);
  if (keyEnd === keyStart) return undefined;
  const key = { value: text.slice(keyStart, keyEnd), span: span(keyStart, keyEnd) };
  const exported = keyStart > start;

  const after = skip(BLANK, text, keyEnd);
  const separator = text[after];
  if (separator !== "=" && separator !== ":") {
    if (after < text.length && separator !== "\n") return undefined;
    const raw = { value: "", span: span(keyEnd, keyEnd) };
    return { key, exported, separator: "none", quote: "none", raw, value: "", span: span(start, keyEnd) };
  }
  return valued(file, { start, key, exported, separator, behind: after + 1 });
}

/** At most three words before `=`, or one word with signs in it. What has more is prose, with `://` an address. */
const MISNAMED = /(?:[\w.-]+(?:[^\S\n]+[\w.-]+){1,2}|[^\s=#'"`]{1,100})(?=[^\S\n]*=)/y;

/** The line at `start`, which is no assignment, as one with a name that is none; absent for prose and base64. */
function misnamedAt(file: SourceFile, start: number): DotenvEntry | undefined {
  const { text } = file;
  const keyStart = skip(EXPORT, text, start);
  const keyEnd = skip(MISNAMED, text, keyStart);
  if (keyEnd === keyStart) return undefined;
  const key = { value: text.slice(keyStart, keyEnd), span: { file, start: keyStart, end: keyEnd } };
  if (key.value.includes("://") || /[()<>{};|$]/.test(key.value)) return undefined;
  const behind = text.indexOf("=", keyEnd) + 1;
  const entry = valued(file, { start, key, exported: keyStart > start, separator: "=", behind });
  return /^=?$/.test(entry.raw.value) && /[+/]/.test(key.value) ? undefined : entry;
}

/** The entry whose value starts at `behind`, the offset right behind its separator. */
function valued(
  file: SourceFile,
  {
    start,
    behind,
    ...head
  }: Pick<DotenvEntry, "key" | "exported"> & {
    readonly separator: "=" | ":";
    readonly start: number;
    readonly behind: number;
  },
): DotenvEntry {
  const { text } = file;
  const span = (from: number, to: number): Span => ({ file, start: from, end: to });
  const valueStart = skip(BLANK, text, behind);
  const quote = QUOTES.get(text[valueStart] ?? "");
  const close = quote ? closingQuote(text, valueStart) : -1;
  if (quote && close >= 0) {
    const raw = text.slice(valueStart + 1, close);
    const tail = skip(BLANK, text, close + 1);
    const end = trimEnd(text, close + 1, skip(LINE, text, close + 1));
    const value = quote === "double" ? decodeEscapes(raw) : quote === "single" ? raw.replaceAll("\\'", "'") : raw;
    const written = { value: raw, span: span(valueStart + 1, close) };
    const entry = { ...head, quote, raw: written, value, span: span(start, end) } as const;
    if (tail >= end) return entry;
    return text[tail] === "#" ? { ...entry, comment: span(tail, end) } : { ...entry, rest: span(tail, end) };
  }

  const lineEnd = trimEnd(text, behind, skip(LINE, text, behind));
  const from = Math.min(valueStart, lineEnd);
  const hash = commentAt(text.slice(from, lineEnd), from > behind);
  const valueEnd = hash < 0 ? lineEnd : trimEnd(text, from, from + hash);
  const value = text.slice(from, valueEnd);
  const raw = { value, span: span(from, valueEnd) };
  const entry = { ...head, quote: "none", raw, value, span: span(start, lineEnd) } as const;
  if (quote && quote !== "backtick") return { ...entry, unterminated: true };
  return hash < 0 ? entry : { ...entry, comment: span(from + hash, lineEnd) };
}

/**
 * Index of the `#` that opens a comment in an unquoted value, or -1. A blank must stand before it, as for Compose and
 * Python; Node needs none. In `A= # x` a reader sees an empty value, whatever Compose makes of it.
 */
function commentAt(line: string, blankBefore: boolean): number {
  if (blankBefore && line.startsWith("#")) return 0;
  const blank = line.search(/\s#/);
  return blank < 0 ? -1 : blank + 1;
}

/**
 * Offset of the quote that closes the one at `open`, or -1. A quote behind a backslash does not close (Compose pairs
 * backslashes). One on a later line closes only if nothing but a comment follows it: otherwise it opens the value of
 * that line, and it is this one that was forgotten.
 */
function closingQuote(text: string, open: number): number {
  const quote = text[open];
  let lines = false;
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "\n") lines = true;
    else if (text[i] === quote) {
      const after = skip(BLANK, text, i + 1);
      return !lines || after >= text.length || text[after] === "\n" || text[after] === "#" ? i : -1;
    }
  }
  return -1;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);
const decodeEscapes = (raw: string): string =>
  raw.includes("\\") ? raw.replace(/\\([\s\S])/g, (both, next: string) => ESCAPES.get(next) ?? both) : raw;

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** End of `text.slice(from, to)` without the blanks and line breaks behind it. */
function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text[end - 1]!)) end--;
  return end;
}
