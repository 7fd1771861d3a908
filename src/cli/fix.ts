/** `lint --fix` and `lint --diff`: what is written or shown, and a line about it. */

import type { Finding } from "../check.ts";
import { created, restated } from "../discover/restate.ts";
import { offers, type Safety } from "../fix.ts";
import { type Change, pathsOf, type Repaired, type RepairOptions, repair } from "../repair.ts";
import { unifiedDiff } from "../report/diff.ts";
import { maskOf } from "../report/mask.ts";
import { plural } from "../report/report.ts";
import { visible } from "../report/visible.ts";
import type { LintOptions, LintResult } from "../run.ts";
import { UserError } from "../user-error.ts";
import { paintFor } from "./color.ts";
import type { Loaded } from "./project.ts";
import type { Streams } from "./streams.ts";
import { type Rewrite, rewriteAll, undisturbed } from "./write.ts";

type Made = NonNullable<RepairOptions["created"]>;

export interface FixCommand {
  /** Undefined: nothing is written. */
  readonly fix?: Safety | undefined;
  /** A unified diff instead of writing. */
  readonly diff?: boolean | undefined;
  readonly stdinFilename?: string | undefined;
  readonly color?: boolean | undefined;
}

/**
 * Fixes what `wanted` lets through and writes the files, or prints the diff. Returns what is left: after a diff all of
 * it, for nothing has changed. Throws `UserError`; then no file has changed.
 */
export async function fixed(
  { project, settings, displayPrefix }: Loaded,
  options: LintOptions,
  wanted: (finding: Finding) => boolean,
  command: FixCommand,
  streams: Streams,
): Promise<{ readonly result: LintResult; readonly notice: string }> {
  const safety = command.fix ?? "safe";
  if (!command.diff && command.stdinFilename !== undefined) {
    throw new UserError("standard input can not be fixed in place, use --diff");
  }
  const made = created(project, settings.stageOf);
  const repaired = await repair(project, { ...options, safety, wanted, created: made, restated });
  const { before, after, changes } = repaired;
  if (command.diff) {
    const masks = { before: maskOf(before.model.sensitive), after: maskOf(after.model.sensitive) };
    const paint = await paintFor(streams.out, streams.env, command.color);
    streams.out.write(unifiedDiff(changes, { masks, paint, displayPrefix }));
  } else if (changes.length) {
    await undisturbed(() => rewriteAll(project.root, changes.toSorted(byCare).map(rewriteFrom(displayPrefix))));
  }
  return {
    result: command.diff ? before : after,
    notice: notice(repaired, { safety, wanted, made, displayPrefix, diff: command.diff ?? false }),
  };
}

const rewriteFrom =
  (displayPrefix: string) =>
  ({ before, after, made }: Change): Rewrite => ({
    path: after.path,
    shownAs: displayPrefix + after.path,
    before: made ? undefined : before.text,
    after: after.text,
    mode: made === "private" ? after.mode : undefined,
  });

/** What keeps a secret out of the repository is written before the secret, and the secret before it leaves its old place. */
const byCare = (a: Change, b: Change): number => care(a) - care(b);
const care = ({ after }: Change): number => ({ ignore: 0, dotenv: 1 })[after.language as string] ?? 2;

/** "compose.yaml: container/unhardened 2, network/app-port-exposed", a line for each file. */
function told(changes: readonly Change[], fixed: readonly Finding[]): readonly string[] {
  const byPath = new Map<string, Map<string, number>>(changes.map(({ after }) => [after.path, new Map()]));
  for (const { rule, fix } of fixed) {
    const { id } = rule.meta;
    for (const path of new Set(fix ? pathsOf(fix) : [])) {
      const rules = byPath.get(path);
      rules?.set(id, (rules.get(id) ?? 0) + 1);
    }
  }
  return changes.map(({ after: { path }, made }) => {
    const rules = [...byPath.get(path)!].sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = rules.map(([id, many]) => (many > 1 ? `${id} ${many}` : id));
    return `${visible(path)}${made ? " (new)" : ""}${parts.length ? `: ${parts.join(", ")}` : ""}`;
  });
}

