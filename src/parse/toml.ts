/** TOML 1.0 → entries with offsets. smol-toml decides what is valid and what a value is, a scan of the text where it stands. */

import { parse, TomlError, type TomlTable, type TomlValue } from "smol-toml";
import type { Located, Problem, SourceFile, Span } from "../model.ts";
import { lineEnd } from "./lines.ts";

/** One key and its value, one `[table]` header, or one element of an array. In the order they are written. */
export interface TomlEntry {
  /** Keys from the root; elements of arrays have their index as the key: `["servers", "0", "url"]`. */
  readonly path: readonly string[];
  /** The key as written, quotes included; for an element of an array the element. */
  readonly key: Span;
  /** Null for a table or an array, whose members follow as entries of their own. Dates are text. */
  readonly value: Located<string | number | boolean | null>;
}

export interface TomlTree {
  readonly entries: readonly TomlEntry[];
  readonly problems: readonly Problem[];
}

const MAX_DEPTH = 50;

/** Parses one file. Total and linear; a file that is not TOML has one problem and no entries. */
export function parseToml(file: SourceFile): TomlTree {
  try {
    const root = parse(file.text, { maxDepth: MAX_DEPTH });
    return scan(file, root);
  } catch (error) {
    if (!(error instanceof TomlError || error instanceof RangeError)) throw error;
    return { entries: [], problems: [refused(file, error)] };
  }
}

function refused(file: SourceFile, error: TomlError | RangeError): Problem {
  const start = error instanceof TomlError ? offset(file.text, error.line, error.column) : 0;
  const [first = ""] = error.message.split("\n");
  return {
    kind: "unreadable",
    span: { file, start, end: Math.min(start + 1, file.text.length) },
    message: first.replace(/^Invalid TOML document: /, ""),
  };
}

function offset(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf("\n", start) + 1;
  return Math.min(start + column - 1, text.length);
}

/** Walks a text that is known to be valid. */
function scan(file: SourceFile, root: TomlTable): TomlTree {
  const { text } = file;
  const entries: TomlEntry[] = [];
  const counts = new Map<string, number>();
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let table: Place = { path: [], value: root };

  const span = (start: number, end: number): Span => ({ file, start, end });
  const add = (path: readonly string[], key: Span, value: Located<string | number | boolean | null>) =>
    entries.push({ path, key, value });

  const skip = () => {
    for (; at < text.length; at++) {
      if (text[at] === "#") at = lineEnd(text, at);
      else if (!/[\s,]/.test(text[at]!)) return;
    }
  };

  /** `a."b c".d` up to `=` or `]`; leaves `at` behind it. */
  const key = (): { names: string[]; span: Span } => {
    const start = at;
    let end = at;
    const names: string[] = [];
    while (at < text.length && text[at] !== "=" && text[at] !== "]") {
      if (/[\s.]/.test(text[at]!)) at++;
      else {
        const from = at;
        if (text[at] === '"' || text[at] === "'") {
          const inner = stringAt(text, at);
          at = inner.end;
          names.push(text[from] === '"' ? unquote(text.slice(from, at)) : text.slice(inner.from, inner.to));
        } else {
          while (at < text.length && !/[\s.=\]]/.test(text[at]!)) at++;
          names.push(text.slice(from, at));
        }
        end = at;
      }
    }
    return { names, span: span(start, end) };
  };

  /** The value at `at`, with everything inside it. */
  const value = (path: readonly string[], keySpan: Span | undefined, known: TomlValue | undefined): void => {
    const start = at;
    const char = text[at];
    if (char === "[") {
      const place = entries.length;
      at++;
      let index = 0;
      for (skip(); at < text.length && text[at] !== "]"; skip()) {
        value([...path, String(index)], undefined, member(known, String(index)));
        index++;
      }
      at++;
      const whole = span(start, at);
      entries.splice(place, 0, { path, key: keySpan ?? whole, value: { value: null, span: whole } });
    } else if (char === "{") {
      const place = entries.length;
      at++;
      for (skip(); at < text.length && text[at] !== "}"; skip()) pair({ path, value: known });
      at++;
      const whole = span(start, at);
      entries.splice(place, 0, { path, key: keySpan ?? whole, value: { value: null, span: whole } });
    } else if (char === '"' || char === "'") {
      const { from, to, end } = stringAt(text, at);
      at = end;
      const here = span(from, to);
      add(path, keySpan ?? here, { value: typeof known === "string" ? known : text.slice(from, to), span: here });
    } else {
      while (at < text.length && !/[,\]}#\r\n]/.test(text[at]!)) at++;
      const written = text.slice(start, at).trimEnd();
      const here = span(start, start + written.length);
      add(path, keySpan ?? here, {
        value: typeof known === "number" || typeof known === "boolean" ? known : written,
        span: here,
      });
    }
  };

  const pair = (parent: Place): void => {
    const { names, span: keySpan } = key();
    at++;
    skip();
    let known: TomlValue | undefined = parent.value;
    for (const name of names) known = member(known, name);
    value([...parent.path, ...names], keySpan, known);
  };

  for (skip(); at < text.length; skip()) {
    if (text[at] !== "[") {
      pair(table);
      continue;
    }
    const array = text[at + 1] === "[";
    at += array ? 2 : 1;
    const { names, span: keySpan } = key();
    at += array ? 2 : 1;
    table = opened(names, array, root, counts);
    if (table.path.length > MAX_DEPTH) {
      const message = `tables are nested more than ${MAX_DEPTH} deep`;
      return { entries, problems: [{ kind: "unreadable", span: keySpan, message }] };
    }
    add(table.path, keySpan, { value: null, span: keySpan });
  }
  return { entries, problems: [] };
}

interface Place {
  readonly path: readonly string[];
  readonly value: TomlValue | undefined;
}

/** Where `[a.b]` or `[[a.b]]` stands: through an array of tables it goes to the element opened last. */
function opened(names: readonly string[], array: boolean, root: TomlTable, counts: Map<string, number>): Place {
  const path: string[] = [];
  let value: TomlValue | undefined = root;
  names.forEach((name, i) => {
    path.push(name);
    value = member(value, name);
    if (!Array.isArray(value) || path.length > MAX_DEPTH) return;
    const id = JSON.stringify(path);
    const index = (counts.get(id) ?? -1) + (array && i === names.length - 1 ? 1 : 0);
    counts.set(id, index);
    path.push(String(index));
    value = member(value, String(index));
  });
  return { path, value };
}

const member = (value: TomlValue | undefined, key: string): TomlValue | undefined => {
  if (Array.isArray(value)) return value[Number(key)];
  if (typeof value !== "object" || value === null || value instanceof Date) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
};

/** Inner range of the string that opens at `at`, single or triple quoted, and the offset behind it. */
function stringAt(text: string, at: number): { from: number; to: number; end: number } {
  const quote = text[at]!;
  const triple = text.startsWith(quote.repeat(3), at);
  const from = at + (triple ? 3 : 1);
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\" && quote === '"') i++;
    else if (text[i] === quote && (!triple || text.startsWith(quote.repeat(3), i))) {
      if (!triple) return { from, to: i, end: i + 1 };
      while (text[i + 3] === quote) i++;
      return { from, to: i, end: i + 3 };
    }
  }
  return { from, to: text.length, end: text.length };
}

/** A quoted key, decoded; keys share their escapes with basic strings. */
function unquote(raw: string): string {
  const { key } = parse(`key = ${raw}`);
  return typeof key === "string" ? key : raw;
}
