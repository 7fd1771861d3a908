/** The pipeline on one screen: files → trees → model → findings → what is left after suppressions. */
import { type CheckOptions, check, type RuleCrash } from "./check.ts";
import { type Gated, type GateOptions, gate } from "./gate.ts";
import type { Deployment, HistoryEntry, Presence, Skipped, SourceFile } from "./model.ts";
import { normalize } from "./normalize/index.ts";
import { parse } from "./parse/index.ts";
import { type Accepted, type Suppressible, suppress } from "./suppress.ts";

/** What discovery hands over. Everything after this line is a pure function of it. */
export interface Project {
  readonly files: readonly SourceFile[];
  readonly skipped: readonly Skipped[];
  /** False: no git repository, and every file's git state is "unknown". */
  readonly git: boolean;
  readonly history: readonly HistoryEntry[];
  /** What is at a path below the root, as it was when files were read; undefined: nobody looked there. */
  readonly presence?: (path: string) => Presence | undefined;
}

export interface LintOptions extends CheckOptions, Suppressible, Omit<GateOptions, "known"> {
  readonly accepted?: readonly Accepted[];
  /** Ids of all rules there are, those that did not run too: a comment that names another id is mistaken. */
  readonly known?: ReadonlySet<string>;
  /** ISO date that decides whether suppressions have expired. */
  readonly today: string;
}

export interface LintResult extends Gated {
  readonly project: Project;
  readonly model: Deployment;
  /** Accepted findings of the configuration past their end date. */
  readonly expired: readonly Accepted[];
  readonly crashes: readonly RuleCrash[];
}

/** files → model. Deterministic whatever the order of `project.files`. */
export async function understand(project: Project): Promise<Deployment> {
  const files = project.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const { git, history, presence } = project;
  return normalize(await parse(files), { git, history, presence });
}

/** The whole line: never throws for bad input, a bug in a rule is a `RuleCrash` in the result. */
export async function lint(project: Project, options: LintOptions): Promise<LintResult> {
  const model = await understand(project);
  const { findings, crashes } = check(model, options.rules, options);
  const { kept, silenced, expired } = suppress(model, findings, options);
  const gated = gate(model, kept, { skipped: project.skipped, crashes }, options);
  return { ...gated, project, model, silenced: [...silenced, ...gated.silenced], expired, crashes };
}