/** What a person runs to complete the fixes. */
const commands = (fixed: readonly Finding[]): readonly string[] => {
  const all = new Set(fixed.flatMap(({ fix }) => fix?.command ?? []));
  return all.size ? ["Still to be run by you:", ...[...all].map((command) => `  ${visible(command)}`)] : [];
};

/** Credentials that left a file which git tracks are in its history all the same. */
function rotation(fixed: readonly Finding[], displayPrefix: string): readonly string[] {
  const moved = fixed.flatMap(({ fix }) => (fix?.additions?.some((each) => each.private) ? fix.edits : []));
  const paths = new Set(moved.flatMap(({ span: { file } }) => (file.git === "tracked" ? [file.path] : [])));
  const names = [...paths].sort().map((path) => visible(displayPrefix + path));
  return names.length
    ? [`To be rotated, for git may have them in its history: credentials of ${names.join(", ")}`]
    : [];
}

/** Files that keep fixes from being made, each with the reason. */
function obstacles(waiting: readonly Finding[], made: Made, displayPrefix: string): readonly string[] {
  const reasons = new Map<string, string>();
  for (const { edits, additions = [] } of waiting.flatMap(({ fix }) => fix ?? [])) {
    const files = [...edits.map(({ span }) => span.file), ...additions.map(({ file }) => file)];
    for (const file of files) if (file?.context) reasons.set(file.path, "was not named, so it is only read");
    for (const { path, file, private: own } of additions) {
      const target = file ?? made(path, "");
      if (!target) reasons.set(path, "is something else than a file of text");
      else if (own && target.git === "tracked") reasons.set(path, "is tracked by git");
    }
  }
  const lines = [...reasons].sort(([a], [b]) => (a < b ? -1 : 1));
  return lines.length
    ? ["In the way:", ...lines.map(([path, reason]) => `  ${visible(displayPrefix + path)} ${reason}`)]
    : [];
}

/** What was fixed, what is left and why. */
function notice(
  { fixed, changes, after, declined }: Repaired,
  {
    safety,
    wanted,
    made,
    displayPrefix,
    diff,
  }: {
    readonly safety: Safety;
    readonly wanted: (finding: Finding) => boolean;
    readonly made: Made;
    readonly displayPrefix: string;
    readonly diff: boolean;
  },
): string {
  const left = after.findings.filter(wanted);
  const waiting = left.filter((finding) => offers(finding, safety));
  const review = left.filter((finding) => offers(finding, "unsafe")).length - waiting.length;
  const person = left.length - waiting.length - review;
  const unsafe = fixed.filter(({ fix }) => fix?.safety === "unsafe").length;
  const done = `${plural(fixed.length, "finding")} in ${plural(changes.length, "file")}${unsafe ? ` (${unsafe} to review)` : ""}`;
  const reasons = [
    ...(review ? [`${review} with a fix that needs review (${diff ? "--diff " : ""}--fix=unsafe)`] : []),
    ...(waiting.length ? [`${waiting.length} with a fix that can not be made here`] : []),
    ...(person ? [`${person} for a person to decide`] : []),
  ];
  return [
    `${diff ? "Would fix" : "Fixed"} ${done}, ${left.length} left${reasons.length ? `: ${reasons.join(", ")}` : ""}`,
    ...told(changes, fixed).map((line) => `  ${visible(displayPrefix)}${line}`),
    ...obstacles(waiting, made, displayPrefix),
    ...commands(fixed),
    ...rotation(fixed, displayPrefix),
    ...declined.map((path) => `Not fixed: ${JSON.stringify(path)} would not be readable any more, please report it`),
    "",
  ].join("\n");
}
