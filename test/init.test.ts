import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { rules } from "../rules/index.ts";
import { configText } from "../src/cli/init-config.ts";
import { PIPELINES } from "../src/cli/init-pipelines.ts";
import { main } from "../src/cli/main.ts";
import type { Output } from "../src/cli/streams.ts";
import { parseConfig } from "../src/config/parse.ts";
import { configSchema } from "../src/config/schema.ts";
import { settings } from "../src/config/settings.ts";
import { runIn, writeIn } from "./command-line.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-init-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONFIG = "qwed-harden.config.yaml";
const BASELINE = "harden-baseline.json";
const WORKFLOW = ".github/workflows/harden.yml";
const JOB = ".gitlab/harden.gitlab-ci.yml";

const write = (files: Readonly<Record<string, string>>) => writeIn(folder, files);
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const run = (...argv: readonly string[]) => runIn(folder, argv);
const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });

/** Paths of all files and links below the folder, without those of git. */
const tree = (): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith(".git/"))
    .sort();

/** Types lines on a terminal; `undefined` at the end: the terminal is closed. */
async function typing(lines: readonly (string | undefined)[], ...argv: readonly string[]) {
  const keyboard = new PassThrough();
  let out = "";
  let err = "";
  const asked: string[] = [];
  const output = (take: (text: string) => void): Output => ({ tty: true, columns: 80, write: take });
  const waiting = [...lines];
  const code = await main(["init", ...argv], {
    cwd: folder,
    env: {},
    out: output((text) => {
      out += text;
      if (!/\] $/.test(text)) return;
      asked.push(text);
      const line = waiting.shift();
      setImmediate(() => (line === undefined ? keyboard.end() : keyboard.write(`${line}\n`)));
    }),
    err: output((text) => {
      err += text;
    }),
    stdin: () => "",
    keyboard: () => keyboard,
    today: "2026-11-21",
  });
  return { code, out, err, asked };
}

const COMPOSE = `services:
  db:
    image: postgres:16
    ports: ["5432:5432"]
    environment:
      POSTGRES_PASSWORD: hunter2-hunter2
`;

