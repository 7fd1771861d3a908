import { describe, expect, test } from "vitest";
import { controls, guides } from "../../rules/guides.ts";
import { explainReport } from "../../src/report/explain.ts";
import { controlResults, guideReport } from "../../src/report/guide.ts";
import { modelReport, plainModel } from "../../src/report/model.ts";
import { rulesReport } from "../../src/report/rules.ts";
import { widthOf } from "../../src/report/visible.ts";
import type { Control } from "../../src/rule.ts";
import { deployment, spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, rule } from "./findings.ts";

const env = sourceFile(".env", "CORS_ORIGINS=https://app.example.com\nDEBUG=true\n", { git: "ignored" });
const cors = rule("cors/wildcard-origin", {
  title: "CORS answers every origin",
  guides: ["qwed/cors-configuration"],
  why: "Any website\ncan read the answer.\n\n- one\n- two",
  remedy: "List them:\n\n```bash\nexport ORIGINS=a | b\n```",
  sameAs: { trivy: ["X-1", "X-2"] },
  references: ["https://cwe.mitre.org/data/definitions/942.html"],
});
const debug = rule("auth/debug-enabled", { severity: "medium", presets: ["strict"] });

describe("rules", () => {
  test("as JSON: every meta, by id", () => {
    expect(JSON.parse(rulesReport([cors, debug], "json"))).toEqual([debug.meta, cors.meta]);
  });
  test("as Markdown", () => {
    expect(rulesReport([{ ...cors, meta: { ...cors.meta, title: "a | b" } }], "markdown")).toContain(
      "| [`cors/wildcard-origin`](cors/wildcard-origin.md) | high | recommended |  | a \\| b |\n",
    );
  });
  test.each([60, 100, 200])("for people at %d columns", (width) => {
    const text = rulesReport([cors, debug], "pretty", { width });
    for (const line of text.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(text).toMatch(/auth\/debug-enabled.*medium.*strict[\s\S]*cors\/wildcard-origin.*high.*recommended/);
  });
});

test("explain", () => {
  const asked = new Map([["qwed/cors-configuration", "CORS lists trusted domains"]]);
  expect(explainReport(cors, { width: 40, controls: asked })).toBe(`high[cors/wildcard-origin]: CORS answers
  every origin

presets: recommended · fix: by hand

Why
  Any website can read the answer.

  - one
  - two

What to do
  List them:

    export ORIGINS=a | b

Asked for by
  - qwed/cors-configuration: CORS lists
    trusted domains

Known elsewhere as
  - trivy: X-1, X-2

References
  - https://cwe.mitre.org/data/definitions/942.html

To silence it
  # qwed-harden-ignore cors/wildcard-origin -- why it is accepted until=YYYY-MM-DD
`);
});

describe("guide", () => {
  const control = (more: Partial<Control>): Control => ({
    id: "qwed/x",
    guide: "qwed",
    section: "S",
    text: "T",
    rules: ["cors/wildcard-origin"],
    ...more,
  });
  const found = finding(cors, spanIn(env, "https://app.example.com"), "every origin");
  const evidence = () => [{ at: spanIn(env, "DEBUG"), message: "it is off" }];
  const stateOf = (more: Partial<Control>, facts: Partial<Parameters<typeof controlResults>[0]> = {}) =>
    controlResults({ model: deployment(), findings: [], guides: {}, controls: [control(more)], ...facts })[0]!.state;

  test.each([
    ["a finding fails it", stateOf({ evidence }, { findings: [found] }), "failing"],
    [
      "a finding of another rule does not",
      stateOf({ evidence }, { findings: [finding(debug, found.span, "m")] }),
      "ok",
    ],
    ["evidence shows it", stateOf({ evidence }), "ok"],
    ["silence alone does not", stateOf({}), "person"],
    ["evidence that finds nothing does not", stateOf({ evidence: () => [] }), "person"],
    ["nothing to judge", stateOf({ evidence, applies: () => false }), "not-applicable"],
    ["a finding beats that", stateOf({ applies: () => false }, { findings: [found] }), "failing"],
    [
      "an accepted finding is for a person",
      stateOf({ evidence }, { silenced: [{ finding: found, by: "comment", reason: "r" }] }),
      "person",
    ],
    ["no rule", stateOf({ rules: [] }), "person"],
  ])("%s", (_, state, expected) => {
    expect(state).toBe(expected);
  });

  test("for people", () => {
    expect(
      guideReport({
        model: deployment(),
        findings: [found],
        silenced: [{ finding: finding(debug, spanIn(env, "true"), "m"), by: "comment", reason: "demo" }],
        guides: { qwed: "QWED Guide", qca: "QCA Guide" },
        guide: "qwed",
        displayPrefix: "app/",
        width: 60,
        controls: [
          control({ text: "CORS lists trusted domains" }),
          control({ id: "qwed/y", text: "Debugging is off", rules: ["auth/debug-enabled"], evidence }),
          control({ id: "qwed/z", section: "R", text: "A person approves", rules: [] }),
          control({ id: "qca/z", guide: "qca", text: "not asked for" }),
        ],
      }),
    ).toBe(`QWED Guide
3 controls: 1 failing, 0 ok, 2 for a person, 0 not
  applicable

S
  fails   CORS lists trusted domains
          app/.env:1:14  every origin [cors/wildcard-origin]
  person  Debugging is off
          app/.env:2:7  accepted: demo [auth/debug-enabled]

R
  person  A person approves

fails: a finding says so
ok: the project shows it
person: no linter can tell
n/a: nothing to judge
`);
  });

  test("of an empty project fails nothing, and every section of both guides is there", () => {
    const text = guideReport({ model: deployment(), findings: [], controls, guides });
    expect(text).not.toMatch(/^ {2}(fails|ok)/m);
    for (const section of [
      "1. Secret Management",
      "4. OWASP LLM Top 10: LLM01 and LLM02",
      "Incident Response 2. Backup and Recovery",
    ]) {
      expect(text).toContain(`\n${section}\n`);
    }
  });
});

describe("model", () => {
  test("places are texts, files are paths, unknown is absent", () => {
    const model = deployment({
      files: [env],
      variables: [
        {
          name: { value: "DEBUG", span: spanIn(env, "DEBUG") },
          value: { value: { from: "literal", text: "true" }, span: spanIn(env, "true") },
          origin: "env-file",
          phase: "run",
          subject: ".env",
        },
      ],
      roles: [{ file: env, role: ".env" }],
      sensitive: [],
    });
    expect(JSON.parse(modelReport(model))).toMatchObject({
      files: [{ path: ".env", language: "dotenv", git: "ignored", stage: "production" }],
      roles: [{ file: ".env", role: ".env" }],
      variables: [
        {
          name: { value: "DEBUG", span: ".env:2:1-2:6" },
          value: { value: { from: "literal", text: "true" }, span: ".env:2:7-2:11" },
        },
      ],
    });
    expect(modelReport(model)).not.toContain("CORS_ORIGINS");
  });

  test("a key named __proto__ is a key like any other", () => {
    const hostile = JSON.parse('{"name": {"__proto__": {"polluted": true}}}');
    expect(JSON.stringify(plainModel(deployment({ objects: [hostile] })))).toContain('"__proto__":{"polluted":true}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
