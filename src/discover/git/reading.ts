/** What other commits and the index hold, and what changed since. Throws `UserError` where git can not tell. */
import { realpathSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Changes } from "../../model/changes.ts";
import { UserError } from "../../user-error.ts";
import { parseDiff } from "./diff.ts";
import { type GitInput, type GitOutput, git } from "./program.ts";

/** Every setting that could change the form of the output is given. */
const DIFF = [
  "--literal-pathspecs",
  "diff",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-renames",
  "--no-relative",
  "--ignore-submodules=all",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--patch",
  "-U0",
  "--inter-hunk-context=0",
  "--diff-algorithm=histogram",
];

/**
 * What the work tree changed since it parted from `ref`, below a folder ("" or ending in `/`) of the repository. Files
 * that git does not track are not in it.
 */
export async function changesSince(repository: string, ref: string, below: string): Promise<Changes> {
  const commit = await commitOf(repository, ref);
  const { bytes, failure } = await git(repository, ["merge-base", commit, "HEAD"]);
  if (failure) {
    throw new UserError(
      failure.code === 1
        ? `HEAD and ${ref} have no common commit here; a shallow clone needs more history (fetch-depth: 0)`
        : `what changed since ${ref} is not known: ${failure.reason}`,
    );
  }
  const base = bytes.toString("latin1").trim();
  return diff(repository, [base, "--", ...(below ? [below] : [])], `what changed since ${ref}`);
}

/** What the index changes in HEAD, below a folder as above. */
export const stagedChanges = (repository: string, below: string): Promise<Changes> =>
  diff(repository, ["--cached", "--", ...(below ? [below] : [])], "what is staged");

async function diff(repository: string, args: readonly string[], what: string): Promise<Changes> {
  const settings = await withoutFilters(repository);
  const { bytes, failure } = await git(repository, [...DIFF, ...args], { settings });
  if (failure) throw new UserError(`${what} is not known: ${failure.reason}`);
  return parseDiff(bytes.toString("utf8"));
}

/** Comparing files runs the programs of `filter.<name>.clean` (gitattributes): each that is configured is taken away. */
async function withoutFilters(repository: string): Promise<NonNullable<GitInput["settings"]>> {
  const { bytes } = await git(repository, ["config", "--null", "--name-only", "--get-regexp", "^filter\\."]);
  const names = bytes.toString("utf8").split("\0").filter(Boolean);
  const filters = new Set(names.map((name) => name.slice(0, name.lastIndexOf("."))));
  return [...filters].flatMap((filter) => [
    [`${filter}.clean`, ""] as const,
    [`${filter}.process`, ""] as const,
    [`${filter}.required`, "false"] as const,
  ]);
}

/** Full name of the commit that a branch, tag or commit names. */
async function commitOf(repository: string, ref: string): Promise<string> {
  if (ref === "" || ref.startsWith("-") || /[\p{Cc}\s]/u.test(ref)) {
    throw new UserError(`${JSON.stringify(ref)} is not the name of a commit`);
  }
  const { bytes, failure } = await git(repository, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  const commit = bytes.toString("latin1").trim();
  if (!failure && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new UserError(
    failure?.code === undefined || failure.code === 1
      ? `git knows no commit ${ref} here; a pipeline has to fetch it first (fetch-depth: 0, or origin/${ref})`
      : `git can not read the repository: ${failure.reason}`,
  );
}

/** Texts of blobs by object name (`COMMIT:path`, `:path` of the index), those that are not there left out. */
export async function blobs(repository: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const asked = names.filter((name) => !name.includes("\n"));
  if (asked.length === 0) return new Map();
  const output = await git(repository, ["cat-file", "--batch"], { stdin: `${asked.join("\n")}\n` });
  if (output.failure) throw new UserError(`git can not read its objects: ${output.failure.reason}`);
  return parseBatch(output, asked);
}

/** `<object> <type> <size>`, LF, the bytes, LF for each name in turn; one line that ends in `missing` for what is not there. */
function parseBatch({ bytes }: GitOutput, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  for (const name of names) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    const header = /^[0-9a-f]+ (\w+) (\d+)$/.exec(bytes.toString("utf8", at, end));
    at = end + 1;
    if (!header) continue;
    const size = Number(header[2]);
    if (header[1] === "blob") found.set(name, bytes.toString("utf8", at, at + size));
    at += size + 1;
  }
  return found;
}

/** A commit as a place to read files from. */
export interface Revision {
  /** Work tree, absolute. */
  readonly repository: string;
  /** As the user wrote it. */
  readonly ref: string;
  /** Text of the file that stands at this absolute path in the commit; undefined: none does. */
  readonly read: (file: string) => Promise<string | undefined>;
}

/** The commit that `ref` names in the repository around a folder. */
export async function revision(folder: string, ref: string): Promise<Revision> {
  const { bytes, failure } = await git(folder, ["rev-parse", "--show-toplevel"]);
  if (failure) throw new UserError(`nothing can be read from ${ref}: there is no git repository here`);
  const repository = bytes.toString("utf8").replace(/\r?\n$/, "");
  const commit = await commitOf(repository, ref);
  return {
    repository,
    ref,
    read: async (file) => {
      const path = relative(repository, join(real(dirname(file)), basename(file)));
      if (path.startsWith("..")) throw new UserError(`${file} is not in the repository, so not in ${ref}`);
      const name = `${commit}:${path.replaceAll(sep, "/")}`;
      return (await blobs(repository, [name])).get(name);
    },
  };
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