describe("the configuration", () => {
  const ids = rules.map(({ meta }) => meta.id as string);
  const uncommented = (text: string) => text.replaceAll(/^#(?! \S)/gm, "");

  test("as it is written: accepted, and the same as none", () => {
    const config = parseConfig(configText("recommended", false), CONFIG, ids);
    expect(config).toEqual({});
    expect(
      configText("recommended", false)
        .split("\n")
        .every((line) => line === "" || line.startsWith("#")),
    ).toBe(true);
  });

  test("another preset is its only setting", () => {
    expect(parseConfig(configText("strict", false), CONFIG, ids)).toEqual({ preset: "strict" });
  });

  test("uncommented: accepted, every key there is, each below one line about it", () => {
    const text = uncommented(configText("recommended", false));
    const config = parseConfig(text, CONFIG, ids);
    const { $schema, ...keys } = configSchema.shape;
    expect($schema).toBeDefined();
    expect(Object.keys(config)).toEqual(Object.keys(keys));
    for (const key of Object.keys(keys)) expect(text).toMatch(new RegExp(`\n\n# \\S.*[.]\n${key}:`));
  });

  test("what stands for a default is the default", () => {
    const { preset, failOn, minSeverity, history } = parse(uncommented(configText("recommended", false)));
    const given = { path: CONFIG, folder, config: { preset, failOn, minSeverity, history } };
    const [own, none] = [settings(rules, given, ""), settings(rules, undefined, "")];
    expect([own.failOn, own.history, own.rules]).toEqual([none.failOn, none.history, none.rules]);
    expect([minSeverity, none.minSeverity]).toEqual(["info", undefined]);
  });

  test("editors find the schema in the package, or where packages are served from", () => {
    const exported = JSON.parse(readFileSync("package.json", "utf8")) as {
      files: string[];
      exports: Record<string, string>;
    };
    const path = exported.exports["./schema.json"]!.slice(2);
    expect(exported.files).toContain(path.split("/")[0]);
    const first = (installed: boolean) => configText("recommended", installed).split("\n")[0];
    expect(first(true)).toBe(`# yaml-language-server: $schema=./node_modules/qwed-harden/${path}`);
    expect(first(false)).toMatch(
      new RegExp(`^# yaml-language-server: \\$schema=https://unpkg\\.com/qwed-harden@[^/]+/${path}$`),
    );
  });
});

describe("pipelines", () => {
  test.each([
    ["github", "integrations/github-workflow.yml"],
    ["gitlab", "integrations/gitlab-ci.yml"],
  ] as const)("%s is %s, generated", (service, path) => {
    expect(`${PIPELINES[service].join("\n")}\n`).toBe(readFileSync(path, "utf8"));
  });

  test.each([
    ["git@github.com:a/b.git", {}, WORKFLOW],
    ["https://token@github.example.com/a/b", {}, WORKFLOW],
    ["ssh://git@gitlab.com:22/a/b.git", {}, JOB],
    ["https://gitlab.example.com/a/github.git", { ".github/CODEOWNERS": "" }, JOB],
    ["https://git.example.com/a/b", { ".gitlab-ci.yml": "test: {script: [x]}\n", ".github/CODEOWNERS": "" }, JOB],
    [undefined, { ".github/CODEOWNERS": "" }, WORKFLOW],
  ] as const)("remote %s with %j: %s", async (remote, files, expected) => {
    git("init", "-q");
    if (remote) git("remote", "add", "origin", remote);
    write({ "compose.yaml": COMPOSE, ...files });
    const { code, out, err } = await run("init", "--yes", "--no-baseline");
    expect([code, err]).toEqual([0, ""]);
    expect(tree().filter((path) => path === WORKFLOW || path === JOB)).toEqual([expected]);
    expect(out).not.toContain("token");
  });

  test.each(["a work tree", "a submodule"])("the remote of %s, where .git is a file", async (kind) => {
    const commit = ["-c", "user.name=n", "-c", "user.email=n@example.com", "commit", "-q", "--allow-empty", "-m", "m"];
    git("init", "-q", "theirs");
    git("-C", "theirs", ...commit);
    if (kind === "a work tree") git("-C", "theirs", "worktree", "add", "-q", "../mine");
    else {
      git("init", "-q", "above");
      git("-C", "above", "-c", "protocol.file.allow=always", "submodule", "add", "-q", join(folder, "theirs"), "mine");
    }
    const at = kind === "a work tree" ? "mine" : "above/mine";
    git("-C", at, "config", "remote.origin.url", "git@gitlab.com:a/b.git");
    expect((await run("init", "--yes", "--dry-run", at)).out).toContain(`  ${at}/${JOB}\n`);
  });

  test("nothing says which: none, unless an option does", async () => {
    write({ "compose.yaml": COMPOSE });
    await run("init", "--yes", "--no-baseline");
    expect(tree()).toEqual(["compose.yaml", CONFIG]);
    await run("init", "--yes", "--no-baseline", "--force", "--ci", "gitlab");
    expect(tree()).toEqual([".gitlab-ci.yml", JOB, "compose.yaml", CONFIG]);
    expect(parse(read(".gitlab-ci.yml"))).toEqual({ include: [{ local: JOB }] });
  });

  test("a .gitlab-ci.yml is never edited, what to add is printed", async () => {
    write({ "compose.yaml": COMPOSE, ".gitlab-ci.yml": "include: []\n" });
    const { out } = await run("init", "--yes");
    expect(read(".gitlab-ci.yml")).toBe("include: []\n");
    expect(out).toContain(`Add to .gitlab-ci.yml:\n\n  include:\n    - local: ${JOB}\n`);
    write({ ".gitlab-ci.yml": `include:\n  - local: ${JOB}\n` });
    expect((await run("init", "--yes", "--force", "--ci", "gitlab")).out).not.toContain("Add to");
  });

  test("a .pre-commit-config.yaml is never edited, what to add is printed and is a hook", async () => {
    write({ "compose.yaml": COMPOSE, ".pre-commit-config.yaml": "repos: []\n" });
    const { out } = await run("init", "--yes");
    expect(read(".pre-commit-config.yaml")).toBe("repos: []\n");
    const text = /under repos:\n\n([\s\S]+?)\n\nNext/.exec(out)?.[1] ?? "";
    const [{ hooks }] = parse(text) as [{ hooks: { entry: string; pass_filenames: boolean }[] }];
    expect(hooks[0]).toMatchObject({
      entry: `qwed-harden lint --baseline ${BASELINE} --staged`,
      pass_filenames: false,
    });
  });

  test("below the root of the repository there is none", async () => {
    git("init", "-q");
    git("remote", "add", "origin", "git@github.com:a/b.git");
    write({ "deploy/compose.yaml": COMPOSE });
    const refused = await run("init", "deploy", "--yes", "--ci", "github");
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("needs the root of the repository, which is ..");
    const { code, out } = await run("init", "deploy", "--yes");
    expect(code).toBe(0);
    expect(tree()).toEqual(["deploy/compose.yaml", `deploy/${BASELINE}`, `deploy/${CONFIG}`]);
    expect(out).toMatch(/Next: npx qwed-harden@\S+ lint --baseline deploy\/harden-baseline\.json deploy\n/);
    expect((await run("lint", "--baseline", `deploy/${BASELINE}`, "deploy")).code).toBe(0);
  });
});

describe("without a terminal", () => {
  test.each(["recommended", "strict", "all"])(
    "--yes with preset %s: the gate that it makes is green",
    async (preset) => {
      git("init", "-q");
      git("remote", "add", "origin", "git@github.com:a/b.git");
      write({ "compose.yaml": COMPOSE, ".gitignore": ".env\n" });
      const { code, out, err } = await run("init", "--yes", "--preset", preset);
      expect([code, err]).toEqual([0, ""]);
      expect(tree()).toEqual([WORKFLOW, ".gitignore", "compose.yaml", BASELINE, CONFIG].sort());
      expect(out).toMatch(/^\d+ findings, \d+ of them medium or worse\nWrote\n/);
      expect(read(BASELINE)).not.toContain("hunter2");

      const command = /Next: npx qwed-harden@\S+ (.+)\n/.exec(out)![1]!;
      const green = await run(...command.split(" "), "--fail-on", "info");
      expect(green.out).toContain("No problems found");
      expect(green.code).toBe(0);
      expect((await run("lint")).code).toBe(1);

      const calls = read(WORKFLOW).match(/qwed-harden lint.*/g)!;
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) expect(call).toMatch(/^qwed-harden lint --baseline harden-baseline\.json /);
    },
  );

  test("GitLab: every run of lint has the baseline", async () => {
    write({ "compose.yaml": COMPOSE });
    await run("init", "--yes", "--ci", "gitlab");
    const { harden } = parse(read(JOB)) as { harden: { script: string[] } };
    for (const call of harden.script) expect(call).toMatch(/^qwed-harden lint --baseline harden-baseline\.json /);
    expect(read(JOB).replaceAll(` --baseline ${BASELINE}`, "")).toBe(
      readFileSync("integrations/gitlab-ci.yml", "utf8"),
    );
    expect((await run("lint", "--baseline", BASELINE)).code).toBe(0);
  });

  test("--no-baseline says that the gate is red, a clean project has no baseline", async () => {
    write({ "compose.yaml": COMPOSE });
    const { out } = await run("init", "--yes", "--no-baseline");
    expect(out).toMatch(
      /\nNext: npx qwed-harden@\S+ lint\nIt fails by \d+ findings; init --force --baseline lets them pass\.\n$/,
    );
    rmSync(join(folder, "compose.yaml"));
    expect((await run("init", "--yes", "--force")).out).toMatch(/^0 findings, /);
    expect(tree()).toEqual([CONFIG]);
  });

  test("a question that no option answers is an error", async () => {
    write({ "compose.yaml": COMPOSE });
    const { code, out, err } = await run("init", "--ci", "none");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("--yes takes the defaults");
    expect(tree()).toEqual(["compose.yaml"]);
    expect((await run("init", "--ci", "none", "--preset", "strict", "--baseline")).code).toBe(0);
    expect(tree()).toEqual(["compose.yaml", BASELINE, CONFIG]);
  });

  test("--dry-run tells all and writes nothing", async () => {
    write({ "compose.yaml": COMPOSE });
    const { code, out } = await run("init", "--yes", "--ci", "github", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain(`Would write\n  ${CONFIG}\n  ${WORKFLOW}\n  ${BASELINE}: `);
    expect(tree()).toEqual(["compose.yaml"]);
  });

  test.each([
    [["nowhere"], "path nowhere does not exist"],
    [["compose.yaml"], "compose.yaml is not a folder"],
    [["--ci", "jenkins"], "Allowed choices are github, gitlab, none"],
    [["--preset", "hard"], "Allowed choices are recommended"],
  ])("init %j: exit code 2", async (argv, message) => {
    write({ "compose.yaml": COMPOSE });
    const { code, err } = await run("init", "--yes", ...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(tree()).toEqual(["compose.yaml"]);
  });
});

describe("what is there stays", () => {
  test.each([CONFIG, WORKFLOW, BASELINE])("%s: refused by name, replaced with --force", async (path) => {
    write({ "compose.yaml": COMPOSE, [path]: "mine\n" });
    const before = tree();
    const refused = await run("init", "--yes", "--ci", "github");
    expect(refused.code).toBe(2);
    expect(refused.err).toBe(`error: ${path} is there already; --force replaces it\n`);
    expect(tree()).toEqual(before);
    expect(read(path)).toBe("mine\n");
    expect((await run("init", "--yes", "--ci", "github", "--force")).code).toBe(0);
    expect(read(path)).not.toBe("mine\n");
    expect((await run("lint", "--baseline", BASELINE)).code).toBe(0);
  });

  test("several are named together", async () => {
    write({ "compose.yaml": COMPOSE, [WORKFLOW]: "mine\n", [JOB]: "mine\n", ".gitlab-ci.yml": "mine\n" });
    const { err } = await run("init", "--yes", "--ci", "gitlab");
    expect(err).toBe(`error: ${JOB} is there already; --force replaces it\n`);
  });

  test("a configuration of another name can not stand beside it, --force or not", async () => {
    write({ "qwed-harden.config.json": "{}" });
    const { code, err } = await run("init", "--yes", "--force");
    expect([code, err]).toEqual([
      2,
      "error: qwed-harden.config.json is there already, and only one configuration can be\n",
    ]);
    expect(tree()).toEqual(["qwed-harden.config.json"]);
  });

  test("links lead nowhere, --force or not", async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), "qwed-outside-")));
    try {
      symlinkSync(outside, join(folder, ".github"));
      const { code, err } = await run("init", "--yes", "--ci", "github", "--force");
      expect([code, err]).toEqual([2, "error: .github is a symbolic link, which is not followed\n"]);
      rmSync(join(folder, ".github"));
      symlinkSync(join(outside, "config"), join(folder, CONFIG));
      expect((await run("init", "--yes", "--force")).err).toContain(`${CONFIG} is a symbolic link`);
      expect(readdirSync(outside)).toEqual([]);
      expect(tree()).toEqual([CONFIG]);
      expect(lstatSync(join(folder, CONFIG)).isSymbolicLink()).toBe(true);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test("a folder or a file in the way", async () => {
    mkdirSync(join(folder, CONFIG));
    expect((await run("init", "--yes", "--force")).err).toContain(`${CONFIG} is not a file`);
    rmSync(join(folder, CONFIG), { recursive: true });
    write({ ".github": "" });
    expect((await run("init", "--yes", "--ci", "github")).err).toContain(".github is not a folder");
    expect(tree()).toEqual([".github"]);
  });
});

