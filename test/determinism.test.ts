import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { FORMATS, type Format, reporter } from "../src/cli/outputs.ts";
import { lint } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";
import { reportInput } from "./report-input.ts";

/** Same input, same bytes: nothing of the machine, the clock or the order of files reaches a report. */
const PROJECT = "fixtures/projects/qca-development";
const TODAY = "2026-01-15";

describe("files in any order", () => {
  const reports = async (reordered: <T>(list: readonly T[]) => readonly T[]) => {
    const project = fixtureProject(PROJECT);
    const result = await lint(
      { ...project, files: reordered(project.files), skipped: reordered(project.skipped) },
      { rules, today: TODAY },
    );
    const input = { ...reportInput(result), rules, reportSuppressed: true };
    return Promise.all(FORMATS.map(async (format) => [format, (await reporter(format))(input)] as const));
  };

  test.each<[string, <T>(list: readonly T[]) => readonly T[]]>([
    ["backwards", (list) => list.toReversed()],
    ["rotated", (list) => [...list.slice(3), ...list.slice(0, 3)]],
    ["odd ones first", (list) => [...list.filter((_, i) => i % 2), ...list.filter((_, i) => i % 2 === 0)]],
  ])("%s", async (_, reordered) => {
    expect(fixtureProject(PROJECT).files.length).toBeGreaterThan(5);
    expect(await reports(reordered)).toEqual(await reports((list) => list));
  });
});

describe("processes in other places", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "qwed-bytes-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The command line from source, one report a format. */
  const run = (name: string, env: Readonly<Record<string, string>>): Readonly<Record<Format, string>> => {
    const file = (format: string) => join(folder, `${name}.${format}`);
    const script = `import(${JSON.stringify(resolve("src/cli/main.ts"))}).then(async ({ main, processStreams }) => {
      process.exitCode = await main(process.argv.slice(1), processStreams());
    })`;
    const outputs = FORMATS.flatMap((format) => ["--output", `${format}=${file(format)}`]);
    const argv = ["--import", "tsx", "-e", script, "--", "lint", "--fail-on", "never", "--preset", "all", ...outputs];
    const { status, stderr } = spawnSync(process.execPath, [...argv, PROJECT], {
      env: { PATH: process.env.PATH, ...env },
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    return Object.fromEntries(FORMATS.map((format) => [format, readFileSync(file(format), "utf8")])) as Record<
      Format,
      string
    >;
  };

  test("time zone, locale and terminal change no byte", { timeout: 60_000 }, () => {
    const here = run("here", { TZ: "UTC", LC_ALL: "C" });
    const there = run("there", { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", COLUMNS: "40" });
    expect(there).toEqual(here);
    expect(here.csv.split("\r\n").length).toBeGreaterThan(20);
  });
});
