/** What every fix is held to, whatever it repairs. */
import { expect } from "vitest";
import { rules } from "../rules/index.ts";
import type { Finding } from "../src/check.ts";
import type { Discovered } from "../src/discover/index.ts";
import { created, restated } from "../src/discover/restate.ts";
import { written } from "../src/fix.ts";
import type { SourceFile } from "../src/model.ts";
import { type Repaired, repair } from "../src/repair.ts";
import type { Rule } from "../src/rule.ts";
import type { Project } from "../src/run.ts";

export const TODAY = "2026-01-15";

/** Every rule runs, so that what a fix brings about is seen; the findings of one are fixed. */
export const repaired = (project: Discovered, rule: Rule): Promise<Repaired> =>
  repair(project, {
    rules: rules.filter((other) => other === rule || other.meta.presets.includes("recommended")),
    today: TODAY,
    known: new Set(rules.map(({ meta }) => meta.id)),
    safety: "unsafe",
    created: created(project),
    restated,
    wanted: (finding) => finding.rule.meta.id === rule.meta.id,
  });

/** A finding by what it is about: its place and its words may change with what is fixed around it. */
export const counts = (findings: readonly Finding[]): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const { rule, subject, span } of findings) {
    const key = `${rule.meta.id} ${span.file.path} ${subject}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
};

export const unreadable = ({ model }: Repaired["after"]) =>
  model.problems.filter(({ kind }) => kind === "unreadable").map(({ span }) => span.file.path);

export const textOf = (project: Project) => Object.fromEntries(project.files.map(({ path, text }) => [path, text]));

/** What a fix never touches: lines without an edit, line ends, the byte order mark, a missing last line end. */
export function survives({ before, after, pieces }: Repaired["changes"][number]): void {
  expect(written(before.text, pieces)).toBe(after.text);
  const kept = wholeLines(
    before,
    pieces.filter((piece) => typeof piece !== "string"),
  );
  let at = 0;
  for (const line of kept) {
    const found = after.text.indexOf(line, at);
    expect(found, `line ${JSON.stringify(line)} of ${before.path}`).toBeGreaterThanOrEqual(at);
    at = found + line.length;
  }
  expect(after.text.startsWith("\ufeff")).toBe(before.text.startsWith("\ufeff"));
  expect(/\n$/.test(after.text), "the last line end").toBe(/\n$/.test(before.text));
  if (/\r\n/.test(before.text)) expect(after.text).not.toMatch(/(?<!\r)\n/);
  else expect(after.text).not.toContain("\r");
}

const lines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

function wholeLines(file: SourceFile, ranges: readonly { start: number; end: number }[]): readonly string[] {
  let offset = 0;
  return lines(file.text).filter((line) => {
    const start = offset;
    offset += line.length;
    return ranges.some((range) => range.start <= start && offset <= range.end);
  });
}
