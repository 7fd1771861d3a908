import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RuleCrash } from "../../src/check.ts";
import { checkstyle } from "../../src/report/checkstyle.ts";
import { csv } from "../../src/report/csv.ts";
import { github } from "../../src/report/github.ts";
import { type GitlabIssue, gitlab } from "../../src/report/gitlab.ts";
import { json, jsonReport } from "../../src/report/json.ts";
import { junit } from "../../src/report/junit.ts";
import { markdown } from "../../src/report/markdown.ts";
import { pretty } from "../../src/report/pretty.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { sarif } from "../../src/report/sarif.ts";
import { sarifLog } from "../../src/report/sarif-log.ts";
import { deployment, spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, HOSTILE, input, rule } from "./findings.ts";
import { readCsv, readWorkflowCommands, readXml, type XmlElement } from "./read-back.ts";

const compose = sourceFile("compose.yaml", 'services:\n  db:\n    ports:\n      - "5432:5432"\n');
const env = sourceFile(".env", "DEBUG=true\n");
const exposed = rule("network/database-port-exposed", {
  severity: "critical",
  title: "Database, cache or broker: port",
});
const debug = rule("auth/debug-enabled", { severity: "low" });
const port = finding(exposed, spanIn(compose, "5432:5432"), "db publishes port 5432", {
  subject: "service db",
  related: [{ at: spanIn(compose, "db"), message: "the service" }],
  snippet: 'services:\n  db:\n    expose:\n      - "5432"',
});
const on = finding(debug, spanIn(env, "true"), "DEBUG is on", { subject: ".env" });
const silenced = [{ finding: on, by: "comment", reason: "demo, only" } as const];
const plain = input([port], { repositoryPrefix: "app/" });

const hostileFindings = HOSTILE.map((text, i) => {
  const file = sourceFile(`${text}/compose-${i}.yaml`, "services:\n  db: {}\n");
  return finding(rule("image/unpinned-tag", { title: text }), spanIn(file, "db"), text, {
    subject: text,
    snippet: `${text}\n${text}`,
    related: [{ at: spanIn(file, "services"), message: text }],
  });
});
const hostile = input(hostileFindings, {
  silenced: hostileFindings.map((silent) => ({ finding: silent, by: "comment", reason: silent.message }) as const),
  reportSuppressed: true,
  skipped: HOSTILE.map((text) => ({ path: text, reason: text })),
  crashes: [new RuleCrash("cors/wildcard-origin", new Error(HOSTILE.join("")))],
  expired: [{ rule: "cors/wildcard-origin", path: HOSTILE.join(""), reason: "r", until: HOSTILE[0] }],
});
const CONTROLS = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/;
const lone = (text: string) => /\p{Cs}/u.test(text);

describe("github", () => {
  test("one command a finding, at its place", () => {
    expect(github(plain)).toBe(
      '::error file=app/compose.yaml,line=4,col=10,title=critical%3A Database%2C cache or broker%3A port::db publishes port 5432 (service db)%0Anote: the service (app/compose.yaml:2:3)%0Awrite instead:%0A  services:%0A    db:%0A      expose:%0A        - "5432"%0Asee: qwed-harden explain network/database-port-exposed\n1 finding in 1 file: 1 critical\n',
    );
  });

  test("the worst first, the rest for the log, silenced ones counted", () => {
    const many = Array.from({ length: 13 }, () => on);
    const lines = github(input([...many, port], { silenced }))
      .trimEnd()
      .split("\n");
    expect(lines[0]).toMatch(/^::error file=compose.yaml/);
    expect(lines.slice(1, 14).every((line) => line.startsWith("::notice file=.env"))).toBe(true);
    expect(lines[14]).toBe(
      "14 findings in 2 files: 1 critical, 13 low. 3 of them in this log only: GitHub shows 10 of a level beside the code. Silenced 1 finding: 1 by comments",
    );
  });

  test("a runner reads nothing but our commands", () => {
    const text = github(hostile);
    expect(text).not.toMatch(CONTROLS);
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(HOSTILE.length + 2);
    const commands = readWorkflowCommands(text);
    expect(commands.map(({ name }) => name)).toEqual(Array(HOSTILE.length + 1).fill("error"));
    expect(commands[1]!.properties.file).toBe("␍␊::stop-commands::x/compose-0.yaml");
    expect(commands.find(({ message }) => message.startsWith("%0A"))!.message).toMatch(
      /^%0A%3A%2C,: \(%0A%3A%2C,:\)\nnote/,
    );
    expect(lines.at(-1)).toBe(
      "24 findings in 24 files: 24 high. 14 of them in this log only: GitHub shows 10 of a level beside the code. Silenced 24 findings: 24 by comments",
    );
  });
});

