/**
 * Runs the steps of a composite action or of a job as the runner of GitHub does. Shell steps are run, in bash as the
 * runner starts it; actions that steps use are told, never run. `tsx scripts/run-action.ts [folder] [input=value…]` runs
 * action.yml of this repository on a folder.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { filled, holds, type Scope, type Value } from "./action-expression.ts";

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean | number>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description?: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description?: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export interface Runner {
  /** The checked out repository. */
  readonly workspace: string;
  /** RUNNER_TEMP: an existing folder. */
  readonly temp: string;
  /** Environment of the shell steps beside what the runner itself sets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The context `github`. */
  readonly github: { readonly event_name: string; readonly repository: string; readonly event: object };
}

/** A step that was run or told. Exit codes and texts are those of its shell. */
export interface Ran {
  readonly name: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
  readonly uses?: { readonly action: string; readonly with: Readonly<Record<string, string>> };
}

export interface Outcome {
  /** Of the first step that failed, else 0. */
  readonly code: number;
  /** Without those that a condition left out. */
  readonly steps: readonly Ran[];
  /** What expressions say after the last step. */
  readonly scope: Scope;
}

/** Runs the action of a folder (its action.yml). Throws for an input that it does not have, and as `runSteps` does. */
export function runAction(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  runner: Runner,
): Outcome & { readonly outputs: Readonly<Record<string, string>> } {
  const action = parse(readFileSync(join(folder, "action.yml"), "utf8")) as Action;
  if (action.runs.using !== "composite") throw new Error(`action.yml: ${action.runs.using} is not run here`);
  const wrong = Object.keys(inputs).find((name) => !(name in action.inputs));
  if (wrong !== undefined) throw new Error(`action.yml has no input ${wrong}`);
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? input.default ?? ""]),
  );
  const outcome = runSteps(action.runs.steps, runner, { inputs: given, actionPath: folder });
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, outcome.scope)]);
  return { ...outcome, outputs: Object.fromEntries(outputs) };
}

/** Runs steps in their order. Throws for an expression, a name or a shell that is not known here. */
export function runSteps(
  steps: readonly Step[],
  runner: Runner,
  {
    inputs = {},
    actionPath,
  }: { readonly inputs?: Readonly<Record<string, string>>; readonly actionPath?: string } = {},
): Outcome {
  const outputs = new Map<string, ReadonlyMap<string, string>>();
  const known = new Set(steps.map(({ id }) => id));
  const lookup = (name: string): Value => {
    const [context, first = "", ...rest] = name.split(".");
    if (context === "inputs" && Object.hasOwn(inputs, first) && !rest.length) return inputs[first]!;
    if (context === "steps" && known.has(first) && rest[0] === "outputs" && rest.length === 2) {
      return outputs.get(first)?.get(rest[1]!) ?? "";
    }
    if (context === "runner" && first === "temp" && !rest.length) return runner.temp;
    if (context === "github" && Object.hasOwn(runner.github, first)) return within(runner.github, [first, ...rest]);
    throw new Error(`not a name that is known here: ${name}`);
  };
  const call: Scope["call"] = (name, [path, ...more]) => {
    if (name !== "hashFiles" || typeof path !== "string" || /[*?[]/.test(path) || more.length) {
      throw new Error(`not a function that is known here: ${name}`);
    }
    const file = join(runner.workspace, path);
    return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
  };
  const ran: Ran[] = [];
  let code = 0;
  for (const [i, step] of steps.entries()) {
    const scope: Scope = { lookup, call, success: code === 0 };
    if (!holds(step.if, scope)) continue;
    const fill = (texts: Step["with"]) =>
      Object.fromEntries(Object.entries(texts ?? {}).map(([key, value]) => [key, filled(String(value), scope)]));
    const name = step.name ?? step.uses ?? `step ${i + 1}`;
    if (step.uses !== undefined) {
      const uses = { action: step.uses, with: fill(step.with) };
      ran.push({ name, code: 0, stdout: "", stderr: "", summary: "", uses });
      continue;
    }
    if ((step.shell ?? "bash") !== "bash") throw new Error(`${name}: not a shell that is known here: ${step.shell}`);
    if (actionPath !== undefined && step.shell === undefined)
      throw new Error(`${name}: an action has to name its shell`);
    const env = { ...runner.env, ...fill(step.env), ...(actionPath && { GITHUB_ACTION_PATH: actionPath }) };
    const shell = inShell(filled(step.run ?? "", scope), env, runner);
    if (step.id !== undefined) outputs.set(step.id, assignments(shell.output));
    ran.push({ name, ...shell });
    code ||= shell.code;
  }
  return { code, steps: ran, scope: { lookup, call, success: code === 0 } };
}

function inShell(
  script: string,
  env: Runner["env"],
  { workspace, temp, github }: Runner,
): Pick<Ran, "code" | "stdout" | "stderr" | "summary"> & { readonly output: string } {
  const folder = mkdtempSync(join(temp, "_step-"));
  const file = (name: string, text = "") => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const [output, summary] = [file("output"), file("summary")];
  const { status, stdout, stderr, error } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", file("script.sh", script)],
    {
      cwd: workspace,
      encoding: "utf8",
      env: {
        ...env,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: workspace,
        GITHUB_EVENT_NAME: github.event_name,
        GITHUB_REPOSITORY: github.repository,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: temp,
      },
    },
  );
  if (error) throw error;
  const texts = { output: readFileSync(output, "utf8"), summary: readFileSync(summary, "utf8") };
  rmSync(folder, { recursive: true });
  return { code: status ?? 1, stdout, stderr, ...texts };
}

/** `name=value` lines. */
function assignments(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const at = line.indexOf("=");
      if (at < 1) throw new Error(`not an output that is known here: ${line}`);
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** A missing property is null, as in the contexts of the runner. */
function within(value: unknown, path: readonly string[]): Value {
  const found = path.reduce<unknown>(
    (object, key) => (object !== null && typeof object === "object" ? (object as Record<string, unknown>)[key] : null),
    value,
  );
  return typeof found === "string" || typeof found === "boolean" ? found : null;
}

function main([workspace = ".", ...inputs]: readonly string[]): number {
  const temp = mkdtempSync(join(tmpdir(), "run-action-"));
  const { code, steps, outputs } = runAction(
    fileURLToPath(new URL("..", import.meta.url)),
    Object.fromEntries(inputs.map((input) => [input.split("=", 1)[0]!, input.slice(input.indexOf("=") + 1)])),
    {
      workspace: resolve(workspace),
      temp,
      env: process.env,
      github: { event_name: "push", repository: "local/local", event: {} },
    },
  );
  for (const { name, stdout, stderr, uses } of steps) {
    process.stdout.write(`── ${name}\n${uses ? `not run: ${JSON.stringify(uses)}\n` : stdout + stderr}`);
  }
  process.stdout.write(`── outputs\n${JSON.stringify(outputs, undefined, 2)}\nexit code ${code}\n`);
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
