import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { SourceFile } from "../src/model.ts";
import type { Edit, Rule } from "../src/rule.ts";
import { lint } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";

const TODAY = "2026-01-15";

/** Edits of one file, from the end to its start, so that offsets stay true. */
const edited = (file: SourceFile, edits: readonly Edit[]): SourceFile => ({
  ...file,
  text: edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce((text, { span, text: written }) => text.slice(0, span.start) + written + text.slice(span.end), file.text),
});

const offered = async (project: ReturnType<typeof fixtureProject>, rule: Rule) =>
  (await lint(project, { rules: [rule], today: TODAY })).findings.flatMap(({ fix }) => fix ?? []);

/** Rules whose fixes stand in `.env` files and Compose values. */
const FIXING = /^env\/|^secrets\/missing-dollar-escape$/;

describe.each(rules.filter(({ meta }) => FIXING.test(meta.id)).map((rule) => [rule.meta.id, rule] as const))(
  "fixes of %s",
  (id, rule) => {
    const cases = readdirSync(`fixtures/${id}`, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name.startsWith("bad-"),
    );
    test.each(cases.map(({ name }) => name))("%s: once applied, none is left", async (name) => {
      const project = fixtureProject(`fixtures/${id}/${name}`);
      const fixes = await offered(project, rule);
      if (rule.meta.fix === "none") return expect(fixes).toEqual([]);
      for (const { safety } of fixes) expect([rule.meta.fix, "safe"]).toContain(safety);
      const edits = fixes.flatMap(({ edits }) => edits);
      const files = project.files.map((file) =>
        edited(
          file,
          edits.filter(({ span }) => span.file.path === file.path),
        ),
      );
      expect(await offered({ ...project, files }, rule)).toEqual([]);
    });
  },
);
