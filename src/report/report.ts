/** What every reporter is given. Reporters return text and print nothing. */
import { atLeast, type Finding, type RuleCrash } from "../check.ts";
import { writtenEdits } from "../fix.ts";
import type { Deployment, Skipped, SourceFile, Span } from "../model.ts";
import { type Note, type Rule, SEVERITIES, type Severity, spanOf } from "../rule.ts";
import type { Accepted, Silenced } from "../suppress.ts";
import type { Paint } from "./colors.ts";
import { lineSpan, positionOf } from "./lines.ts";
import { type Mask, maskOf, withoutSecrets } from "./mask.ts";

export interface ReportInput {
  /** In the order of places; those below `minSeverity` among them. */
  readonly findings: readonly Finding[];
  readonly silenced: readonly Silenced[];
  readonly model: Deployment;
  /** Files that were met and not read, and why. */
  readonly skipped: readonly Skipped[];
  readonly crashes: readonly RuleCrash[];
  /** Rules that ran, for reports that list them. */
  readonly rules: readonly Rule[];
  /** Accepted findings of the configuration that are past their end date. */
  readonly expired?: readonly Accepted[];
  /** Of this tool, as in its package.json. */
  readonly version: string;
  /** Findings that are less severe are counted and not shown. */
  readonly minSeverity?: Severity | undefined;
  /** `plain` without colours. */
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** From the working directory to the root of the run: "" or "app/" or "../app/". Paths in text begin with it. */
  readonly displayPrefix: string;
  /** From the root of the repository to the root of the run: "" or "services/api/". Paths in SARIF and fingerprints begin with it. */
  readonly repositoryPrefix: string;
  /** `file:///…/` of the root of the run, for hyperlinks. */
  readonly rootUrl?: string | undefined;
  /** Category of a code scanning upload (SARIF `automationDetails`); default "qwed-harden". */
  readonly category?: string | undefined;
  /** Formats that can tell silenced findings from others list them too. */
  readonly reportSuppressed?: boolean | undefined;
}

export type Reporter = (input: ReportInput) => string;

/** Findings at or above `minSeverity`, their texts free of secrets that stand where they point. */
export function shownFindings(input: Pick<ReportInput, "findings" | "minSeverity" | "model">): readonly Finding[] {
  const mask = maskOf(input.model.sensitive);
  return input.findings.filter((finding) => isShown(finding, input)).map((finding) => clean(finding, mask));
}

/** Silenced findings as `shownFindings`, where they are asked for. */
export function suppressedFindings(input: ReportInput): readonly Silenced[] {
  if (!input.reportSuppressed) return [];
  const mask = maskOf(input.model.sensitive);
  return input.silenced
    .filter(({ finding }) => isShown(finding, input))
    .map((entry) => ({
      ...entry,
      finding: clean(entry.finding, mask),
      reason: withoutSecrets(mask, [entry.finding.span, ...(entry.at ? [entry.at] : [])].map(wholeLines), entry.reason),
    }));
}

const isShown = ({ severity }: Finding, { minSeverity }: Pick<ReportInput, "minSeverity">): boolean =>
  minSeverity === undefined || atLeast(severity, minSeverity);

function clean(finding: Finding, mask: Mask): Finding {
  const near = [finding.span, ...finding.related.map(({ at }) => spanOf(at))].map(wholeLines);
  const cleaned = (text: string) => withoutSecrets(mask, near, text);
  return {
    ...finding,
    message: cleaned(finding.message),
    related: finding.related.map((note): Note => ({ ...note, message: cleaned(note.message) })),
    ...(finding.snippet !== undefined && { snippet: cleaned(finding.snippet) }),
  };
}

function wholeLines({ file, start, end }: Span): Span {
  const first = lineSpan(file, positionOf(file, start).line);
  const last = lineSpan(file, positionOf(file, end).line);
  return { file, start: first.start, end: last.end };
}

/** Whether `lint --fix` or `--fix=unsafe` would try. */
export const isFixable = ({ fix }: Finding): boolean => fix !== undefined && writtenEdits(fix) !== undefined;

/** How many findings there are of each severity. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** In the order of the first finding of each file. */
export function byFile(findings: readonly Finding[]): readonly (readonly [SourceFile, readonly Finding[]])[] {
  const files = new Map<SourceFile, Finding[]>();
  for (const finding of findings) {
    const known = files.get(finding.span.file);
    if (known) known.push(finding);
    else files.set(finding.span.file, [finding]);
  }
  return [...files];
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "3 findings in 2 files: 1 critical, 2 low, 4 below low not shown". Nothing checked is not "no problems". */
export function findingsText(
  { findings, minSeverity, model, paint }: Pick<ReportInput, "findings" | "minSeverity" | "model" | "paint">,
  shown: readonly Finding[],
): string {
  if (!shown.length && !model.files.some(({ context }) => !context)) return "Nothing was checked";
  const hidden = findings.length - shown.length;
  const below = hidden ? `, ${hidden} below ${minSeverity} not shown` : "";
  if (!shown.length) return `${paint.good("No problems found")}${below}`;
  const counts = countBySeverity(shown);
  const parts = SEVERITIES.filter((severity) => counts[severity]).map((severity) =>
    paint[severity](`${counts[severity]} ${severity}`),
  );
  return `${paint.bold(plural(shown.length, "finding"))} in ${plural(byFile(shown).length, "file")}: ${parts.join(", ")}${below}`;
}

const SILENCERS: Readonly<Record<Silenced["by"], string>> = {
  comment: "comments",
  configuration: "the configuration",
  baseline: "the baseline",
};

/** "Silenced 3 findings: 2 by comments, 1 by the configuration"; empty without any. */
export function silencedText(silenced: readonly Silenced[]): readonly string[] {
  const parts = Object.entries(SILENCERS).flatMap(([origin, name]) => {
    const count = silenced.filter(({ by }) => by === origin).length;
    return count ? [`${count} by ${name}`] : [];
  });
  return parts.length ? [`Silenced ${plural(silenced.length, "finding")}: ${parts.join(", ")}`] : [];
}

const KINDS = {
  dotenv: ".env",
  yaml: "other YAML",
  dockerfile: "Dockerfile",
  python: "Python source",
  javascript: "JavaScript source",
  nginx: "nginx",
  caddyfile: "Caddyfile",
  toml: "TOML",
  ignore: "ignore file",
} as const;

/** Files under check by what they turned out to be, most frequent first. Files read as context only do not count. */
export function countByKind({ files, roles }: Deployment): readonly (readonly [kind: string, files: number])[] {
  const roleOf = new Map(roles.toReversed().map(({ file, role }) => [file, role]));
  const counts = new Map<string, number>();
  for (const file of files) {
    if (file.context) continue;
    const kind = roleOf.get(file) ?? KINDS[file.language];
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** Everything that was met and not checked: what discovery left out, and templates that must be rendered first. */
export const skippedFiles = ({ skipped, model }: Pick<ReportInput, "skipped" | "model">): readonly Skipped[] =>
  [
    ...skipped,
    ...model.problems
      .filter(({ kind, span }) => kind === "template" && !span.file.context)
      .map(({ span }) => ({ path: span.file.path, reason: "template that must be rendered first" })),
  ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
