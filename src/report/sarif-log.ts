/**
 * SARIF 2.1.0 (OASIS), within what code scanning ingests: one run, every rule that ran, one location a result, URIs
 * relative to the root of the repository, at most 5,000 results, and what was silenced only where it is asked for.
 */
import type { ArtifactChange, Log, PhysicalLocation, Result, Run } from "sarif";
import type { Finding } from "../check.ts";
import type { SourceFile, Span } from "../model.ts";
import { type Edit, type Rule, SEVERITIES, spanOf } from "../rule.ts";
import type { Silenced } from "../suppress.ts";
import { shownFix } from "./fix.ts";
import { identified } from "./identified.ts";
import { lineHashes } from "./line-hash.ts";
import { lineSpan, rangeOf } from "./lines.ts";
import { type Mask, maskedText, maskOf } from "./mask.ts";
import { type ReportInput, suppressedFindings } from "./report.ts";
import { descriptor, LEVELS } from "./sarif-rule.ts";

/** Code scanning keeps this many results of an upload. */
const MOST_RESULTS = 5_000;
/** Code scanning keeps this many locations of a result. */
const MOST_RELATED = 100;

const CATEGORY = "qwed-harden";

export const sarifLog = (input: ReportInput): Log => ({
  $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  version: "2.1.0",
  runs: [run(input)],
});

function run(input: ReportInput): Run {
  const { version, category, crashes } = input;
  const { kept, dropped } = selected(input);
  const results: readonly Told[] = [...kept, ...suppressedFindings(input).slice(0, MOST_RESULTS - kept.length)];
  const rules = rulesOf(input, results);
  const indexOf = new Map(rules.map(({ meta }, i) => [meta.id as string, i]));
  const hashes = new Map<SourceFile, readonly string[]>();
  const mask = maskOf(input.model.sensitive);
  const notifications = [
    ...(dropped ? [{ level: "warning" as const, message: { text: leftOutText(dropped) } }] : []),
    ...crashes.map(({ message }) => ({ level: "error" as const, message: { text: message } })),
  ];
  return {
    tool: {
      driver: {
        name: "qwed-harden",
        informationUri: "https://www.npmjs.com/package/qwed-harden",
        semanticVersion: version,
        version,
        rules: rules.map(descriptor),
      },
    },
    automationDetails: { id: `${category?.replace(/\/+$/, "") || CATEGORY}/` },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: crashes.length === 0,
        ...(notifications.length && { toolExecutionNotifications: notifications }),
      },
    ],
    results: results.map((told) => {
      const { finding } = told;
      const { file } = finding.span;
      if (!hashes.has(file)) hashes.set(file, lineHashes(hashedText(file, mask)));
      return result(told, indexOf.get(finding.rule.meta.id)!, hashes.get(file)!, input);
    }),
  };
}

const leftOutText = (count: number): string =>
  `${count} results are left out: code scanning keeps ${MOST_RESULTS}, the worst come first`;

/** What the log says about results that it leaves out, for standard error; undefined where it holds them all. */
export function leftOut(input: ReportInput): string | undefined {
  if (input.findings.length <= MOST_RESULTS) return undefined;
  const { dropped } = selected(input);
  return dropped ? leftOutText(dropped) : undefined;
}

/**
 * The line hash of a tracked file is what the host computes from its own copy. A file that the host does not have may
 * hold secrets that a hash of a short line would give away, so there they are masked first.
 */
const hashedText = (file: SourceFile, mask: Mask): string =>
  file.git === "tracked" ? file.text : maskedText(mask, { file, start: 0, end: file.text.length });

interface Selected {
  readonly finding: Finding;
  readonly fingerprint: string;
  readonly by?: undefined;
  readonly reason?: undefined;
}

/** A finding, or one that was silenced: that one has no fingerprint. */
type Told = Selected | (Silenced & { readonly fingerprint?: undefined });

/** In the order of places, one of a rule on a line (alerts are told apart by rule and line), the worst if there are too many. */
function selected(input: ReportInput): { readonly kept: readonly Selected[]; readonly dropped: number } {
  const lines = new Map<string, { finding: Finding; fingerprint: string; others: Finding[] }>();
  for (const { finding, fingerprint } of identified(input)) {
    const { start } = rangeOf(finding.span);
    const key = `${finding.rule.meta.id}\0${finding.span.file.path}\0${start.line}`;
    const same = lines.get(key);
    if (same) same.others.push(finding);
    else lines.set(key, { finding, fingerprint, others: [] });
  }
  const results = [...lines.values()].map(({ finding, fingerprint, others }) => ({
    finding: joined(finding, others),
    fingerprint,
  }));
  const worst = new Set(results.toSorted((a, b) => rank(a.finding) - rank(b.finding)).slice(0, MOST_RESULTS));
  return { kept: results.filter((entry) => worst.has(entry)), dropped: results.length - worst.size };
}

