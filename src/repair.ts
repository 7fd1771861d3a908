/** Lints, fixes and lints again until nothing is left that a fix can do. Writes nothing: the result says what would change. */
import type { Finding } from "./check.ts";
import { appended, edited, offers, type Pass, type Piece, pass, rewritten, type Safety, whole } from "./fix.ts";
import type { Deployment, SourceFile } from "./model.ts";
import { type Addition, type Edit, type Fix, ignoreLines } from "./rule.ts";
import { type LintOptions, type LintResult, lint, type Project } from "./run.ts";

/** A fix may make room for another one, or bring up what it hid; a healthy set of rules needs two or three passes. */
const MOST_PASSES = 10;

export interface RepairOptions extends LintOptions {
  readonly safety: Safety;
  /** Of the fixes that `safety` allows, those that are wanted; undefined: all. */
  readonly wanted?: (finding: Finding) => boolean;
  /**
   * A file that does not exist yet, as it would be read; undefined where there is something else already. Absent: no fix
   * that makes a file is made.
   */
  readonly created?: (path: string, text: string) => SourceFile | undefined;
  /** Files with the git state that they have once they are as they are here: an ignore file may be among them. */
  readonly restated?: (files: readonly SourceFile[]) => readonly SourceFile[];
}

/** What became of a file. */
export interface Change {
  /** Of a file that is made: one without text. */
  readonly before: SourceFile;
  readonly after: SourceFile;
  /** `after.text` by its pieces of `before.text`. */
  readonly pieces: readonly Piece[];
  /** "private": for the eyes of its owner alone. Absent: it was there. */
  readonly made?: "public" | "private";
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
  const made = new Map<string, "public" | "private">();
  const declined = new Set<string>();
  const closed = new Set<string>();
  const wanted = (finding: Finding) =>
    offers(finding, options.safety) &&
    (options.wanted?.(finding) ?? true) &&
    !pathsOf(finding.fix!).some((path) => declined.has(path) || closed.has(path)) &&
    (finding.fix!.additions ?? []).every((addition) => isPossible(addition, options));

  let after = before;
  for (let passes = 0; passes < MOST_PASSES; passes++) {
    const next = withIgnored(pass(after.findings, wanted), after.project, options);
    if (!next.fixed.length) break;
    const tried = await lint(withEdits(after.project, next, options), options);
    const touched = new Map([...next.additions.keys()].map((path) => [path, [] as readonly Edit[]]));
    for (const [{ path }, edits] of next.edits) touched.set(path, edits);
    const broken = brokenBy(after.model, tried.model, [...touched.keys()]);
    const open = openToGit(next, tried.project);
    if (broken.length || open.length) {
      for (const path of broken) declined.add(path);
      for (const path of open) closed.add(path);
      continue;
    }
    const were = new Map(after.project.files.map((file) => [file.path, file.text]));
    for (const [path, edits] of touched) {
      pieces.set(path, nextPieces(pieces.get(path), were.get(path) ?? "", edits, next.additions.get(path)));
    }
    for (const [path, added] of next.additions) {
      if (!were.has(path)) made.set(path, added.some((addition) => addition.private) ? "private" : "public");
    }
    fixed.push(...next.fixed);
    after = tried;
  }
  return {
    before,
    after,
    fixed,
    changes: changes(before.project, after.project, pieces, made),
    declined: [...declined],
  };
}

/** Of every file that a fix touches or adds to; one may be there twice. */
export const pathsOf = ({ edits, additions = [] }: Fix): readonly string[] => [
  ...edits.map(({ span }) => span.file.path),
  ...additions.map(({ path }) => path),
];

function withEdits(project: Project, { edits, additions }: Pass, options: RepairOptions): Project {
  const { created, restated = (files) => files } = options;
  const files = project.files.map((file) => {
    const [own, added] = [edits.get(file), additions.get(file.path)];
    if (!own && !added) return file;
    const text = own ? edited(file.text, own) : file.text;
    return { ...file, text: added ? text + appended(text, added) : text };
  });
  const there = new Set(files.map(({ path }) => path));
  const made = [...additions].flatMap(([path, added]) => {
    const file = there.has(path) ? undefined : created?.(path, appended("", added));
    return file ? modeOf(file, added) : [];
  });
  return { ...project, files: restated([...files, ...made]) };
}

/** What is private does not go into a file that git tracks. */
const isPossible = ({ path, file, private: own }: Addition, { created }: RepairOptions): boolean => {
  const target = file ?? created?.(path, "");
  return target !== undefined && !(own && target.git === "tracked");
};

/** Paths that would hold something private where git takes it along: no `.gitignore` can be written that names them. */
const openToGit = ({ additions }: Pass, { files }: Project): readonly string[] =>
  files.flatMap(({ path, git }) =>
    git === "untracked" && additions.get(path)?.some((addition) => addition.private) ? [path] : [],
  );

/** The pass with lines for `.gitignore` where something private is added to a file that git would take along. */
function withIgnored(next: Pass, { files }: Project, options: RepairOptions): Pass {
  const additions = new Map(next.additions);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const ignoreLine = ignoreLines(files);
  for (const [path, added] of next.additions) {
    if (!added.some((addition) => addition.private)) continue;
    const target = byPath.get(path) ?? options.created?.(path, "");
    if (target?.git !== "untracked") continue;
    const line = ignoreLine(path);
    const others = additions.get(line.path) ?? [];
    if (!others.some(({ key }) => key === line.key)) additions.set(line.path, [...others, line]);
  }
  return { ...next, additions };
}

const OWNER_ALONE = 0o600;

const modeOf = (file: SourceFile, added: readonly Addition[]): SourceFile =>
  added.some((addition) => addition.private) ? { ...file, mode: OWNER_ALONE } : file;

/** What a file consists of after a pass: edits first, then what is added behind them. */
function nextPieces(
  before: readonly Piece[] | undefined,
  text: string,
  edits: readonly Edit[],
  added: readonly Addition[] | undefined,
): readonly Piece[] {
  const pieces = rewritten(before ?? (text ? whole(text) : []), edits);
  return added ? [...pieces, appended(edited(text, edits), added)] : pieces;
}

/** Those of `paths` that can not be read any more, or have more places that can not. */
function brokenBy(before: Deployment, after: Deployment, paths: readonly string[]): readonly string[] {
  const [were, are] = [unreadable(before), unreadable(after)];
  return paths.filter((path) => (are.get(path) ?? 0) > (were.get(path) ?? 0));
}

/** How many places can not be read, by path. */
function unreadable({ problems }: Deployment): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, span } of problems) {
    if (kind === "unreadable") counts.set(span.file.path, (counts.get(span.file.path) ?? 0) + 1);
  }
  return counts;
}

function changes(
  before: Project,
  after: Project,
  pieces: ReadonlyMap<string, readonly Piece[]>,
  made: ReadonlyMap<string, "public" | "private">,
): readonly Change[] {
  const was = new Map(before.files.map((file) => [file.path, file]));
  return after.files
    .flatMap((fixed): Change[] => {
      const own = pieces.get(fixed.path);
      const file = was.get(fixed.path) ?? { ...fixed, text: "" };
      const how = made.get(fixed.path);
      return own && fixed.text !== file.text
        ? [{ before: file, after: fixed, pieces: own, ...(how && { made: how }) }]
        : [];
    })
    .sort((a, b) => (a.before.path < b.before.path ? -1 : 1));
}
