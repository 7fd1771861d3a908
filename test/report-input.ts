import { plain } from "../src/report/colors.ts";
import type { ReportInput } from "../src/report/report.ts";
import type { LintResult } from "../src/run.ts";

/** What the command line would hand to a reporter for a run in the project's own folder: 100 columns, no colour. */
export const reportInput = (
  result: Pick<LintResult, "findings" | "silenced" | "model" | "crashes" | "project">,
): ReportInput => ({
  findings: result.findings,
  silenced: result.silenced,
  model: result.model,
  skipped: result.project.skipped,
  crashes: result.crashes,
  rules: [],
  version: "0.0.0",
  paint: plain,
  width: 100,
  displayPrefix: "",
  repositoryPrefix: "",
});
