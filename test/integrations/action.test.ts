import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Action, type Runner, runAction, runSteps, type Step } from "../../scripts/run-action.ts";
import { writeIn } from "../command-line.ts";
import { manifest } from "./built-package.ts";
import { command, DATABASE, gitIn, type Workbench, workbench } from "./workbench.ts";

let bench: Workbench;
beforeAll(() => {
  bench = workbench();
});
afterAll(() => bench.remove());

const action = parse(readFileSync("action.yml", "utf8")) as Action;
const steps = action.runs.steps;

const PUSH: Runner["github"] = { event_name: "push", repository: "acme/shop", event: {} };
const pullRequestOf = (head: string | undefined): Runner["github"] => ({
  event_name: "pull_request",
  repository: "acme/shop",
  event: { pull_request: { head: { repo: head === undefined ? null : { full_name: head } } } },
});

interface Given {
  readonly github?: Runner["github"];
  readonly path?: string;
  readonly folder?: string;
}

/** Runs the action on files, or on a folder that is there. */
function run(
  files: string | Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  { github = PUSH, path, folder = bench.built }: Given = {},
) {
  const workspace = typeof files === "string" ? files : bench.empty();
  if (typeof files !== "string") writeIn(workspace, files);
  const temp = bench.empty();
  const env = { PATH: path ? `${path}:${process.env.PATH}` : process.env.PATH, HOME: bench.empty() };
  const result = runAction(folder, inputs, { workspace, temp, env, github });
  const step = (name: string) => result.steps.find((ran) => ran.name === name);
  return {
    ...result,
    workspace,
    temp,
    uploads: result.steps.flatMap(({ uses }) => (uses ? [uses] : [])),
    lint: step("Lint"),
    log: result.steps.map(({ stdout, stderr }) => stdout + stderr).join(""),
    names: result.steps.map(({ name }) => name),
  };
}

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly object[];
    readonly automationDetails: { readonly id: string };
  }[];
}
const sarifOf = ({ outputs }: ReturnType<typeof run>) => JSON.parse(readFileSync(outputs.sarif!, "utf8")) as Sarif;

describe("fixture projects", () => {
  test.each([
    ["monorepo", "1"],
    ["qca-development", "1"],
    ["qca-production", "0"],
    ["qwed-after", "0"],
    ["qwed-before", "1"],
  ])("%s: exit code %s, after the upload of what was found", (name, code) => {
    const folder = bench.empty();
    cpSync(`fixtures/projects/${name}`, folder, { recursive: true });
    const ran = run(folder);
    expect(ran.outputs["exit-code"]).toBe(code);
    expect(ran.code).toBe(Number(code));
    expect(ran.names).toEqual(["Find the linter", "Lint", "Upload to code scanning", "Result"]);
    expect(ran.uploads).toEqual([{ action: expect.any(String), with: { sarif_file: ran.outputs.sarif } }]);
    const { runs } = sarifOf(ran);
    expect(runs).toHaveLength(1);
    expect(String(runs[0]!.results.length)).toBe(ran.outputs.findings);
    expect(Number(ran.outputs.findings) > 0).toBe(code === "1");
    expect(ran.lint!.summary).toContain(code === "1" ? "findings" : "No problems found");
    expect(ran.log).not.toContain("::error");
  });

  test("nothing is written into the repository", () => {
    const ran = run({ "compose.yaml": DATABASE });
    expect(readdirSync(ran.workspace)).toEqual(["compose.yaml"]);
  });
});

