/** Checkstyle's XML, which many annotators of reviews read. */
import type { Finding } from "../check.ts";
import { sentence } from "./details.ts";
import { positionOf } from "./lines.ts";
import { byFile, type Reporter, shownFindings } from "./report.ts";
import { element, xmlDocument } from "./xml.ts";

const SEVERITY = { critical: "error", high: "error", medium: "warning", low: "info", info: "info" } as const;

/** The version of Checkstyle whose format this is. */
const VERSION = "4.3";

export const checkstyle: Reporter = (input) =>
  xmlDocument(
    element(
      "checkstyle",
      { version: VERSION },
      byFile(shownFindings(input)).map(([{ path }, findings]) =>
        element("file", { name: input.repositoryPrefix + path }, findings.map(error)),
      ),
    ),
  );

function error(finding: Finding): string {
  const { rule, severity, span } = finding;
  const { line, column } = positionOf(span.file, span.start);
  return element("error", {
    line,
    column,
    severity: SEVERITY[severity],
    message: sentence(finding),
    source: `qwed-harden.${rule.meta.id}`,
  });
}
