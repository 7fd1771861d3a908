import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { controls } from "../rules/guides.ts";
import { rules } from "../rules/index.ts";
import { created, restated } from "../src/discover/restate.ts";
import { repair } from "../src/repair.ts";
import { checkstyle } from "../src/report/checkstyle.ts";
import { plain } from "../src/report/colors.ts";
import { csv } from "../src/report/csv.ts";
import { unifiedDiff } from "../src/report/diff.ts";
import { github } from "../src/report/github.ts";
import { gitlab } from "../src/report/gitlab.ts";
import { guideReport } from "../src/report/guide.ts";
import { json } from "../src/report/json.ts";
import { junit } from "../src/report/junit.ts";
import { markdown } from "../src/report/markdown.ts";
import { maskOf } from "../src/report/mask.ts";
import { modelReport } from "../src/report/model.ts";
import { pretty } from "../src/report/pretty.ts";
import { sarif } from "../src/report/sarif.ts";
import { lint } from "../src/run.ts";
import { fixtureProject } from "./fixture-project.ts";
import { printedForms, secretsOf } from "./printed-secrets.ts";
import { reportInput } from "./report-input.ts";

/** Every fixture folder under every rule: no secret in it is printed, in any format, as it is or encoded. */
const folders = (folder: string, depth: number): readonly string[] =>
  depth === 0
    ? [folder]
    : readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap(({ name }) => folders(join(folder, name), depth - 1));
const projects = readdirSync("fixtures").flatMap((group) =>
  folders(join("fixtures", group), ["projects", "catalogue"].includes(group) ? 1 : 2),
);

const texts = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? texts(path) : [readFileSync(path, "utf8")];
  });

/** What looks random and is public all the same. */
const PUBLIC = new Set([
  "51NqZqumpm08hsE8JNpjJOQGa2rb19FlY0mG1y",
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFUUMRX6ZZQYTFRGJ",
]);

/**
 * Secrets of a text, found without the tool: runs of letters and digits of both cases that no human would write, and
 * what they decode to where they are base64.
 */
function secretsIn(text: string): readonly string[] {
  return [...text.matchAll(/[A-Za-z0-9]{16,}/g)].flatMap(([run]) => {
    const digits = run.replace(/\D/g, "").length;
    if (PUBLIC.has(run) || digits < 2 || !/[a-z]/.test(run) || !/[A-Z]/.test(run)) return [];
    const decoded = Buffer.from(run, "base64").toString("utf8");
    return /^[\x20-\x7e]{12,}$/.test(decoded) ? [run, decoded] : [run];
  });
}

test("there are secrets to hide", () => {
  expect(projects.filter((folder) => texts(folder).flatMap(secretsIn).length > 0).length).toBeGreaterThan(50);
});

describe.each(projects)("%s", (folder) => {
  test("prints no secret", async () => {
    const secrets = new Set(texts(folder).flatMap(secretsIn));
    const project = fixtureProject(folder);
    const options = { rules, today: "2026-01-15" };
    const result = await lint(project, options);
    const { after, changes } = await repair(project, {
      ...options,
      safety: "unsafe",
      created: created(project),
      restated,
    });
    const masks = { before: maskOf(result.model.sensitive), after: maskOf(after.model.sensitive) };
    for (const secret of secretsOf(result.model)) secrets.add(secret);
    if (!secrets.size) return;
    const input = { ...reportInput(result), rules, reportSuppressed: true };
    const printed = {
      pretty: pretty(input),
      narrow: pretty({ ...input, width: 40 }),
      json: json(input),
      sarif: sarif(input),
      github: github(input),
      gitlab: gitlab(input),
      junit: junit(input),
      markdown: markdown(input),
      checkstyle: checkstyle(input),
      csv: csv(input),
      model: modelReport(result.model),
      diff: unifiedDiff(changes, { masks, paint: plain, displayPrefix: "" }),
      guide: guideReport({ model: result.model, findings: result.findings, controls, guides: {}, paint: plain }),
    };
    const leaks = Object.entries(printed).flatMap(([format, text]) =>
      [...secrets].flatMap((secret) =>
        printedForms(secret).some((form) => text.includes(form)) ? [`${format}: ${secret}`] : [],
      ),
    );
    expect(leaks).toEqual([]);
  });
});
