/** Secrets out of everything that is printed. `Deployment.sensitive` says where they stand; nothing else decides. */

import type { SourceFile, Span } from "../model.ts";
import { countBefore } from "../sorted.ts";

/** Stands for any secret, however long it is. */
export const MASK = "••••";

type Range = readonly [start: number, end: number];
export type Mask = ReadonlyMap<SourceFile, readonly Range[]>;

const masks = new WeakMap<readonly Span[], Mask>();

/** Ranges of each file that hold secrets: sorted, merged, never empty. */
export function maskOf(sensitive: readonly Span[]): Mask {
  const known = masks.get(sensitive);
  if (known) return known;
  const mask = new Map<SourceFile, [number, number][]>();
  for (const { file, start, end } of sensitive.toSorted((a, b) => a.start - b.start)) {
    if (end <= start) continue;
    const ranges = mask.get(file) ?? [];
    const last = ranges.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else ranges.push([start, end]);
    mask.set(file, ranges);
  }
  masks.set(sensitive, mask);
  return mask;
}

/** Secret ranges that overlap `start`…`end`, cut to it. Logarithmic in the number of secrets of the file. */
export function masked(mask: Mask, { file, start, end }: Span): readonly Range[] {
  const ranges = mask.get(file) ?? [];
  const found: Range[] = [];
  for (let i = countBefore(ranges, ([, last]) => last <= start); i < ranges.length && ranges[i]![0] < end; i++) {
    found.push([Math.max(ranges[i]![0], start), Math.min(ranges[i]![1], end)]);
  }
  return found;
}

/** Text of a range with every secret in it replaced by `MASK`. */
export function maskedText(mask: Mask, span: Span): string {
  let text = "";
  let at = span.start;
  for (const [start, end] of masked(mask, span)) {
    text += span.file.text.slice(at, start) + MASK;
    at = end;
  }
  return text + span.file.text.slice(at, span.end);
}

/** Shorter values, and plain words, are what a sentence may well need: a service or user may be called like its password. */
const SHORTEST = 8;
const WORD = /^[a-z]{1,11}$/i;

/** Takes the secrets that stand in `near` out of a text: the last line of defence behind rules that never quote one. */
export function withoutSecrets(mask: Mask, near: readonly Span[], text: string): string {
  let clean = text;
  for (const span of near) {
    for (const [start, end] of masked(mask, span)) {
      const secret = span.file.text.slice(start, end);
      if (secret.length >= SHORTEST && !WORD.test(secret)) clean = clean.replaceAll(secret, MASK);
    }
  }
  return clean;
}