describe("gitlab", () => {
  const issues = (report: ReportInput) => JSON.parse(gitlab(report)) as GitlabIssue[];

  test("what the widget reads", () => {
    expect(issues(plain)).toEqual([
      {
        description: "db publishes port 5432 (service db)",
        check_name: "network/database-port-exposed",
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        severity: "blocker",
        location: { path: "app/compose.yaml", lines: { begin: 4, end: 4 } },
      },
    ]);
    expect(gitlab(input([]))).toBe("[]\n");
  });

  test("fingerprints are unique, and the same whatever is shown", () => {
    const twice = [port, on, on];
    const all = issues(input(twice)).map(({ fingerprint }) => fingerprint);
    expect(new Set(all).size).toBe(3);
    expect(issues(input(twice, { minSeverity: "high" })).map(({ fingerprint }) => fingerprint)).toEqual([all[0]]);
  });

  test("odd names stay names", () => {
    const found = issues(hostile);
    expect(found).toHaveLength(HOSTILE.length);
    expect(found[0]!.location.path).toBe(`${HOSTILE[0]}/compose-0.yaml`);
    for (const { description } of found) expect(description).not.toMatch(CONTROLS);
  });
});

describe("junit", () => {
  const cases = (report: ReportInput) => readXml(junit(report)).children.flatMap((suite) => suite.children);

  test("a suite a file, a failure a finding, a passed case for a clean file", () => {
    const model = deployment({ files: [env, compose, sourceFile("context.env", "", { context: true })] });
    const root = readXml(junit(input([port], { model })));
    expect(root).toMatchObject({
      name: "testsuites",
      attributes: { name: "qwed-harden", tests: "2", failures: "1", errors: "0" },
    });
    const [clean, found] = root.children as [XmlElement, XmlElement];
    expect(clean.attributes).toEqual({ name: ".env", tests: "1", failures: "0", errors: "0", skipped: "0" });
    expect(clean.children).toMatchObject([{ attributes: { name: "no findings" }, children: [] }]);
    expect(found.children[0]!.attributes).toEqual({
      name: "network/database-port-exposed: db publishes port 5432 (service db)",
      classname: "compose.yaml",
      file: "compose.yaml",
      line: "4",
    });
    expect(found.children[0]!.children[0]).toMatchObject({
      name: "failure",
      attributes: { message: "db publishes port 5432 (service db)", type: "critical" },
      text: 'compose.yaml:4:10\nnote: the service (compose.yaml:2:3)\nwrite instead:\n  services:\n    db:\n      expose:\n        - "5432"\nsee: qwed-harden explain network/database-port-exposed',
    });
  });

  test("cases that are alike are numbered, silenced ones skipped, failed rules errors", () => {
    const found = cases(
      input([port, port], {
        silenced,
        reportSuppressed: true,
        crashes: [new RuleCrash("cors/wildcard-origin", new Error("boom"))],
      }),
    );
    expect(found.map(({ attributes, children }) => [attributes.name, children[0]!.name])).toEqual([
      ["cors/wildcard-origin", "error"],
      ["auth/debug-enabled: DEBUG is on", "skipped"],
      ["network/database-port-exposed: db publishes port 5432 (service db)", "failure"],
      ["network/database-port-exposed: db publishes port 5432 (service db) (2)", "failure"],
    ]);
    expect(cases(input([port], { silenced }))).toHaveLength(1);
  });

  test("is well-formed whatever files say", () => {
    expect(cases(hostile)).toHaveLength(2 * HOSTILE.length + 1);
    expect(junit(hostile)).not.toMatch(CONTROLS);
    expect(lone(junit(hostile))).toBe(false);
  });
});

describe("checkstyle", () => {
  test("errors by file", () => {
    const root = readXml(checkstyle(input([port, on], { repositoryPrefix: "app/" })));
    expect(root).toMatchObject({ name: "checkstyle", attributes: { version: "4.3" } });
    expect(root.children.map(({ attributes }) => attributes.name)).toEqual(["app/compose.yaml", "app/.env"]);
    expect(root.children.map(({ children }) => children[0]!.attributes)).toEqual([
      {
        line: "4",
        column: "10",
        severity: "error",
        message: "db publishes port 5432 (service db)",
        source: "qwed-harden.network/database-port-exposed",
      },
      { line: "1", column: "7", severity: "info", message: "DEBUG is on", source: "qwed-harden.auth/debug-enabled" },
    ]);
    expect(readXml(checkstyle(input([]))).children).toEqual([]);
  });

  test("is well-formed whatever files say", () => {
    const { children } = readXml(checkstyle(hostile));
    expect(children).toHaveLength(HOSTILE.length);
    const messages = children.map((file) => file.children[0]!.attributes.message);
    expect(messages).toContain("]]> (]]>)");
    expect(messages).toContain("&amp;&#10; (&amp;&#10;)");
    expect(checkstyle(hostile)).not.toMatch(CONTROLS);
  });
});

