/** Every regular file below a folder that git would list, and environment files that it ignores. Synchronous: 10× faster. */
import { type Dirent, existsSync, readdirSync } from "node:fs";
import type { OpenRepository } from "./git/repository.ts";
import { type Candidate, candidate, foreignFolder, isEnvironmentFile } from "./language.ts";
import { reasonOf } from "./read.ts";
import { inner, isIgnored, join, type Scope, type Standing, standing, tracksBelow } from "./scope.ts";

export interface WalkEvents {
  readonly open: OpenRepository;
  /** Path relative to the root of the run, of a folder that is walked or a link or file that is met. */
  relative(path: string): string;
  /** By the configuration. */
  leftOut(path: string, folder: boolean): boolean;
  /** A folder that is walked, with everything in it. */
  listed(scope: Scope, entries: readonly Dirent[]): void;
  /** Every regular file that git does not hide, whatever its name. */
  met(): void;
  file(path: string, found: Candidate, state: Standing): void;
  skipped(path: string, reason: string): void;
  /** A repository inside the one that was walked so far. */
  entered(scope: Scope): void;
}

/** Marks a Python virtual environment, whatever its name. */
const VIRTUAL = "pyvenv.cfg";

/** Walks from `start`. A start that is itself ignored is walked as if it were not: somebody asked for it. */
export function walk(start: Scope, events: WalkEvents): void {
  const hides = !start.ignored;
  const pending: Scope[] = [start];
  for (let scope = pending.pop(); scope; scope = pending.pop()) {
    for (const entry of entriesOf(scope, events)) {
      const path = events.relative(join(scope.folder, entry.name));
      if (entry.isDirectory()) {
        const next = folder(scope, entry.name, path, hides, events);
        if (next) pending.push(next);
      } else if (entry.isFile()) file(scope, entry.name, path, hides, events);
      else if (candidate(path)?.named && !events.leftOut(path, false)) {
        events.skipped(path, irregular(entry, join(scope.folder, entry.name)));
      }
    }
  }
}

function entriesOf(scope: Scope, events: WalkEvents): readonly Dirent[] {
  try {
    const entries = readdirSync(scope.folder, { withFileTypes: true });
    if (entries.some(({ name }) => name === VIRTUAL)) return [];
    events.listed(scope, entries);
    return entries;
  } catch (error) {
    events.skipped(`${events.relative(scope.folder)}/`, reasonOf(error));
    return [];
  }
}

function folder(scope: Scope, name: string, path: string, hides: boolean, events: WalkEvents): Scope | undefined {
  if (events.leftOut(path, true)) return undefined;
  const found = candidate(path);
  if (found && isEnvironmentFile(found) && !existsSync(`${join(scope.folder, name)}/${VIRTUAL}`)) {
    events.skipped(path, "a folder, not a file");
  }
  const hidden = hides && isIgnored(scope, name, true) && !tracksBelow(scope, name);
  if (hidden) return undefined;
  const foreign = foreignFolder(name);
  if (foreign) {
    if (foreign.reason) events.skipped(`${path}/`, foreign.reason);
    return undefined;
  }
  const next = inner(scope, name, existsSync(`${join(scope.folder, name)}/.git`) ? events.open : undefined);
  if (next.repository !== scope.repository) events.entered(next);
  return next;
}

function file(scope: Scope, name: string, path: string, hides: boolean, events: WalkEvents): void {
  if (events.leftOut(path, false)) return;
  const found = candidate(path);
  const state = standing(scope, name);
  const hidden = hides && state.ignored && state.git !== "tracked";
  if (hidden && !(found && isEnvironmentFile(found))) return;
  events.met();
  if (found) events.file(path, found, state);
}

function irregular(entry: Dirent, path: string): string {
  if (!entry.isSymbolicLink()) return "not a regular file";
  return existsSync(path) ? "a symbolic link, not followed" : "a symbolic link to nothing";
}
