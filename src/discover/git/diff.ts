/** Output of `git diff` → what changed, lines that only moved left out. */
import type { Changes, FileChange } from "../../model/changes.ts";

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

interface Line {
  /** Of the new text; for a removed line the one that stands before it. */
  readonly at: number;
  /** Of the text that it is in. */
  readonly row: number;
  readonly text: string;
}

/** A file without lines to compare: all of it counts. */
export const WHOLE: FileChange = { written: [[1, Number.POSITIVE_INFINITY]], removed: [] };

/**
 * Reads `git diff --no-renames -U0` with the prefixes `a/` and `b/` (diff format of git). Total and linear. At least
 * three lines that go in one place and come in another of the same file, in order and unchanged, were moved: neither
 * written nor removed.
 */
export function parseDiff(output: string): Changes {
  const changes = new Map<string, FileChange>();
  const lines = output.split("\n");
  let path: string | undefined;
  let written: Line[] = [];
  let removed: Line[] = [];
  let whole = false;
  const finish = () => {
    if (path !== undefined) changes.set(path, whole ? WHOLE : withoutMoves(written, removed));
    written = [];
    removed = [];
    whole = false;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.startsWith("diff --git ")) {
      finish();
      path = pathOf(line.slice("diff --git ".length));
    } else if (line.startsWith("Binary files ")) whole = true;
    const hunk = HUNK.exec(line);
    if (!hunk) continue;
    const old = Number(hunk[1]);
    const gone = Number(hunk[2] ?? 1);
    const first = Number(hunk[3]);
    const come = Number(hunk[4] ?? 1);
    for (let n = 0; n < gone && lines[i + 1]?.startsWith("-"); n++) {
      removed.push({ at: come === 0 ? first : first - 1, row: old + n, text: lines[++i]!.slice(1) });
    }
    if (lines[i + 1]?.startsWith("\\")) i++;
    for (let n = 0; n < come && lines[i + 1]?.startsWith("+"); n++) {
      written.push({ at: first + n, row: first + n, text: lines[++i]!.slice(1) });
    }
  }
  finish();
  return changes;
}

/** `a/NAME b/NAME`, quoted as C strings where a name is odd: the same name twice, so the half of it is one. */
function pathOf(names: string): string {
  const half = names.slice((names.length + 1) / 2);
  return half.startsWith('"') ? unquoted(half.slice(1, -1)).slice(2) : half.slice(2);
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A C string as git writes it: bytes past ASCII as octal numbers. */
function unquoted(text: string): string {
  const bytes: Buffer[] = [];
  for (const [part, octal, letter] of text.matchAll(/\\([0-7]{3})|\\(.)|[^\\]+|\\$/gsu)) {
    if (octal !== undefined) bytes.push(Buffer.of(Number.parseInt(octal, 8) & 0xff));
    else if (letter === undefined) bytes.push(Buffer.from(part));
    else bytes.push(letter in ESCAPES ? Buffer.of(ESCAPES[letter]!) : Buffer.from(letter));
  }
  return Buffer.concat(bytes).toString("utf8");
}

/** Fewer lines than this are alike by chance. */
const SHORTEST_MOVE = 3;

function withoutMoves(written: readonly Line[], removed: readonly Line[]): FileChange {
  const starts = new Map<string, number[]>();
  for (let i = removed.length - SHORTEST_MOVE; i >= 0; i--) {
    const key = block(removed, i);
    const known = starts.get(key);
    if (known) known.push(i);
    else starts.set(key, [i]);
  }
  const left = new Set(removed.keys());
  const come: number[] = [];
  for (let i = 0; i < written.length; ) {
    const candidates = i + SHORTEST_MOVE <= written.length ? starts.get(block(written, i)) : undefined;
    let length = 0;
    for (let from = candidates?.pop(); from !== undefined && length === 0; from = candidates?.pop()) {
      while (left.has(from + length) && follows(written, i, length) && follows(removed, from, length)) {
        if (written[i + length]!.text !== removed[from + length]!.text) break;
        length++;
      }
      if (length < SHORTEST_MOVE) length = 0;
      for (let n = 0; n < length; n++) left.delete(from + n);
    }
    if (length === 0) come.push(written[i]!.at);
    i += Math.max(length, 1);
  }
  return {
    written: runs(come),
    removed: [...left].map((i) => ({ after: removed[i]!.at, text: removed[i]!.text })),
  };
}

const block = (lines: readonly Line[], from: number): string =>
  lines
    .slice(from, from + SHORTEST_MOVE)
    .map(({ text }) => text)
    .join("\n");

const follows = (lines: readonly Line[], from: number, length: number): boolean =>
  lines[from + length]?.row === lines[from]!.row + length;

function runs(numbers: readonly number[]): FileChange["written"] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}
