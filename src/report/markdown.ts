/**
 * Markdown for a job summary or a comment on a pull request: counts by severity, then findings by file with snippets to
 * unfold. What files say is text or code here, never markup, link, mention or HTML.
 */
import type { Finding } from "../check.ts";
import type { Language } from "../model.ts";
import { SEVERITIES, spanOf } from "../rule.ts";
import { placeText } from "./details.ts";
import { positionOf } from "./lines.ts";
import {
  byFile,
  countBySeverity,
  findingsText,
  type Reporter,
  type ReportInput,
  shownFindings,
  silencedText,
  skippedFiles,
  suppressedFindings,
} from "./report.ts";
import { visible, visibleLines } from "./visible.ts";

/** Bytes that a job summary holds; comments on pull requests hold less, 65,536 characters. */
const LARGEST = 1 << 20;
/** Longer lists of anything but findings name their first entries and count the rest. */
const MOST_NAMED = 20;
/** Longer texts of one line are cut. */
const LONGEST = 500;

const FENCES: Readonly<Record<Language, string>> = {
  dotenv: "dotenv",
  yaml: "yaml",
  dockerfile: "dockerfile",
  python: "python",
  javascript: "javascript",
  nginx: "nginx",
  caddyfile: "caddyfile",
  toml: "toml",
  ignore: "gitignore",
};

/** Where it would be larger than a job summary may be, the worst findings are kept and the others counted. */
export const markdown: Reporter = (input) => {
  const shown = shownFindings(input);
  const head = summary(input, shown);
  const blocks = new Map(shown.map((finding) => [finding, block(finding, input)]));
  const room = LARGEST - bytes(head) - bytes(leftOut(shown.length));
  const kept = worstThatFit(shown, room, (finding) => blocks.get(finding)! + heading(finding.span.file.path, input));
  return `${[
    head,
    ...(kept.size < shown.length ? [leftOut(shown.length - kept.size)] : []),
    ...byFile(shown.filter((finding) => kept.has(finding))).flatMap(([{ path }, findings]) => [
      heading(path, input),
      ...findings.map((finding) => blocks.get(finding)!),
    ]),
  ].join("\n\n")}\n`;
};

const leftOut = (count: number): string =>
  `**${count} more findings are left out**, for a job summary holds 1 MiB: the worst are here.`;

function summary(input: ReportInput, shown: readonly Finding[]): string {
  const suppressed = suppressedFindings(input).map(
    ({ finding, by, reason }) =>
      `${code(placeText(finding.span, input))} ${inline(finding.message)} (${code(finding.rule.meta.id)}), by ${by}${reason && `: ${inline(reason)}`}`,
  );
  const over = (input.expired ?? []).map(
    ({ rule, path, until }) => `${code(rule)} in ${code(path)} until ${inline(until ?? "")}`,
  );
  const skipped = skippedFiles(input).map(
    ({ path, reason }) => `${code(input.repositoryPrefix + path)}: ${inline(reason)}`,
  );
  return [
    `## qwed-harden: ${findingsText(input, shown)}`,
    ...table(shown),
    ...list(
      "Internal errors",
      input.crashes.map(({ message }) => inline(message)),
    ),
    ...silencedText(input.silenced),
    ...list("Silenced findings", suppressed),
    ...list("Accepted, and over", over),
    ...list("Skipped files", skipped),
  ].join("\n\n");
}

const heading = (path: string, { repositoryPrefix }: ReportInput): string => `### ${code(repositoryPrefix + path)}`;

function table(shown: readonly Finding[]): readonly string[] {
  if (!shown.length) return [];
  const counts = countBySeverity(shown);
  const rows = SEVERITIES.filter((severity) => counts[severity]).map(
    (severity) => `| ${severity} | ${counts[severity]} |`,
  );
  return [["| Severity | Findings |", "|---|---:|", ...rows].join("\n")];
}

function block(finding: Finding, input: ReportInput): string {
  const { rule, severity, span, subject, message, related, snippet } = finding;
  const { line } = positionOf(span.file, span.start);
  const about = subject && subject !== span.file.path ? `, ${code(subject)}` : "";
  return [
    `**${severity}** line ${line}${about}: ${inline(message)} (${code(rule.meta.id)})`,
    ...(related.length
      ? [related.map(({ at, message }) => `- ${code(placeText(spanOf(at), input))}: ${inline(message)}`).join("\n")]
      : []),
    ...(snippet === undefined ? [] : [details("Write instead", fenced(snippet, FENCES[span.file.language]))]),
  ].join("\n\n");
}

function list(title: string, entries: readonly string[]): readonly string[] {
  if (!entries.length) return [];
  const more = entries.length > MOST_NAMED ? [`- and ${entries.length - MOST_NAMED} more`] : [];
  return [
    details(
      `${title} (${entries.length})`,
      [...entries.slice(0, MOST_NAMED).map((entry) => `- ${entry}`), ...more].join("\n"),
    ),
  ];
}

/** Markdown in an HTML block needs the empty lines around it. */
const details = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

/**
 * Text inside a line. Characters of markup are escaped; an empty comment parts what hosts would make mentions and
 * references of even behind a backslash.
 */
const inline = (text: string): string =>
  short(visible(text))
    .replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;" })[character] ?? "&gt;")
    .replace(/[\\`*_[\]()|~:$^!{}]/g, "\\$&")
    .replace(/[@#]|\bwww(?=\.)|\bGH(?=-)/gi, "$&<!-- -->");

const short = (text: string): string => (text.length <= LONGEST ? text : `${visible(text.slice(0, LONGEST))}…`);

/** A code span; its fence is longer than any run of backticks in it. */
function code(text: string): string {
  const shown = short(visible(text));
  const fence = "`".repeat(longestRun(shown) + 1);
  const padded = /^[` ]|[` ]$/.test(shown) ? ` ${shown} ` : shown;
  return `${fence}${padded}${fence}`;
}

function fenced(text: string, language: string): string {
  const lines = visibleLines(text).join("\n");
  const fence = "`".repeat(Math.max(longestRun(lines) + 1, 3));
  return `${fence}${language}\n${lines}\n${fence}`;
}

const longestRun = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);

/** The worst first, as long as there is room; of the same severity those that come first. */
function worstThatFit(
  findings: readonly Finding[],
  bytesLeft: number,
  textOf: (finding: Finding) => string,
): ReadonlySet<Finding> {
  const kept = new Set<Finding>();
  const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);
  let room = bytesLeft;
  for (const finding of findings.toSorted((a, b) => rank(a) - rank(b))) {
    const size = bytes(textOf(finding)) + 4;
    if (size > room) break;
    room -= size;
    kept.add(finding);
  }
  return kept;
}

/** In UTF-8. */
const bytes = (text: string): number => new TextEncoder().encode(text).length;
