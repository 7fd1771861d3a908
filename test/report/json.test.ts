import { describe, expect, test } from "vitest";
import { RuleCrash } from "../../src/check.ts";
import type { Span } from "../../src/model.ts";
import { json, jsonReport } from "../../src/report/json.ts";
import { deployment, spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

const compose = sourceFile("app/compose.yaml", 'services:\n  db:\n    ports:\n      - "5432:5432"\n');
const exposed = rule("network/database-port-exposed", { severity: "critical" });
const found = finding(exposed, spanIn(compose, "5432:5432"), "service db publishes port 5432", {
  subject: "service db",
  snippet: 'ports: ["127.0.0.1:5432:5432"]',
  related: [{ at: spanIn(compose, "db"), message: "service db" }],
  fix: {
    title: "Bind it",
    safety: "unsafe",
    edits: [{ span: spanIn(compose, "5432:5432"), text: "127.0.0.1:5432:5432" }],
  },
});

describe("json", () => {
  test("a fix whose text repeats a secret is left out", () => {
    const env = sourceFile(".env", "TOKEN=c4Hq9vXz2 b7Lm\n");
    const span = spanIn(env, "c4Hq9vXz2 b7Lm");
    const quoted = finding(rule("env/quotes-missing"), span, "unquoted", {
      fix: { title: "Quote it", safety: "safe", edits: [{ span, text: '"c4Hq9vXz2 b7Lm"' }] },
    });
    const fixes = (sensitive: readonly Span[]) =>
      jsonReport(input([quoted], { model: deployment({ files: [env], sensitive }) })).findings.map(({ fix }) => fix);
    expect(fixes([])).toMatchObject([{ title: "Quote it" }]);
    expect(fixes([span])).toEqual([null]);
  });

  test("has exactly the documented keys", () => {
    const report = JSON.parse(json(input([found], { skipped: [{ path: "big.yaml", reason: "larger than 5 MiB" }] })));
    expect(report).toEqual({
      findings: [
        {
          rule: "network/database-port-exposed",
          severity: "critical",
          message: "service db publishes port 5432",
          file: "app/compose.yaml",
          line: 4,
          column: 10,
          endLine: 4,
          endColumn: 19,
          subject: "service db",
          related: [{ file: "app/compose.yaml", line: 2, column: 3, endLine: 2, endColumn: 5, message: "service db" }],
          snippet: 'ports: ["127.0.0.1:5432:5432"]',
          fix: {
            title: "Bind it",
            safety: "unsafe",
            edits: [
              {
                file: "app/compose.yaml",
                line: 4,
                column: 10,
                endLine: 4,
                endColumn: 19,
                start: 36,
                end: 45,
                text: "127.0.0.1:5432:5432",
              },
            ],
          },
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
      summary: {
        critical: 1,
        high: 0,
        medium: 0,
        low: 0,
        info: 0,
        total: 1,
        hidden: 0,
        silenced: 0,
        files: 1,
        kinds: { "other YAML": 1 },
      },
      skipped: [{ file: "big.yaml", reason: "larger than 5 MiB" }],
    });
  });

  test("a severity filter hides findings and changes no fingerprint", () => {
    const note = finding(rule("compose/version-field", { severity: "info" }), spanIn(compose, "services"), "obsolete");
    const all = jsonReport(input([note, found]));
    const some = jsonReport(input([note, found], { minSeverity: "low" }));
    expect(some.findings).toEqual([all.findings[1]]);
    expect(some.summary).toMatchObject({ total: 1, hidden: 1, info: 0 });
  });

  test("a rule that fails is an error of the run", () => {
    const report = jsonReport(input([], { crashes: [new RuleCrash("cors/wildcard-origin", new Error("boom"))] }));
    expect(report.errors).toEqual([
      { rule: "cors/wildcard-origin", message: "rule cors/wildcard-origin failed: boom" },
    ]);
  });

  test("templates count as skipped", () => {
    const chart = sourceFile("chart/web.yaml", "a: {{ .x }}");
    const model = deployment({
      files: [chart],
      problems: [{ kind: "template", span: spanIn(chart, "{{"), message: "template" }],
    });
    expect(jsonReport(input([], { model })).skipped).toEqual([
      { file: "chart/web.yaml", reason: "template that must be rendered first" },
    ]);
  });
});
