import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { FORMATS, type Format } from "../src/cli/outputs.ts";
import { discover } from "../src/discover/index.ts";
import { understand } from "../src/run.ts";
import { runIn } from "./command-line.ts";
import { printedForms, secretsOf } from "./printed-secrets.ts";
import { readCsv, readWorkflowCommands, readXml } from "./report/read-back.ts";

/** What users get: the package as it is published, installed in an empty folder, without a network. */
const folder = mkdtempSync(join(tmpdir(), "harden-packed-"));
const stage = join(folder, "stage");
const user = join(folder, "user");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { version, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

/** Fails the process that opens a connection or asks for a name. */
const OFFLINE = `
const refuse = (name) => () => { throw new Error("the network is used: " + name); };
require("node:net").Socket.prototype.connect = refuse("connect");
require("node:dns").lookup = refuse("lookup");
`;

function run(command: string, argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { PATH, SystemRoot } = process.env;
  return spawnSync(command, argv, {
    cwd,
    env: { PATH, SystemRoot, HOME: folder, USERPROFILE: folder, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 26,
    shell: process.platform === "win32" && command === "npm",
  });
}

function done(result: SpawnSyncReturns<string>): string {
  expect(result.status, result.stdout + result.stderr).toBe(0);
  return result.stdout;
}

/** The installed command: its exit code, standard output and standard error. */
const installed = (argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, [join(user, "node_modules/qwed-harden/bin/qwed-harden.js"), ...argv], cwd, {
    NODE_OPTIONS: `--require ${JSON.stringify(join(folder, "offline.cjs"))}`,
    ...env,
  });

const script = (name: string, text: string): SpawnSyncReturns<string> => {
  writeFileSync(join(user, name), text);
  return run(process.execPath, [name], user);
};

let packed: readonly string[];
beforeAll(() => {
  mkdirSync(user);
  writeFileSync(join(folder, "offline.cjs"), OFFLINE);
  for (const path of ["package.json", "bin", "schema", "docs", "NOTICE", "LICENSE", "README.md"])
    cpSync(path, join(stage, path), { recursive: true });
  const node = (...argv: readonly string[]) => done(run(process.execPath, argv, resolve(".")));
  node("node_modules/rolldown/bin/cli.mjs", "-c", "rolldown.config.js", "-d", join(stage, "dist"));
  node("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", join(stage, "dist/types"));
  const cache = ["--cache", join(folder, "cache"), "--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  const [pack] = JSON.parse(done(run("npm", ["pack", "--json", ...cache], stage))) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  packed = pack.files.map(({ path }) => path);
  writeFileSync(join(user, "package.json"), '{ "private": true }\n');
  done(run("npm", ["install", ...cache, join(stage, pack.filename)], user));
}, 180_000);

describe("the package", () => {
  test("holds what runs, what documents it, and its licences", () => {
    expect(new Set(packed.map((path) => path.split("/")[0]))).toEqual(
      new Set(["LICENSE", "NOTICE", "README.md", "bin", "dist", "docs", "package.json", "schema"]),
    );
    expect(packed.filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))).toEqual([]);
    expect(packed).toContain("dist/THIRD-PARTY-LICENSES");
  });

  test("is what its package.json says, to every resolver", async () => {
    const pkgDir = join(user, "node_modules/qwed-harden");
    expect((await publint({ pkgDir, pack: false, strict: true })).messages).toEqual([]);
  });

  test("needs no other package", () => {
    expect(dependencies).toBeUndefined();
    expect(readdirSync(join(user, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["qwed-harden"]);
  });

  test("brings a command of its name", () => {
    const bin = join("node_modules/.bin", process.platform === "win32" ? "qwed-harden.cmd" : "qwed-harden");
    expect(existsSync(join(user, bin))).toBe(true);
    expect(done(run("npm", ["exec", "--offline", "--", "qwed-harden", "--version"], user)).trim()).toBe(version);
  });
});

const FOLDER = "fixtures/projects";
const EXIT_CODES: Readonly<Record<string, number>> = {
  monorepo: 1,
  "qca-development": 1,
  "qca-production": 0,
  "qwed-after": 0,
  "qwed-before": 1,
};

/** Throws where the text is not of its format. */
const READERS: Readonly<Record<Format, (text: string) => unknown>> = {
  pretty: (text) => expect(text).toMatch(/Scanned \d+ files/),
  json: (text) => expect(JSON.parse(text)).toHaveProperty("summary.total"),
  sarif: (text) => expect((JSON.parse(text) as Log).runs).toHaveLength(1),
  github: readWorkflowCommands,
  gitlab: (text) => expect(Array.isArray(JSON.parse(text))).toBe(true),
  junit: readXml,
  markdown: (text) => expect(text).toMatch(/^## qwed-harden: /),
  checkstyle: readXml,
  csv: readCsv,
};

describe("every project", () => {
  test("is known to this test", () => {
    const projects = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(projects.map(({ name }) => name)).toEqual(Object.keys(EXIT_CODES));
  });

  describe.each(Object.keys(EXIT_CODES))("%s", (name) => {
    const project = join(folder, "projects", name);
    beforeAll(() => {
      cpSync(join(FOLDER, name), project, { recursive: true, filter: (path) => !path.endsWith("_git") });
      done(run("git", ["init", "-q"], project));
      done(run("git", ["add", "-A"], project));
    });

    const file = (of: string, format: Format) => join(folder, `${name}.${of}.${format}`);
    const read = (of: string, format: Format) => readFileSync(file(of, format), "utf8");
    const argv = (preset: string, of: string) => [
      ...["lint", "--preset", preset],
      ...FORMATS.flatMap((format) => ["--output", `${format}=${file(preset + of, format)}`]),
    ];

    test.each(["recommended", "all"])(
      "preset %s: every report is that of the sources, and holds no secret",
      async (preset) => {
        const theirs = await runIn(project, argv(preset, "sources"));
        const { status, stdout, stderr } = installed(argv(preset, ""), project);
        expect({ status, stdout, stderr }).toEqual({ status: theirs.code, stdout: theirs.out, stderr: theirs.err });
        expect(status).toBe(EXIT_CODES[name]);
        const secrets = secretsOf(await understand(discover(["."], { cwd: project })));
        for (const format of FORMATS) {
          const text = read(preset, format);
          expect(text).toBe(read(`${preset}sources`, format).replaceAll("0.0.0-source", version));
          READERS[format](text);
          const leaks = secrets.filter((secret) => printedForms(secret).some((form) => text.includes(form)));
          expect(leaks, format).toEqual([]);
        }
      },
    );

    test.each(FORMATS)("%s on standard output is what is written to a file", (format) => {
      const { status, stdout } = installed(["lint", "--format", format], project);
      expect(status).toBe(EXIT_CODES[name]);
      expect(stdout).toBe(read("recommended", format));
    });

    test.each([["guide"], ["guide", "qwed"], ["model"]].map((argv) => [argv.join(" "), argv] as const))(
      "%s prints what the sources print",
      async (_, argv) => {
        const theirs = await runIn(project, argv);
        expect(installed(argv, project)).toMatchObject({ status: theirs.code, stdout: theirs.out });
        expect(theirs.out.length).toBeGreaterThan(200);
      },
    );
  });
});

describe("other command lines", () => {
  test("rules and explain, for every rule", async () => {
    const listed = JSON.parse(done(installed(["rules", "--format", "json"], user))) as readonly {
      readonly id: string;
    }[];
    expect(listed.map(({ id }) => id).toSorted()).toEqual(rules.map(({ meta }) => meta.id).toSorted());
    const argv = ["explain", "container/run-as-root"];
    const theirs = await runIn(user, argv);
    expect(installed(argv, user)).toMatchObject({ status: 0, stdout: theirs.out });
  });

  test("an empty folder has nothing to check, and still is a log of one run", () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const { status, stdout } = installed(["lint", "--format", "sarif"], empty);
    expect(status).toBe(2);
    expect((JSON.parse(stdout) as Log).runs).toMatchObject([{ results: [] }]);
  });

  test("wrong usage is exit code 2 and one line", () => {
    const { status, stdout, stderr } = installed(["lint", "nowhere"], user);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .*nowhere.*\n$/);
  });

  test("a job summary keeps what another command of the step wrote", () => {
    const summary = join(folder, "step_summary");
    writeFileSync(summary, "## tests\n");
    const argv = ["lint", "--format", "github", "--output", `markdown=${summary}`, "."];
    const env = { GITHUB_STEP_SUMMARY: summary };
    expect(installed(argv, join(folder, "projects/qwed-before"), env).status).toBe(1);
    expect(installed(argv, join(folder, "projects/qwed-after"), env).status).toBe(0);
    const headings = readFileSync(summary, "utf8").match(/^## .*/gm);
    expect(headings).toEqual([
      "## tests",
      expect.stringMatching(/^## qwed-harden: \d+ findings/),
      "## qwed-harden: No problems found",
    ]);
  });
});

describe("the library", () => {
  const body = `
    const project = discover(["."], { cwd: "../projects/qwed-before" });
    lint(project, { rules, today: "2026-01-15" }).then(({ findings, crashes }) => {
      console.log(JSON.stringify([findings.length, crashes.length, typeof sarif]));
    });`;

  test.each([
    ["import", "a.mjs", `import { discover, lint, rules, sarif } from "qwed-harden";${body}`],
    ["require", "a.cjs", `const { discover, lint, rules, sarif } = require("qwed-harden");${body}`],
  ])("answers %s", (_, name, text) => {
    const [findings, crashes, reporter] = JSON.parse(done(script(name, text)));
    expect(findings).toBeGreaterThan(10);
    expect([crashes, reporter]).toEqual([0, "function"]);
  });

  test("its schema of the configuration is there", () => {
    const text = 'console.log(require("qwed-harden/schema.json").type, require("qwed-harden/package.json").version);';
    expect(done(script("b.cjs", text))).toBe(`object ${version}\n`);
  });

  test.each([
    ["nodenext", "nodenext"],
    ["preserve", "bundler"],
  ])("its types hold, its declarations among them (%s, %s)", (module, moduleResolution) => {
    writeFileSync(
      join(user, "types.mts"),
      `import { discover, json, lint, plain, rules, type Finding, type ReportInput } from "qwed-harden";
const project = discover(["."], { cwd: "." });
const result = await lint(project, { rules, today: "2026-01-15" });
const findings: readonly Finding[] = result.findings;
const input: ReportInput = {
  ...result, rules, skipped: project.skipped, version: "1", paint: plain, width: 80, displayPrefix: "", repositoryPrefix: "",
};
const text: string = json(input);
// @ts-expect-error A severity is no number.
const severity: number = findings[0]!.severity;
export { severity, text };
`,
    );
    const flags = ["--noEmit", "--strict", "--target", "es2023", "--types", ""];
    const modules = ["--module", module, "--moduleResolution", moduleResolution];
    const tsc = resolve("node_modules/typescript/bin/tsc");
    expect(done(run(process.execPath, [tsc, ...flags, ...modules, "types.mts"], user))).toBe("");
  });
});
