/**
 * Workflow commands of GitHub Actions, one line a finding, the worst first: of a step, GitHub shows the first 10 errors,
 * 10 warnings and 10 notices beside the code, and everything in the log.
 */
import type { Finding } from "../check.ts";
import { SEVERITIES, type Severity } from "../rule.ts";
import { details, repositoryPath, sentence } from "./details.ts";
import { positionOf } from "./lines.ts";
import { findingsText, type Reporter, type ReportInput, shownFindings, silencedText } from "./report.ts";
import { visible } from "./visible.ts";

const COMMANDS = { critical: "error", high: "error", medium: "warning", low: "notice", info: "notice" } as const;

/** Annotations of one command that GitHub shows of a step. */
const MOST_SHOWN = 10;

/** Ends with a line for the log that counts findings, those that are only in the log, and silenced ones. */
export const github: Reporter = (input) => {
  const shown = shownFindings(input);
  const commands = SEVERITIES.flatMap((severity) => shown.filter((finding) => finding.severity === severity));
  const crashes = input.crashes.map(({ message }) =>
    command("error", { title: "qwed-harden: internal error" }, message),
  );
  return `${[...crashes, ...commands.map((finding) => annotation(finding, input)), summary(input, shown)].join("\n")}\n`;
};

function annotation(finding: Finding, input: ReportInput): string {
  const { rule, severity, span } = finding;
  const { line, column } = positionOf(span.file, span.start);
  const properties = {
    file: repositoryPath(span, input),
    line: String(line),
    col: String(column),
    title: `${severity}: ${rule.meta.title}`,
  };
  return command(COMMANDS[severity], properties, sentence(finding), details(finding, input));
}

/** `::error file=…::…`. Lines of `more` are safe as they stand; nothing else has line ends of its own. */
function command(
  name: string,
  properties: Readonly<Record<string, string>>,
  message: string,
  more: readonly string[] = [],
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(visible(value))}`);
  return `::${name} ${list.join(",")}::${data([visible(message), ...more].join("\n"))}`;
}

/** As the runner decodes it: https://github.com/actions/toolkit, packages/core, command. */
const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

function summary(input: ReportInput, shown: readonly Finding[]): string {
  const counts = new Map<string, number>();
  const commandOf = (severity: Severity) => COMMANDS[severity];
  for (const { severity } of shown) counts.set(commandOf(severity), (counts.get(commandOf(severity)) ?? 0) + 1);
  const beyond = [...counts.values()].reduce((sum, count) => sum + Math.max(count - MOST_SHOWN, 0), 0);
  return [
    findingsText(input, shown),
    ...(beyond ? [`${beyond} of them in this log only: GitHub shows ${MOST_SHOWN} of a level beside the code`] : []),
    ...silencedText(input.silenced),
  ].join(". ");
}
