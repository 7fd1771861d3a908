/** Environment files in the history of a repository: the one place that starts a process, and only when asked to. */
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import type { HistoryEntry } from "../model.ts";
import { candidate, isEnvironmentFile } from "./language.ts";
import { stageOf } from "./stage.ts";

export interface History {
  readonly entries: readonly HistoryEntry[];
  /** Why the history is unknown or known in part only. */
  readonly notice?: string;
}

/** Whatever the configuration of the repository says, git starts nothing, fetches nothing and writes nothing. */
const CONFIGURATION = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
  "core.attributesFile=/dev/null",
  "diff.external=",
  "diff.submodule=short",
  "diff.ignoreSubmodules=all",
  "log.showSignature=false",
  "log.mailmap=false",
  "gpg.program=false",
  "gpg.ssh.program=false",
  "gpg.x509.program=false",
  "protocol.allow=never",
  "submodule.recurse=false",
];
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
const TIMEOUT = 30_000;
const LARGEST_OUTPUT = 64 << 20;

/**
 * The first commit that holds each live environment file that is not tracked any more. `root` and `repository`
 * are absolute; paths come relative to `root`, files outside of it are left out. Never throws.
 */
export function environmentHistory(
  repository: string,
  root: string,
  tracked: (path: string) => boolean,
): Promise<History> {
  const below = repository === root ? "" : `${root.slice(repository.length).replace(/^\//, "")}/`;
  const args = [
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    ...CONFIGURATION.flatMap((setting) => ["-c", setting]),
    "-C",
    repository,
    ...LOG,
    "--",
    ...PATHSPECS,
  ];
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1", GIT_PAGER: "cat", LC_ALL: "C" };
  // Of the executable's folder, since on some systems a program of the working directory would be found first.
  const cwd = dirname(process.execPath);
  return new Promise((resolve) => {
    execFile(
      "git",
      args,
      { cwd, env, timeout: TIMEOUT, maxBuffer: LARGEST_OUTPUT, encoding: "utf8" },
      (error, stdout) => {
        const entries = parseLog(stdout, below).filter(({ path }) => !tracked(path));
        resolve(error ? { entries, notice: `the history of git is not fully known: ${reason(error)}` } : { entries });
      },
    );
  });
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

function reason(error: Error & { code?: unknown; killed?: boolean }): string {
  if (error.killed) return "git took too long";
  if (error.code === "ENOENT") return "git is not installed";
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "it is too large";
  return "git log failed";
}
