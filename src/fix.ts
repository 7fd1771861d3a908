/** 5  Findings → edited text. Pure: who reads and writes the files is somebody else's business. */
import type { Finding } from "./check.ts";
import type { SourceFile, Span } from "./model.ts";
import type { Addition, Edit, Fix } from "./rule.ts";
import { countBefore } from "./sorted.ts";

/** Which fixes are wanted: "safe" ones alone or "unsafe" ones too. */
export type Safety = Fix["safety"];

/** What one pass does. No two edits of a file overlap or touch unless they belong to one fix. */
export interface Pass {
  readonly fixed: readonly Finding[];
  /** Their fixes meet an edit of this pass: they are looked at again in the next one. */
  readonly waiting: readonly Finding[];
  /** By file, in the order of their places. */
  readonly edits: ReadonlyMap<SourceFile, readonly Edit[]>;
  /** By path, in the order in which they were asked for. */
  readonly additions: ReadonlyMap<string, readonly Addition[]>;
}

/** A range of the original text (UTF-16 offsets), or text that was written in its place. */
export type Piece = string | { readonly start: number; readonly end: number };

const BOM = "\ufeff";
const LINE_END = /\r\n?|\n/g;

export const offers = ({ fix }: Finding, safety: Safety): boolean =>
  fix !== undefined && (fix.safety === "safe" || safety === "unsafe");

/**
 * Chooses fixes for one pass, first come first served: a fix is taken as a whole or not at all, and one that meets an
 * edit that is taken already waits. `wanted` narrows what is fixed; a fix that reaches into a file that is only context,
 * or that contradicts itself, is neither taken nor waiting.
 */
export function pass(findings: readonly Finding[], wanted: (finding: Finding) => boolean): Pass {
  const fixed: Finding[] = [];
  const waiting: Finding[] = [];
  const edits = new Map<SourceFile, Edit[]>();
  const additions = new Map<string, Map<string, Addition>>();
  for (const finding of findings) {
    if (!finding.fix || !wanted(finding)) continue;
    const own = writtenEdits(finding.fix);
    if (!own) continue;
    const places = own.map((edit) => freePlace(edits.get(edit.span.file) ?? [], edit.span));
    const added = finding.fix.additions ?? [];
    const contradicted = added.some(({ path, key, text }) => (additions.get(path)?.get(key)?.text ?? text) !== text);
    if (contradicted || places.some((place) => place === undefined)) {
      waiting.push(finding);
      continue;
    }
    fixed.push(finding);
    for (const addition of added) {
      const taken = additions.get(addition.path) ?? new Map<string, Addition>();
      additions.set(addition.path, taken.set(addition.key, addition));
    }
    // Free places of one fix in one file shift as its edits go in: from the last to the first they do not.
    for (const [i, edit] of [...own.entries()].reverse()) {
      const taken = edits.get(edit.span.file);
      if (taken) taken.splice(places[i]!, 0, edit);
      else edits.set(edit.span.file, [edit]);
    }
  }
  const all = [...additions].map(([path, byKey]) => [path, [...byKey.values()]] as const);
  return { fixed, waiting, edits, additions: new Map(all) };
}

/**
 * The edits of a fix as they are written: in the order of their places, with the line ends of their file, never before a
 * byte order mark. Undefined if two of them overlap, if one lies outside its text or in a file that is only context, and if
 * they change nothing; undefined too if something is to be added to a file that is only context.
 */
export function writtenEdits({ edits, additions = [] }: Fix): readonly Edit[] | undefined {
  const written = edits
    .map(
      (edit): Edit => ({ span: behindMark(edit.span), text: edit.text.replace(LINE_END, lineEndOf(edit.span.file)) }),
    )
    .sort((a, b) => byFile(a.span.file, b.span.file) || a.span.start - b.span.start || a.span.end - b.span.end);
  const sound = written.every(({ span }, i) => {
    const before = written[i - 1]?.span;
    const apart = before?.file !== span.file || before.end <= span.start;
    return apart && !span.file.context && span.start <= span.end && span.end <= span.file.text.length;
  });
  const whole = sound && !additions.some(({ file }) => file?.context);
  return whole && (additions.length || written.some(changes)) ? written : undefined;
}

const changes = ({ span: { file, start, end }, text }: Edit): boolean => file.text.slice(start, end) !== text;

const byFile = (a: SourceFile, b: SourceFile): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function behindMark({ file, start, end }: Span): Span {
  const first = file.text.startsWith(BOM) ? BOM.length : 0;
  return { file, start: Math.max(start, first), end: Math.max(end, first) };
}

/** That of the first line; texts of one line get LF. */
const lineEnd = (text: string): string => /\r\n?|\n/.exec(text)?.[0] ?? "\n";

const lineEnds = new WeakMap<SourceFile, string>();

/** Looked for once a file: the first line may be all of it, and its edits many. */
function lineEndOf(file: SourceFile): string {
  const known = lineEnds.get(file) ?? lineEnd(file.text);
  lineEnds.set(file, known);
  return known;
}

/** What is written behind `text` to add these lines: with its line ends, and none at the end if it has none there. */
export function appended(text: string, additions: readonly Pick<Addition, "text">[]): string {
  const end = lineEnd(text);
  const lines = additions.map((addition) => addition.text.replace(LINE_END, end)).join(end);
  return text === "" || text === BOM || /[\r\n]$/.test(text) ? lines + end : end + lines;
}

/** Index in `taken` (sorted) where a range goes that neither overlaps nor touches any of them. */
function freePlace(taken: readonly Edit[], { start, end }: Span): number | undefined {
  const place = countBefore(taken, ({ span }) => span.end < start);
  const next = taken[place];
  return next && next.span.start <= end ? undefined : place;
}

/** `text` with edits that are sorted and do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  return written(text, rewritten(whole(text), edits));
}

/** A text that nothing has been done to. */
export const whole = (text: string): readonly Piece[] => [{ start: 0, end: text.length }];

/** Pieces after edits whose offsets are those of the text that `pieces` stand for. Linear. */
export function rewritten(pieces: readonly Piece[], edits: readonly Edit[]): readonly Piece[] {
  const result: Piece[] = [];
  let index = 0;
  let used = 0;
  const take = (count: number, keep: boolean) => {
    let rest = count;
    while (rest > 0 && index < pieces.length) {
      const piece = pieces[index]!;
      const length = lengthOf(piece);
      const part = Math.min(rest, length - used);
      if (keep && part > 0) result.push(partOf(piece, used, used + part));
      used += part;
      rest -= part;
      if (used === length) [index, used] = [index + 1, 0];
    }
  };
  let at = 0;
  for (const { span, text } of edits) {
    take(span.start - at, true);
    take(span.end - span.start, false);
    if (text) result.push(text);
    at = span.end;
  }
  take(Number.POSITIVE_INFINITY, true);
  return result;
}

const lengthOf = (piece: Piece): number => (typeof piece === "string" ? piece.length : piece.end - piece.start);

const partOf = (piece: Piece, from: number, to: number): Piece =>
  typeof piece === "string" ? piece.slice(from, to) : { start: piece.start + from, end: piece.start + to };

/** The text that pieces of `original` stand for. */
export const written = (original: string, pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === "string" ? piece : original.slice(piece.start, piece.end))).join("");
