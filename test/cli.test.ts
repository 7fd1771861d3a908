import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { colorLevel, widthOf } from "../src/cli/color.ts";
import { main } from "../src/cli/main.ts";
import type { Output, Streams } from "../src/cli/streams.ts";
import { type Given, runIn, writeIn } from "./command-line.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-cli-")));
  mkdirSync(join(folder, ".git"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string>>) => writeIn(folder, files);

const run = (argv: readonly string[], given?: Given) => runIn(folder, argv, given);

const BROKEN = "services:\n  api:\n   - {\n";
const CLEAN = { ".gitignore": ".env\n" };

describe("lint", () => {
  test("a finding: exit code 1, at the place of the token", async () => {
    write({ ...CLEAN, "compose.yaml": BROKEN });
    const { code, out } = await run(["lint", "--format", "json"]);
    const { findings } = JSON.parse(out) as { findings: { rule: string; file: string; line: number }[] };
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({ rule: "parse/unreadable", file: "compose.yaml" });
  });

  test("no finding: exit code 0, and what was looked at is said", async () => {
    write(CLEAN);
    const { code, out, err } = await run(["lint"]);
    expect(code).toBe(0);
    expect(out).toContain("Scanned 1 file");
    expect(err).toBe("");
  });

  test.each([
    [["--fail-on", "never"], 0],
    [["--fail-on", "info"], 1],
    [["--rule", "parse/unreadable=off"], 0],
    [["--rule", "parse/unreadable=low"], 0],
    [["--rule", "parse/unreadable=critical", "--fail-on", "critical"], 1],
  ])("%j: exit code %i", async (options, expected) => {
    write({ ...CLEAN, "compose.yaml": BROKEN });
    expect((await run(["lint", ...options, "."])).code).toBe(expected);
  });

  test("nothing to check is no success", async () => {
    write({ "notes.txt": "" });
    const { code, out } = await run(["lint"]);
    expect(code).toBe(2);
    expect(out).toContain("Nothing was checked");
    const machine = await run(["lint", "--format", "json"]);
    expect(machine.err).toContain("Nothing was checked");
    expect(JSON.parse(machine.out)).toMatchObject({ findings: [] });
  });

  test("what is skipped is said, and never inside a machine's format", async () => {
    write({ ...CLEAN, "compose.yaml/x": "", ".env/x": "" });
    write({ "##vso[task.x].env/y": "" });
    const { out, err } = await run(["lint", "--format", "sarif"]);
    expect(err).toContain("Skipped .env: a folder, not a file");
    expect(err).toContain("Skipped #\\#vso[task.x].env: a folder, not a file");
    expect(JSON.parse(out)).toMatchObject({ version: "2.1.0" });
  });

  test.each([
    [["lint", "nowhere"], "error: path nowhere does not exist\n"],
    [
      ["lint", "--rule", "cors/wildcard-orign=off"],
      'There is no rule "cors/wildcard-orign", did you mean "cors/wildcard-origin"?',
    ],
    [["lint", "--rule", "cors/wildcard-origin=loud"], "It is ID=LEVEL"],
    [["lint", "--fail-on", "always"], "Allowed choices are critical"],
    [["lint", "--output", "xml=a"], "It is FORMAT=FILE"],
    [["lint", "--output", "json="], "It is FORMAT=FILE"],
    [["lint", "--output", "json=-", "--format", "sarif"], "two reports for standard output"],
    [["lint", "--output", "json=a", "--output", "sarif=a"], "two reports for a"],
    [["lint", "--config", "none.yaml"], "configuration none.yaml does not exist"],
    [["lint", "--nope"], "unknown option '--nope'"],
    [["lnt"], "Did you mean lint?"],
    [[], "Usage: qwed-harden"],
    [["explain", "wildcard-orign"], 'there is no rule "wildcard-orign", did you mean "cors/wildcard-origin"?'],
  ])("%j: exit code 2 and a word about it", async (argv, message) => {
    write(CLEAN);
    const { code, out, err } = await run(argv);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });

  test("bad files: each is named, the others are checked, and nobody sees a stack", async () => {
    const junk = Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7919) % 256));
    write({
      "compose.yaml": 'services:\n  api:\n    image: "unclosed\n',
      Dockerfile: "RUN echo no base\n",
      "quote.env": 'A=1\nB="unterminated\n',
      "empty.env": "",
      "empty.yaml": "",
      "crlf.env": "A=1\r\nJWT_SECRET=changeme\r\n",
      "bom.env": "\uFEFFJWT_SECRET=changeme\n",
      "folder.env/inside": "",
      "big.env": `A=${"x".repeat(6 << 20)}`,
    });
    writeFileSync(join(folder, "junk.env"), junk);
    symlinkSync("nowhere", join(folder, "dangling.env"));
    const { code, out, err } = await run(["lint", "--format", "json"]);
    const { findings, skipped } = JSON.parse(out) as {
      findings: { rule: string; file: string; line: number; column: number }[];
      skipped: { file: string; reason: string }[];
    };
    const at = (rule: string) =>
      findings.filter((finding) => finding.rule === rule).map(({ file, line, column }) => `${file}:${line}:${column}`);
    expect(code).toBe(1);
    expect(at("parse/unreadable")).toEqual(["Dockerfile:1:1", "compose.yaml:3:12", "quote.env:2:3"]);
    expect(at("jwt/weak-secret")).toEqual(["bom.env:1:12", "crlf.env:2:12"]);
    expect(skipped.map(({ file, reason }) => `${file}: ${reason}`).sort()).toEqual([
      "big.env: larger than 5 MiB",
      "dangling.env: a symbolic link to nothing",
      "folder.env: a folder, not a file",
      "junk.env: binary",
    ]);
    expect(out + err).not.toMatch(/\n\s+at /);
  });

  test("several reports in one run, files as a whole", async () => {
    write({ ...CLEAN, "compose.yaml": BROKEN });
    const { code, out } = await run(["lint", "--output", "sarif=report.sarif", "--output", "json=-", "."]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toHaveProperty("findings");
    expect(JSON.parse(readFileSync(join(folder, "report.sarif"), "utf8"))).toHaveProperty("runs");
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("a report that can not be written leaves nothing behind", async () => {
    write({ ...CLEAN, "taken/x": "" });
    const { code, err } = await run(["lint", "--output", "json=taken"]);
    expect([code, err]).toEqual([2, expect.stringContaining("can not write taken: it is a folder")]);
    expect(readdirSync(folder).sort()).toEqual([".git", ".gitignore", "taken"]);
    const { err: none } = await run(["lint", "--output", "json=none/a.json"]);
    expect(none).toContain("can not write none/a.json: its folder does not exist");
  });

  test("no message holds a control character or a line that a log obeys", async () => {
    write({ ...CLEAN, "qwed-harden.config.yaml": '"x\\n::stop-commands::y\\e[31m": 1\n' });
    const { code, err } = await run(["lint"]);
    expect([code, err]).toEqual([2, expect.stringContaining("stop-commands")]);
    expect(err).not.toMatch(/^::|[^\P{Cc}\n]/mu);
    expect((await run(["lint", "\u001b]0;x\u0007"])).err).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("a link keeps its file, a pipe is written to", async () => {
    write({ ...CLEAN, "real.json": "old" });
    symlinkSync("real.json", join(folder, "link.json"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const pipe = openSync(join(folder, "pipe"), "r+");
    await run(["lint", "--output", "sarif=link.json", "--output", "json=pipe"]);
    expect(lstatSync(join(folder, "link.json")).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, "real.json"), "utf8"))).toHaveProperty("runs");
    const piped = Buffer.alloc(1 << 16);
    expect(piped.toString("utf8", 0, readSync(pipe, piped))).toContain('"findings"');
    closeSync(pipe);
    expect(lstatSync(join(folder, "pipe")).isFIFO()).toBe(true);
  });

  test("standard input under a name", async () => {
    const { code, out } = await run(["lint", "--stdin-filename", "compose.yaml", "--format", "json"], {
      stdin: BROKEN,
    });
    expect(code).toBe(1);
    expect(JSON.parse(out).findings[0]).toMatchObject({ file: "compose.yaml" });
    expect(existsSync(join(folder, "compose.yaml"))).toBe(false);
  });

  test("the configuration file, unless it is refused; the command line wins", async () => {
    write({ ...CLEAN, "compose.yaml": BROKEN, "qwed-harden.config.yaml": "rules: {parse/unreadable: info}\n" });
    expect((await run(["lint"])).code).toBe(0);
    expect((await run(["lint", "--no-config"])).code).toBe(1);
    expect((await run(["lint", "--rule", "parse/unreadable=high"])).code).toBe(1);
    write({ "qwed-harden.config.yaml": "rulez: {}\n" });
    expect(await run(["lint"])).toMatchObject({
      code: 2,
      err: 'error: qwed-harden.config.yaml:1:1: unknown key "rulez", did you mean "rules"?\n',
    });
  });
});

describe("accepted findings", () => {
  test.each([
    ["2026-11-21", 0, "Silenced 1 finding: 1 by the configuration"],
    ["2026-11-20", 1, "Accepted until 2026-11-20 and over"],
  ])("until %s: exit code %i", async (until, code, said) => {
    write({
      ...CLEAN,
      "compose.yaml": "services:\n  api: [\n",
      "qwed-harden.config.yaml": `accepted: [{rule: parse/unreadable, path: compose.yaml, reason: r, until: "${until}"}]\n`,
    });
    const result = await run(["lint"]);
    expect(result.code).toBe(code);
    expect(result.out).toContain(said);
  });
});

describe("the locked gate", () => {
  const COMMENT = "# qwed-harden-ignore network/database-port-exposed -- a demo";
  const SILENCED = {
    ...CLEAN,
    "compose.yaml": `services:\n  db:\n    image: postgres:17\n    ports: ["5432:5432"] ${COMMENT}\n`,
  };
  const lint = async (...options: readonly string[]) => {
    const only = ["--rule", "network/database-port-exposed=critical", "--fail-on", "critical"];
    return run(["lint", ...only, "--min-severity", "critical", ...options]);
  };

  test("a silenced finding is counted on every channel and listed where that is asked for", async () => {
    write(SILENCED);
    const counted = await lint("--format", "csv");
    expect([counted.code, counted.out.split("\r\n").length]).toEqual([0, 2]);
    expect(counted.err).toContain("Silenced 1 finding: 1 by comments\n");
    const listed = await lint("--format", "csv", "--report-suppressed");
    expect(listed.code).toBe(0);
    expect(listed.out).toMatch(/^critical,network\/database-port-exposed,.*,comment,"a demo"\r$/m);
    for (const format of ["pretty", "github", "markdown"]) {
      expect((await lint("--format", format)).out).toContain("Silenced 1 finding: 1 by comments");
    }
  });

  test("comments are heeded unless a flag or the configuration says otherwise", async () => {
    write(SILENCED);
    expect((await lint()).code).toBe(0);
    const refused = await lint("--no-inline-ignores");
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("comments are switched off");
    write({ "qwed-harden.config.yaml": "nonSuppressible: [network/*]\n" });
    const locked = await lint();
    expect(locked.code).toBe(1);
    expect(locked.out).toContain("the configuration says that nothing may");
  });
});

describe("the other commands", () => {
  test("version and help", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, out: "0.0.0-source\n", err: "" });
    const help = await run(["--help"]);
    expect(help.code).toBe(0);
    for (const word of ["lint", "rules", "explain", "guide", "model", "Exit codes"]) expect(help.out).toContain(word);
    expect((await run(["lint", "--help"])).out).toContain("--stdin-filename");
  });

  test("rules, explain, guide and model", async () => {
    write({ ...CLEAN, "compose.yaml": "services:\n  api:\n    image: nginx\n" });
    expect(JSON.parse((await run(["rules", "--format", "json"])).out)).toBeTruthy();
    expect((await run(["explain", "cors/wildcard-origin"])).out).toContain("cors/wildcard-origin");
    expect((await run(["explain", "wildcard-origin"])).out).toContain("cors/wildcard-origin");
    expect(JSON.parse((await run(["model", "."])).out)).toBeTruthy();
    const both = await run(["guide"]);
    expect(both.code).toBe(0);
    expect(both.out).toContain("QWED Security Hardening Guide");
    const one = await run(["guide", "qca", "."]);
    expect(one.out).not.toContain("QWED Security Hardening Guide");
  });

  test("a bug of ours: exit code 3, a sentence, no stack", async () => {
    const broken = {
      cwd: folder,
      env: {},
      today: "",
      stdin: () => "",
      out: undefined,
      err: { write: (text: string) => said.push(text) },
    };
    const said: string[] = [];
    expect(await main(["--version"], broken as unknown as Streams)).toBe(3);
    expect(said.join("")).toMatch(/^internal error: /);
    expect(said.join("")).not.toMatch(/\n\s+at /);
  });
});

