/** Offsets → lines and columns. Lines end at LF, CR LF or a lone CR; columns count UTF-16 code units, all from 1. */

import type { SourceFile, Span } from "../model.ts";
import { countBefore } from "../sorted.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offset at which each line starts. */
const tables = new WeakMap<SourceFile, readonly number[]>();

function starts(file: SourceFile): readonly number[] {
  const known = tables.get(file);
  if (known) return known;
  const found = [0];
  for (const { index, 0: end } of file.text.matchAll(/\r\n?|\n/g)) found.push(index + end.length);
  tables.set(file, found);
  return found;
}

/** A byte order mark is no column: editors and code hosts do not count it. */
const origin = (file: SourceFile, line: number): number =>
  line === 1 && file.text.charCodeAt(0) === 0xfeff ? 1 : (starts(file)[line - 1] ?? file.text.length);

/** Line and column of an offset; offsets outside the text count as its nearest end. */
export function positionOf(file: SourceFile, offset: number): Position {
  const at = Math.min(Math.max(offset, 0), file.text.length);
  const line = countBefore(starts(file), (start) => start <= at);
  return { line, column: Math.max(at - origin(file, line), 0) + 1 };
}

/** Offsets of a line's text, without its line end and without a byte order mark. Empty past the last line. */
export function lineSpan(file: SourceFile, line: number): Span {
  const start = origin(file, line);
  const next = starts(file)[line] ?? file.text.length;
  let end = next;
  while (end > start && (file.text[end - 1] === "\n" || file.text[end - 1] === "\r")) end--;
  return { file, start, end };
}

/** Start and exclusive end of a range. */
export function rangeOf({ file, start, end }: Span): { readonly start: Position; readonly end: Position } {
  return { start: positionOf(file, start), end: positionOf(file, end) };
}
