import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Runner, runAction, runSteps, type Step } from "../../scripts/run-action.ts";
import { writeIn } from "../command-line.ts";

let folder: string;
let runner: Runner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "qwed-steps-"));
  writeIn(folder, { "work/file": "text", "temp/.keep": "" });
  runner = {
    workspace: join(folder, "work"),
    temp: join(folder, "temp"),
    env: { PATH: process.env.PATH },
    github: { event_name: "push", repository: "acme/shop", event: { ref: "main" } },
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...steps: readonly Step[]) => runSteps(steps, runner);
const names = ({ steps }: ReturnType<typeof run>) => steps.map(({ name }) => name);

describe("steps, as the runner runs them", () => {
  test("outputs and the summary of a step, the environment of the next", () => {
    const ran = run(
      { id: "one", run: 'echo "word=a=b" >> "$GITHUB_OUTPUT"; echo seen >> "$GITHUB_STEP_SUMMARY"; pwd' },
      { env: { WORD: "<${{ steps.one.outputs.word }}>" }, run: 'echo "$WORD"; cat file' },
      { uses: "a/b@c", with: { word: "${{ steps.one.outputs.word }}", kept: true } },
    );
    expect(ran.code).toBe(0);
    expect(ran.steps[0]).toMatchObject({ stdout: `${runner.workspace}\n`, summary: "seen\n" });
    expect(ran.steps[1]!.stdout).toBe("<a=b>\ntext");
    expect(ran.steps[2]!.uses).toEqual({ action: "a/b@c", with: { word: "a=b", kept: "true" } });
    expect(readdirSync(runner.temp)).toEqual([".keep"]);
  });

  test("a failure ends the step and leaves out what follows, but for what asks", () => {
    const ran = run(
      { name: "piped", run: "false | true\necho not reached" },
      { name: "left out", run: "true" },
      { name: "left out too", if: "'a' == 'a'", run: "true" },
      { name: "asks", if: "failure()", run: "exit 4" },
      { name: "asks too", if: "always()", run: "true" },
    );
    expect(names(ran)).toEqual(["piped", "asks", "asks too"]);
    expect(ran.steps[0]).toMatchObject({ code: 1, stdout: "" });
    expect(ran.code).toBe(1);
  });

  test("an expression stands in the text of a script before the shell reads it", () => {
    expect(run({ run: "echo ${{ github.event.ref }}-${{ github.event.none }}" }).steps[0]!.stdout).toBe("main-\n");
  });

  test.each<Step>([
    { shell: "pwsh", run: "" },
    { if: "steps.other.outputs.x == ''", run: "" },
    { if: "github.evnt == ''", run: "" },
    { run: "${{ secrets.token }}" },
    { uses: "a/b@c", with: { x: "${{ matrix.os }}" } },
    { if: "hashFiles('**') != ''", run: "" },
    { id: "x", run: 'echo "x<<EOF" >> "$GITHUB_OUTPUT"' },
  ])("%j is an error", (step) => expect(() => run(step)).toThrow("known here"));

  test("an action of another kind and an input that it does not have are errors", () => {
    writeIn(folder, { "action.yml": "inputs: {}\noutputs: {}\nruns: {using: composite, steps: [{run: 'true'}]}\n" });
    expect(() => runAction(folder, { path: "." }, runner)).toThrow("no input path");
    expect(() => runAction(folder, {}, runner)).toThrow("has to name its shell");
    writeIn(folder, { "action.yml": "inputs: {}\noutputs: {}\nruns: {using: node24, main: x.js}\n" });
    expect(() => runAction(folder, {}, runner)).toThrow("node24 is not run here");
  });
});