describe("colours", () => {
  const terminal: Output = { tty: true, columns: 80, write() {} };
  const pipe: Output = { tty: false, columns: undefined, write() {} };
  test.each([
    [terminal, {}, undefined, 1],
    [terminal, { TERM: "xterm-256color" }, undefined, 2],
    [terminal, { COLORTERM: "truecolor" }, undefined, 3],
    [terminal, { TERM: "dumb" }, undefined, 0],
    [terminal, { NO_COLOR: "1" }, undefined, 0],
    [terminal, { NO_COLOR: "" }, undefined, 1],
    [terminal, {}, false, 0],
    [pipe, {}, undefined, 0],
    [pipe, {}, true, 1],
    [pipe, { NO_COLOR: "1" }, true, 1],
    [pipe, { FORCE_COLOR: "1" }, undefined, 1],
    [pipe, { FORCE_COLOR: "3", NO_COLOR: "1" }, undefined, 3],
    [terminal, { FORCE_COLOR: "0" }, undefined, 0],
  ] as const)("%j %j %j: level %i", (output, env, wanted, level) =>
    expect(colorLevel(output, env, wanted)).toBe(level),
  );

  test("escape codes only where they are wanted", async () => {
    write({ ...CLEAN, "compose.yaml": BROKEN });
    expect((await run(["lint"])).out).not.toContain("\u001b[");
    expect((await run(["lint"], { tty: true })).out).toContain("\u001b[");
    expect((await run(["lint", "--no-color"], { tty: true })).out).not.toContain("\u001b[");
  });

  test.each([
    [terminal, {}, 80],
    [pipe, {}, 100],
    [pipe, { COLUMNS: "60" }, 60],
    [pipe, { COLUMNS: "x" }, 100],
  ] as const)("%j %j: width %i", (output, env, width) => expect(widthOf(output, env)).toBe(width));

  test("the counts of a guide are wrapped", async () => {
    write(CLEAN);
    const { out } = await run(["guide", "qwed"], { env: { COLUMNS: "40" } });
    expect(out).toMatch(/\n\d+ controls: .{1,28}\n {2}\S/);
  });

  test.each(["60", "140"])("help keeps to %s columns", async (COLUMNS) => {
    const { out } = await run(["lint", "--help"], { env: { COLUMNS } });
    const widths = out.split("\n").map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(Number(COLUMNS));
    expect(Math.max(...widths)).toBeGreaterThan(Number(COLUMNS) - 20);
  });
});
