/** The end of the report for people: what was found, what was looked at, what was not, and what to do next. */
import type { Finding } from "../check.ts";
import type { Deployment } from "../model.ts";
import { SEVERITIES } from "../rule.ts";
import { positionOf } from "./lines.ts";
import {
  countByKind,
  findingsText,
  isFixable,
  plural,
  type ReportInput,
  silencedText,
  skippedFiles,
  suppressedFindings,
} from "./report.ts";
import { visible, wrap } from "./visible.ts";

/** Longer lists name their first entries and count the rest. */
const MOST_NAMED = 5;

export function summary(input: ReportInput, shown: readonly Finding[]): string {
  return [
    ...crashes(input),
    ...found(input, shown),
    ...scanned(input),
    ...silenced(input),
    ...fixable(input, shown),
    ...next(input, shown),
  ].join("\n");
}

const checked = ({ files }: Deployment): boolean => files.some(({ context }) => !context);

const found = (input: ReportInput, shown: readonly Finding[]): readonly string[] =>
  shown.length || checked(input.model) ? [findingsText(input, shown)] : [];

function scanned(input: ReportInput): readonly string[] {
  const { model, paint, width } = input;
  const kinds = countByKind(model);
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const skipped = skippedFiles(input);
  const lines = total
    ? hanging(
        `Scanned ${plural(total, "file")}: ${kinds.map(([kind, count]) => `${count} ${visible(kind)}`).join(", ")}`,
        width,
      )
    : ["Nothing was checked: there is no file here that this tool reads"];
  if (skipped.length) {
    lines.push(`Skipped ${plural(skipped.length, "file")}:`);
    for (const { path, reason } of skipped.slice(0, MOST_NAMED))
      lines.push(...hanging(`${visible(path)}: ${visible(reason)}`, width, "  "));
    if (skipped.length > MOST_NAMED) lines.push(`  and ${skipped.length - MOST_NAMED} more`);
  }
  if (!model.git && model.envFiles.some(({ live }) => live)) {
    lines.push(...hanging("No git repository here: rules about committed files stay silent", width));
  }
  return lines.map(paint.dim);
}

function silenced(input: ReportInput): readonly string[] {
  const { silenced, expired = [], paint, width } = input;
  return [
    ...silencedText(silenced).map(paint.dim),
    ...suppressedFindings(input).flatMap(({ finding, by, reason }) => {
      const { line, column } = positionOf(finding.span.file, finding.span.start);
      const place = `${input.displayPrefix}${finding.span.file.path}:${line}:${column}`;
      const text = `${place}: ${finding.message} [${finding.rule.meta.id}], by ${by}${reason && `: ${reason}`}`;
      return hanging(visible(text), width, "  ");
    }),
    ...expired.flatMap(({ rule, path, until }) =>
      hanging(`Accepted until ${visible(until ?? "")} and over: ${rule} in ${visible(path)}`, width),
    ),
  ];
}

function crashes({ crashes, paint }: ReportInput): readonly string[] {
  return crashes.map(({ message }) => `${paint.critical("internal error")}: ${visible(message)}`);
}

/** How much of it no person has to type. */
function fixable({ width }: ReportInput, shown: readonly Finding[]): readonly string[] {
  const fixes = shown.filter(isFixable).map(({ fix }) => fix!.safety);
  const safe = fixes.filter((safety) => safety === "safe").length;
  const parts = [
    ...(safe ? [`${safe} by --fix`] : []),
    ...(fixes.length > safe
      ? [`${fixes.length - safe}${safe ? " more" : ""} by --fix=unsafe, which wants a review`]
      : []),
  ];
  return parts.length ? hanging(`Can be fixed: ${parts.join(", ")}; add --diff to see it`, width) : [];
}

function next({ findings, model, width }: ReportInput, shown: readonly Finding[]): readonly string[] {
  const worst = SEVERITIES.flatMap((severity) => shown.filter((finding) => finding.severity === severity))[0];
  if (worst) return hanging(`Next: qwed-harden explain ${worst.rule.meta.id}`, width);
  if (findings.length || !checked(model)) return [];
  return hanging("Next: qwed-harden guide, for what only a person can decide", width);
}

const hanging = (text: string, width: number, indent = ""): string[] =>
  wrap(text, width - indent.length, 2).map((line, i) => (i === 0 ? indent + line : `${indent}  ${line}`));