describe("docs/getting-started.md", () => {
  const page = readFileSync("docs/getting-started.md", "utf8");

  test("names this version, and options that there are", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const versions = [...page.matchAll(/qwed-harden@([\d.]+)/g)].map(([, found]) => found);
    expect(new Set(versions)).toEqual(new Set([version]));
    const calls = [...page.matchAll(/qwed-harden(?:@[\d.]+)? ([a-z]+)([^`\n|>&)]*)/g)];
    expect(calls.length).toBeGreaterThan(5);
    for (const [call, command, rest] of calls) {
      const { code, out } = await run(command!, "--help");
      expect(code, call).toBe(0);
      for (const [flag] of rest!.matchAll(/--[a-z-]+/g)) expect(out, call).toContain(`${flag} `);
    }
  });

  test("its table has every option of init", async () => {
    const { out } = await run("init", "--help");
    for (const [flag] of out.matchAll(/--[a-z-]+/g)) if (flag !== "--help") expect(page).toContain(`\`${flag}`);
  });
});

describe("on a terminal", () => {
  test("each question with its default, an empty line takes it", async () => {
    write({ "compose.yaml": COMPOSE, ".github/CODEOWNERS": "" });
    const { code, out, err, asked } = await typing(["", "", ""]);
    expect([code, err]).toEqual([0, ""]);
    expect(asked).toEqual([
      "Preset: recommended, strict, style, inventory, all [recommended] ",
      "Pipeline: github, gitlab, none [github] ",
      "Let them pass by harden-baseline.json: yes, no [yes] ",
    ]);
    expect(out).toMatch(/ \d+ findings, \d+ of them medium or worse\n/);
    expect(tree()).toEqual([".github/CODEOWNERS", WORKFLOW, "compose.yaml", BASELINE, CONFIG].sort());
  });

  test("answers, their first letters, and one more try after a wrong one", async () => {
    write({ "compose.yaml": COMPOSE });
    const { code, asked } = await typing(["st", "STRICT", "jenkins", "gitl", "n"]);
    expect(code).toBe(0);
    expect(asked).toHaveLength(5);
    expect(parse(read(CONFIG))).toEqual({ preset: "strict" });
    expect(tree()).toEqual([".gitlab-ci.yml", JOB, "compose.yaml", CONFIG]);
  });

  test("what an option says is not asked; without findings there is nothing to let pass", async () => {
    const { code, asked } = await typing([""], "--preset", "all");
    expect(code).toBe(0);
    expect(asked).toEqual(["Pipeline: github, gitlab, none [none] "]);
    expect((await typing([], "--force", "--yes")).asked).toEqual([]);
  });

  test.each([0, 1, 2])("the end of input after %i answers: exit code 2 and nothing written", async (answers) => {
    write({ "compose.yaml": COMPOSE });
    const { code, err } = await typing([...Array(answers).fill(""), undefined]);
    expect([code, err]).toEqual([2, "error: no answer, so nothing was written\n"]);
    expect(tree()).toEqual(["compose.yaml"]);
  });

  test("what is there is told before anything is asked", async () => {
    write({ [CONFIG]: "" });
    const { code, asked } = await typing([]);
    expect([code, asked]).toEqual([2, []]);
  });
});
