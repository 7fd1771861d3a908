/** A rule as SARIF describes it (3.49), complete enough for code scanning to show it. */
import type { ReportingDescriptor } from "sarif";
import type { Rule, Severity } from "../rule.ts";
import { standardsOf } from "./standards.ts";

/** Characters of a description that code scanning takes. */
const LONGEST_TEXT = 1_024;
/** Tags that code scanning keeps. */
const MOST_TAGS = 10;

export const LEVELS = { critical: "error", high: "error", medium: "warning", low: "note", info: "note" } as const;
const PROBLEM_SEVERITY = { error: "error", warning: "warning", note: "recommendation" } as const;
/** Fixed values inside the bands that code scanning calls critical, high, medium and low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.5",
  info: "1.0",
};

export function descriptor({ meta }: Rule): ReportingDescriptor {
  const { id, title, severity, why, remedy, references } = meta;
  const level = LEVELS[severity];
  const reason = oneLine(why) || title;
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: cut(title) },
    fullDescription: { text: cut(reason) },
    help: { text: `${reason}\n\n${remedy}`.trim(), markdown: help(meta) },
    ...(references[0] && { helpUri: references[0] }),
    defaultConfiguration: { level },
    properties: {
      tags: tags(meta),
      precision: "high",
      "problem.severity": PROBLEM_SEVERITY[level],
      "security-severity": SECURITY_SEVERITY[severity],
    },
  };
}

/** `k8s/schema-invalid` → `K8sSchemaInvalid`: the friendly name beside the opaque id (3.49.7). */
const pascalCase = (id: string): string =>
  id.replace(/(?:^|[^a-z0-9]+)([a-z0-9])/gi, (_, first: string) => first.toUpperCase());

/** Group, weaknesses, sections of the guides, standards. */
const tags = ({ id, references, guides }: Rule["meta"]): string[] =>
  ["security", id.slice(0, id.indexOf("/")), ...cwes(references), ...guides, ...standardsOf(id)].slice(0, MOST_TAGS);

/** `https://cwe.mitre.org/data/definitions/942.html` → `external/cwe/cwe-942`, the form that code scanning lists. */
const cwes = (references: readonly string[]): readonly string[] =>
  references.flatMap((reference) => {
    const number = /^https:\/\/cwe\.mitre\.org\/data\/definitions\/(\d+)/.exec(reference)?.[1];
    return number ? [`external/cwe/cwe-${number.padStart(3, "0")}`] : [];
  });

const help = ({ why, remedy, references, id }: Rule["meta"]): string =>
  [
    "**Why**",
    why,
    "**What to do**",
    remedy,
    ...(references.length ? ["**References**", references.map((reference) => `- <${reference}>`).join("\n")] : []),
    `More: \`qwed-harden explain ${id}\``,
  ]
    .map((part) => part.trim())
    .join("\n\n");

const oneLine = (markdown: string): string => markdown.trim().replace(/\s+/g, " ");

/** A surrogate pair is not cut in two. */
const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).replace(/[\ud800-\udbff]$/, "")}…`;
