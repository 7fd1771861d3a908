/** What every reporter is given. Reporters return text and print nothing. */
import { atLeast, type Finding, type RuleCrash } from "../check.ts";
import type { Deployment, Skipped, Span } from "../model.ts";
import { type Note, type Rule, type Severity, spanOf } from "../rule.ts";
import type { Accepted, Silenced } from "../suppress.ts";
import type { Paint } from "./colors.ts";
import { lineSpan, positionOf } from "./lines.ts";
import { maskOf, withoutSecrets } from "./mask.ts";

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
}

export type Reporter = (input: ReportInput) => string;

/** Findings at or above `minSeverity`, their texts free of secrets that stand where they point. */
export function shownFindings({
  findings,
  minSeverity,
  model,
}: Pick<ReportInput, "findings" | "minSeverity" | "model">): readonly Finding[] {
  const mask = maskOf(model.sensitive);
  return findings
    .filter(({ severity }) => minSeverity === undefined || atLeast(severity, minSeverity))
    .map((finding) => {
      const near = [finding.span, ...finding.related.map(({ at }) => spanOf(at))].map(wholeLines);
      const clean = (text: string) => withoutSecrets(mask, near, text);
      return {
        ...finding,
        message: clean(finding.message),
        related: finding.related.map((note): Note => ({ ...note, message: clean(note.message) })),
        ...(finding.snippet !== undefined && { snippet: clean(finding.snippet) }),
      };
    });
}

function wholeLines({ file, start, end }: Span): Span {
  const first = lineSpan(file, positionOf(file, start).line);
  const last = lineSpan(file, positionOf(file, end).line);
  return { file, start: first.start, end: last.end };
}

/** How many findings there are of each severity. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
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
