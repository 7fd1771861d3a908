import type { Result } from "sarif";
import { describe, expect, test } from "vitest";
import { RuleCrash } from "../../src/check.ts";
import { lineHashes } from "../../src/report/line-hash.ts";
import { sarif } from "../../src/report/sarif.ts";
import { sarifLog } from "../../src/report/sarif-log.ts";
import { SEVERITIES } from "../../src/rule.ts";
import { spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

const compose = sourceFile("compose.yaml", 'services:\n  db:\n    ports:\n      - "5432:5432"\n      - "5433:5432"\n', {
  git: "tracked",
});
const exposed = rule("network/database-port-exposed", {
  severity: "critical",
  references: ["https://cwe.mitre.org/data/definitions/284.html"],
  remedy: "Write\n\n```yaml\nports: []\n```",
});
const port = finding(exposed, spanIn(compose, "5432:5432"), "service db publishes port 5432", {
  subject: "service db",
});
const run = (...args: Parameters<typeof input>) => sarifLog(input(...args)).runs[0]!;
const uriOf = (result: Result) => result.locations![0]!.physicalLocation!.artifactLocation!.uri;

describe("sarif", () => {
  test("one result", () => {
    const { results } = run([port]);
    expect(results).toEqual([
      {
        ruleId: "network/database-port-exposed",
        ruleIndex: 0,
        level: "error",
        message: { text: "service db publishes port 5432" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "compose.yaml" },
              region: { startLine: 4, startColumn: 10, endLine: 4, endColumn: 19 },
            },
            logicalLocations: [{ fullyQualifiedName: "service db" }],
          },
        ],
        partialFingerprints: {
          primaryLocationLineHash: lineHashes(compose.text)[3],
          "qwedHarden/v1": expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        properties: { severity: "critical" },
      },
    ]);
  });

  test("a fix: its edits by file, deleted regions and inserted text", () => {
    const env = sourceFile(".env", "A=1\nB=2\n");
    const fix = {
      title: "Bind it",
      safety: "unsafe" as const,
      edits: [
        { span: spanIn(compose, "5432:5432"), text: "127.0.0.1:5432:5432" },
        { span: { file: env, start: 4, end: 8 }, text: "" },
        { span: { file: env, start: 0, end: 0 }, text: "PORT=1\n" },
      ],
    };
    const [result] = run([{ ...port, fix }], { repositoryPrefix: "app/" }).results!;
    expect(result!.fixes).toEqual([
      {
        description: { text: "Bind it" },
        artifactChanges: [
          {
            artifactLocation: { uri: "app/.env" },
            replacements: [
              {
                deletedRegion: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
                insertedContent: { text: "PORT=1\n" },
              },
              { deletedRegion: { startLine: 2, startColumn: 1, endLine: 3, endColumn: 1 } },
            ],
          },
          {
            artifactLocation: { uri: "app/compose.yaml" },
            replacements: [
              {
                deletedRegion: { startLine: 4, startColumn: 10, endLine: 4, endColumn: 19 },
                insertedContent: { text: "127.0.0.1:5432:5432" },
              },
            ],
          },
        ],
      },
    ]);
  });

  test("no finding still is a run, with every rule", () => {
    const { results, tool } = run([], { rules: [rule("tls/public-http"), rule("cors/wildcard-origin")] });
    expect(results).toEqual([]);
    expect(tool.driver.rules!.map(({ id }) => id)).toEqual(["cors/wildcard-origin", "tls/public-http"]);
    expect(tool.driver).toMatchObject({ name: "qwed-harden", semanticVersion: "1.2.3" });
  });

  test.each(SEVERITIES)("a rule of severity %s is complete", (severity) => {
    const [descriptor] = run([], { rules: [{ ...exposed, meta: { ...exposed.meta, severity } }] }).tool.driver.rules!;
    expect(descriptor!.properties!["security-severity"]).toMatch(/^\d\.\d$/);
    expect(Number(descriptor!.properties!["security-severity"])).toBeGreaterThan(0);
    expect(descriptor!.properties!.tags).toEqual([
      "security",
      "network",
      "external/cwe/cwe-284",
      "external/cis/docker-1.6-5.9",
      "external/cis/docker-1.6-5.14",
    ]);
    expect(descriptor!.help!.markdown).toContain("```yaml\nports: []\n```");
    for (const text of [
      descriptor!.shortDescription!.text,
      descriptor!.fullDescription!.text,
      descriptor!.help!.text,
    ]) {
      expect(text.length).toBeGreaterThan(0);
    }
  });

  test("texts of rules are cut where code scanning cuts them off", () => {
    const [descriptor] = run([], { rules: [rule("tls/public-http", { why: "long ".repeat(500) })] }).tool.driver.rules!;
    expect(descriptor!.fullDescription!.text.length).toBe(1024);
  });

  test.each([
    ["a folder below the root of the repository", "compose.yaml", "services/api/", "services/api/compose.yaml"],
    ["blanks and percent", "a b/100%.yaml", "", "a%20b/100%25.yaml"],
    ["a colon that could pass for a scheme", "nginx:1.2/Dockerfile", "", "nginx%3A1.2/Dockerfile"],
    ["letters beyond ASCII", "dépôt/compose.yaml", "", "d%C3%A9p%C3%B4t/compose.yaml"],
    ["hash and question mark", "a#b?.yaml", "", "a%23b%3F.yaml"],
    ["dots and double slashes", "./a//compose.yaml", "./", "a/compose.yaml"],
    ["half a surrogate pair", "a\ud83d.yaml", "", "a%EF%BF%BD.yaml"],
  ])("the URI of %s", (_, path, repositoryPrefix, expected) => {
    const file = sourceFile(path, "a: b\n");
    expect(uriOf(run([finding(exposed, spanIn(file, "b"), "m")], { repositoryPrefix }).results![0]!)).toBe(expected);
  });

  test("a region is the key line alone", () => {
    const span = { file: compose, start: compose.text.indexOf("db:"), end: compose.text.length };
    expect(run([finding(exposed, span, "m")]).results![0]!.locations![0]!.physicalLocation!.region).toEqual({
      startLine: 2,
      startColumn: 3,
      endLine: 2,
      endColumn: 6,
    });
  });

  test("related places are linked from the message", () => {
    const related = [{ at: spanIn(compose, "db"), message: "service [db]" }];
    const [result] = run([{ ...port, related }]).results!;
    expect(result!.message.text).toBe("service db publishes port 5432. [service \\[db\\]](1)");
    expect(result!.relatedLocations).toEqual([expect.objectContaining({ id: 1, message: { text: "service [db]" } })]);
  });

  test("two findings of one rule on one line are one result with the worse severity", () => {
    const file = sourceFile(".env", "ORIGINS=*,http://a\n");
    const cors = rule("cors/wildcard-origin", { severity: "low" });
    const { results } = run([
      finding(cors, spanIn(file, "*"), "first"),
      finding(cors, spanIn(file, "http://a"), "second", { severity: "high" }),
    ]);
    expect(results).toHaveLength(1);
    expect(results![0]).toMatchObject({ level: "error", message: { text: "first. [second](1)" } });
  });

  test("more results than code scanning keeps: the worst stay, in place order, and the rest is said", () => {
    const file = sourceFile("big.yaml", "x\n".repeat(6_000));
    const minor = rule("compose/version-field", { severity: "info" });
    const found = Array.from({ length: 6_000 }, (_, i) =>
      finding(i % 100 === 99 ? exposed : minor, { file, start: 2 * i, end: 2 * i + 1 }, "m"),
    );
    const { results, invocations } = run(found);
    expect(results).toHaveLength(5_000);
    expect(results!.filter(({ ruleId }) => ruleId === exposed.meta.id)).toHaveLength(60);
    const starts = results!.map((result) => result.locations![0]!.physicalLocation!.region!.startLine!);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(invocations![0]).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [{ level: "warning" }],
    });
    expect(invocations![0]!.toolExecutionNotifications![0]!.message.text).toContain("1000 results");
  });

  test("only a bug of ours makes the run fail", () => {
    expect(run([port]).invocations).toEqual([{ executionSuccessful: true }]);
    const { invocations } = run([], { crashes: [new RuleCrash("tls/public-http", new Error("boom"))] });
    expect(invocations![0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error" }],
    });
  });

  test.each([
    [undefined, "qwed-harden/"],
    ["api", "api/"],
    ["api/", "api/"],
    ["team/api", "team/api/"],
    ["", "qwed-harden/"],
    ["/", "qwed-harden/"],
  ])("category %j ends with a slash, so that runs replace one another", (category, id) => {
    expect(run([], { category }).automationDetails).toEqual({ id });
  });

  test("the same input gives the same text", () => {
    expect(sarif(input([port]))).toBe(sarif(input([port])));
  });
});
