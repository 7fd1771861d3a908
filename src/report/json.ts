/** For programs: documented in docs/json-output.md, keys are only ever added. */
import type { Finding } from "../check.ts";
import type { Span } from "../model.ts";
import { type Fix, type Severity, spanOf } from "../rule.ts";
import type { Silenced } from "../suppress.ts";
import { shownFix } from "./fix.ts";
import { identified } from "./identified.ts";
import { rangeOf } from "./lines.ts";
import { type Mask, maskOf } from "./mask.ts";
import {
  countByKind,
  countBySeverity,
  type Reporter,
  type ReportInput,
  skippedFiles,
  suppressedFindings,
} from "./report.ts";

/** Lines and columns from 1, columns in UTF-16 code units, the end exclusive. `file` is relative to the root of the run. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** To be made together or not at all: `start`…`end` (UTF-16 offsets into the file's text) becomes `text`. */
export interface JsonFix {
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  readonly edits: readonly (JsonPlace & { readonly start: number; readonly end: number; readonly text: string })[];
  /** What a person has to run for it beside the edits. */
  readonly command?: string;
}

export interface JsonFinding extends JsonPlace {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** "service api"; empty for a finding about a file as a whole. */
  readonly subject: string;
  readonly related: readonly (JsonPlace & { readonly message: string })[];
  readonly snippet: string | null;
  /** Null too where the text of the fix holds a secret. */
  readonly fix: JsonFix | null;
  /** Survives shifted lines and changed indentation: 16 hexadecimal digits. */
  readonly fingerprint: string;
}

export interface JsonReport {
  readonly findings: readonly JsonFinding[];
  readonly summary: Readonly<Record<Severity, number>> & {
    readonly total: number;
    /** Less severe than `--min-severity` and not in `findings`. */
    readonly hidden: number;
    readonly silenced: number;
    readonly files: number;
    readonly kinds: Readonly<Record<string, number>>;
  };
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Only with `--report-suppressed`. */
  readonly suppressed?: readonly (Omit<JsonFinding, "fingerprint"> & {
    readonly by: Silenced["by"];
    readonly reason: string;
  })[];
  /** Bugs of this tool: rules that failed. Absent in a healthy run. */
  readonly errors?: readonly { readonly rule: string; readonly message: string }[];
}

export const json: Reporter = (input) => `${JSON.stringify(jsonReport(input), undefined, 2)}\n`;

export function jsonReport(input: ReportInput): JsonReport {
  const { findings, model, silenced, crashes } = input;
  const kinds = countByKind(model);
  const shown = identified(input);
  const mask = maskOf(model.sensitive);
  return {
    findings: shown.map(({ finding, fingerprint }) => ({ ...told(finding, mask), fingerprint })),
    summary: {
      ...countBySeverity(shown.map(({ finding }) => finding)),
      total: shown.length,
      hidden: findings.length - shown.length,
      silenced: silenced.length,
      files: kinds.reduce((sum, [, count]) => sum + count, 0),
      kinds: Object.fromEntries(kinds),
    },
    skipped: skippedFiles(input).map(({ path, reason }) => ({ file: path, reason })),
    ...(input.reportSuppressed && {
      suppressed: suppressedFindings(input).map(({ finding, by, reason }) => ({ ...told(finding, mask), by, reason })),
    }),
    ...(crashes.length && { errors: crashes.map(({ rule, message }) => ({ rule, message })) }),
  };
}

const told = (
  { rule, severity, message, span, subject, related, snippet, fix }: Finding,
  mask: Mask,
): Omit<JsonFinding, "fingerprint"> => ({
  rule: rule.meta.id,
  severity,
  message,
  ...place(span),
  subject,
  related: related.map((note) => ({ ...place(spanOf(note.at)), message: note.message })),
  snippet: snippet ?? null,
  fix: jsonFix(shownFix(fix, mask)),
});

const jsonFix = (fix: Fix | undefined): JsonFix | null =>
  fix
    ? {
        title: fix.title,
        safety: fix.safety,
        edits: fix.edits.map(({ span, text }) => ({ ...place(span), start: span.start, end: span.end, text })),
        ...(fix.command !== undefined && { command: fix.command }),
      }
    : null;

function place(span: Span): JsonPlace {
  const { start, end } = rangeOf(span);
  return { file: span.file.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
