/** `qwed-harden init`: a configuration, a pipeline that fits the repository, and a baseline of what is there already. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { formatBaseline } from "../baseline-file.ts";
import { atLeast, type Finding } from "../check.ts";
import { CONFIG_NAMES } from "../config/load.ts";
import { openRepository, repositoryAround, repositorySettings } from "../discover/git/repository.ts";
import { languageOf } from "../discover/language.ts";
import { readText } from "../discover/read.ts";
import { stageOf } from "../discover/stage.ts";
import { plural } from "../report/report.ts";
import { PRESETS, type Preset, shellWord } from "../rule.ts";
import { type LintResult, lint } from "../run.ts";
import { UserError } from "../user-error.ts";
import { configText } from "./init-config.ts";
import { PIPELINES } from "./init-pipelines.ts";
import { present } from "./init-present.ts";
import { questions } from "./init-questions.ts";
import { type Loaded, load, ruleIds } from "./project.ts";
import type { Streams } from "./streams.ts";
import { version } from "./version.ts";
import { type Rewrite, rewriteAll, undisturbed } from "./write.ts";

export type Pipeline = keyof typeof PIPELINES | "none";

/** Whatever is undefined is asked for. */
export interface InitCommand {
  readonly folder: string;
  readonly preset?: Preset | "all" | undefined;
  readonly ci?: Pipeline | undefined;
  readonly baseline?: boolean | undefined;
  /** Takes the defaults and asks nothing. */
  readonly yes?: boolean | undefined;
  /** Replaces files that are there. */
  readonly force?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

interface NewFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

const [CONFIG = ""] = CONFIG_NAMES;
const BASELINE = "harden-baseline.json";
const WORKFLOW = ".github/workflows/harden.yml";
const JOB = ".gitlab/harden.gitlab-ci.yml";
const GITLAB = ".gitlab-ci.yml";
const PRE_COMMIT = ".pre-commit-config.yaml";
/** What `lint` fails from on without a word about it. */
const FAILING = "medium";

/** Exit code 0, or 3 after a bug of ours. Throws `UserError`; then nothing was written. */
export async function runInit(command: InitCommand, streams: Streams): Promise<number> {
  const { out, err } = streams;
  const root = folderOf(command.folder, streams.cwd);
  const { ask, end } = questions(!!command.yes, streams);
  try {
    notThere(root, CONFIG_NAMES, command);
    const preset = command.preset ?? (await ask("Preset", [...PRESETS, "all"] as const, "recommended"));
    const ci = await pipelineFor(root, command, ask);
    const config = { path: CONFIG, text: configText(preset, packaged(root)) };
    const planned = [config, ...pipelineFiles(root, ci, false)];
    notThere(root, paths(planned), command);

    const result = await findingsWith(root, preset, planned, streams);
    const found = known(result);
    const failing = found.filter(({ severity }) => atLeast(severity, FAILING)).length;
    out.write(`${plural(found.length, "finding")}, ${failing} of them ${FAILING} or worse\n`);
    const keeping =
      command.baseline ?? (failing > 0 && (await ask(`Let them pass by ${BASELINE}`, ["yes", "no"], "yes")) === "yes");
    const files = keeping
      ? [
          config,
          ...pipelineFiles(root, ci, true),
          { path: BASELINE, text: formatBaseline(result.baseline?.updated ?? []) },
        ]
      : planned;
    notThere(root, paths(files), command);
    if (!command.dryRun) {
      await undisturbed(() => rewriteAll(root, files.map(rewriteIn(root))));
    }
    out.write(told(root, streams.cwd, files, { ci, keeping, found: found.length, failing, dryRun: !!command.dryRun }));
    for (const { message } of result.crashes) err.write(`internal error: ${message}\n`);
    return result.crashes.length ? 3 : 0;
  } finally {
    end();
  }
}

function folderOf(folder: string, cwd: string): string {
  const path = resolve(cwd, folder);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new UserError(`path ${folder} does not exist`);
  if (!stat.isDirectory()) throw new UserError(`${folder} is not a folder`);
  return realpathSync(path);
}

const paths = (files: readonly NewFile[]): readonly string[] => files.map(({ path }) => path);

/** Throws `UserError` if one of the files is there and may not be replaced. */
function notThere(root: string, wanted: readonly string[], { force }: InitCommand): void {
  const there = present(root, wanted);
  const other = there.find((path) => CONFIG_NAMES.includes(path) && path !== CONFIG);
  if (other !== undefined) throw new UserError(`${other} is there already, and only one configuration can be`);
  if (there.length && !force) {
    const [verb, them] = there.length === 1 ? ["is", "it"] : ["are", "them"];
    throw new UserError(`${there.join(", ")} ${verb} there already; --force replaces ${them}`);
  }
}

const rewriteIn =
  (root: string) =>
  ({ path, text }: NewFile): Rewrite => ({ path, before: readText(join(root, path)), after: text });

const packaged = (root: string): boolean => existsSync(join(root, "node_modules/qwed-harden/schema"));

/** Pipelines belong to the root of a repository: elsewhere nobody would run them. */
async function pipelineFor(
  root: string,
  { ci }: InitCommand,
  ask: ReturnType<typeof questions>["ask"],
): Promise<Pipeline> {
  const top = repositoryAround(root, openRepository)?.root ?? root;
  if (top === root) return ci ?? ask("Pipeline", ["github", "gitlab", "none"], usualPipeline(root));
  if (ci === undefined || ci === "none") return "none";
  throw new UserError(`--ci ${ci} needs the root of the repository, which is ${relative(root, top)}`);
}

/** By the remote, else by the files that are there. */
function usualPipeline(root: string): Pipeline {
  const settings = repositorySettings(root);
  const remotes = [...settings].filter(([key]) => /^remote\..+\.url$/.test(key));
  const url = settings.get("remote.origin.url") ?? remotes[0]?.[1] ?? "";
  // `https://user@host/path`, `ssh://git@host:22/path`, `git@host:path`
  const host = /^(?:\w+:\/\/)?(?:[^@/]*@)?([^:/]+)/.exec(url)?.[1] ?? "";
  const service = /(?:^|\.)(github|gitlab)\b/i.exec(host)?.[1]?.toLowerCase() as Pipeline | undefined;
  if (service) return service;
  if (existsSync(join(root, GITLAB))) return "gitlab";
  return existsSync(join(root, ".github")) ? "github" : "none";
}

/** The files of `integrations/`, with the baseline if there is one. What is there already is not edited. */
function pipelineFiles(root: string, ci: Pipeline, baseline: boolean): readonly NewFile[] {
  if (ci === "none") return [];
  const text = withBaseline(`${PIPELINES[ci].join("\n")}\n`, baseline);
  if (ci === "github") return [{ path: WORKFLOW, text }];
  const include = existsSync(join(root, GITLAB)) ? [] : [{ path: GITLAB, text: INCLUDE }];
  return [{ path: JOB, text }, ...include];
}

const INCLUDE = `include:\n  - local: ${JOB}\n`;

/** Every call of `lint` in a pipeline or a hook. */
const withBaseline = (text: string, baseline: boolean): string =>
  baseline ? text.replaceAll(/(?<=(?:- |: )qwed-harden lint)\b/g, ` --baseline ${BASELINE}`) : text;

/** Findings of the folder as it will be with the new files, all of them in the baseline. */
async function findingsWith(
  root: string,
  preset: Preset | "all",
  planned: readonly NewFile[],
  streams: Streams,
): Promise<LintResult> {
  const { project, settings, repositoryPrefix }: Loaded = await load({ paths: [root], config: false, preset }, streams);
  const names = new Set(paths(planned));
  const added = planned.flatMap(({ path, text }) => {
    const language = languageOf(path, text);
    return language
      ? [{ path, text, language, git: project.git ? "untracked" : "unknown", stage: stageOf(path) } as const]
      : [];
  });
  return lint(
    { ...project, files: [...project.files.filter(({ path }) => !names.has(path)), ...added] },
    {
      rules: settings.rules,
      severityOf: settings.severityOf,
      known: ruleIds,
      today: streams.today,
      repositoryPrefix,
      baseline: { entries: [], update: true, gone: () => false, inScope: () => true },
    },
  );
}

const known = ({ silenced }: LintResult): readonly Finding[] =>
  silenced.filter(({ by }) => by === "baseline").map(({ finding }) => finding);

interface Outcome {
  readonly ci: Pipeline;
  readonly keeping: boolean;
  /** Findings, and those of them that fail a run. */
  readonly found: number;
  readonly failing: number;
  readonly dryRun: boolean;
}

/** What was written, what a person has to add by hand, and the next command. */
function told(
  root: string,
  cwd: string,
  files: readonly NewFile[],
  { ci, keeping, found, failing, dryRun }: Outcome,
): string {
  const below = relative(cwd, root).split(sep).join("/");
  const at = (path: string) => (below === "" ? path : `${below}/${path}`);
  const about = (path: string) => (path === BASELINE ? `: ${plural(found, "finding")} that will pass` : "");
  const written = [dryRun ? "Would write" : "Wrote", ...files.map(({ path }) => `  ${at(path)}${about(path)}`), ""];
  const include =
    ci === "gitlab" && !files.some(({ path }) => path === GITLAB) && !readText(join(root, GITLAB))?.includes(JOB)
      ? [`Add to ${at(GITLAB)}:`, "", ...indented(INCLUDE), ""]
      : [];
  const hook = existsSync(join(root, PRE_COMMIT))
    ? [`Add to ${at(PRE_COMMIT)}, under repos:`, "", ...indented(withBaseline(HOOK, keeping)), ""]
    : [];
  const call = [
    `npx qwed-harden@${version} lint`,
    ...(keeping ? [`--baseline ${shellWord(at(BASELINE))}`] : []),
    ...(below === "" ? [] : [shellWord(below)]),
  ].join(" ");
  const red =
    failing && !keeping ? [`It fails by ${plural(failing, "finding")}; init --force --baseline lets them pass.`] : [];
  return `${[...written, ...include, ...hook, `Next: ${call}`, ...red].join("\n")}\n`;
}

const indented = (text: string): readonly string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`);

/** pre-commit (pre-commit.com) installs the package for it. */
const HOOK = `- repo: local
  hooks:
    - id: qwed-harden
      name: qwed-harden
      entry: qwed-harden lint --staged
      language: node
      additional_dependencies: ["qwed-harden@${version}"]
      pass_filenames: false
`;