describe("inputs", () => {
  test("each reaches the linter", () => {
    const files = {
      "deploy/compose.yaml": DATABASE,
      "other/compose.yaml": DATABASE,
      "gate.yaml": "rules: {network/database-port-exposed: low}\n",
    };
    const all = run(files);
    const one = run(files, { paths: "deploy\n" });
    expect(Number(all.outputs.findings)).toBe(2 * Number(one.outputs.findings));
    expect(run(files, { paths: "deploy\nother" }).outputs.findings).toBe(all.outputs.findings);
    expect(run(files, { "fail-on": "never" }).outputs).toMatchObject({
      "exit-code": "0",
      findings: all.outputs.findings,
    });
    expect(Number(run(files, { preset: "all" }).outputs.findings)).toBeGreaterThan(Number(all.outputs.findings));
    const only = { args: "--only\nnetwork/database-port-exposed\n" };
    expect(run(files, only).outputs).toMatchObject({ "exit-code": "1", findings: "2" });
    expect(run(files, { ...only, config: "gate.yaml" }).outputs).toMatchObject({ "exit-code": "0", findings: "2" });
    expect(run(files, { summary: "false" }).lint!.summary).toBe("");
  });

  test("a baseline", () => {
    const known = run({ "compose.yaml": DATABASE }, { baseline: "known.json", args: "--update-baseline" });
    expect(known.outputs).toMatchObject({ "exit-code": "0", findings: "0" });
    writeIn(known.workspace, { "other/compose.yaml": DATABASE });
    expect(run(known.workspace, { baseline: "known.json" }).outputs["exit-code"]).toBe("1");
  });

  test("a view on a change has a category of its own", () => {
    const workspace = bench.empty();
    writeIn(workspace, { "compose.yaml": DATABASE });
    gitIn(workspace, "init", "-q");
    gitIn(workspace, "add", "-A");
    gitIn(workspace, "commit", "-qm", "one");
    const whole = run(workspace);
    const change = run(workspace, { "changed-since": "main" });
    expect(whole.outputs["exit-code"]).toBe("1");
    expect(change.outputs).toMatchObject({ "exit-code": "0", findings: "0" });
    expect(sarifOf(whole).runs[0]!.automationDetails.id).toBe("qwed-harden/");
    expect(sarifOf(change).runs[0]!.automationDetails.id).toBe("qwed-harden-changes/");
    const named = run(workspace, { "changed-since": "main", "sarif-category": "harden/api" });
    expect(sarifOf(named).runs[0]!.automationDetails.id).toBe("harden/api/");
    const unknown = run(workspace, { "changed-since": "nowhere" });
    expect(unknown.code).toBe(2);
    expect(unknown.uploads).toEqual([]);
  });

  test("all are described, none is there twice, and no script holds an expression", () => {
    for (const [name, { description, default: value }] of Object.entries(action.inputs)) {
      expect(description, name).toMatch(/^[A-Z].+[^.]$/);
      expect(value, name).toBeTypeOf("string");
      expect(steps.filter(({ env }) => Object.values(env ?? {}).includes(`\${{ inputs.${name} }}`))).toHaveLength(1);
    }
    for (const step of steps) expect(step.run ?? "").not.toMatch(/\$\{\{|\beval\b/);
  });

  const HOSTILE = `x"; touch pwned; $(touch pwned) \`touch pwned\` ' && touch pwned #
touch pwned
exit-code=0
::set-output name=exit-code::0
*`;
  test.each(Object.keys(action.inputs))("what %s says is run by nothing", (name) => {
    const clean = { ".gitignore": ".env\n" };
    for (const value of [HOSTILE, "--help"]) {
      const ran = run(clean, { [name]: value }, { path: bench.commands() });
      expect(readdirSync(ran.workspace)).toEqual([".gitignore"]);
      expect(readdirSync(ran.temp).filter((entry) => !entry.startsWith("qwed-harden"))).toEqual([]);
      expect(["", "0", "2"]).toContain(ran.outputs["exit-code"]);
      expect(ran.code).toBe(ran.outputs["exit-code"] === "0" ? 0 : 2);
    }
  });
});

describe("what can go wrong", () => {
  test("a wrong configuration: exit code 2, said why, nothing uploaded", () => {
    const ran = run({ "compose.yaml": DATABASE, "qwed-harden.config.yaml": "rulez: {}\n" });
    expect(ran.code).toBe(2);
    expect(ran.outputs).toEqual({ "exit-code": "2", findings: "", sarif: "" });
    expect(ran.lint!.stderr).toContain('qwed-harden.config.yaml:1:1: unknown key "rulez"');
    expect(ran.log).toContain("::error title=qwed-harden::Nothing was judged");
    expect(ran.uploads).toEqual([]);
  });

  test("nothing there to check: an upload would close alerts", () => {
    const ran = run({ "notes.txt": "" });
    expect(ran.code).toBe(2);
    expect(ran.uploads).toEqual([]);
  });

  test.each([
    ["acme/shop", 1],
    ["stranger/shop", 0],
    [undefined, 0],
  ])("a pull request from %s: %i upload", (head, uploads) => {
    const ran = run({ "compose.yaml": DATABASE }, {}, { github: pullRequestOf(head) });
    expect(ran.code).toBe(1);
    expect(ran.uploads).toHaveLength(uploads);
    const annotations = ran.lint!.stdout.match(/^::error file=compose\.yaml,line=4/gm) ?? [];
    expect(annotations.length > 0).toBe(uploads === 0);
  });

  test("an upload can be asked for or refused", () => {
    const fork = { github: pullRequestOf("stranger/shop") };
    expect(run({ "compose.yaml": DATABASE }, { "upload-sarif": "true" }, fork).uploads).toHaveLength(1);
    const refused = run({ "compose.yaml": DATABASE }, { "upload-sarif": "false" });
    expect(refused.uploads).toEqual([]);
    expect(refused.lint!.stdout).toContain("::error file=compose.yaml");
    expect(run({ "compose.yaml": DATABASE }, { "upload-sarif": "maybe" }).code).toBe(2);
  });

  test("a Node that is too old is named", () => {
    const path = bench.empty();
    command(path, "node", "exit 1");
    const ran = run({ "compose.yaml": DATABASE }, {}, { path });
    expect([ran.code, ran.names]).toEqual([2, ["Find the linter"]]);
    const least = manifest.engines.node.replace(">=", "");
    expect(ran.log).toContain(`::error title=qwed-harden::Node ${least} or newer is needed`);
    expect(steps[0]!.run).toContain(
      `major > ${least.split(".")[0]} || (major == ${least.replace(".", " && minor >= ")})`,
    );
  });
});

describe("a checkout without a build", () => {
  const without = () => {
    const folder = bench.empty();
    cpSync(bench.built, folder, { recursive: true });
    rmSync(join(folder, "dist"), { recursive: true });
    return folder;
  };

  test.each([
    ["", manifest.version],
    ["9.8.7", "9.8.7"],
    ["1.0.0-rc.1", "1.0.0-rc.1"],
  ])('version "%s": the package is installed outside of the repository, without its scripts', (version, installed) => {
    const path = bench.commands();
    const ran = run(
      { "compose.yaml": DATABASE, ".npmrc": "registry=https://example.com/\n" },
      { version },
      {
        path,
        folder: without(),
      },
    );
    const home = join(ran.temp, `qwed-harden-${installed}`);
    const options = `--prefix ${home} --ignore-scripts --no-audit --no-fund`;
    expect(readFileSync(join(path, "asked"), "utf8")).toBe(`npm install ${options} qwed-harden@${installed}\n`);
    expect(realpathSync(join(home, "node_modules/qwed-harden"))).toBe(bench.built);
    expect(existsSync(join(ran.workspace, "node_modules"))).toBe(false);
    expect(ran.outputs["exit-code"]).toBe("1");
  });

  test.each(["latest", "^1.0.0", "1.2", "file:.", "git+https://example.com/x.git", "1.0.0 left-pad", "1.0.0\n2.0.0"])(
    "version %j is none",
    (version) => {
      const path = bench.commands();
      const ran = run({ "compose.yaml": DATABASE }, { version }, { path });
      expect([ran.code, ran.names]).toEqual([2, ["Find the linter"]]);
      expect(ran.log).toContain("an exact version");
      expect(existsSync(join(path, "asked"))).toBe(false);
    },
  );
});

describe("the workflow to paste", () => {
  const workflow = parse(readFileSync("integrations/github-workflow.yml", "utf8")) as {
    readonly permissions: object;
    readonly jobs: { readonly lint: { readonly permissions: object; readonly steps: readonly Step[] } };
  };
  const runWorkflow = (files: Readonly<Record<string, string>>, github = PUSH) => {
    const workspace = bench.empty();
    writeIn(workspace, files);
    const env = { PATH: `${bench.commands()}:${process.env.PATH}`, HOME: bench.empty() };
    const result = runSteps(workflow.jobs.lint.steps, { workspace, temp: bench.empty(), env, github });
    return { ...result, workspace, uploads: result.steps.filter(({ uses }) => uses?.action.includes("upload-sarif")) };
  };

  test("may do no more than it needs", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs.lint.permissions).toEqual({ contents: "read", "security-events": "write" });
  });

  test.each([
    ["findings", { "compose.yaml": DATABASE }, 1],
    ["a clean project", { ".gitignore": ".env\n" }, 0],
  ])("%s: uploaded, with a summary", (_, files, code) => {
    const ran = runWorkflow(files);
    expect(ran.code).toBe(code);
    expect(ran.uploads.map(({ uses }) => uses!.with)).toEqual([{ sarif_file: "harden.sarif" }]);
    expect(JSON.parse(readFileSync(join(ran.workspace, "harden.sarif"), "utf8"))).toHaveProperty("runs");
    expect(ran.steps.map(({ summary }) => summary).join("")).toContain("qwed-harden");
  });

  test("nothing is uploaded from a fork, nor where nothing was judged", () => {
    expect(runWorkflow({ "compose.yaml": DATABASE }, pullRequestOf("stranger/shop"))).toMatchObject({
      code: 1,
      uploads: [],
    });
    expect(runWorkflow({ "compose.yaml": DATABASE }, pullRequestOf("acme/shop")).uploads).toHaveLength(1);
    const wrong = { "compose.yaml": DATABASE, "qwed-harden.config.yaml": "rulez: {}\n" };
    expect(runWorkflow(wrong)).toMatchObject({ code: 2, uploads: [] });
  });
});