describe("csv", () => {
  test("a record a finding", () => {
    const [header, first, second, ...rest] = readCsv(csv(input([port], { silenced, reportSuppressed: true })));
    expect(header!.join()).toBe("severity,rule,title,file,line,column,subject,message,fingerprint,suppressed,reason");
    expect(first).toEqual([
      "critical",
      "network/database-port-exposed",
      "Database, cache or broker: port",
      "compose.yaml",
      "4",
      "10",
      "service db",
      "db publishes port 5432",
      expect.stringMatching(/^[0-9a-f]{16}$/),
      "",
      "",
    ]);
    expect(second!.slice(8)).toEqual(["", "comment", "demo, only"]);
    expect(rest).toEqual([]);
    expect(readCsv(csv(input([port], { silenced })))).toHaveLength(2);
  });

  test("no cell is a formula, whatever a spreadsheet takes for the end of a cell", () => {
    const text = csv(hostile);
    const rows = readCsv(text);
    expect(rows).toHaveLength(2 * HOSTILE.length + 1);
    for (const row of rows) {
      expect(row).toHaveLength(11);
      for (const cell of row) expect(cell).not.toMatch(/(^|;)[\s"]*[=+\-@]/);
    }
    for (const cell of text.split(/[,;\t]|\r\n/)) expect(cell).not.toMatch(/^\s*"?\s*[=+\-@]/);
    expect(rows.flat()).toContain("'=cmd|' /C calc'!A0");
    expect(text).not.toMatch(CONTROLS);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});

describe("markdown", () => {
  test("counts, then findings by file", () => {
    expect(markdown(input([port, on], { repositoryPrefix: "app/", silenced, reportSuppressed: true }))).toBe(
      `## qwed-harden: 2 findings in 2 files: 1 critical, 1 low

| Severity | Findings |
|---|---:|
| critical | 1 |
| low | 1 |

Silenced 1 finding: 1 by comments

<details><summary>Silenced findings (1)</summary>

- \`app/.env:1:7\` DEBUG is on (\`auth/debug-enabled\`), by comment: demo, only

</details>

### \`app/compose.yaml\`

**critical** line 4, \`service db\`: db publishes port 5432 (\`network/database-port-exposed\`)

- \`app/compose.yaml:2:3\`: the service

<details><summary>Write instead</summary>

\`\`\`yaml
services:
  db:
    expose:
      - "5432"
\`\`\`

</details>

### \`app/.env\`

**low** line 1: DEBUG is on (\`auth/debug-enabled\`)
`,
    );
  });

  test("nothing that files say is markup", () => {
    const text = markdown(hostile);
    expect(text).not.toMatch(CONTROLS);
    const prose = withoutCode(text).replace(/\\[!-/:-@[-`{-~]|<!-- -->|&(lt|gt|amp);/g, "\u0001");
    expect(prose.match(/<[^>]*>/g)!.filter((tag) => !/^<\/?(details|summary)>$/.test(tag))).toEqual([]);
    expect(prose).not.toMatch(/[[\]`~$]|!\[|https?:\/\/|www\.|@\w|#\d|GH-\d/);
    expect(prose.match(/<details>/g)!.length).toBe(prose.match(/<\/details>/g)!.length);
    expect(prose).toContain("日本語 é 🚀");
  });

  const large = Array.from({ length: 3_000 }, (_, i) =>
    finding(debug, spanIn(env, "true"), `m${i} ${"@".repeat(60)}`, { severity: "low", snippet: "日".repeat(400) }),
  );

  test("is never larger than a comment: the worst stay", () => {
    const text = markdown(input([...large, port], { skipped: HOSTILE.map((reason) => ({ path: "x", reason })) }));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(64_000);
    expect(text).toContain("db publishes port 5432");
    const [, count] = /\*\*(\d{4}) more findings are left out\*\*/.exec(text)!;
    expect(Number(count)).toBe(3_001 - text.match(/^\*\*(critical|low)\*\* line/gm)!.length);
    expect(text).toContain("- and 4 more");
  });

  test("one finding with very much to say hides no other", () => {
    const related = Array.from({ length: 2_000 }, () => ({ at: spanIn(compose, "db"), message: "@".repeat(400) }));
    const text = markdown(input([{ ...port, related, snippet: "x".repeat(100_000) }, on]));
    expect(text).toContain("**critical** line 4, `service db`: db publishes port 5432");
    expect(text).toContain("DEBUG is on");
    expect(text).not.toContain("left out");
    expect(text.length).toBeLessThan(1_000);
  });

  test("lists that are too long are counted alone", () => {
    const crashes = Array.from({ length: 20 }, () => new RuleCrash("cors/wildcard-origin", new Error("@".repeat(500))));
    const text = markdown(input([port], { crashes, silenced }));
    expect(text).not.toContain("Internal errors");
    expect(text).toContain("Lists of errors, silenced findings and skipped files are left out");
    expect(text).toContain("Silenced 1 finding: 1 by comments");
    expect(text).toContain("db publishes port 5432");
    expect(text.length).toBeLessThan(65_536);
  });
});

/** As CommonMark reads it: fenced blocks, then spans that end at a run of as many backticks. */
function withoutCode(text: string): string {
  const lines: string[] = [];
  let fence = "";
  for (const line of text.split("\n")) {
    const run = /^`{3,}/.exec(line)?.[0] ?? "";
    if (!fence && run) fence = run;
    else if (fence && run.length >= fence.length && line === run) fence = "";
    else if (!fence) lines.push(line);
  }
  expect(fence, "every fence is closed").toBe("");
  return lines.map((line) => line.replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g, "")).join("\n");
}

test("whatever characters there are, every format reads back", () => {
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE, "\r", "\n", "`", '"', ",", ";", "<", "&"),
    fc.string({ unit: "binary" }),
  );
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(
      fc.array(fc.record({ path: text, message: text, subject: text, snippet: text }), { maxLength: 3 }),
      (given) => {
        const found = given.map(({ path, ...more }) => {
          const file = sourceFile(path, "a: b\n", { language: "yaml" });
          return finding(exposed, spanIn(file, "b"), more.message, more);
        });
        const report = input(found, {
          silenced: found.map((each) => ({ finding: each, by: "configuration", reason: each.message }) as const),
          reportSuppressed: true,
        });
        const cells = readCsv(csv(report));
        expect(cells).toHaveLength(2 * found.length + 1);
        for (const row of cells) expect(row).toHaveLength(11);
        expect(readWorkflowCommands(github(report)).map(({ name }) => name)).toEqual(found.map(() => "error"));
        expect(github(report).trimEnd().split("\n")).toHaveLength(found.length + 1);
        expect(readXml(checkstyle(report)).children).toHaveLength(found.length);
        expect(readXml(junit(report)).attributes.failures).toBe(String(found.length));
        expect(JSON.parse(gitlab(report))).toHaveLength(found.length);
        const prose = withoutCode(markdown(report));
        expect(prose.match(/^### /gm) ?? []).toHaveLength(found.length);
        expect(prose.match(/<details>/g)?.length).toBe(prose.match(/<\/details>/g)?.length);
      },
    ),
    { numRuns: 200 },
  );
});

describe("silenced findings where they are asked for", () => {
  const by = [
    { finding: on, by: "comment", reason: "demo" },
    { finding: on, by: "configuration", reason: "" },
  ] as const;
  const asked = input([port], { silenced: by, reportSuppressed: true });

  test("in JSON", () => {
    const { suppressed, findings } = jsonReport(asked);
    expect(suppressed).toMatchObject([
      { rule: "auth/debug-enabled", file: ".env", line: 1, by: "comment", reason: "demo" },
      { by: "configuration", reason: "" },
    ]);
    expect(findings).toHaveLength(1);
    expect(jsonReport({ ...asked, reportSuppressed: false })).not.toHaveProperty("suppressed");
  });

  test("in SARIF, as suppressed results", () => {
    const { results, tool } = sarifLog(asked).runs[0]!;
    expect(results!.map(({ ruleId, suppressions }) => [ruleId, suppressions])).toEqual([
      ["network/database-port-exposed", undefined],
      ["auth/debug-enabled", [{ kind: "inSource", status: "accepted", justification: "demo" }]],
      ["auth/debug-enabled", [{ kind: "external", status: "accepted" }]],
    ]);
    for (const { ruleId, ruleIndex } of results!) expect(tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
    expect(sarifLog({ ...asked, reportSuppressed: false }).runs[0]!.results).toHaveLength(1);
  });

  test("for people", () => {
    expect(pretty(asked)).toContain(
      "Silenced 2 findings: 1 by comments, 1 by the configuration\n  .env:1:7: DEBUG is on [auth/debug-enabled], by comment: demo\n",
    );
  });

  test("with no secret in a reason", () => {
    const secret = "sk-proj-abcdefghijklmnop1234";
    const file = sourceFile("a.env", `# qwed-harden-ignore auth/debug-enabled -- ${secret}\nDEBUG=true\n`);
    const report = input([], {
      model: deployment({ files: [file], sensitive: [spanIn(file, secret)] }),
      silenced: [
        {
          finding: finding(debug, spanIn(file, "true"), "DEBUG is on"),
          by: "comment",
          reason: secret,
          at: { file, start: 0, end: file.text.indexOf("\n") },
        },
      ],
      reportSuppressed: true,
    });
    for (const format of [json, sarif, pretty, csv, junit, markdown]) {
      expect(format(report)).toContain("••••");
      expect(format(report)).not.toContain(secret);
    }
  });
});
