import { readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Result, Run } from "sarif";
import { beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import type { SourceFile } from "../../src/model.ts";
import { lineHashes } from "../../src/report/line-hash.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { sarif } from "../../src/report/sarif.ts";
import { leftOut, sarifLog } from "../../src/report/sarif-log.ts";
import { STANDARDS } from "../../src/report/standards.ts";
import { lint } from "../../src/run.ts";
import { spanIn } from "../deployment.ts";
import { fixtureProject } from "../fixture-project.ts";
import { reportInput } from "../report-input.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

/** What code scanning takes and keeps: https://docs.github.com/en/code-security/code-scanning, "SARIF support". */
const LIMITS = { rules: 25_000, description: 1_024, name: 255, tags: 10, locations: 100, results: 5_000, gzip: 10e6 };

const runOf = (report: ReportInput): Run => sarifLog(report).runs[0]!;
const physical = (result: Result) => result.locations![0]!.physicalLocation!;
const exposed = rule("network/database-port-exposed", { severity: "critical" });

describe("every rule", () => {
  const descriptors = runOf(input([], { rules })).tool.driver.rules!;
  const ofId = (id: string) => descriptors.find((each) => each.id === id)!;

  test("is there once, sorted by id, with a name of its own", () => {
    const ids = descriptors.map(({ id }) => id);
    expect(ids).toEqual(rules.map(({ meta }) => meta.id).toSorted());
    expect(ids.length).toBeLessThan(LIMITS.rules);
    expect(new Set(descriptors.map(({ name }) => name)).size).toBe(ids.length);
    expect(ofId("k8s/schema-invalid").name).toBe("K8sSchemaInvalid");
  });

  test.each(rules.map(({ meta }) => [meta.id, meta] as const))("%s is described within the limits", (id, meta) => {
    const { name, shortDescription, fullDescription, help, properties, defaultConfiguration } = ofId(id);
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]*$/);
    expect(name!.length).toBeLessThanOrEqual(LIMITS.name);
    for (const { text } of [shortDescription!, fullDescription!]) {
      expect(text.trim()).not.toBe("");
      expect(text.length).toBeLessThanOrEqual(LIMITS.description);
      expect(text).not.toMatch(/…$/);
    }
    expect(help!.text.trim()).not.toBe("");
    expect(help!.markdown).toContain(meta.why.trim());
    expect(help!.markdown).toContain(meta.remedy.trim());
    expect(["note", "warning", "error"]).toContain(defaultConfiguration!.level);
    const { tags, precision, "security-severity": score, "problem.severity": problem } = properties!;
    expect(precision).toBe("high");
    expect(["recommendation", "warning", "error"]).toContain(problem);
    expect(typeof score).toBe("string");
    expect(Number(score)).toBeGreaterThan(0);
    expect(Number(score)).toBeLessThanOrEqual(10);
    expect(tags).toContain("security");
    for (const guide of meta.guides) expect(tags).toContain(guide);
    for (const [tag, of] of Object.entries(STANDARDS)) expect(tags!.includes(tag), tag).toBe(of.includes(id));
    expect(new Set(tags).size).toBe(tags!.length);
    expect(tags!.length).toBeLessThanOrEqual(LIMITS.tags);
  });

  test("standards name rules that there are", () => {
    const known = new Set<string>(rules.map(({ meta }) => meta.id));
    expect(
      Object.values(STANDARDS)
        .flat()
        .filter((id) => !known.has(id)),
    ).toEqual([]);
  });

  test("tags of a rule: weakness, section of the guide, standards", () => {
    expect(ofId("container/run-as-root").properties!.tags).toEqual([
      "security",
      "container",
      "external/cwe/cwe-250",
      "qca/non-root-user",
      "external/cis/docker-1.6-4.1",
      "external/cis/kubernetes-1.8-5.2.7",
      "external/nsa/kubernetes-non-root-containers",
    ]);
  });
});

