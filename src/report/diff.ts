/** Unified diff of files whose changes are known by place: nothing is searched for, so it is linear. Secrets are masked. */

import { type Piece, whole } from "../fix.ts";
import type { SourceFile, Span } from "../model.ts";
import { countBefore } from "../sorted.ts";
import type { Paint } from "./colors.ts";
import { type Mask, maskedText, withoutSecrets } from "./mask.ts";
import { visible } from "./visible.ts";

export interface FileDiff {
  readonly before: SourceFile;
  readonly after: SourceFile;
  /** `after.text` by its pieces of `before.text`. */
  readonly pieces?: readonly Piece[];
  /** `before` is not there: the file is made. */
  readonly made?: "public" | "private";
}

export interface DiffOptions {
  readonly masks: { readonly before: Mask; readonly after: Mask };
  readonly paint: Paint;
  /** From the working directory to the root of the run: "" or ending in `/`. */
  readonly displayPrefix: string;
}

/** Half-open range of lines (from 0) of the old text and what stands there in the new one. */
interface Region {
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

const CONTEXT = 3;

/** Ends with a line end; "" if nothing differs. A reader's diff: masked secrets make it unfit for `patch`. */
export const unifiedDiff = (files: readonly FileDiff[], options: DiffOptions): string =>
  files.map((file) => fileDiff(file, options)).join("");

function fileDiff(diff: FileDiff, { masks, paint, displayPrefix }: DiffOptions): string {
  const { before, after, made } = diff;
  const old = lines(before);
  const now = lines(after);
  const regions = changed(diff, old, now);
  if (!regions.length) return "";
  const path = visible(displayPrefix + before.path);
  const removed = (i: number) => lineText(old[i]!, (span) => maskedText(masks.before, span));
  const result = [paint.bold(made ? "--- /dev/null" : `--- a/${path}`), paint.bold(`+++ b/${path}`)];
  for (const hunk of hunks(regions)) {
    const [first, last] = [hunk[0]!, hunk.at(-1)!];
    const start = Math.max(first.from - CONTEXT, 0);
    const end = Math.min(last.to + CONTEXT, old.length);
    const shift = first.newFrom - first.from;
    const newEnd = last.newTo + end - last.to;
    result.push(paint.frame(`@@ -${range(start, end)} +${range(start + shift, newEnd)} @@`));
    let at = start;
    for (const { from, to, newFrom, newTo } of hunk) {
      for (; at < from; at++) result.push(` ${removed(at)}`);
      for (; at < to; at++) result.push(...mark("-", removed(at), paint.high));
      const near = old.slice(from, to);
      for (let i = newFrom; i < newTo; i++) {
        const text = lineText(now[i]!, (span) => withoutSecrets(masks.before, near, maskedText(masks.after, span)));
        result.push(...mark("+", text, paint.good));
      }
    }
    for (; at < end; at++) result.push(` ${removed(at)}`);
  }
  return `${result.join("\n")}\n`;
}

const mark = (sign: string, text: string, paint: (text: string) => string): readonly string[] => {
  const [line = "", ...notes] = text.split("\n");
  return [paint(sign + line), ...notes];
};

const NO_END = "\n\\ No newline at end of file";

/** Without its line end; a carriage return before it is no text either. */
function lineText(line: Span, show: (span: Span) => string): string {
  const text = line.file.text.slice(line.start, line.end);
  const end = /\r?\n$|\r$/.exec(text)?.[0].length ?? 0;
  return visible(show({ ...line, end: line.end - end })) + (end ? "" : NO_END);
}

/** Spans of lines with their line ends. */
function lines(file: SourceFile): readonly Span[] {
  const found: Span[] = [];
  let start = 0;
  for (const { index, 0: lineEnd } of file.text.matchAll(/\r\n?|\n/g)) {
    const end = index + lineEnd.length;
    found.push({ file, start, end });
    start = end;
  }
  if (start < file.text.length) found.push({ file, start, end: file.text.length });
  return found;
}

/** As unified diffs count: from 1; of no line, the one before. */
function range(from: number, to: number): string {
  const count = to - from;
  const first = count === 0 ? from : from + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}

/** Regions with so little between them that their context would meet. */
function hunks(regions: readonly Region[]): readonly (readonly Region[])[] {
  const result: Region[][] = [];
  for (const region of regions) {
    const last = result.at(-1);
    if (last && region.from - last.at(-1)!.to <= 2 * CONTEXT) last.push(region);
    else result.push([region]);
  }
  return result;
}

/** Lines that differ: those that an edit touches, without those at both ends that are equal all the same. */
function changed({ before, pieces = whole(before.text) }: FileDiff, old: readonly Span[], now: readonly Span[]) {
  const joined: Region[] = [];
  for (const gap of gaps(pieces, before.text.length)) {
    const region = {
      from: lineAt(old, gap.from),
      to: Math.min(lineAt(old, gap.to) + 1, old.length),
      newFrom: lineAt(now, gap.newFrom),
      newTo: Math.min(lineAt(now, gap.newTo) + 1, now.length),
    };
    const last = joined.at(-1);
    if (last && (region.from < last.to || region.newFrom < last.newTo)) {
      joined[joined.length - 1] = {
        ...last,
        to: Math.max(last.to, region.to),
        newTo: Math.max(last.newTo, region.newTo),
      };
    } else joined.push(region);
  }
  const same = (i: number, k: number): boolean => textOf(old[i]!) === textOf(now[k]!);
  const textOf = ({ file, start, end }: Span): string => file.text.slice(start, end);
  return joined
    .map((region): Region => {
      let { from, to, newFrom, newTo } = region;
      while (from < to && newFrom < newTo && same(from, newFrom)) [from, newFrom] = [from + 1, newFrom + 1];
      while (from < to && newFrom < newTo && same(to - 1, newTo - 1)) [to, newTo] = [to - 1, newTo - 1];
      return { from, to, newFrom, newTo };
    })
    .filter(({ from, to, newFrom, newTo }) => from < to || newFrom < newTo);
}

/** Ranges of offsets between pieces that were kept. */
function gaps(pieces: readonly Piece[], length: number): readonly Region[] {
  const found: Region[] = [];
  let at = 0;
  let newAt = 0;
  let written = 0;
  const close = (to: number) => {
    if (to > at || written) found.push({ from: at, to, newFrom: newAt, newTo: newAt + written });
    newAt += written;
    written = 0;
  };
  for (const piece of pieces) {
    if (typeof piece === "string") {
      written += piece.length;
      continue;
    }
    close(piece.start);
    newAt += piece.end - piece.start;
    at = piece.end;
  }
  close(length);
  return found;
}

/** Index of the line that holds an offset; the number of lines behind a last line end. */
function lineAt(all: readonly Span[], offset: number): number {
  const index = countBefore(all, ({ end }) => end <= offset);
  const last = all.at(-1);
  return index === all.length && last && !/[\r\n]/.test(last.file.text[last.end - 1]!) ? index - 1 : index;
}
