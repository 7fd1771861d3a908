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

/** Characters. A comment on a pull request holds 65,536, a job summary 1 MiB; who posts a comment adds a line or two. */
const LARGEST = 65_000;
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

const COMMAND = /^(?:git|kubectl|chmod|echo) /;

/** Where it would be larger than a comment may be, the worst findings are kept and the others counted. */
export const markdown: Reporter = (input) => {
  const shown = shownFindings(input);
  const counts = summary(input, shown);
  const full = [counts, ...lists(input)].join("\n\n");
  const head = full.length < LARGEST / 2 ? full : `${counts}\n\n${LISTS_LEFT_OUT}`;
  const kept = worstThatFit(shown, LARGEST - head.length - leftOut(shown.length).length, input);
  return `${[
    head,
    ...(kept.size < shown.length ? [leftOut(shown.length - kept.size)] : []),
    ...byFile(shown.filter((finding) => kept.has(finding))).flatMap(([{ path }, findings]) => [
      heading(path, input),
      ...findings.map((finding) => kept.get(finding)!),
    ]),
  ].join("\n\n")}\n`;
};

const LISTS_LEFT_OUT =
  "Lists of errors, silenced findings and skipped files are left out: they are too long for a comment.";

const leftOut = (count: number): string =>
  `**${count} more findings are left out**, for a comment holds 65,536 characters: the worst are here.`;

const summary = (input: ReportInput, shown: readonly Finding[]): string =>
  [`## qwed-harden: ${findingsText(input, shown)}`, ...table(shown), ...silencedText(input.silenced)].join("\n\n");

/** What there is to know beside findings, to unfold. */
function lists(input: ReportInput): readonly string[] {
  const crashes = input.crashes.map(({ message }) => inline(message));
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
    ...list("Internal errors", crashes),
    ...list("Silenced findings", suppressed),
    ...list("Accepted, and over", over),
    ...list("Skipped files", skipped),
  ];
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

/** A finding in one line. */
function line(finding: Finding): string {
  const { rule, severity, span, subject, message } = finding;
  const about = subject && subject !== span.file.path ? `, ${code(subject)}` : "";
  const number = positionOf(span.file, span.start).line;
  return `**${severity}** line ${number}${about}: ${inline(message)} (${code(rule.meta.id)})`;
}

/** A finding with its related places and its snippet. */
function block(finding: Finding, input: ReportInput): string {
  const { span, related, snippet } = finding;
  return [
    line(finding),
    ...(related.length
      ? [related.map(({ at, message }) => `- ${code(placeText(spanOf(at), input))}: ${inline(message)}`).join("\n")]
      : []),
    ...(snippet === undefined
      ? []
      : [details("Write instead", fenced(snippet, COMMAND.test(snippet) ? "bash" : FENCES[span.file.language]))]),
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

/** The worst first, as long as there is room, in one line where that is all there is room for; of the same severity those that come first. */
function worstThatFit(findings: readonly Finding[], room: number, input: ReportInput): ReadonlyMap<Finding, string> {
  const kept = new Map<Finding, string>();
  const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);
  let left = room;
  for (const finding of findings.toSorted((a, b) => rank(a) - rank(b))) {
    const around = heading(finding.span.file.path, input).length + 4;
    const text = [block(finding, input), line(finding)].find(({ length }) => length + around <= left);
    if (text === undefined) break;
    left -= text.length + around;
    kept.set(finding, text);
  }
  return kept;
}
