import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { RuleCrash } from "../../src/check.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { sarif } from "../../src/report/sarif.ts";
import { lint } from "../../src/run.ts";
import { spanIn } from "../deployment.ts";
import { fixtureProject } from "../fixture-project.ts";
import { reportInput } from "../report-input.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

const folder = mkdtempSync(join(tmpdir(), "harden-multitool-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Its URL check asks every server that is named: the network is no part of a test. All else is as it comes. */
const CONFIGURATION = `<?xml version="1.0" encoding="utf-8"?>
<Properties>
  <Properties Key="SARIF2006.UrisShouldBeReachable.Options">
    <Property Key="RuleEnabled" Value="Disabled" Type="Driver.RuleEnabledState" />
  </Properties>
</Properties>
`;

/** Errors and warnings by name of the log: the rules of SARIF and those of GitHub. */
function validated(name: string, logs: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  const own = join(folder, name);
  mkdirSync(own);
  const configuration = join(folder, "configuration.xml");
  writeFileSync(configuration, CONFIGURATION);
  for (const [log, text] of Object.entries(logs)) writeFileSync(join(own, `${log}.sarif`), text);
  const tool: string = createRequire(import.meta.url)("@microsoft/sarif-multitool");
  if (process.platform !== "win32") chmodSync(tool, 0o755);
  const output = join(folder, `${name}.json`);
  const options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--config", configuration];
  const { stdout, status } = spawnSync(
    tool,
    ["validate", join(own, "*.sarif"), ...options, "--output", output, "--log", "ForceOverwrite"],
    // Without it the tool wants the ICU libraries.
    { env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" }, encoding: "utf8" },
  );
  expect(stdout).toContain(`${Object.keys(logs).length} files scanned`);
  const [run] = (JSON.parse(readFileSync(output, "utf8").replace(/^\ufeff/, "")) as Log).runs;
  expect(run!.invocations![0]!.executionSuccessful).toBe(true);
  const found = new Map(Object.keys(logs).map((log): [string, string[]] => [log, []]));
  for (const { ruleId, level, message, locations } of run!.results ?? []) {
    const uri = locations![0]!.physicalLocation!.artifactLocation!.uri!;
    found
      .get(basename(decodeURIComponent(uri), ".sarif"))!
      .push(`${ruleId} ${level ?? "warning"}: ${message.arguments?.join(" | ")}`);
  }
  expect(status).toBe(0);
  return Object.fromEntries(found);
}

const FOLDER = "fixtures/projects";
const projects = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const file = sourceFile("a b/100%/nginx:1.2/dépôt#?.yaml", "services:\n  db: {}\n\n");
const found = finding(rule("image/unpinned-tag"), spanIn(file, "db"), "m [x](y) {0} `", {
  subject: "service db",
  snippet: "x",
  related: [{ at: spanIn(file, "services"), message: "here [1](2)" }],
  fix: { title: "t", safety: "safe", edits: [{ span: spanIn(file, "db"), text: "" }] },
});
const odd: Readonly<Record<string, ReportInput>> = {
  nothing: input([]),
  "every rule": input([], { rules }),
  "odd names": input([found], { repositoryPrefix: "services/a:b/" }),
  "an empty file": input([
    {
      ...found,
      fix: { ...found.fix!, edits: [] },
      related: [],
      span: { file: sourceFile("empty.env", ""), start: 0, end: 0 },
    },
  ]),
  "a silenced finding": input([found], {
    silenced: [{ finding: found, by: "comment", reason: "why" }],
    reportSuppressed: true,
  }),
  "a failed rule": input([], { crashes: [new RuleCrash("cors/wildcard-origin", new Error("boom"))] }),
};

describe("the validator of SARIF finds no error and nothing to warn of", () => {
  let verdicts: Readonly<Record<string, readonly string[]>>;
  beforeAll(async () => {
    const logs: Record<string, string> = {};
    for (const name of projects) {
      const result = await lint(fixtureProject(`${FOLDER}/${name}`), { rules, today: "2026-01-15" });
      logs[name] = sarif({ ...reportInput(result), rules, reportSuppressed: true });
    }
    for (const [name, report] of Object.entries(odd)) logs[name] = sarif(report);
    verdicts = validated("ours", logs);
  }, 120_000);

  test.each([...projects, ...Object.keys(odd)])("in the log of %s", (name) => {
    expect(verdicts[name]).toEqual([]);
  });
});

test("the validator does refuse what is wrong, by the rules of SARIF and by those of GitHub", () => {
  const log = JSON.parse(sarif(input([found]))) as Log;
  const [result] = log.runs[0]!.results!;
  result!.ruleIndex = 7;
  result!.locations![0]!.physicalLocation!.region!.endColumn = 1;
  log.runs[0]!.results!.push({ ...result!, locations: [] });
  const { wrong } = validated("theirs", { wrong: JSON.stringify(log) });
  expect(new Set(wrong!.map((line) => line.split(" ")[0]))).toEqual(
    new Set(["SARIF1007", "SARIF1009", "GH1015", "GH1017", "GH2012"]),
  );
});
