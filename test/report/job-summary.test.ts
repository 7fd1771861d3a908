import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeWhole } from "../../src/cli/outputs.ts";

const folder = mkdtempSync(join(tmpdir(), "harden-summary-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "step_summary");
const env = { GITHUB_STEP_SUMMARY: file };
const written = (before: string | undefined, text: string, given: Readonly<Record<string, string>> = env): string => {
  rmSync(file, { force: true });
  if (before !== undefined) writeFileSync(file, before);
  writeWhole(file, text, folder, given);
  return readFileSync(file, "utf8");
};

test.each([
  ["no file", undefined, "## ours\n"],
  ["an empty file", "", "## ours\n"],
  ["another summary", "## theirs\n", "## theirs\n\n## ours\n"],
  ["a line without an end", "| a table |", "| a table |\n\n## ours\n"],
])("a job summary is appended to %s", (_, before, expected) => {
  expect(written(before, "## ours\n")).toBe(expected);
});

test("any other file is replaced", () => {
  expect(written("old", "new", {})).toBe("new");
  expect(written("old", "new", { GITHUB_STEP_SUMMARY: "" })).toBe("new");
  expect(written("old", "new", { GITHUB_STEP_SUMMARY: join(folder, "another") })).toBe("new");
});

test("GitHub takes nothing of a larger one: what others wrote stays, and there is a word", () => {
  const theirs = "é".repeat(400_000);
  const text = written(theirs, "x".repeat(300_000));
  expect(text).toBe(`${theirs}\n\nqwed-harden: the report is left out, for a job summary holds 1 MiB.\n`);
  const full = "x".repeat(1 << 20);
  expect(written(full, "y")).toBe(full);
  expect(written(undefined, full)).toBe(full);
});
