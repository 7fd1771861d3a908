/** What a gate lets pass: findings of the baseline, and those that a change is not about. */
import { applyBaseline, type BaselineEntry } from "./baseline.ts";
import { changedFindings } from "./changed.ts";
import type { Finding, RuleCrash } from "./check.ts";
import type { Changes } from "./model/changes.ts";
import type { Deployment, Skipped } from "./model.ts";
import type { Rule } from "./rule.ts";
import type { Silenced, Suppressible } from "./suppress.ts";

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
  /** Takes in whatever is not in it yet. */
  readonly update: boolean;
  /** No file is at this path from the root of the repository any more. */
  readonly gone: (path: string) => boolean;
  /** The run was asked to look there. */
  readonly inScope: (path: string) => boolean;
}

export interface GateOptions extends Pick<Suppressible, "nonSuppressible"> {
  readonly rules: readonly Rule[];
  /** Ids of all rules there are: entries of others have nothing to wait for. */
  readonly known?: ReadonlySet<string> | undefined;
  readonly baseline?: Baseline | undefined;
  /** Only findings that this is about are let through. */
  readonly changes?: Changes | undefined;
  /** From the root of the repository to that of the run: "" or ending in `/`. */
  readonly repositoryPrefix?: string | undefined;
}

export interface Gated {
  readonly findings: readonly Finding[];
  readonly silenced: readonly Silenced[];
  /** Entries of the baseline that nothing answers to any more, and what the baseline should be now. */
  readonly baseline?: { readonly fixed: readonly BaselineEntry[]; readonly updated: readonly BaselineEntry[] };
  /** How many findings are left out since the change is not about them. */
  readonly elsewhere: number;
}

/** `findings` in the order of places. A rule that nothing may silence is in no baseline. */
export function gate(
  { sensitive, problems }: Deployment,
  findings: readonly Finding[],
  { skipped, crashes }: { readonly skipped: readonly Skipped[]; readonly crashes: readonly RuleCrash[] },
  { rules, known: all, baseline, changes, nonSuppressible, repositoryPrefix: prefix = "" }: GateOptions,
): Gated {
  const locked = (rule: string): boolean => nonSuppressible?.has(rule) ?? false;
  const failed = new Set(crashes.map(({ rule }) => rule));
  const ran = new Set(rules.map(({ meta }) => meta.id as string).filter((id) => !failed.has(id)));
  const unread = new Set([...skipped.map(({ path }) => path), ...problems.map(({ span }) => span.file.path)]);
  const open = findings.filter(({ rule }) => !locked(rule.meta.id));
  const applied =
    baseline &&
    applyBaseline(open, {
      entries: baseline.entries.filter(({ rule }) => !locked(rule)),
      sensitive,
      prefix,
      gone: baseline.gone,
      judged: (rule, path) =>
        (all !== undefined && !all.has(rule)) ||
        (ran.has(rule) && baseline.inScope(path) && !unread.has(path.slice(prefix.length))),
    });
  const known = new Set(baseline?.update ? open : applied?.known);
  const fresh = findings.filter((finding) => !known.has(finding));
  const about = changes ? changedFindings(fresh, changes, prefix) : fresh;
  return {
    findings: about,
    silenced: [...known].map((finding) => ({ finding, by: "baseline", reason: "" })),
    ...(applied && { baseline: { fixed: applied.fixed, updated: applied.updated } }),
    elsewhere: fresh.length - about.length,
  };
}
