/** Findings that a change is about. */
import type { Finding } from "./check.ts";
import type { Changes, FileChange } from "./model/changes.ts";
import type { SourceFile, Span } from "./model.ts";
import { spanOf } from "./rule.ts";
import { countBefore } from "./sorted.ts";

/**
 * Keeps the findings whose deciding place or a related one is in lines that were written. Of those about something left
 * out also the one that the change left out itself: a removed line begins with a word of its remedy, and no finding of
 * that rule stands between. `prefix`: from the root of the repository to that of the run, "" or ending in `/`.
 */
export function changedFindings(findings: readonly Finding[], changes: Changes, prefix: string): readonly Finding[] {
  const starts = new Map<SourceFile, readonly number[]>();
  const lineOf = (file: SourceFile, offset: number): number => {
    const known = starts.get(file) ?? lineStarts(file.text);
    starts.set(file, known);
    return countBefore(known, (start) => start <= offset);
  };
  const wrote = ({ file, start, end }: Span): boolean => {
    const change = changes.get(prefix + file.path);
    if (!change) return false;
    const first = lineOf(file, start);
    const last = lineOf(file, Math.max(start, end - 1));
    const run = change.written[countBefore(change.written, ([from]) => from <= last) - 1];
    return run !== undefined && run[1] >= first;
  };
  const uncovered = new Set<Finding>();
  for (const [file, implied] of impliedByFile(findings)) {
    const change = changes.get(prefix + file.path);
    if (change?.removed.length) removals(change, implied, (offset) => lineOf(file, offset), uncovered);
  }
  return findings.filter(
    (finding) => uncovered.has(finding) || wrote(finding.span) || finding.related.some(({ at }) => wrote(spanOf(at))),
  );
}

/** Findings about what nobody wrote, by file and rule, each list in the order of places. */
function impliedByFile(findings: readonly Finding[]): ReadonlyMap<SourceFile, ReadonlyMap<string, readonly Finding[]>> {
  const files = new Map<SourceFile, Map<string, Finding[]>>();
  for (const finding of findings) {
    if (!finding.implied) continue;
    const rules = files.get(finding.span.file) ?? new Map<string, Finding[]>();
    files.set(finding.span.file, rules);
    const same = rules.get(finding.rule.meta.id);
    if (same) same.push(finding);
    else rules.set(finding.rule.meta.id, [finding]);
  }
  return files;
}

function removals(
  { removed }: FileChange,
  implied: ReadonlyMap<string, readonly Finding[]>,
  lineOf: (offset: number) => number,
  into: Set<Finding>,
): void {
  const remedies = new Map<Finding, ReadonlySet<string>>();
  for (const { after, text } of removed) {
    const word = /^[\s"'-]*([\w.-]+)/.exec(text)?.[1];
    if (word === undefined) continue;
    for (const findings of implied.values()) {
      const finding = findings[countBefore(findings, ({ span }) => lineOf(span.start) <= after) - 1];
      if (!finding) continue;
      const remedy = remedies.get(finding) ?? words(finding);
      remedies.set(finding, remedy);
      if (remedy.has(word)) into.add(finding);
    }
  }
}

/** What the remedy writes. */
const words = ({ snippet = "", fix }: Finding): ReadonlySet<string> =>
  new Set([snippet, ...(fix?.edits ?? []).map(({ text }) => text)].join("\n").match(/[\w.-]+/g) ?? []);

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
