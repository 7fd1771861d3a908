/** 1  Folder → SourceFile[] with git state and stage. The only reader of the project's disk; synchronous on purpose. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import type { HistoryEntry, Language, Presence, Skipped, SourceFile, Stage } from "../model.ts";
import { UserError } from "../user-error.ts";
import { type OpenRepository, openRepository } from "./git/repository.ts";
import { type Candidate, candidate, isEnvironmentFile, languageOf, limitOf } from "./language.ts";
import { type Listing, presenceIn } from "./presence.ts";
import { decode, readRegular } from "./read.ts";
import { type Scope, type Standing, scopeOf, slashed, standing } from "./scope.ts";
import { stageOf } from "./stage.ts";
import { walk } from "./walk.ts";

export type { OpenRepository, Repository } from "./git/repository.ts";
export { openRepository } from "./git/repository.ts";

/** What a run is about. All paths are absolute, with `/`. */
export interface Target {
  /** Paths of files are relative to it. */
  readonly root: string;
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

export interface DiscoverOptions {
  /** Folder that relative arguments start from. */
  readonly cwd: string;
  /** Files and folders that the configuration leaves out, by path relative to the root. */
  readonly ignores?: (path: string, folder: boolean) => boolean;
  /** Stage by the configuration; undefined: the name decides. */
  readonly stageOf?: (path: string) => Stage | undefined;
  readonly openRepository?: OpenRepository;
  /** Content for a name, which need not exist: it stands in the place of that file. */
  readonly stdin?: { readonly name: string; readonly text: string };
}

export interface Discovered {
  readonly files: readonly SourceFile[];
  readonly skipped: readonly Skipped[];
  readonly git: boolean;
  readonly history: readonly HistoryEntry[];
  /** Absolute, `/` separators. */
  readonly root: string;
  /** Work tree of the repository around the root. */
  readonly repository?: string;
  /** Regular files met, whatever their names. */
  readonly met: number;
  /** What is at a path below the root; undefined: nobody looked there. */
  readonly presence: (path: string) => Presence | undefined;
  /** What a person should know about git. */
  readonly notices: readonly string[];
}

/**
 * Resolves arguments: one folder is the root of the run; of several the nearest common folder; a file stands for its
 * folder. `standIn` is the name that standard input goes by, in the place of paths; it need not exist. Throws `UserError`
 * for a path that does not exist.
 */
export function locate(paths: readonly string[], cwd: string, standIn?: string): Target {
  if (standIn !== undefined) return inThePlaceOf(standIn, cwd);
  const folders: string[] = [];
  const files: string[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const stat = statSync(absolute, { throwIfNoEntry: false });
    if (!stat) throw new UserError(`path ${path} does not exist`);
    if (stat.isDirectory()) folders.push(slashes(realpathSync(absolute)));
    else files.push(slashes(resolve(realpathSync(dirname(absolute)), basename(absolute))));
  }
  return target(folders, files);
}

function target(folders: readonly string[], files: readonly string[]): Target {
  const root = commonFolder([...folders, ...files.map((file) => dirname(file))]);
  const outermost = [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && folder.startsWith(slashed(other))),
  );
  return { root, folders: outermost, files: [...new Set(files)] };
}

