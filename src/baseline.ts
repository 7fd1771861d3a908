/** Findings that were there before the gate was: known, silent, and fewer with time. */
import { type Finding, order } from "./check.ts";
import type { Span } from "./model.ts";
import { contentFingerprint, subjectWithPath } from "./report/fingerprint.ts";
import { maskOf } from "./report/mask.ts";

/** Findings of one rule in one file that are alike. Nothing in it tells a secret. */
export interface BaselineEntry {
  readonly rule: string;
  /** From the root of the repository, outside of one from the root of the run. */
  readonly path: string;
  /** For the reader of the file: the fingerprint holds it too. */
  readonly subject: string;
  /** Of rule, subject and the text of the line without its secrets and indentation: it does not know the path. */
  readonly fingerprint: string;
  /** At least 1. */
  readonly count: number;
}

export interface BaselineOptions {
  readonly entries: readonly BaselineEntry[];
  /** `Deployment.sensitive`. */
  readonly sensitive: readonly Span[];
  /** From the root of the repository to that of the run: "" or ending in `/`. */
  readonly prefix: string;
  /** No file is at this path any more. */
  readonly gone: (path: string) => boolean;
  /** This run would have reported findings of that rule in that file. */
  readonly judged: (rule: string, path: string) => boolean;
}

export interface BaselineResult {
  /** Not in the baseline. */
  readonly kept: readonly Finding[];
  readonly known: readonly Finding[];
  /** Entries, or what is left of their counts, that no finding answers to any more. */
  readonly fixed: readonly BaselineEntry[];
  /** The baseline that would have been made now; of what this run did not look at the old entries. */
  readonly updated: readonly BaselineEntry[];
}

/**
 * Parts findings into those of the baseline and others. An entry answers for as many findings as it counts, the first in
 * the order of places, in its own file; if that file is gone, in any.
 */
export function applyBaseline(findings: readonly Finding[], options: BaselineOptions): BaselineResult {
  const { entries, gone, judged } = options;
  const current = identified(findings, options);
  const left = new Map<string, number>();
  const gather = (key: string, count: number) => left.set(key, (left.get(key) ?? 0) + count);
  const take = (key: string): boolean => {
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count > 0;
  };
  for (const entry of entries) gather(keyOf(entry), entry.count);
  const inPlace = new Set(current.filter(({ entry }) => take(keyOf(entry))));

  // Entries of files that are gone, by what remains of a finding that moves.
  const remaining = merged(entries).map((entry) => ({ ...entry, count: left.get(keyOf(entry)) ?? 0 }));
  const [lost, still] = parted(remaining, ({ path }) => gone(path));
  left.clear();
  for (const entry of lost) gather(contentKey(entry), entry.count);
  const moved = new Set(current.filter((one) => !inPlace.has(one) && take(contentKey(one.entry))));
  const unmoved = lost.map((entry) => {
    const count = Math.min(entry.count, left.get(contentKey(entry)) ?? 0);
    left.set(contentKey(entry), (left.get(contentKey(entry)) ?? 0) - count);
    return { ...entry, count };
  });

  const [known, kept] = parted(current, (one) => inPlace.has(one) || moved.has(one));
  const [fixed, unseen] = parted(still, ({ rule, path }) => judged(rule, path));
  return {
    kept: kept.map(({ finding }) => finding),
    known: known.map(({ finding }) => finding),
    fixed: merged([...fixed, ...unmoved]),
    updated: merged([...current.map(({ entry }) => entry), ...unseen]),
  };
}

interface Identified {
  readonly finding: Finding;
  readonly entry: BaselineEntry;
}

function identified(
  findings: readonly Finding[],
  { sensitive, prefix }: Pick<BaselineOptions, "sensitive" | "prefix">,
): readonly Identified[] {
  const mask = maskOf(sensitive);
  return findings.map((finding) => {
    const { path } = finding.span.file;
    return {
      finding,
      entry: {
        rule: finding.rule.meta.id,
        path: prefix + path,
        subject: subjectWithPath(finding.subject, path, prefix + path),
        fingerprint: contentFingerprint(finding, mask),
        count: 1,
      },
    };
  });
}

const contentKey = ({ rule, fingerprint }: BaselineEntry): string => `${rule}\0${fingerprint}`;
const keyOf = (entry: BaselineEntry): string => `${contentKey(entry)}\0${entry.path}`;

/** One entry a key, sorted by path, rule, subject and fingerprint; those that count nothing left out. */
function merged(entries: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const found = new Map<string, BaselineEntry>();
  for (const entry of entries) {
    if (entry.count <= 0) continue;
    const known = found.get(keyOf(entry));
    found.set(keyOf(entry), known ? { ...known, count: known.count + entry.count } : entry);
  }
  return [...found.values()].sort(
    (a, b) =>
      order(a.path, b.path) ||
      order(a.rule, b.rule) ||
      order(a.subject, b.subject) ||
      order(a.fingerprint, b.fingerprint),
  );
}

function parted<T>(all: readonly T[], first: (one: T) => boolean): readonly [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const one of all) parts[first(one) ? 0 : 1].push(one);
  return parts;
}
