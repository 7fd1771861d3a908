/** Code frames: the lines of a range, the range underlined, secrets masked. */
import type { SourceFile, Span } from "../model.ts";
import type { Paint } from "./colors.ts";
import { lineSpan, positionOf } from "./lines.ts";
import { MASK, type Mask, masked } from "./mask.ts";
import { type Cell, cellsOf } from "./visible.ts";

export interface FrameOptions {
  readonly mask: Mask;
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** Columns of the line number; a frame with a longer number widens itself. */
  readonly gutter?: number;
  /** How the range is underlined. */
  readonly mark: { readonly sign: "^" | "-"; readonly paint: (text: string) => string };
}

/** A range over more lines than this shows its first ones and its last. */
const MOST_LINES = 4;
const NARROWEST = 20;
const ELLIPSIS: Cell = { start: -1, end: -1, text: "…", width: 1 };

/**
 * Only lines of the range are shown, never their neighbours: a line that nobody complained of may hold a secret that
 * nobody recognised. Takes time proportional to what is printed, not to the length of the line.
 */
export function frame(span: Span, options: FrameOptions): readonly string[] {
  const { file } = span;
  const first = positionOf(file, span.start).line;
  const last = lastLine(span, first);
  const gutter = Math.max(options.gutter ?? 0, String(last).length);
  const blank = options.paint.frame(`${" ".repeat(gutter)} |`);
  const width = Math.max(options.width - gutter - 3, NARROWEST);

  const shown = lines(first, last);
  const indent = commonIndent(file, shown);
  const rendered = shown.flatMap((number) => {
    if (number === undefined) return [options.paint.frame(`${".".repeat(gutter)} |`)];
    const { text, from, length } = render(file, number, span, indent, width, options.mask);
    const head = options.paint.frame(`${String(number).padStart(gutter)} |`);
    if (length === 0) return [text ? `${head} ${text}` : head];
    return [
      text ? `${head} ${text}` : head,
      `${blank} ${" ".repeat(from)}${options.mark.paint(options.mark.sign.repeat(length))}`,
    ];
  });
  return [blank, ...rendered];
}

/** A range that ends right behind a line end does not reach into the next line. */
function lastLine({ file, start, end }: Span, first: number): number {
  if (end <= start) return first;
  const { line, column } = positionOf(file, end);
  return column === 1 && line > first ? line - 1 : line;
}

function lines(first: number, last: number): readonly (number | undefined)[] {
  if (last - first < MOST_LINES) return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return [first, first + 1, undefined, last];
}

/** Blanks that every shown line starts with and that say nothing. Bounded, so that a megabyte of blanks costs nothing. */
function commonIndent(file: SourceFile, shown: readonly (number | undefined)[]): number {
  let least = 200;
  for (const number of shown) {
    if (number === undefined) continue;
    const { start, end } = lineSpan(file, number);
    let blanks = 0;
    while (blanks < least && start + blanks < end && file.text[start + blanks] === " ") blanks++;
    if (start + blanks < end) least = blanks;
  }
  return least <= 40 ? 0 : least - 8;
}

interface Line {
  readonly text: string;
  /** Column at which the underline begins, from 0. */
  readonly from: number;
  readonly length: number;
}

function render(file: SourceFile, number: number, span: Span, indent: number, width: number, mask: Mask): Line {
  const line = lineSpan(file, number);
  const lineStart = Math.min(line.start + indent, line.end);
  const point = span.start === span.end;
  let start = Math.max(span.start, lineStart);
  if (point) start = Math.min(start, line.end);
  const end = Math.min(span.end, line.end);
  const marked = point || start < end;
  if (!point) while (start < end && /\s/.test(file.text[start]!)) start++;

  const from = boundary(file.text, Math.max(lineStart, Math.min(start, line.end) - 2 * width), lineStart);
  const to = boundary(file.text, Math.min(line.end, Math.min(start, line.end) + 2 * width), lineStart);
  const cells = cellsBetween(file, from, to, mask);
  const inRange = (cell: Cell) =>
    point ? cell.start <= start && start < cell.end : cell.start < end && start < cell.end;
  const touched = marked ? cells.findIndex(inRange) : -1;
  const { window, before, after } = cut(
    cells,
    touched < 0 ? (point ? cells.length : 0) : touched,
    width,
    from > lineStart,
    to < line.end,
  );

  const printed = [...(before ? [ELLIPSIS] : []), ...window, ...(after ? [ELLIPSIS] : [])];
  const text = printed
    .map((cell) => cell.text)
    .join("")
    .trimEnd();
  if (!marked || (start >= end && !point)) return { text, from: 0, length: 0 };

  let column = before ? 1 : 0;
  let underlineAt = -1;
  let length = 0;
  for (const cell of window) {
    if (inRange(cell)) {
      if (underlineAt < 0) underlineAt = column;
      length = column + cell.width - underlineAt;
    }
    column += cell.width;
  }
  return { text, from: underlineAt < 0 ? column : underlineAt, length: Math.max(length, 1) };
}

/** Never between the halves of a surrogate pair. */
const boundary = (text: string, offset: number, lowest: number): number =>
  offset > lowest && /[\udc00-\udfff]/.test(text[offset] ?? "") && /[\ud800-\udbff]/.test(text[offset - 1] ?? "")
    ? offset - 1
    : offset;

function cellsBetween(file: SourceFile, from: number, to: number, mask: Mask): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let at = from;
  const plainText = (end: number) => {
    const next = cellsOf(file.text.slice(at, end), at, column);
    for (const cell of next) column += cell.width;
    cells.push(...next);
  };
  for (const [start, end] of masked(mask, { file, start: from, end: to })) {
    plainText(start);
    cells.push({ start, end, text: MASK, width: MASK.length });
    column += MASK.length;
    at = end;
  }
  plainText(to);
  return cells;
}

/** The cells that fit, around the one that matters: all of it if the line fits, else some context before it. */
function cut(cells: readonly Cell[], target: number, width: number, cutBefore: boolean, cutAfter: boolean) {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= width && !cutBefore && !cutAfter) return { window: cells, before: false, after: false };
  const room = width - 2;
  let first = target;
  let context = 0;
  const wanted = Math.floor(room / 3);
  while (first > 0 && context + cells[first - 1]!.width <= wanted) context += cells[--first]!.width;
  let last = first;
  let used = 0;
  while (last < cells.length && used + cells[last]!.width <= room) used += cells[last++]!.width;
  while (first > 0 && used + cells[first - 1]!.width <= room) used += cells[--first]!.width;
  return { window: cells.slice(first, last), before: first > 0 || cutBefore, after: last < cells.length || cutAfter };
}
