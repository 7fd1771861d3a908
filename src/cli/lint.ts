/** `qwed-harden lint`: the pipeline from paths to reports and exit code. */
import { atLeast, type Finding } from "../check.ts";
import type { Settings } from "../config/settings.ts";
import { plain } from "../report/colors.ts";
import { countByKind, plural, type ReportInput, silencedText, skippedFiles } from "../report/report.ts";
import { visible } from "../report/visible.ts";
import { type LintOptions, lint } from "../run.ts";
import { UserError } from "../user-error.ts";
import { paintFor, widthOf } from "./color.ts";
import type { FixCommand } from "./fix.ts";
import type { GateCommand } from "./gate.ts";
import { type Destination, destinations, type Format, reporter, writeWhole } from "./outputs.ts";
import { load, type ProjectOptions, ruleIds } from "./project.ts";
import type { Streams } from "./streams.ts";
import { version } from "./version.ts";

export interface LintCommand extends ProjectOptions, FixCommand, GateCommand {
  /** Undefined: pretty, unless an output goes to standard output. */
  readonly format?: Format | undefined;
  readonly outputs?: readonly Destination[];
  /** Rules whose findings alone are fixed, shown and judged; empty: all that run. */
  readonly only?: readonly string[];
  readonly sarifCategory?: string | undefined;
  /** False: comments silence nothing. */
  readonly inlineIgnores?: boolean | undefined;
  readonly reportSuppressed?: boolean | undefined;
}

/** Exit codes: 0 clean, 1 findings, 2 nothing was there to check, 3 a bug of ours. Throws `UserError`. */
export async function runLint(command: LintCommand, streams: Streams): Promise<number> {
  const { format, outputs = [], diff } = command;
  if (diff && (format || outputs.some(({ file }) => file === "-"))) {
    throw new UserError(`--diff stands in the place of ${format ? "--format" : "a report on standard output"}`);
  }
  const targets = destinations(format, outputs).filter(({ file }) => file !== "-" || !diff);
  const gate = isGated(command) ? await import("./gate.ts") : undefined;
  gate?.checkGate(command);
  const loaded = await load(command, streams);
  const { project, ...gating } = gate ? await gate.gateOf(command, loaded, streams) : { project: loaded.project };
  const { settings, displayPrefix, repositoryPrefix, configPath } = loaded;
  const options: LintOptions = {
    rules: settings.rules,
    severityOf: settings.severityOf,
    accepted: settings.accepted,
    known: ruleIds,
    inlineIgnores: command.inlineIgnores,
    nonSuppressible: settings.nonSuppressible,
    today: streams.today,
    ...gating,
  };
  const wanted = narrowing(command.only ?? [], settings);
  const repaired =
    command.fix || command.diff
      ? await (await import("./fix.ts")).fixed(
          loaded,
          options,
          (finding) => wanted(finding) && atLeast(finding.severity, settings.minSeverity ?? "info"),
          command,
          streams,
        )
      : undefined;
  const result = repaired?.result ?? (await lint(project, options));
  const findings = result.findings.filter(wanted);
  const base: Omit<ReportInput, "paint" | "width"> = {
    findings,
    silenced: result.silenced,
    expired: result.expired,
    model: result.model,
    skipped: project.skipped,
    crashes: result.crashes,
    rules: settings.rules,
    version,
    minSeverity: settings.minSeverity,
    displayPrefix,
    repositoryPrefix,
    // What sees a part of the project only must not take the place of what sees all of it.
    category: command.sarifCategory ?? (command.changedSince || command.staged ? "qwed-harden-changes" : undefined),
    reportSuppressed: command.reportSuppressed,
  };

  // All reports are made before the first is written.
  const reports: (Destination & { readonly text: string })[] = [];
  for (const target of targets) {
    const report = await reporter(target.format);
    const { out, env } = streams;
    const colored = target.file === "-" && target.format === "pretty";
    const input: ReportInput = colored
      ? {
          ...base,
          paint: await paintFor(out, env, command.color),
          width: widthOf(out, env),
          rootUrl: new URL(`file://${encodeURI(project.root)}/`).href,
        }
      : { ...base, paint: plain, width: 100 };
    reports.push({ ...target, text: report(input) });
  }
  for (const { file, text } of reports) {
    if (file !== "-") writeWhole(file, text, streams.cwd, streams.env);
    else streams.out.write(text);
  }
  const onTerminal = reports.some(({ file, format }) => file === "-" && format === "pretty");
  if (!onTerminal) streams.err.write(summary(base));
  if (reports.some(({ format }) => format === "sarif")) {
    const cut = (await import("../report/sarif-log.ts")).leftOut({ ...base, paint: plain, width: 100 });
    if (cut) streams.err.write(`SARIF: ${cut}\n`);
  }
  if (repaired) streams.err.write(repaired.notice);
  gate?.finishGate(command, result, streams);
  if (configPath && !onTerminal) streams.err.write(`Configuration: ${configPath}\n`);

  if (result.crashes.length) return 3;
  if (!result.model.files.some(({ context }) => !context)) return 2;
  const { failOn } = settings;
  return failOn !== "never" && findings.some(({ severity }) => atLeast(severity, failOn)) ? 1 : 0;
}

const isGated = ({ baseline, updateBaseline, changedSince, staged }: GateCommand): boolean =>
  baseline !== undefined || changedSince !== undefined || !!updateBaseline || !!staged;

/** What `--only` lets through. Throws `UserError` for a rule that does not run. */
function narrowing(only: readonly string[], { rules }: Settings): (finding: Finding) => boolean {
  for (const id of only) {
    if (!rules.some(({ meta }) => meta.id === id)) {
      throw new UserError(`rule ${id} does not run here, add --rule ${id}=on`);
    }
  }
  const ids = new Set(only);
  return ({ rule }) => ids.size === 0 || ids.has(rule.meta.id);
}

/** For standard error, where a machine's format has standard output: what was looked at and what was not. */
function summary(input: Omit<ReportInput, "paint" | "width">): string {
  const kinds = countByKind(input.model);
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const scanned = total
    ? `Scanned ${plural(total, "file")}: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")}`
    : "Nothing was checked: there is no file here that this tool reads";
  const skipped = skippedFiles(input).map(({ path, reason }) => `Skipped ${visible(path)}: ${reason}`);
  const crashes = input.crashes.map(({ message }) => `internal error: ${visible(message)}`);
  return `${[scanned, ...skipped, ...silencedText(input.silenced), ...crashes].join("\n")}\n`;
}
