/** What is silenced, by whom and why: inline comments and `accepted` findings of the configuration. */
import type { Finding } from "./check.ts";
import type { Deployment } from "./model.ts";
import type { Rule, RuleId } from "./rule.ts";

/** An accepted finding of the configuration. `until` is an ISO date, inclusive. */
export interface Accepted {
  readonly rule: RuleId;
  /** Glob of paths relative to the root of the run. */
  readonly path: string;
  readonly subject?: string | undefined;
  readonly reason: string;
  readonly until?: string | undefined;
}

export interface Silenced {
  readonly finding: Finding;
  readonly by: "comment" | "configuration";
  readonly reason: string;
}

export interface SuppressOptions {
  readonly rules: readonly Rule[];
  readonly accepted?: readonly Accepted[];
  readonly today: string;
}

export function suppress(
  _model: Deployment,
  findings: readonly Finding[],
  _options: SuppressOptions,
): { readonly kept: readonly Finding[]; readonly silenced: readonly Silenced[] } {
  return { kept: findings, silenced: [] };
}