const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);

/** Several findings of one rule on one line as one: the worst severity, each message, each place as far as they are kept. */
function joined(finding: Finding, others: readonly Finding[]): Finding {
  if (!others.length) return finding;
  const severity = SEVERITIES[Math.min(rank(finding), ...others.map(rank))]!;
  return {
    ...finding,
    severity,
    related: [
      ...finding.related,
      ...others.flatMap((other) => [{ at: other.span, message: other.message }, ...other.related]),
    ],
  };
}

/** The rules that ran and those that are only found in findings, by id, so that an index means the same in every run. */
function rulesOf({ rules }: ReportInput, results: readonly Told[]): readonly Rule[] {
  const all = new Map([...rules, ...results.map(({ finding }) => finding.rule)].map((rule) => [rule.meta.id, rule]));
  return [...all.values()].sort((a, b) => (a.meta.id < b.meta.id ? -1 : 1));
}

function result(
  { finding, fingerprint, by, reason }: Told,
  ruleIndex: number,
  hashes: readonly string[],
  input: ReportInput,
): Result {
  const { rule, severity, span, subject, message, related, snippet } = finding;
  const physicalLocation = location(span, input);
  const hash = hashes[physicalLocation.region!.startLine! - 1];
  const fix = shownFix(finding.fix, maskOf(input.model.sensitive));
  const places = related
    .slice(0, MOST_RELATED)
    .map((note) => ({ span: spanOf(note.at), text: note.message || rule.meta.title }));
  return {
    ruleId: rule.meta.id,
    ruleIndex,
    level: LEVELS[severity],
    message: {
      text: [
        plainText(message || rule.meta.title),
        ...places.map(({ text }, i) => `[${linkText(text)}](${i + 1})`),
      ].join(". "),
    },
    locations: [{ physicalLocation, ...(subject && { logicalLocations: [{ fullyQualifiedName: subject }] }) }],
    ...(places.length && {
      relatedLocations: places.map((place, i) => ({
        id: i + 1,
        physicalLocation: location(place.span, input),
        message: { text: place.text },
      })),
    }),
    partialFingerprints: {
      ...(hash !== undefined && { primaryLocationLineHash: hash }),
      ...(fingerprint !== undefined && { "qwedHarden/v1": fingerprint }),
    },
    ...(by && {
      suppressions: [
        {
          kind: by === "comment" ? "inSource" : "external",
          status: "accepted",
          ...(reason && { justification: reason }),
        },
      ],
    }),
    ...(fix && {
      fixes: [{ description: { text: plainText(fix.title) }, artifactChanges: artifactChanges(fix.edits, input) }],
    }),
    properties: { severity, ...(snippet !== undefined && { snippet }) },
  };
}

/** Edits by file (3.55.3): an insertion deletes an empty region, a deletion inserts nothing. */
function artifactChanges(edits: readonly Edit[], { repositoryPrefix }: ReportInput): ArtifactChange[] {
  const files = new Map<SourceFile, Edit[]>();
  for (const edit of edits) files.set(edit.span.file, [...(files.get(edit.span.file) ?? []), edit]);
  return [...files].map(([file, own]) => ({
    artifactLocation: { uri: uri(repositoryPrefix + file.path) },
    replacements: own.map(({ span, text }) => {
      const { start, end } = rangeOf(span);
      return {
        deletedRegion: {
          startLine: start.line,
          startColumn: start.column,
          endLine: end.line,
          endColumn: end.column,
        },
        ...(text && { insertedContent: { text } }),
      };
    }),
  }));
}

/** No text of ours but the links we make: SARIF reads `[text](1)` as one. */
const plainText = (text: string): string => text.replace(/\](?=\()/g, "\\]");

/** Brackets would end the link. */
const linkText = (text: string): string => text.replace(/[[\]\\]/g, "\\$&");

/** The key line only: an alert shows in a pull request only if every line of its region was changed. */
function location(span: Span, { repositoryPrefix }: ReportInput): PhysicalLocation {
  const { start, end } = rangeOf(span);
  const line = lineSpan(span.file, start.line);
  const endColumn = end.line === start.line ? end.column : rangeOf({ ...line, start: line.end }).start.column;
  return {
    artifactLocation: { uri: uri(repositoryPrefix + span.file.path) },
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: start.line,
      endColumn: Math.max(endColumn, start.column),
    },
  };
}

/** RFC 3986 path, relative to the root of the repository: no `./`, no leading slash, and no colon that could pass for a scheme. */
const uri = (path: string): string =>
  path
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .map((segment) => encodeURIComponent(wellFormed(segment)))
    .join("/");

/** A file name may hold half a surrogate pair, which no URI can. */
const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
