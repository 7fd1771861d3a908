/** A git repository read from its files: no process is started, no hook, filter or monitor of it ever runs. */
import { existsSync, lstatSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type IgnoreRule, parseIgnoreRules } from "../gitignore.ts";
import { readRegular, readText } from "../read.ts";
import { parseGitConfig } from "./config-file.ts";
import { parseIndex } from "./index-file.ts";

/** What discovery asks a repository. Paths are relative to its work tree, with `/`. */
export interface Repository {
  /** Absolute folder of the work tree. */
  readonly root: string;
  /** Rules that hold everywhere, weakest first: `core.excludesFile`, then `info/exclude`. */
  readonly excludes: readonly IgnoreRule[];
  /** Undefined: not known. */
  tracks(path: string): boolean | undefined;
  /** Is anything tracked below this folder? */
  tracksBelow(folder: string): boolean;
  /** What could not be read, in words for a person. */
  readonly notice?: string;
}

/** Opens the repository whose work tree is exactly this folder. */
export type OpenRepository = (folder: string) => Repository | undefined;

const LARGEST_INDEX = 256 << 20;

export const openRepository: OpenRepository = (folder) => {
  const gitFolder = gitFolderOf(folder);
  if (!gitFolder || !existsSync(join(gitFolder, "HEAD"))) return undefined;
  const common = commonFolder(gitFolder);
  const config = settingsOf(common);
  if (config.get("core.bare") === "true") return undefined;
  const state = index(gitFolder, config.get("extensions.objectformat") === "sha256" ? 32 : 20);
  return {
    root: folder,
    excludes: [
      ...parseIgnoreRules(readText(excludesFile(config, folder)) ?? ""),
      ...parseIgnoreRules(readText(join(common, "info", "exclude")) ?? ""),
    ],
    ...state,
  };
};

/** The configuration of the repository whose work tree is this folder, as `parseGitConfig` has it; empty where there is none. */
export function repositorySettings(folder: string): ReadonlyMap<string, string> {
  const gitFolder = gitFolderOf(folder);
  return gitFolder ? settingsOf(commonFolder(gitFolder)) : new Map();
}

const settingsOf = (common: string): ReadonlyMap<string, string> =>
  parseGitConfig(readText(join(common, "config")) ?? "");

/** `.git` itself, or where the `.git` file of a worktree or submodule points to. */
function gitFolderOf(folder: string): string | undefined {
  const path = join(folder, ".git");
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (stat.isDirectory()) return path;
  const target = /^gitdir: ([^\r\n]+)/.exec(readText(path, 1 << 16) ?? "")?.[1];
  return target && resolve(folder, target);
}

/** A worktree keeps configuration and exclusions in the repository it belongs to. */
function commonFolder(gitFolder: string): string {
  const target = readText(join(gitFolder, "commondir"), 1 << 16)?.trim();
  return target ? resolve(gitFolder, target) : gitFolder;
}

/** In a container nobody has to be known by name: then there is no home, and nothing in it. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return "/";
  }
}

function excludesFile(config: ReadonlyMap<string, string>, folder: string): string {
  const home = homeFolder();
  const xdg = process.env.XDG_CONFIG_HOME || join(home, ".config");
  const sources = () => [join(home, ".gitconfig"), join(xdg, "git", "config"), "/etc/gitconfig"];
  let path = config.get("core.excludesfile");
  for (const source of path === undefined ? sources() : []) {
    path ??= parseGitConfig(readText(source) ?? "").get("core.excludesfile");
  }
  if (!path) return join(xdg, "git", "ignore");
  if (path.startsWith("~/")) return join(home, path.slice(2));
  return isAbsolute(path) ? path : join(folder, path);
}

function index(gitFolder: string, hashSize: 20 | 32): Pick<Repository, "tracks" | "tracksBelow" | "notice"> {
  const path = join(gitFolder, "index");
  if (!existsSync(path)) return { tracks: () => false, tracksBelow: () => false };
  const read = readRegular(path, LARGEST_INDEX);
  const parsed = "bytes" in read ? parseIndex(read.bytes, hashSize) : read;
  if ("reason" in parsed) {
    const notice = `what git tracks is unknown: its index can not be read (${parsed.reason})`;
    return { tracks: () => undefined, tracksBelow: () => false, notice };
  }
  let folders: ReadonlySet<string> | undefined;
  return {
    tracks: (file) =>
      parsed.paths.has(file) || (parsed.sparse.some((prefix) => file.startsWith(prefix)) ? undefined : false),
    tracksBelow: (folder) => {
      folders ??= foldersOf(parsed.paths);
      return folders.has(folder);
    },
  };
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** The repository that holds a folder: its own or the nearest above. */
export function repositoryAround(folder: string, open: OpenRepository): Repository | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const repository = open(at);
    if (repository || dirname(at) === at) return repository;
  }
}
