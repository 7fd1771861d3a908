/** Where reports go: standard output and files, each file written as a whole or not at all. */
import { appendFileSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Reporter } from "../report/report.ts";
import { visible } from "../report/visible.ts";
import { UserError } from "../user-error.ts";
import type { Streams } from "./streams.ts";
import { unwritable } from "./unwritable.ts";

export const FORMATS = [
  "pretty",
  "json",
  "sarif",
  "github",
  "gitlab",
  "junit",
  "markdown",
  "checkstyle",
  "csv",
] as const;
export type Format = (typeof FORMATS)[number];

/** `file` "-" is standard output. */
export interface Destination {
  readonly format: Format;
  readonly file: string;
}

const REPORTERS: Readonly<Record<Format, () => Promise<Reporter>>> = {
  pretty: async () => (await import("../report/pretty.ts")).pretty,
  json: async () => (await import("../report/json.ts")).json,
  sarif: async () => (await import("../report/sarif.ts")).sarif,
  github: async () => (await import("../report/github.ts")).github,
  gitlab: async () => (await import("../report/gitlab.ts")).gitlab,
  junit: async () => (await import("../report/junit.ts")).junit,
  markdown: async () => (await import("../report/markdown.ts")).markdown,
  checkstyle: async () => (await import("../report/checkstyle.ts")).checkstyle,
  csv: async () => (await import("../report/csv.ts")).csv,
};

export const reporter = (format: Format): Promise<Reporter> => REPORTERS[format]();

/** `--format` and every `--output`. Throws `UserError` where two reports would share standard output or a file. */
export function destinations(format: Format | undefined, outputs: readonly Destination[]): readonly Destination[] {
  const all =
    format !== undefined || !outputs.some(({ file }) => file === "-")
      ? [{ format: format ?? "pretty", file: "-" }, ...outputs]
      : outputs;
  for (const [i, { file }] of all.entries()) {
    if (all.findIndex((other) => other.file === file) !== i) {
      throw new UserError(file === "-" ? "two reports for standard output" : `two reports for ${file}`);
    }
  }
  return all;
}

/** Bytes that GitHub takes of the job summary of a step: of more it takes nothing. */
const LARGEST_SUMMARY = 1 << 20;

/**
 * Behind what other commands of the step wrote into the job summary of GitHub Actions, which is one file for all of
 * them; never so much that their summaries would be lost.
 */
function appendSummary(file: string, text: string): void {
  const before = statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, "utf8") : "";
  const gap = before === "" ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const fits = (added: string): boolean => Buffer.byteLength(before + gap + added) <= LARGEST_SUMMARY;
  const note = "qwed-harden: the report is left out, for a job summary holds 1 MiB.\n";
  const added = [text, note].find(fits);
  if (added !== undefined) appendFileSync(file, gap + added);
}

/**
 * Through a file beside it, so that nobody ever sees half a report. Devices and pipes are written to, never replaced; a
 * link keeps pointing to its file; the file that `GITHUB_STEP_SUMMARY` names is appended to. Throws `UserError`.
 */
export function writeWhole(file: string, text: string, cwd: string, env: Streams["env"] = process.env): void {
  const named = resolve(cwd, file);
  let partial: string | undefined;
  try {
    if (env.GITHUB_STEP_SUMMARY && resolve(cwd, env.GITHUB_STEP_SUMMARY) === named) {
      appendSummary(named, text);
      return;
    }
    const stat = statSync(named, { throwIfNoEntry: false });
    if (stat && !stat.isFile() && !stat.isDirectory()) {
      writeFileSync(named, text);
      return;
    }
    const path = stat ? realpathSync(named) : named;
    partial = `${path}.${process.pid}.partial`;
    writeFileSync(partial, text, { flag: "wx" });
    renameSync(partial, path);
  } catch (error) {
    if (partial !== undefined) rmSync(partial, { force: true });
    throw new UserError(`can not write ${visible(file)}: ${unwritable(error)}`);
  }
}
