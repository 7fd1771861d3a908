import { describe, expect, test } from "vitest";
import { checkstyle } from "../../src/report/checkstyle.ts";
import { plain } from "../../src/report/colors.ts";
import { csv } from "../../src/report/csv.ts";
import { github } from "../../src/report/github.ts";
import { gitlab } from "../../src/report/gitlab.ts";
import { guideReport } from "../../src/report/guide.ts";
import { json } from "../../src/report/json.ts";
import { junit } from "../../src/report/junit.ts";
import { markdown } from "../../src/report/markdown.ts";
import { modelReport } from "../../src/report/model.ts";
import { pretty } from "../../src/report/pretty.ts";
import { sarif } from "../../src/report/sarif.ts";
import type { Variable } from "../../src/rule.ts";
import { deployment, spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

/** Every format gets a deployment full of secrets and a rule that quotes them. */
const KEY = "sk-proj-abcdefghijklmnopqrstuvwx";
const PASSWORD = "correct-horse-battery";
const env = sourceFile(".env", `OPENAI_API_KEY=${KEY}\nDB_PASSWORD=${PASSWORD} # ${KEY}\n`);
const compose = sourceFile(
  "compose.yaml",
  `x: "postgres://app:${PASSWORD}@db/app"\ny: \${DB_PASSWORD}\nz: |\n  ${KEY}\n  ${PASSWORD}\n`,
);
const sensitive = [
  spanIn(env, KEY),
  spanIn(env, PASSWORD),
  spanIn(env, KEY, 1),
  spanIn(compose, PASSWORD),
  spanIn(compose, KEY),
  spanIn(compose, PASSWORD, 1),
];
const url = spanIn(compose, `postgres://app:${PASSWORD}@db/app`);

const variable = (name: string, value: Variable["value"]): Variable => ({
  name: { value: name, span: url },
  value,
  origin: "compose",
  phase: "run",
  subject: "service api",
});
const variables: readonly Variable[] = [
  variable("URL", { span: url, value: { from: "literal", text: `postgres://app:${PASSWORD}@db/app` } }),
  variable("REFERENCE", {
    span: spanIn(compose, "${DB_PASSWORD}"),
    value: {
      from: "variable",
      text: "${DB_PASSWORD}",
      resolved: PASSWORD,
      references: [
        {
          name: "DB_PASSWORD",
          span: spanIn(compose, "DB_PASSWORD"),
          value: { value: PASSWORD, span: spanIn(env, PASSWORD) },
        },
      ],
    },
  }),
];
const model = deployment({
  files: [env, compose],
  variables,
  sensitive,
  urls: [
    {
      at: { value: `postgres://app:${PASSWORD}@db/app`, span: url },
      subject: "service api",
      key: "URL",
      scheme: "postgres",
      password: { value: PASSWORD, span: spanIn(compose, PASSWORD) },
      host: "db",
      parameters: [],
      internal: true,
      database: true,
    },
  ],
});
const careless = rule("secrets/in-env-literal");
const findings = [
  finding(careless, spanIn(env, KEY), `value ${KEY} is written out`, { snippet: `echo ${KEY}` }),
  finding(careless, url, "URL has a password", {
    related: [{ at: spanIn(env, `DB_PASSWORD=${PASSWORD} # ${KEY}`), message: `same as ${PASSWORD}` }],
  }),
  finding(careless, { file: compose, start: 0, end: compose.text.length }, "a block"),
];
const controls = [{ id: "qwed/x", guide: "qwed", section: "S", text: "T", rules: [careless.meta.id] }];

const silenced = findings.map((finding) => ({ finding, by: "comment", reason: "why" }) as const);

const reports: readonly (readonly [string, string])[] = [
  ...[30, 60, 200].map((width) => [`pretty at ${width}`, pretty(input(findings, { model, width }))] as const),
  ["json", json(input(findings, { model }))],
  ["sarif", sarif(input(findings, { model }))],
  ...[github, gitlab, junit, markdown, checkstyle, csv].map(
    (report) => [report.name, report(input(findings, { model, silenced, reportSuppressed: true }))] as const,
  ),
  ["model", modelReport(model)],
  ["guide", guideReport({ model, findings, controls, guides: { qwed: "QWED" }, paint: plain })],
];

describe("no secret leaves in any format", () => {
  test.each(reports)("%s", (_, text) => {
    for (const secret of [KEY, PASSWORD]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.slice(0, 12));
      expect(text).not.toContain(secret.slice(-12));
      expect(text).not.toContain(Buffer.from(secret).toString("base64").slice(0, 12));
    }
  });

  test("what stands around a secret is still there", () => {
    expect(modelReport(model)).toContain("postgres://app:••••@db/app");
    expect(pretty(input(findings, { model }))).toContain('1 | x: "postgres://app:••••@db/app"');
    expect(json(input(findings, { model }))).toContain("value •••• is written out");
  });

  test("the line hash of a file that no host has tells nothing about its secrets", () => {
    const hashes = (secret: string, git: "ignored" | "tracked") => {
      const file = sourceFile(".env", `KEY=${secret}\n`, { git });
      const report = JSON.parse(
        sarif(
          input([finding(careless, spanIn(file, secret), "m")], {
            model: deployment({ files: [file], sensitive: [spanIn(file, secret)] }),
          }),
        ),
      );
      return report.runs[0].results[0].partialFingerprints;
    };
    expect(hashes("aaaa-bbbb", "ignored")).toEqual(hashes("cccc", "ignored"));
    expect(hashes("aaaa-bbbb", "tracked").primaryLocationLineHash).not.toBe(
      hashes("cccc", "tracked").primaryLocationLineHash,
    );
  });
});
