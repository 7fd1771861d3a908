/** `--baseline`, `--changed-since`, `--staged`: what they read, what they tell, what they write. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { BaselineEntry } from "../baseline.ts";
import { formatBaseline, parseBaseline } from "../baseline-file.ts";
import { WHOLE } from "../discover/git/diff.ts";
import { locate } from "../discover/index.ts";
import type { Baseline } from "../gate.ts";
import type { Changes } from "../model/changes.ts";
import { plural } from "../report/report.ts";
import { visible } from "../report/visible.ts";
import type { LintOptions, LintResult } from "../run.ts";
import { UserError } from "../user-error.ts";
import type { FixCommand } from "./fix.ts";
import { writeWhole } from "./outputs.ts";
import type { Loaded, ProjectOptions } from "./project.ts";
import type { Streams } from "./streams.ts";

export interface GateCommand extends ProjectOptions {
  /** File of known findings. */
  readonly baseline?: string | undefined;
  /** Writes the findings of this run into it. */
  readonly updateBaseline?: boolean | undefined;
  /** Branch, tag or commit that the change starts from. */
  readonly changedSince?: string | undefined;
  /** The change is what is staged. */
  readonly staged?: boolean | undefined;
}

/** Throws `UserError` for options that contradict each other. */
export function checkGate(command: GateCommand & FixCommand): void {
  const { baseline, updateBaseline, changedSince, staged, configFromRef, fix, diff, stdinFilename } = command;
  const change = staged ? "--staged" : changedSince === undefined ? undefined : "--changed-since";
  const clash = (a: string, b: string, why = "") => {
    throw new UserError(`${a} and ${b} do not go together${why}`);
  };
  if (staged && changedSince !== undefined) clash("--staged", "--changed-since");
  if (updateBaseline && baseline === undefined) throw new UserError("--update-baseline needs --baseline FILE");
  if (updateBaseline && configFromRef !== undefined) clash("--update-baseline", "--config-from-ref");
  if (updateBaseline && (fix || diff)) clash("--update-baseline", fix ? "--fix" : "--diff");
  if (change && (fix || diff)) {
    clash(change, fix ? "--fix" : "--diff", ": fixes are made all over the project, paths and --only narrow them");
  }
  if (change && stdinFilename !== undefined) clash(change, "--stdin-filename");
}

/** What `lint` is to be given beside the usual: the project as it is to be read, and what the gate knows. */
export async function gateOf(
  command: GateCommand,
  loaded: Loaded,
  streams: Streams,
): Promise<{ readonly project: Loaded["project"] } & Pick<LintOptions, "baseline" | "changes" | "repositoryPrefix">> {
  const { repositoryPrefix } = loaded;
  const baseline = command.baseline === undefined ? undefined : await baselineOf(command, loaded, streams);
  return { ...(await changed(command, loaded)), baseline, repositoryPrefix };
}

async function changed(
  { changedSince, staged }: GateCommand,
  { project, repositoryPrefix }: Loaded,
): Promise<{ readonly project: Loaded["project"]; readonly changes?: Changes }> {
  const { repository } = project;
  if (!staged && changedSince === undefined) return { project };
  if (repository === undefined) {
    throw new UserError(`${staged ? "--staged" : "--changed-since"} needs a git repository, and there is none here`);
  }
  const { blobs, changesSince, stagedChanges } = await import("../discover/git/reading.ts");
  if (changedSince !== undefined) {
    const changes = await changesSince(repository, changedSince, repositoryPrefix);
    const untracked = project.files.filter(({ git }) => git === "untracked");
    return {
      project,
      changes: new Map([...changes, ...untracked.map(({ path }) => [repositoryPrefix + path, WHOLE] as const)]),
    };
  }
  // What will be committed is what is checked, whatever the work tree says by now.
  const changes = await stagedChanges(repository, repositoryPrefix);
  const nameOf = (path: string) => `:${repositoryPrefix}${path}`;
  const names = project.files.map(({ path }) => path).filter((path) => changes.has(repositoryPrefix + path));
  const texts = await blobs(repository, names.map(nameOf));
  const files = project.files.map((file) => ({ ...file, text: texts.get(nameOf(file.path)) ?? file.text }));
  return { project: { ...project, files }, changes };
}

/** Bytes. */
const LARGEST = 64 << 20;

async function baselineOf(command: GateCommand, { project, revision }: Loaded, { cwd }: Streams): Promise<Baseline> {
  const name = command.baseline!;
  const file = resolve(cwd, name);
  const text = revision ? await revision.read(file) : read(file, name);
  if (text === undefined && !command.updateBaseline) {
    throw new UserError(
      revision
        ? `baseline ${name} does not exist in ${revision.ref}`
        : `baseline ${name} does not exist; --update-baseline makes it`,
    );
  }
  const target = locate(command.paths, cwd, command.stdinFilename);
  const base = project.repository ?? project.root;
  const at = (path: string) => `${base.replace(/\/$/, "")}/${path}`;
  const loaded = new Set(project.files.map(({ path }) => at(path)));
  return {
    update: command.updateBaseline ?? false,
    entries: text === undefined ? [] : parseBaseline(text, revision ? `${revision.ref}:${name}` : name),
    gone: (path) => !loaded.has(at(path)) && !existsSync(at(path)),
    inScope: (path) =>
      target.files.includes(at(path)) ||
      target.folders.some((folder) => at(path).startsWith(folder.endsWith("/") ? folder : `${folder}/`)),
  };
}

function read(file: string, name: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isFile()) throw new UserError(`baseline ${name} is not a file`);
  if (stat.size > LARGEST) throw new UserError(`baseline ${name} is larger than 64 MiB`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UserError(`baseline ${name} can not be read`);
  }
}

/** Writes the baseline if it is to be written, and says what the gate held back. */
export function finishGate(
  command: GateCommand,
  { baseline, elsewhere, model }: LintResult,
  { cwd, err }: Streams,
): void {
  const { baseline: name, updateBaseline, changedSince, staged } = command;
  if (staged || changedSince !== undefined) {
    const what = staged ? "what is staged" : `what changed since ${visible(changedSince ?? "")}`;
    err.write(`Only ${what} is judged: ${plural(elsewhere, "finding")} elsewhere left out\n`);
  }
  if (name === undefined || !baseline) return;
  const { fixed, updated } = baseline;
  const done = fixed.slice(0, MOST_NAMED).map((entry) => `  ${visible(entry.path)}: ${visible(entry.rule)}\n`);
  if (total(fixed)) {
    const advice = updateBaseline ? "dropped" : "--update-baseline drops them";
    err.write(`No longer found of the baseline: ${plural(total(fixed), "finding")}, ${advice}\n${done.join("")}`);
    if (fixed.length > MOST_NAMED) err.write(`  and ${fixed.length - MOST_NAMED} more entries\n`);
  }
  if (!updateBaseline || !model.files.length) return;
  const text = formatBaseline(updated);
  if (read(resolve(cwd, name), name) !== text) writeWhole(name, text, cwd);
  err.write(`Baseline ${visible(name)}: ${plural(total(updated), "finding")}\n`);
}

/** Longer lists name their first entries and count the rest. */
const MOST_NAMED = 10;

const total = (entries: readonly BaselineEntry[]): number => entries.reduce((sum, entry) => sum + entry.count, 0);
