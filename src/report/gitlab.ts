/** Code Quality report of GitLab, the part of the Code Climate format that it reads: https://docs.gitlab.com/ci/testing/code_quality/ */
import { repositoryPath, sentence } from "./details.ts";
import { type Identified, identified } from "./identified.ts";
import { rangeOf } from "./lines.ts";
import type { Reporter, ReportInput } from "./report.ts";

const SEVERITY = { critical: "blocker", high: "critical", medium: "major", low: "minor", info: "info" } as const;

export interface GitlabIssue {
  readonly description: string;
  readonly check_name: string;
  /** Tells issues of two branches apart; unique in the report. */
  readonly fingerprint: string;
  readonly severity: (typeof SEVERITY)[keyof typeof SEVERITY];
  /** Relative to the root of the repository, lines from 1. */
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end: number } };
}

export const gitlab: Reporter = (input) =>
  `${JSON.stringify(
    identified(input).map((entry) => issue(entry, input)),
    undefined,
    2,
  )}\n`;

function issue({ finding, fingerprint }: Identified, input: ReportInput): GitlabIssue {
  const { rule, severity, span } = finding;
  const { start, end } = rangeOf(span);
  return {
    description: sentence(finding),
    check_name: rule.meta.id,
    fingerprint,
    severity: SEVERITY[severity],
    location: { path: repositoryPath(span, input), lines: { begin: start.line, end: end.line } },
  };
}
