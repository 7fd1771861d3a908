/** Environment files in the history of a repository, read only when asked to. */
import type { HistoryEntry } from "../model.ts";
import { git } from "./git/program.ts";
import { candidate, isEnvironmentFile } from "./language.ts";
import { stageOf } from "./stage.ts";

export interface History {
  readonly entries: readonly HistoryEntry[];
  /** Why the history is unknown or known in part only. */
  readonly notice?: string;
}

const LOG = [
  "log",
  "--all",
  "--full-history",
  "--no-renames",
  "--diff-filter=A",
  "--no-ext-diff",
  "--no-textconv",
  "--no-show-signature",
  "--no-color",
  "--format=%x01%H",
  "--name-only",
  "-z",
];
const PATHSPECS = [":(top,glob,icase)**/.env", ":(top,glob,icase)**/.env.*", ":(top,glob,icase)**/*.env"];

/**
 * The first commit that holds each live environment file that is not tracked any more. `root` and `repository`
 * are absolute; paths come relative to `root`, files outside of it are left out. Never throws.
 */
export async function environmentHistory(
  repository: string,
  root: string,
  tracked: (path: string) => boolean,
): Promise<History> {
  const below = repository === root ? "" : `${root.slice(repository.length).replace(/^\//, "")}/`;
  const { bytes, failure } = await git(repository, [...LOG, "--", ...PATHSPECS]);
  const entries = parseLog(bytes.toString("utf8"), below).filter(({ path }) => !tracked(path));
  return failure ? { entries, notice: `the history of git is not fully known: ${failure.reason}` } : { entries };
}

/** Output of `git log` as above: a commit after \x01, then paths, all ended by NUL; newest first. */
export function parseLog(output: string, below: string): readonly HistoryEntry[] {
  const found = new Map<string, HistoryEntry>();
  for (const group of output.split("\x01").slice(1)) {
    const [commit = "", ...paths] = group.split("\0").map((field) => field.replace(/^\n/, ""));
    for (const full of paths) {
      if (!full.startsWith(below)) continue;
      const path = full.slice(below.length);
      const kind = path ? candidate(path) : undefined;
      if (!kind || !isEnvironmentFile(kind) || stageOf(path) === "example") continue;
      found.set(path, { path, commit: commit.trim() });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
