import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { pretty } from "../src/report/pretty.ts";
import { lint } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";
import { reportInput } from "./report-input.ts";

/** A rule brings no test code: each `good-*` folder must be silent, each `bad-*` folder has what the user sees beside it. */
const folders = (folder: string, prefix: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
        .map(({ name }) => name)
        .sort()
    : [];

const TODAY = "2026-01-15";

describe.each(rules.map((rule) => [rule.meta.id, rule] as const))("%s", (id, rule) => {
  const folder = `fixtures/${id}`;
  const seen = async (name: string) => {
    const result = await lint(fixtureProject(`${folder}/${name}`), { rules: [rule], today: TODAY });
    expect(result.crashes).toEqual([]);
    return result;
  };

  test("lives where its id says, with examples of both kinds", () => {
    expect(existsSync(`rules/${id}.ts`)).toBe(true);
    expect(folders(folder, "good-")).not.toEqual([]);
    expect(folders(folder, "bad-")).not.toEqual([]);
  });

  test("messages and meta keep the house style", () => {
    const { title, why, remedy, references } = rule.meta;
    expect(title).not.toMatch(/\.$/);
    expect(why.length).toBeGreaterThan(60);
    expect(remedy.length).toBeGreaterThan(20);
    for (const reference of references) expect(reference).toMatch(/^https:\/\//);
  });

  for (const name of folders(folder, "good-")) {
    test(name, async () => {
      const result = await seen(name);
      expect(pretty(reportInput(result))).toEqual(pretty(reportInput({ ...result, findings: [] })));
    });
  }

  for (const name of folders(folder, "bad-")) {
    test(name, async () => {
      const result = await seen(name);
      expect(result.findings.length).toBeGreaterThan(0);
      for (const { message, span } of result.findings) {
        expect(message.split(". ")[0]!.length, message).toBeLessThanOrEqual(100);
        expect(message, message).not.toMatch(/\.$/);
        expect(span.end, "a finding marks something").toBeGreaterThanOrEqual(span.start);
      }
      expectGolden(`${folder}/${name}.out`, pretty(reportInput(result)));
    });
  }
});

/** `UPDATE_GOLDEN=1` writes the file; a reviewer reads the diff. */
function expectGolden(path: string, output: string): void {
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, output);
  expect(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1 and read it`).toBe(true);
  expect(output).toBe(readFileSync(path, "utf8"));
}
