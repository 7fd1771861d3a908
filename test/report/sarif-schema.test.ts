import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { RuleCrash } from "../../src/check.ts";
import { sarifLog } from "../../src/report/sarif-log.ts";
import { spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

/** The published schema (draft 4 in name; nothing in it needs more than draft 7). */
const { $schema, id, ...schema } = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
    "utf8",
  ),
);
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  schema,
);

const file = sourceFile("a b/compose.yaml", "services:\n  db: {}\n");
const found = finding(rule("image/unpinned-tag"), spanIn(file, "db"), "m", {
  subject: "service db",
  snippet: "x",
  related: [{ at: spanIn(file, "services"), message: "here" }],
});

test.each([
  ["nothing", input([])],
  ["every rule", input([], { rules })],
  ["a finding", input([found])],
  ["a finding on nothing", input([{ ...found, span: { file, start: 0, end: 0 } }])],
  [
    "too many findings",
    input(
      Array.from({ length: 5_100 }, (_, i) => ({
        ...found,
        span: { file: sourceFile(`${i}.yaml`, "x"), start: 0, end: 1 },
      })),
    ),
  ],
  [
    "silenced findings",
    input([found], { silenced: [{ finding: found, by: "comment", reason: "why" }], reportSuppressed: true }),
  ],
  ["a failed rule", input([], { crashes: [new RuleCrash("cors/wildcard-origin", new Error("boom"))] })],
])("%s is valid SARIF 2.1.0", (_, report) => {
  validate(JSON.parse(JSON.stringify(sarifLog(report))));
  expect(validate.errors).toBeNull();
});

test("the schema does refuse what is wrong", () => {
  expect(validate({ version: "2.1.0", runs: [{ tool: {} }] })).toBe(false);
});
