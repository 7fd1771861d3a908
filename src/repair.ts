/** Lints, fixes and lints again until nothing is left that a fix can do. Writes nothing: the result says what would change. */
import type { Finding } from "./check.ts";
import { edited, offers, type Pass, type Piece, pass, rewritten, type Safety, whole } from "./fix.ts";
import type { Deployment, SourceFile } from "./model.ts";
import { type LintOptions, type LintResult, lint, type Project } from "./run.ts";

type Edits = Pass["edits"];

/** A fix may make room for another one, or bring up what it hid; a healthy set of rules needs two or three passes. */
const MOST_PASSES = 10;

export interface RepairOptions extends LintOptions {
  readonly safety: Safety;
  /** Of the fixes that `safety` allows, those that are wanted; undefined: all. */
  readonly wanted?: (finding: Finding) => boolean;
  /** Files with the git state that they have once they are as they are here: an ignore file may be among them. */
  readonly restated?: (files: readonly SourceFile[]) => readonly SourceFile[];
}

/** What became of a file. */
export interface Change {
  readonly before: SourceFile;
  readonly after: SourceFile;
  /** `after.text` by its pieces of `before.text`. */
  readonly pieces: readonly Piece[];
}

export interface Repaired {
  /** Before the first pass. */
  readonly before: LintResult;
  /** After the last one: what is left. */
  readonly after: LintResult;
  /** In the order in which they were fixed. */
  readonly fixed: readonly Finding[];
  /** In the order of paths; every text differs. */
  readonly changes: readonly Change[];
  /** Paths of files that a fix would have made unreadable: they keep what they had, and that is a bug of ours. */
  readonly declined: readonly string[];
}

/**
 * At most ten passes over the whole project; every pass is parsed anew. A pass that makes a file unreadable is taken back
 * and done again without the fixes that touch that file. Never throws for bad input.
 */
export async function repair(project: Project, options: RepairOptions): Promise<Repaired> {
  const before = await lint(project, options);
  const fixed: Finding[] = [];
  const pieces = new Map<string, readonly Piece[]>();
  const declined = new Set<string>();
  const wanted = (finding: Finding) =>
    offers(finding, options.safety) &&
    (options.wanted?.(finding) ?? true) &&
    !finding.fix?.edits.some(({ span }) => declined.has(span.file.path));

  let after = before;
  for (let passes = 0; passes < MOST_PASSES; passes++) {
    const next = pass(after.findings, wanted);
    if (!next.fixed.length) break;
    const tried = await lint(withEdits(after.project, next.edits, options), options);
    const broken = brokenBy(after.model, tried.model, next.edits);
    if (broken.length) {
      for (const path of broken) declined.add(path);
      continue;
    }
    for (const [file, edits] of next.edits) {
      pieces.set(file.path, rewritten(pieces.get(file.path) ?? whole(file.text), edits));
    }
    fixed.push(...next.fixed);
    after = tried;
  }
  return { before, after, fixed, changes: changes(before.project, after.project, pieces), declined: [...declined] };
}

function withEdits(project: Project, edits: Edits, { restated = (files) => files }: RepairOptions): Project {
  const files = project.files.map((file) => {
    const own = edits.get(file);
    return own ? { ...file, text: edited(file.text, own) } : file;
  });
  return { ...project, files: restated(files) };
}

function brokenBy(before: Deployment, after: Deployment, edits: Edits): readonly string[] {
  const count = ({ problems }: Deployment, path: string) =>
    problems.filter(({ kind, span }) => kind === "unreadable" && span.file.path === path).length;
  return [...edits.keys()].map(({ path }) => path).filter((path) => count(after, path) > count(before, path));
}

function changes(before: Project, after: Project, pieces: ReadonlyMap<string, readonly Piece[]>): readonly Change[] {
  const now = new Map(after.files.map((file) => [file.path, file]));
  return before.files
    .flatMap((file): Change[] => {
      const own = pieces.get(file.path);
      const fixed = now.get(file.path);
      return own && fixed && fixed.text !== file.text ? [{ before: file, after: fixed, pieces: own }] : [];
    })
    .sort((a, b) => (a.before.path < b.before.path ? -1 : 1));
}
