import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { Finding } from "../src/check.ts";
import { pretty } from "../src/report/pretty.ts";
import { lint } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";
import { reportInput } from "./report-input.ts";

/**
 * Small projects, each around one thing that linters get wrong. Its file `_expect` says what must come of it, one fact a line:
 * `must RULE [at FILE:LINE]` and `never RULE [at FILE:LINE]` about all rules, `only RULE…` about the recommended ones; nothing behind `only`: no finding.
 * Where something must fire, what the user sees is beside the folder in `.out`.
 */
const FOLDER = "fixtures/catalogue";
const TODAY = "2026-01-15";
const IDS = new Set<string>(rules.map(({ meta }) => meta.id));
const AT = / at (\S+):(\d+)$/;

const textOf = (path: string): readonly string[] => readFileSync(path, "utf8").split("\n");
const lineOf = ({ span }: Finding): number => span.file.text.slice(0, span.start).split("\n").length;
const placed = (finding: Finding): string => `${finding.rule.meta.id} at ${finding.span.file.path}:${lineOf(finding)}`;
const isRecommended = ({ rule }: Finding): boolean => rule.meta.presets.includes("recommended");

describe.each(
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name),
)("%s", async (name) => {
  const folder = `${FOLDER}/${name}`;
  const facts = textOf(`${folder}/_expect`).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const result = await lint(fixtureProject(folder), { rules, today: TODAY });
  const found = result.findings.flatMap((finding) => [finding.rule.meta.id, placed(finding)]);
  const recommended = result.findings.filter(isRecommended);

  test("runs, and expects something of rules and lines that exist", () => {
    expect(result.crashes).toEqual([]);
    expect(facts).not.toEqual([]);
    const named = facts.flatMap((fact) => fact.replace(AT, "").split(" ").slice(1));
    expect(named.filter((id) => !IDS.has(id))).toEqual([]);
    for (const fact of facts) {
      const [, path, line] = AT.exec(fact) ?? [];
      if (path) expect(textOf(`${folder}/${path}`)[Number(line) - 1]?.trim(), fact).toBeTruthy();
    }
  });

  test.each(facts)("%s", (fact) => {
    const [word, ...rest] = fact.split(" ");
    if (word === "must") expect(found).toContain(rest.join(" "));
    else if (word === "never") expect(found).not.toContain(rest.join(" "));
    else if (word === "only")
      expect(recommended.filter(({ rule }) => !rest.includes(rule.meta.id)).map(placed)).toEqual([]);
    else expect.fail(`no such fact: ${fact}`);
  });

  const golden = `${folder}.out`;
  if (facts.some((fact) => fact.startsWith("must "))) {
    test("is what the user sees", () => {
      const output = pretty(reportInput({ ...result, findings: recommended }));
      if (process.env.UPDATE_GOLDEN) writeFileSync(golden, output);
      expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and read it`).toBe(true);
      expect(output).toBe(readFileSync(golden, "utf8"));
    });
  } else {
    test("has no output to show", () => expect(existsSync(golden)).toBe(false));
  }
});
