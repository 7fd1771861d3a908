/** Shown findings with their fingerprints, for formats that tell findings of two runs apart. */
import { atLeast, type Finding } from "../check.ts";
import { fingerprints } from "./fingerprint.ts";
import { maskOf } from "./mask.ts";
import { type ReportInput, shownFindings } from "./report.ts";

export interface Identified {
  readonly finding: Finding;
  /** 16 hexadecimal digits, unique in a report. */
  readonly fingerprint: string;
}

/** As `shownFindings`. Numbered among all findings, so that a filter by severity does not change an identity. */
export function identified(input: ReportInput): readonly Identified[] {
  const { findings, minSeverity, model, repositoryPrefix } = input;
  const identities = fingerprints(findings, maskOf(model.sensitive), repositoryPrefix).filter(
    (_, i) => minSeverity === undefined || atLeast(findings[i]!.severity, minSeverity),
  );
  return shownFindings(input).map((finding, i) => ({ finding, fingerprint: identities[i]! }));
}
