import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { Finding } from "../src/check.ts";
import { created, restated } from "../src/discover/restate.ts";
import { repair } from "../src/repair.ts";
import type { Rule } from "../src/rule.ts";
import { ASPECTS, covers } from "./fix-aspects.ts";
import { counts, repaired, survives, TODAY, textOf, unreadable } from "./fix-claims.ts";
import { fixtureProject } from "./fixture-project.ts";
import { aspectOf, differing, factsOf } from "./model-facts.ts";

/** How the same files could have been saved. */
const SAVED: Readonly<Record<string, (text: string) => string>> = {
  "as they are": (text) => text,
  "with CRLF": (text) => text.replace(/\r?\n/g, "\r\n"),
  "without a last line end": (text) => text.replace(/(?:\r?\n)+$/, ""),
  "with a byte order mark": (text) => `\ufeff${text.replace(/^\ufeff/, "")}`,
};

const cases = (rule: Rule): readonly string[] => {
  const folder = `fixtures/${rule.meta.id}`;
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.startsWith("bad-"))
        .map(({ name }) => `${folder}/${name}`)
    : [];
};

describe.each(rules.filter(({ meta }) => meta.fix !== "none").map((rule) => [rule.meta.id, rule] as const))(
  "%s",
  (_, rule) => {
    const folders = cases(rule);
    test.each(folders.flatMap((folder) => Object.keys(SAVED).map((saved) => [folder, saved] as const)))(
      "%s, %s",
      async (folder, saved) => {
        const found = fixtureProject(folder);
        const project = { ...found, files: found.files.map((file) => ({ ...file, text: SAVED[saved]!(file.text) })) };
        const result = await repaired(project, rule);
        const { before, after, changes, declined, fixed } = result;
        const own = (findings: readonly Finding[]) =>
          findings.filter((finding) => finding.rule.meta.id === rule.meta.id && finding.fix);
        for (const { fix } of own(before.findings)) {
          expect(["safe", rule.meta.fix]).toContain(fix!.safety);
          expect(fix!.title, "goes on behind a colon").not.toMatch(/^[A-Z][a-z]+ |[.\n]$/);
        }

        expect(declined).toEqual([]);
        expect(
          own(after.findings).map(({ message }) => message),
          "nothing fixable is left",
        ).toEqual([]);
        expect(fixed.length).toBeGreaterThanOrEqual(own(before.findings).length ? 1 : 0);
        expect(unreadable(before)).toEqual(expect.arrayContaining(unreadable(after)));
        const had = counts(before.findings);
        const appeared = [...counts(after.findings)].filter(([key, many]) => many > (had.get(key) ?? 0));
        expect(appeared, "no finding appears").toEqual([]);
        const again = await repaired({ ...found, files: after.project.files }, rule);
        expect(again.changes, "a second run changes nothing").toEqual([]);

        const made = changes.flatMap(({ made, after }) => (made ? [after.path] : []));
        expect(Object.keys(textOf(after.project))).toEqual([...Object.keys(textOf(before.project)), ...made]);
        for (const change of changes) if (!change.made) survives(change);
        const changed = new Set(changes.map(({ before }) => before.path));
        for (const file of after.project.files) {
          if (!changed.has(file.path)) expect(file.text).toBe(textOf(before.project)[file.path]);
        }
      },
    );

    test("the model says the same but for what the rule is about", async () => {
      const rows = ASPECTS[rule.meta.id] ?? [];
      const changed = new Map<string, string>();
      for (const folder of folders) {
        const { before, after } = await repaired(fixtureProject(folder), rule);
        for (const fact of differing(factsOf(before.model), factsOf(after.model)))
          changed.set(aspectOf(fact), `${folder}: ${fact}`);
      }
      const others = [...changed].filter(([aspect]) => !rows.some((row) => covers(row, aspect)));
      expect(others, "facts that test/fix-aspects.ts does not allow to change").toEqual([]);
      const idle = rows.filter((row) => ![...changed.keys()].some((aspect) => covers(row, aspect)));
      expect(idle, "rows that nothing needs").toEqual([]);
    });
  },
);

test("every row of aspects belongs to a rule with a fix", () => {
  const fixable: readonly string[] = rules.filter(({ meta }) => meta.fix !== "none").map(({ meta }) => meta.id);
  expect(Object.keys(ASPECTS).filter((id) => !fixable.includes(id))).toEqual([]);
});

describe("all rules at once", () => {
  const projects = readdirSync("fixtures/projects", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  test.each(projects.map(({ name }) => name))("%s: only what needs a person is left", async (name) => {
    const found = fixtureProject(`fixtures/projects/${name}`);
    const options = { rules, today: TODAY, safety: "unsafe" as const, created: created(found), restated };
    const { before, after, declined } = await repair(found, options);
    expect(after.findings.filter(({ fix }) => fix).map(({ message }) => message)).toEqual([]);
    expect(declined).toEqual([]);
    const had = counts(before.findings);
    expect([...counts(after.findings).keys()].filter((key) => !had.has(key))).toEqual([]);
    expect((await repair(after.project, options)).changes).toEqual([]);
  });

  test("a user is written as the file that sets it takes it", async () => {
    const project = fixtureProject("fixtures/projects/qca-development");
    const rule = rules.find(({ meta }) => meta.id === "container/run-as-root")!;
    const { changes } = await repaired(project, rule);
    expect(changes.map(({ after }) => after.text)).toEqual([expect.stringContaining("\nUSER 10001\n")]);
  });
});

test("a NetworkPolicy is made for the namespace of the workload", async () => {
  const rule = rules.find(({ meta }) => meta.id === "network/egress-unrestricted")!;
  const { changes } = await repaired(
    fixtureProject("fixtures/network/egress-unrestricted/bad-kubernetes-namespace"),
    rule,
  );
  expect(changes.map(({ after }) => [after.path, after.text])).toEqual([
    [
      "deploy/network-policy.yaml",
      expect.stringContaining("\n  name: default-deny-egress\n  namespace: qwed\nspec:\n"),
    ],
  ]);
});

test("meta.fix says what the examples show", async () => {
  const wrong: string[] = [];
  for (const rule of rules) {
    const seen = new Set<string>();
    for (const folder of cases(rule)) {
      const { before } = await repaired(fixtureProject(folder), rule);
      for (const finding of before.findings)
        if (finding.rule.meta.id === rule.meta.id && finding.fix) seen.add(finding.fix.safety);
    }
    const shown = seen.has("unsafe") ? "unsafe" : seen.has("safe") ? "safe" : "none";
    if (shown !== rule.meta.fix) wrong.push(`${rule.meta.id}: ${rule.meta.fix} is expected, examples show ${shown}`);
  }
  expect(wrong).toEqual([]);
}, 120_000);
