/** Public API: discover → lint → reporters. Everything a reporter prints comes from the result of `lint`. */
export { rules } from "../rules/index.ts";
export { check, type Finding, RuleCrash } from "./check.ts";
export { type Discovered, type DiscoverOptions, discover } from "./discover/index.ts";
export type * from "./model.ts";
export { type Change, type Repaired, type RepairOptions, repair } from "./repair.ts";
export { plain } from "./report/colors.ts";
export { json } from "./report/json.ts";
export { pretty } from "./report/pretty.ts";
export type { Reporter, ReportInput } from "./report/report.ts";
export { sarif } from "./report/sarif.ts";
export type { Edit, Fix, Note, Preset, Rule, RuleId, RuleMeta, Severity } from "./rule.ts";
export { type LintOptions, type LintResult, lint, type Project, understand } from "./run.ts";
export type { Accepted, Silenced } from "./suppress.ts";
export { UserError } from "./user-error.ts";
