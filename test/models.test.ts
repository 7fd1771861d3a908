import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { understand } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";
import { excerpt, wanted } from "./model-excerpt.ts";

/**
 * One point of a language or of a join a folder: its files, `_expect` (which lists and fields of the model matter) and
 * `_model.json`, what a person who knows the engine would write down.
 */
const ROOT = "fixtures/models";
const names = readdirSync(ROOT).sort();

test.each(names)("%s", async (name) => {
  const folder = `${ROOT}/${name}`;
  const model = await understand(fixtureProject(folder));
  const found = `${JSON.stringify(excerpt(model, wanted(readFileSync(`${folder}/_expect`, "utf8"))), undefined, 2)}\n`;
  const golden = `${folder}/_model.json`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, found);
  expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and read it`).toBe(true);
  expect(found).toBe(readFileSync(golden, "utf8"));
});

test("there are sixty and more", () => expect(names.length).toBeGreaterThanOrEqual(60));