const FOLDER = "fixtures/projects";
const projects = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(projects)("results of %s", (name) => {
  let run: Run;
  let files: ReadonlyMap<string, SourceFile>;
  beforeAll(async () => {
    const result = await lint(fixtureProject(`${FOLDER}/${name}`), { rules, today: "2026-01-15" });
    files = new Map(result.model.files.map((file) => [file.path, file]));
    run = runOf({ ...reportInput(result), rules });
  });

  test("name their rule by id and index", () => {
    for (const { ruleId, ruleIndex } of run.results!) expect(run.tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
  });

  test("have one location, on one line of a file that is there", () => {
    for (const result of run.results!) {
      expect(result.locations).toHaveLength(1);
      for (const { physicalLocation } of [result.locations![0]!, ...(result.relatedLocations ?? [])]) {
        const { artifactLocation, region } = physicalLocation!;
        expect(Object.keys(artifactLocation ?? {})).toEqual(["uri"]);
        expect(artifactLocation!.uri).toMatch(/^[^./:%]|^\.[^./]/);
        const file = files.get(decodeURIComponent(artifactLocation!.uri!));
        expect(file, artifactLocation!.uri).toBeDefined();
        expect(Object.keys(region!)).toEqual(["startLine", "startColumn", "endLine", "endColumn"]);
        const line = file!.text.split(/\r\n?|\n/)[region!.startLine! - 1];
        expect(region!.endLine).toBe(region!.startLine);
        expect(region!.startColumn).toBeGreaterThanOrEqual(1);
        expect(region!.endColumn).toBeGreaterThanOrEqual(region!.startColumn!);
        expect(region!.endColumn).toBeLessThanOrEqual(line!.length + 1);
      }
    }
  });

  test("say something, in a first sentence that fits a title, and link each related place", () => {
    for (const { message, relatedLocations = [] } of run.results!) {
      expect(message.text!.trim()).not.toBe("");
      expect(message.text!.replace(/\. .*/s, "").length).toBeLessThan(100);
      const links = [...message.text!.matchAll(/(?<!\\)\]\((\d+)\)/g)].map(([, id]) => Number(id));
      expect(links).toEqual(relatedLocations.map(({ id }) => id));
      for (const { message: note } of relatedLocations) expect(note?.text ?? "").toMatch(/\S/);
    }
  });

  test("are told apart by rule, file and line, and by both fingerprints", () => {
    const places = run.results!.map((result) =>
      [result.ruleId, physical(result).artifactLocation!.uri, physical(result).region!.startLine].join("\0"),
    );
    expect(new Set(places).size).toBe(places.length);
    const own = run.results!.map(({ partialFingerprints }) => partialFingerprints!["qwedHarden/v1"]);
    expect(new Set(own).size).toBe(own.length);
    for (const { partialFingerprints } of run.results!)
      expect(partialFingerprints!.primaryLocationLineHash).toMatch(/^[0-9a-f]{1,16}:\d+$/);
  });

  test("quote no line of a file and none that is silenced", () => {
    const text = JSON.stringify(run.results!.map(({ locations, relatedLocations }) => [locations, relatedLocations]));
    expect(text).not.toContain('"snippet"');
    expect(text).not.toContain('"contextRegion"');
    expect(run.results!.filter(({ suppressions }) => suppressions)).toEqual([]);
  });
});

describe("the line hash is of the file as the host has it", () => {
  test.each([
    ["a byte order mark", "\ufeffA=1\nDEBUG=true\n", 2],
    ["a byte order mark before the line itself", "\ufeffDEBUG=true\nB=1\n", 1],
    ["CR LF", "A=1\r\nDEBUG=true\r\nB=2\r\n", 2],
    ["a lone CR", "A=1\rDEBUG=true\rB=2", 2],
    ["a line of more than 100 characters", `${"# long ".repeat(40)}\nDEBUG=true ${"x".repeat(500)}\n`, 2],
    ["a last line without an end", "A=1\nDEBUG=true", 2],
  ])("%s", (_, text, line) => {
    const file = sourceFile(".env", text, { git: "tracked" });
    const { results } = runOf(input([finding(exposed, spanIn(file, "true"), "m")]));
    expect(physical(results![0]!).region!.startLine).toBe(line);
    expect(results![0]!.partialFingerprints!.primaryLocationLineHash).toBe(lineHashes(text)[line - 1]);
  });
});

