import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-fixture-")));
  mkdirSync(join(folder, "api"));
  for (const path of [".env", "compose.yaml", "api/local.env"]) writeFileSync(join(folder, path), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const states = () => Object.fromEntries(fixtureProject(folder).files.map(({ path, git }) => [path, git]));

test("no _git: no repository, every state unknown", () => {
  expect(fixtureProject(folder)).toMatchObject({ git: false });
  expect(new Set(Object.values(states()))).toEqual(new Set(["unknown"]));
});

test("what _git says; the rest is tracked", () => {
  writeFileSync(join(folder, "_git"), "ignored .env\nuntracked api/*.env\nhistory abc123 old.env\n");
  expect(states()).toEqual({ ".env": "ignored", "compose.yaml": "tracked", "api/local.env": "untracked" });
  expect(fixtureProject(folder)).toMatchObject({ git: true, history: [{ commit: "abc123", path: "old.env" }] });
});

test("a tracked file that .gitignore matches too", () => {
  writeFileSync(join(folder, "_git"), "tracked .env\n");
  writeFileSync(join(folder, ".gitignore"), ".env\n");
  expect(fixtureProject(folder).files.find(({ path }) => path === ".env")).toMatchObject({
    git: "tracked",
    alsoIgnored: true,
  });
});

test("a fact that is none is an error", () => {
  writeFileSync(join(folder, "_git"), "ignore .env\n");
  expect(() => fixtureProject(folder)).toThrow(/no such fact: ignore .env/);
});
