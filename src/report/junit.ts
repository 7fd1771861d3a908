/**
 * JUnit's XML for the test views of CI servers: one suite a file, one failed case a finding, one passed case for a file
 * without any. No times and no host, so that the same input gives the same bytes.
 */
import type { Finding } from "../check.ts";
import type { SourceFile } from "../model.ts";
import { details, placeText, sentence } from "./details.ts";
import { positionOf } from "./lines.ts";
import { type Reporter, type ReportInput, shownFindings, suppressedFindings } from "./report.ts";
import { element, escaped, xmlDocument } from "./xml.ts";

type Outcome = "passed" | "failures" | "errors" | "skipped";
interface Case {
  readonly outcome: Outcome;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: readonly string[];
}

export const junit: Reporter = (input) => {
  const cases = new Map<SourceFile, Case[]>();
  const of = (file: SourceFile): Case[] => {
    const known = cases.get(file) ?? [];
    cases.set(file, known);
    return known;
  };
  for (const file of input.model.files) if (!file.context) of(file);
  for (const finding of shownFindings(input)) of(finding.span.file).push(failed(finding, input));
  for (const { finding, by, reason } of suppressedFindings(input)) {
    const skipped = element("skipped", { message: `silenced by ${by}${reason && `: ${reason}`}` });
    of(finding.span.file).push({ ...failed(finding, input), outcome: "skipped", content: [skipped] });
  }
  const crashes = input.crashes.map(({ rule, message }): Case => {
    const error = element("error", { message, type: "internal error" });
    return { outcome: "errors", name: rule, attributes: {}, content: [error] };
  });
  const suites = [...cases]
    .sort(([a], [b]) => (a.path < b.path ? -1 : 1))
    .map(([file, found]) => ({
      name: input.repositoryPrefix + file.path,
      cases: found.length ? found : [passed],
    }));
  const all = crashes.length ? [{ name: "qwed-harden", cases: crashes }, ...suites] : suites;
  // The schema of Jenkins knows `skipped` of a suite only.
  const { tests, failures, errors } = counts(all.flatMap((suite) => suite.cases));
  return xmlDocument(element("testsuites", { name: "qwed-harden", tests, failures, errors }, all.map(testsuite)));
};

const passed: Case = { outcome: "passed", name: "no findings", attributes: {}, content: [] };

function failed(finding: Finding, input: ReportInput): Case {
  const { rule, severity, span } = finding;
  const text = [placeText(span, input), ...details(finding, input)].map(escaped).join("\n");
  return {
    outcome: "failures",
    name: `${rule.meta.id}: ${sentence(finding)}`,
    attributes: { file: input.repositoryPrefix + span.file.path, line: positionOf(span.file, span.start).line },
    content: [element("failure", { message: sentence(finding), type: severity }, text)],
  };
}

const counts = (cases: readonly Case[]) => {
  const of = (outcome: Outcome) => cases.filter((each) => each.outcome === outcome).length;
  return { tests: cases.length, failures: of("failures"), errors: of("errors"), skipped: of("skipped") };
};

/** Readers take two cases of one name for one: those that are alike are numbered. */
function testsuite({ name, cases }: { readonly name: string; readonly cases: readonly Case[] }): string {
  const seen = new Map<string, number>();
  const children = cases.map((each) => {
    const count = (seen.get(each.name) ?? 0) + 1;
    seen.set(each.name, count);
    const title = count === 1 ? each.name : `${each.name} (${count})`;
    return element("testcase", { name: title, classname: name, ...each.attributes }, each.content);
  });
  return element("testsuite", { name, ...counts(cases) }, children);
}
