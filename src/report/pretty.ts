/** For people, in the manner of a good compiler. Ends with a line end. */
import type { Finding } from "../check.ts";
import { type Severity, spanOf } from "../rule.ts";
import { frame } from "./frame.ts";
import { inert } from "./inert.ts";
import { positionOf } from "./lines.ts";
import { maskOf } from "./mask.ts";
import { byFile, isFixable, type Reporter, type ReportInput, shownFindings } from "./report.ts";
import { summary } from "./summary.ts";
import { visible, visibleLines, widthOf, wrap } from "./visible.ts";

/**
 * Of this many findings of one rule on one subject in one file, the first is shown in full and the others on a line
 * each. Findings of low severity need not even have one subject: ten services that lack one line are one thing to read.
 */
const MANY = 4;
const MANY_MINOR = 3;
const MINOR: ReadonlySet<Severity> = new Set(["low", "info"]);
/** Titles of files end here even in a wider terminal. */
const WIDEST = 100;

export const pretty: Reporter = (input) => {
  const shown = shownFindings(input);
  const sections = byFile(shown).map(([{ path }, findings]) => section(path, findings, input));
  return `${inert([...sections, summary(input, shown)].join("\n\n"))}\n`;
};

function section(path: string, findings: readonly Finding[], input: ReportInput): string {
  const { paint, width, displayPrefix } = input;
  const name = visible(displayPrefix + path);
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  const rest = Math.min(width, WIDEST) - widthOf(name) - count.length - 5;
  const title = `${paint.frame("──")} ${paint.bold(name)} ${paint.frame("─".repeat(Math.max(rest, 2)))} ${paint.dim(count)}`;
  return [title, ...condensed(findings).map((group) => block(group, input))].join("\n\n");
}

/** Findings of one rule that are read together side by side, at the place of the first. */
function condensed(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const minor = MINOR.has(finding.severity);
    const key = `${finding.rule.meta.id}\0${minor ? finding.severity : finding.subject}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < (MINOR.has(group[0].severity) ? MANY_MINOR : MANY)
      ? group.map((finding): [Finding] => [finding])
      : [group],
  );
}

function block([finding, ...others]: readonly [Finding, ...Finding[]], input: ReportInput): string {
  const { paint, width } = input;
  const color = paint[finding.severity];
  const id = finding.rule.meta.id;
  const related = finding.related.map(({ at, message }) => ({ span: spanOf(at), message }));
  const gutter = Math.max(
    ...[finding.span, ...related.map(({ span }) => span)].map(
      ({ file, end }) => String(positionOf(file, end).line).length,
    ),
  );
  const options = { mask: maskOf(input.model.sensitive), paint, width, gutter };
  const margin = " ".repeat(gutter);
  const sentence = (head: string, printedHead: string, text: string, indent: string) =>
    wrap(head + visible(text), width, indent.length).map((line, i) =>
      i === 0 ? (printedHead + paint.bold(line.slice(head.length))).trimEnd() : indent + paint.bold(line),
    );

  const lines = [
    ...sentence(`${finding.severity}[${id}]: `, `${color(`${finding.severity}[${id}]`)}: `, finding.message, "  "),
    ...placeLines(finding, margin, input),
    ...frame(finding.span, { ...options, mark: { sign: "^", paint: color } }),
  ];
  for (const { span, message } of related) {
    lines.push(
      ...wrap(`note: ${visible(message)}`, width - gutter - 3).map(
        (line, i) => `${margin} ${i === 0 ? paint.frame("=") : " "} ${line}`,
      ),
      `${margin}${paint.frame("-->")} ${place(span, input)}`,
      ...(span.end > span.start ? frame(span, { ...options, mark: { sign: "-", paint: paint.frame } }) : []),
    );
  }
  if (finding.snippet !== undefined) {
    lines.push(`${margin} ${paint.frame("=")} write instead:`);
    for (const line of visibleLines(finding.snippet)) lines.push(line ? `${margin}     ${paint.good(line)}` : "");
  }
  if (isFixable(finding)) {
    const { title, safety } = finding.fix!;
    const text = `fix: ${visible(title)} (${safety === "safe" ? "--fix" : "--fix=unsafe"})`;
    lines.push(...wrap(text, width - gutter - 3).map((line, i) => `${margin} ${i ? " " : paint.frame("=")} ${line}`));
  }
  if (others.length) {
    lines.push(
      `${margin} ${paint.frame("=")} ${others.length} more of this rule${finding.subject && others.every(({ subject }) => subject === finding.subject) ? ` in ${visible(finding.subject)}` : " in this file"}:`,
    );
    for (const { span, message } of others) {
      const { line, column } = positionOf(span.file, span.start);
      const where = `${line}:${column}`.padEnd(7);
      lines.push(
        ...wrap(visible(message), width - gutter - 13).map(
          (part, i) => `${margin}     ${i === 0 ? paint.dim(where) : " ".repeat(7)} ${part}`,
        ),
      );
    }
  }
  lines.push(`${margin} ${paint.frame("=")} see: ${paint.dim(`qwed-harden explain ${id}`)}`);
  return lines.join("\n");
}

/** The place, and behind it who it is about: on a line of its own where the terminal is too narrow for both. */
function placeLines({ span, subject }: Finding, margin: string, input: ReportInput): readonly string[] {
  const { paint, width, displayPrefix } = input;
  const line = `${margin}${paint.frame("-->")} ${place(span, input)}`;
  if (!subject || subject === span.file.path) return [line];
  const { line: row, column } = positionOf(span.file, span.start);
  const written =
    margin.length + widthOf(`--> ${visible(displayPrefix + span.file.path)}:${row}:${column}  ${visible(subject)}`);
  return written <= width
    ? [`${line}${paint.dim(`  ${visible(subject)}`)}`]
    : [line, ...wrap(visible(subject), width - margin.length - 4).map((part) => `${margin}    ${paint.dim(part)}`)];
}

function place({ file, start }: ReturnType<typeof spanOf>, { displayPrefix, rootUrl, paint }: ReportInput): string {
  const { line, column } = positionOf(file, start);
  const text = `${visible(displayPrefix + file.path)}:${line}:${column}`;
  return rootUrl === undefined
    ? text
    : paint.link(text, rootUrl + file.path.split("/").map(encodeURIComponent).join("/"));
}
