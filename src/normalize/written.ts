/** Texts as somebody wrote them: places inside a decoded text, and references that must not be taken apart. */
import type { Span } from "../model.ts";

/** Stands for one code unit of a reference in a masked text. It is in no delimiter class. */
export const HOLE = "\u0000";

const OPENER = /\$\{|\$\(|\{\{|<%/g;
const CLOSERS: ReadonlyMap<string, string> = new Map([
  ["${", "}"],
  ["$(", ")"],
  ["{{", "}}"],
  ["<%", "%>"],
]);

/**
 * The same text, of the same length, with every `${…}`, `$(…)`, `{{…}}` and `<%…%>` overwritten by `HOLE`, so that a
 * separator inside a reference is never mistaken for one of the text. An unclosed reference reaches to the end.
 */
export function masked(text: string): string {
  OPENER.lastIndex = 0;
  let match = OPENER.exec(text);
  if (!match) return text;
  let result = "";
  let at = 0;
  for (; match; match = OPENER.exec(text)) {
    const end = closing(text, match.index, match[0]);
    result += text.slice(at, match.index) + HOLE.repeat(end - match.index);
    at = end;
    OPENER.lastIndex = end;
  }
  return result + text.slice(at);
}

function closing(text: string, from: number, open: string): number {
  const close = CLOSERS.get(open) ?? "}";
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith(open, at)) {
      depth++;
      at += open.length - 1;
    } else if (text.startsWith(close, at) && --depth === 0) return at + close.length;
  }
  return text.length;
}

/** Longest source with escapes in which parts are looked up. */
const LOOKED_UP = 8192;

/**
 * Source span of `text.slice(from, to)`, where `span` is where `text` is written. Exact where the source reads like
 * the text; where escapes or folding stand between, the part is looked up, and if that fails it is the whole span.
 */
export function parts(span: Span, text: string): (from: number, to: number) => Span {
  const { file, start } = span;
  const exact = span.end - start === text.length && file.text.startsWith(text, start);
  if (exact) return (from, to) => ({ file, start: start + from, end: start + to });
  const raw = file.text.slice(start, span.end);
  return (from, to) => {
    const wanted = text.slice(from, to);
    if (wanted === "" || raw.length > LOOKED_UP) return span;
    let before = 0;
    for (let at = text.indexOf(wanted); at >= 0 && at < from; at = text.indexOf(wanted, at + wanted.length)) before++;
    let found = raw.indexOf(wanted);
    while (found >= 0 && before-- > 0) found = raw.indexOf(wanted, found + wanted.length);
    return found < 0 ? span : { file, start: start + found, end: start + found + wanted.length };
  };
}

/** One part: see `parts`. */
export const part = (span: Span, text: string, from: number, to: number): Span => parts(span, text)(from, to);
