/** 4  Deployment × rules → Finding[]. Stamps rule, severity and subject; the only place that orders and drops findings. */
import type { Deployment, Span, Stage } from "./model.ts";
import { type Fix, type Note, type Rule, SEVERITIES, type Severity, spanOf } from "./rule.ts";

export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly span: Span;
  /** "" where the finding is about a file as a whole. */
  readonly subject: string;
  readonly message: string;
  readonly related: readonly Note[];
  readonly snippet?: string;
  readonly fix?: Fix;
  /** Nobody wrote what it is about: the place is what leaves it out. */
  readonly implied?: true;
}

/** A bug of ours in one rule. The other rules still report. */
export class RuleCrash extends Error {
  readonly rule: string;
  constructor(rule: string, cause: unknown) {
    super(`rule ${rule} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "RuleCrash";
    this.rule = rule;
  }
}

export interface CheckOptions {
  /** Severity that replaces `meta.severity` for a rule (by id) in a file. */
  readonly severityOf?: (rule: Rule, path: string) => Severity | "off" | undefined;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly crashes: readonly RuleCrash[];
}

/**
 * Runs every rule over the model.
 * Findings come sorted by path, place and rule id. A rule reports a token once: of several containers that one line
 * decides (an anchor, a Dockerfile `USER`) the first speaks. Where a more specific rule (`meta.yieldsTo`) reports an
 * overlapping token, the general one is dropped.
 */
export function check(model: Deployment, rules: readonly Rule[], options: CheckOptions = {}): CheckResult {
  const found: Finding[] = [];
  const crashes: RuleCrash[] = [];
  for (const rule of rules) {
    const seen = new Set<string>();
    try {
      rule.check(model, (report) => {
        const span = spanOf(report.at);
        if (span.file.context) return;
        const place = `${span.file.path}\0${span.start}\0${span.end}`;
        if (seen.has(place)) return;
        const configured = options.severityOf?.(rule, span.file.path);
        if (configured === "off") return;
        seen.add(place);
        const severity = configured ?? lowered(report.severity ?? rule.meta.severity, span.file.stage, rule);
        found.push({
          rule,
          severity,
          span,
          subject: report.subject ?? "",
          message: report.message,
          related: report.related ?? [],
          ...(report.snippet !== undefined && { snippet: report.snippet }),
          ...(report.fix && { fix: report.fix }),
          ...("implied" in report.at && report.at.implied && { implied: report.at.implied }),
        });
      });
    } catch (cause) {
      crashes.push(new RuleCrash(rule.meta.id, cause));
    }
  }
  return { findings: mostSpecific(found.sort(byPlace)), crashes };
}

const LOWERED: Readonly<Record<Severity, Severity>> = {
  critical: "medium",
  high: "low",
  medium: "low",
  low: "info",
  info: "info",
};

/** Outside production a mistake costs less: critical becomes medium, high and medium become low. */
const lowered = (severity: Severity, stage: Stage, rule: Rule): Severity =>
  stage === "production" || rule.meta.sameInEveryStage ? severity : LOWERED[severity];

/** One sweep over findings in place order: drops those that yield to a more specific rule on an overlapping token. */
function mostSpecific(sorted: readonly Finding[]): Finding[] {
  const dropped = new Set<Finding>();
  let open: Finding[] = [];
  for (const finding of sorted) {
    open = open.filter(({ span }) => span.file === finding.span.file && overlaps(span, finding.span));
    for (const other of open) {
      if (yields(finding, other)) dropped.add(finding);
      else if (yields(other, finding)) dropped.add(other);
    }
    open.push(finding);
  }
  return sorted.filter((finding) => !dropped.has(finding));
}

const yields = (general: Finding, specific: Finding): boolean =>
  general.rule.meta.yieldsTo?.includes(specific.rule.meta.id) ?? false;

const overlaps = (a: Span, b: Span): boolean =>
  (a.start < b.end && b.start < a.end) || (a.start === b.start && a.end === b.end);

/** By code units, whatever the locale. */
export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order of findings: path, place, rule id. */
export const byPlace = (a: Finding, b: Finding): number =>
  order(a.span.file.path, b.span.file.path) ||
  a.span.start - b.span.start ||
  a.span.end - b.span.end ||
  order(a.rule.meta.id, b.rule.meta.id);

/** True if `severity` is as bad as `threshold` or worse. */
export const atLeast = (severity: Severity, threshold: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
