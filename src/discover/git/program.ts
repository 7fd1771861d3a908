/** The one place that starts a process: git, as a reader. It starts nothing itself, fetches nothing and writes nothing. */
import { execFile } from "node:child_process";
import { dirname } from "node:path";

/** Whatever the configuration of the repository says. */
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
const TIMEOUT = 30_000;
const LARGEST_OUTPUT = 256 << 20;

export interface GitOutput {
  /** What came out until it ended or failed. */
  readonly bytes: Buffer;
  readonly failure?: {
    /** Exit code; undefined where git did not end by itself or is not there. */
    readonly code?: number;
    /** In words for a person, nothing of git's own output in them. */
    readonly reason: string;
  };
}

export interface GitInput {
  readonly stdin?: string;
  /** Settings that win over those of the repository. */
  readonly settings?: readonly (readonly [key: string, value: string])[];
}

/** Runs git in a folder. Never throws. A hook's `GIT_DIR` is not passed on: the folder alone says which repository. */
export function git(
  folder: string,
  args: readonly string[],
  { stdin, settings = [] }: GitInput = {},
): Promise<GitOutput> {
  const all = [
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    ...CONFIGURATION.flatMap((setting) => ["-c", setting]),
    "-C",
    folder,
    ...args,
  ];
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_EXTERNAL_DIFF: ___, ...inherited } = process.env;
  const before = Number(inherited.GIT_CONFIG_COUNT) || 0;
  const env = {
    ...inherited,
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_PAGER: "cat",
    LC_ALL: "C",
    ...(settings.length && { GIT_CONFIG_COUNT: String(before + settings.length) }),
    ...Object.fromEntries(
      settings.flatMap(([key, value], i) => [
        [`GIT_CONFIG_KEY_${before + i}`, key],
        [`GIT_CONFIG_VALUE_${before + i}`, value],
      ]),
    ),
  };
  // Of the executable's folder, since on some systems a program of the working directory would be found first.
  const cwd = dirname(process.execPath);
  return new Promise((resolve) => {
    const child = execFile(
      "git",
      all,
      { cwd, env, timeout: TIMEOUT, maxBuffer: LARGEST_OUTPUT, encoding: "buffer" },
      (error, bytes) => resolve(error ? { bytes, failure: failureOf(error, args[0] ?? "") } : { bytes }),
    );
    // A git that ended early closes the pipe; what it has to say comes with its end.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin ?? "");
  });
}

function failureOf(
  error: Error & { code?: unknown; killed?: boolean },
  command: string,
): NonNullable<GitOutput["failure"]> {
  if (error.code === "ENOENT") return { reason: "git is not installed" };
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { reason: "it is too large" };
  if (error.killed) return { reason: "git took too long" };
  const reason = `git ${command} failed`;
  return typeof error.code === "number" ? { code: error.code, reason } : { reason };
}
