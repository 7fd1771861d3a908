/** What git thinks of the files of one folder: repository, ignore rules from the outside in, and whether it is ignored. */
import { basename, dirname } from "node:path";
import type { GitState } from "../model.ts";
import { type OpenRepository, type Repository, repositoryAround } from "./git/repository.ts";
import { type IgnoreRule, parseIgnoreRules, verdict } from "./gitignore.ts";
import { readText } from "./read.ts";

interface Level {
  /** Folder that the rules are relative to, absolute, with a trailing `/`. */
  readonly base: string;
  readonly rules: readonly IgnoreRule[];
}

export interface Scope {
  /** Absolute, `/` separators, none at the end. */
  readonly folder: string;
  readonly repository: Repository | undefined;
  /** Weakest first. */
  readonly levels: readonly Level[];
  /** The folder itself or one above it is ignored. */
  readonly ignored: boolean;
}

export interface Standing {
  readonly git: GitState;
  readonly ignored: boolean;
}

/** The scope of any folder, found from its repository down. */
export function scopeOf(folder: string, open: OpenRepository): Scope {
  const repository = repositoryAround(folder, open);
  if (!repository) return { folder, repository, levels: gitignore(folder), ignored: false };
  const way: string[] = [];
  for (let at = folder; at !== repository.root; at = dirname(at)) way.unshift(basename(at));
  return way.reduce(inner, outermost(repository));
}

/** The scope of a folder directly below; `open` is given where the folder has a `.git` of its own. */
export function inner(outer: Scope, name: string, open?: unknown): Scope {
  const folder = join(outer.folder, name);
  const own = typeof open === "function" ? (open as OpenRepository)(folder) : undefined;
  if (own) return outermost(own);
  return {
    folder,
    repository: outer.repository,
    levels: [...outer.levels, ...gitignore(folder)],
    ignored: isIgnored(outer, name, true),
  };
}

const outermost = (repository: Repository): Scope => ({
  folder: repository.root,
  repository,
  levels: [{ base: slashed(repository.root), rules: repository.excludes }, ...gitignore(repository.root)],
  ignored: false,
});

function gitignore(folder: string): Level[] {
  const text = readText(join(folder, ".gitignore"));
  return text ? [{ base: slashed(folder), rules: parseIgnoreRules(text) }] : [];
}

/** By the nearest .gitignore that speaks about it (gitignore(5)): what is in an ignored folder can not come back. */
export function isIgnored(scope: Scope, name: string, folder: boolean): boolean {
  if (scope.ignored) return true;
  const path = join(scope.folder, name);
  for (let i = scope.levels.length - 1; i >= 0; i--) {
    const { base, rules } = scope.levels[i]!;
    const ignored = verdict(rules, path.slice(base.length), folder);
    if (ignored !== undefined) return ignored;
  }
  return false;
}

/** State of one file of the folder. */
export function standing(scope: Scope, name: string): Standing {
  const ignored = isIgnored(scope, name, false);
  const { repository } = scope;
  const tracked = repository?.tracks(join(scope.folder, name).slice(slashed(repository.root).length));
  return { git: tracked === undefined ? "unknown" : tracked ? "tracked" : ignored ? "ignored" : "untracked", ignored };
}

/** Is anything tracked below this folder of the scope? */
export const tracksBelow = ({ folder, repository }: Scope, name: string): boolean =>
  repository?.tracksBelow(join(folder, name).slice(slashed(repository.root).length)) ?? false;

export const slashed = (folder: string): string => (folder.endsWith("/") ? folder : `${folder}/`);

export const join = (folder: string, name: string): string => slashed(folder) + name;
