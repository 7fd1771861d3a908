/** CSV by RFC 4180 for spreadsheets: a header, one record a finding, records end in CR LF. */
import type { Finding } from "../check.ts";
import { repositoryPath } from "./details.ts";
import { identified } from "./identified.ts";
import { positionOf } from "./lines.ts";
import { type Reporter, type ReportInput, suppressedFindings } from "./report.ts";
import { visible } from "./visible.ts";

const COLUMNS = [
  "severity",
  "rule",
  "title",
  "file",
  "line",
  "column",
  "subject",
  "message",
  "fingerprint",
  "suppressed",
  "reason",
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** `suppressed` and `reason` are empty but for the findings that `--report-suppressed` adds; those have no fingerprint. */
export const csv: Reporter = (input) => {
  const rows: readonly Row[] = [
    ...identified(input).map(({ finding, fingerprint }) => row(finding, input, { fingerprint })),
    ...suppressedFindings(input).map(({ finding, by, reason }) => row(finding, input, { suppressed: by, reason })),
  ];
  return [COLUMNS.join(","), ...rows.map((cells) => COLUMNS.map((name) => field(cells[name])).join(","))]
    .map((record) => `${record}\r\n`)
    .join("");
};

function row({ rule, severity, span, subject, message }: Finding, input: ReportInput, more: Partial<Row>): Row {
  const { line, column } = positionOf(span.file, span.start);
  return {
    severity,
    rule: rule.meta.id,
    title: rule.meta.title,
    file: repositoryPath(span, input),
    line: String(line),
    column: String(column),
    subject,
    message,
    fingerprint: "",
    suppressed: "",
    reason: "",
    ...more,
  };
}

/** What a spreadsheet takes for a formula, also where it takes a semicolon for the end of a cell: an apostrophe makes it text. */
const FORMULA = /(^|;)(?=[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

function field(text: string): string {
  const safe = visible(text).replace(FORMULA, "$1'");
  return /[",;\s]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
