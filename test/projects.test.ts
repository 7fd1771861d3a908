import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { controls, guides } from "../rules/guides.ts";
import { rules } from "../rules/index.ts";
import { controlResults } from "../src/report/guide.ts";
import { pretty } from "../src/report/pretty.ts";
import type { Rule } from "../src/rule.ts";
import { lint } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";
import { reportInput } from "./report-input.ts";

/** Whole repositories, as a user would run them: the golden output beside each is what they see. */
const FOLDER = "fixtures/projects";
const PROJECTS = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const TODAY = "2026-01-15";

const recommended = rules.filter(({ meta }) => meta.presets.includes("recommended"));
const run = (name: string, chosen: readonly Rule[] = recommended) =>
  lint(fixtureProject(`${FOLDER}/${name}`), { rules: chosen, today: TODAY });

describe("projects", () => {
  test.each(PROJECTS)("%s", async (name) => {
    const result = await run(name);
    expect(result.crashes).toEqual([]);
    const output = pretty(reportInput(result));
    const golden = `${FOLDER}/${name}.out`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, output);
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and read it`).toBe(true);
    expect(output).toBe(readFileSync(golden, "utf8"));
  });

  test.each(["qca-production", "qwed-after"])("%s follows its guide: nothing to report", async (name) => {
    const { findings } = await run(name);
    expect(findings.map(({ rule, message }) => `${rule.meta.id}: ${message}`)).toEqual([]);
  });

  test.each(["qca-production", "qwed-after"])("%s fails no control of either guide", async (name) => {
    const { model, findings, silenced } = await run(name, rules);
    const decided = controlResults({ model, findings, silenced, controls, guides });
    const failing = decided.filter(({ state }) => state === "failing").map(({ control }) => control.id);
    expect(failing).toEqual([]);
    expect(decided.filter(({ state }) => state === "ok").length).toBeGreaterThan(10);
  });

  test("the projects that ignore their guide show every rule that a guide asks for", async () => {
    const found = new Set<string>();
    for (const name of ["qca-development", "qwed-before"]) {
      for (const { rule } of (await run(name, rules)).findings) found.add(rule.meta.id);
    }
    const asked = rules.filter(({ meta }) => meta.guides.length).map(({ meta }) => meta.id);
    expect(asked.filter((id) => !found.has(id))).toEqual([]);
  });
});