test("texts are never empty", () => {
  const file = sourceFile(".env", "");
  const nothing = { file, start: 0, end: 0 };
  const silent = finding(rule("parse/unreadable", { why: " ", remedy: "" }), nothing, "", {
    related: [{ at: nothing, message: "" }],
  });
  const { results, tool } = runOf(input([silent]));
  expect(results![0]!.message.text).toBe("Title of parse/unreadable. [Title of parse/unreadable](1)");
  expect(results![0]!.relatedLocations![0]!.message!.text).toBe("Title of parse/unreadable");
  expect(physical(results![0]!).region).toEqual({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 });
  expect(tool.driver.rules![0]).toMatchObject({
    fullDescription: { text: "Title of parse/unreadable" },
    help: { text: "Title of parse/unreadable" },
  });
});

test("a description is not cut inside a character", () => {
  const [descriptor] = runOf(input([], { rules: [rule("tls/public-http", { why: `x${"😀".repeat(600)}` })] })).tool
    .driver.rules!;
  expect(descriptor!.fullDescription!.text).toMatch(/😀…$/u);
  expect(descriptor!.fullDescription!.text.length).toBeLessThanOrEqual(LIMITS.description);
});

test("as many related places as are kept, each linked", () => {
  const file = sourceFile("all.json", "x".repeat(2_000));
  const found = Array.from({ length: 500 }, (_, i) => finding(exposed, { file, start: i, end: i + 1 }, `m${i}`));
  const { results } = runOf(input(found));
  expect(results).toHaveLength(1);
  expect(results![0]!.relatedLocations).toHaveLength(LIMITS.locations);
  expect(results![0]!.message.text).toMatch(/\[m100\]\(100\)$/);
});

describe("more results than are kept", () => {
  const letters = (seed: number): string => {
    let text = "";
    for (let n = seed * 2654435761 + 1; text.length < 400; n = (n * 1103515245 + 12345) % 2 ** 31)
      text += n.toString(36);
    return text;
  };
  const found = Array.from({ length: 5_200 }, (_, i) => {
    const file = sourceFile(`services/${letters(i).slice(0, 40)}/compose.yaml`, `services:\n  ${letters(i)}: {}\n`);
    const span = spanIn(file, letters(i));
    return finding(exposed, span, `service ${letters(i)} publishes a port`, {
      snippet: letters(i + 1).repeat(2),
      related: [{ at: { file, start: 0, end: 8 }, message: letters(i + 2).slice(0, 80) }],
      fix: { title: "Bind it", safety: "unsafe", edits: [{ span, text: letters(i + 3) }] },
    });
  });

  test("the log says so, and there is a word for standard error", () => {
    const { results, invocations } = runOf(input(found));
    expect(results).toHaveLength(LIMITS.results);
    const said = "200 results are left out: code scanning keeps 5000, the worst come first";
    expect(invocations![0]!.toolExecutionNotifications).toEqual([{ level: "warning", message: { text: said } }]);
    expect(leftOut(input(found))).toBe(said);
  });

  test("nothing is said where all are there", () => {
    expect(leftOut(input(found.slice(0, 5_000)))).toBeUndefined();
    const file = sourceFile("one.env", "x".repeat(6_000));
    const oneLine = Array.from({ length: 6_000 }, (_, i) => finding(exposed, { file, start: i, end: i + 1 }, "m"));
    expect(leftOut(input(oneLine))).toBeUndefined();
    expect(leftOut(input(found, { minSeverity: "critical" }))).toBeDefined();
  });

  test("the file is one that can be uploaded", () => {
    expect(gzipSync(sarif(input(found, { rules }))).length).toBeLessThan(LIMITS.gzip);
  });
});