/** Reads what the arguments name. Throws `UserError` only; whatever can not be read is in `skipped`. */
export function discover(paths: readonly string[], options: DiscoverOptions): Discovered {
  const { root, folders, files } = locate(paths, options.cwd, options.stdin?.name);
  const open = options.openRepository ?? openRepository;
  const ignores = options.ignores ?? (() => false);
  const found = new Map<string, SourceFile>();
  const skipped: Skipped[] = [];
  const listings = new Map<string, Listing>();
  const repositories = new Map<string, Scope["repository"]>();
  let met = 0;

  const enter = (scope: Scope): Scope => {
    if (scope.repository) repositories.set(scope.repository.root, scope.repository);
    return scope;
  };
  const below = (path: string): string => path.slice(slashed(root).length);
  const skip = (path: string, reason: string) => skipped.push({ path, reason });
  const add = (path: string, text: string, language: Language, state: Standing, extra: Partial<SourceFile>) =>
    found.set(path, {
      path,
      text,
      language,
      git: state.git,
      ...(state.git === "tracked" && state.ignored && { alsoIgnored: true }),
      stage: options.stageOf?.(path) ?? stageOf(path),
      ...extra,
    });
  const read = (path: string, { language, named, content }: Candidate, state: Standing, context?: true) => {
    const file = readRegular(`${slashed(root)}${path}`, limitOf(language));
    const decoded = "bytes" in file ? decode(file.bytes) : file;
    if ("reason" in decoded) {
      if (named || !content || /\.ya?ml$/.test(path)) skip(path, decoded.reason);
    } else if (!content || content.test(decoded.text)) {
      add(path, decoded.text, language, state, { ...modeOf(file), ...(context && { context }) });
    }
  };

  for (const folder of folders) {
    walk(enter(scopeOf(folder, open)), {
      open,
      relative: below,
      leftOut: ignores,
      listed: (scope, entries) => listings.set(below(scope.folder), { scope, entries }),
      met: () => met++,
      file: read,
      skipped: skip,
      entered: enter,
    });
  }
  for (const file of files) {
    const path = below(file);
    if (ignores(path, false)) {
      skip(path, "left out by the configuration");
      continue;
    }
    const scope = enter(scopeOf(dirname(file), open));
    const state = standing(scope, basename(file));
    met++;
    if (found.has(path) && !options.stdin) continue;
    const given = options.stdin ? { text: options.stdin.text } : named(file, path);
    const language = "text" in given ? languageOf(path, given.text) : undefined;
    if ("reason" in given) skip(path, given.reason);
    else if (!language) skip(path, "neither its name nor its content says what it is");
    else add(path, given.text, language, state, modeOf(given));
    for (const neighbour of neighbours(dirname(file))) {
      const beside = below(`${slashed(dirname(file))}${neighbour}`);
      const kind = candidate(beside);
      if (kind && !found.has(beside) && !ignores(beside, false)) read(beside, kind, standing(scope, neighbour), true);
    }
  }

  const around = scopeRoot(root, repositories);
  const notices = [...repositories.values()].flatMap((repository) => repository?.notice ?? []);
  return {
    files: [...found.values()],
    skipped: skipped.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    git: [...found.values()].some(({ git }) => git !== "unknown"),
    history: [],
    root,
    presence: presenceIn(listings),
    ...(around !== undefined && { repository: around }),
    met,
    notices: [...new Set(notices)],
  };
}

const slashes = (path: string): string => (sep === "/" ? path : path.replaceAll(sep, "/"));

/** A name on standard input: its folder need not exist, its file neither. */
function inThePlaceOf(name: string, cwd: string): Target {
  const absolute = resolve(cwd, name);
  let folder = dirname(absolute);
  if (!relative(cwd, absolute).startsWith("..")) folder = resolve(realpath(cwd), dirname(relative(cwd, absolute)));
  return target([], [slashes(resolve(folder, basename(absolute)))]);
}

function realpath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** A file that was named on the command line: its language may follow from its content, so the larger limit holds. */
function named(
  file: string,
  path: string,
): { readonly text: string; readonly mode: number } | { readonly reason: string } {
  const read = readRegular(file, limitOf(candidate(path)?.language ?? "yaml"));
  if ("reason" in read) return read;
  const decoded = decode(read.bytes);
  return "reason" in decoded ? decoded : { text: decoded.text, mode: read.mode };
}

const modeOf = (read: object): { mode?: number } =>
  "mode" in read && typeof read.mode === "number" && process.platform !== "win32" ? { mode: read.mode } : {};

/** Names of the files beside a named one that decide what it means. */
function neighbours(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isContext(entry.name))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

const isContext = (name: string): boolean => {
  const found = candidate(name);
  return (
    !!found?.named &&
    (isEnvironmentFile(found) ||
      found.language === "dockerfile" ||
      found.language === "ignore" ||
      /^(?:docker-)?compose/i.test(name))
  );
};

function commonFolder(folders: readonly string[]): string {
  const [first = "/", ...rest] = folders.map((folder) => (folder === "/" ? [""] : folder.split("/")));
  let length = first.length;
  for (const other of rest) {
    let same = 0;
    while (same < length && first[same] === other[same]) same++;
    length = same;
  }
  const common = first.slice(0, length);
  return common.length <= 1 ? `${common[0] ?? ""}/` : (common as string[]).join("/");
}

/** The innermost repository that holds the root. */
function scopeRoot(root: string, repositories: ReadonlyMap<string, unknown>): string | undefined {
  return [...repositories.keys()]
    .filter((folder) => slashed(root).startsWith(slashed(folder)))
    .sort()
    .at(-1);
}
