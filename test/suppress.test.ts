import { describe, expect, test } from "vitest";
import expiredRule from "../rules/suppression/expired.ts";
import unusedRule from "../rules/suppression/unused.ts";
import { suppressions } from "../src/normalize/suppressions.ts";
import { spanOf } from "../src/rule.ts";
import { type Accepted, type SuppressOptions, suppress } from "../src/suppress.ts";
import { deployment, spanIn } from "./deployment.ts";
import { finding, rule } from "./report/findings.ts";
import { sourceFile } from "./source-file.ts";

const TODAY = "2026-06-15";
const cors = rule("cors/wildcard-origin");
const debug = rule("auth/debug-enabled");

/** Applies the comments of a file to findings of `cors` at `*` and of `debug` at `true`. */
function run(text: string, options: Partial<SuppressOptions> = {}, path = ".env") {
  const file = sourceFile(path, text);
  const model = deployment({ files: [file], suppressions: suppressions([file]) });
  const findings = [
    ...(text.includes("=*") ? [finding(cors, spanIn(file, "*"), "every origin", { subject: path })] : []),
    ...(text.includes("=true") ? [finding(debug, spanIn(file, "true"), "debug", { subject: path })] : []),
  ];
  const { kept, silenced, expired } = suppress(model, findings, {
    rules: [cors, debug, expiredRule, unusedRule],
    today: TODAY,
    ...options,
  });
  return {
    kept: kept.map((found) => `${found.rule.meta.id}: ${found.message}`),
    silenced: silenced.map(({ finding: found, by, reason }) => `${found.rule.meta.id} by ${by}: ${reason}`),
    expired,
    notes: kept.flatMap(({ related }) =>
      related.map(({ at, message }) => {
        const { start, end } = spanOf(at);
        return [text.slice(start, end), message];
      }),
    ),
    fixed: kept
      .flatMap(({ fix }) => fix ?? [])
      .map(({ edits: [edit] }) => text.slice(0, edit!.span.start) + edit!.text + text.slice(edit!.span.end)),
  };
}

describe("comments", () => {
  test("silence the rules they name where they stand", () => {
    expect(run("ORIGINS=* # qwed-harden-ignore cors/wildcard-origin -- public data\nDEBUG=true\n")).toMatchObject({
      kept: ["auth/debug-enabled: debug"],
      silenced: ["cors/wildcard-origin by comment: public data"],
    });
  });

  test("silence no other rule and no other line", () => {
    expect(
      run("ORIGINS=* # qwed-harden-ignore auth/debug-enabled -- no\nDEBUG=true\n", { rules: [cors, debug] }).kept,
    ).toEqual(["cors/wildcard-origin: every origin", "auth/debug-enabled: debug"]);
  });

  test.each([
    ["until its last day", "2026-06-15", []],
    [
      "not the day after",
      "2026-06-14",
      [
        "cors/wildcard-origin: every origin",
        "suppression/expired: suppression of cors/wildcard-origin ended on 2026-06-14",
      ],
    ],
    [
      "not with an end that is no date",
      "2026-13-01",
      [
        "cors/wildcard-origin: every origin",
        'suppression/expired: suppression of cors/wildcard-origin ends at "2026-13-01", which is no date',
      ],
    ],
  ])("silence %s", (_, until, kept) => {
    expect(run(`ORIGINS=* # qwed-harden-ignore cors/wildcard-origin -- why until=${until}\n`).kept).toEqual(kept);
  });
});

describe("unused comments", () => {
  test("that match nothing are found and taken out with their line", () => {
    expect(run("# qwed-harden-ignore cors/wildcard-origin -- gone\nA=1\n")).toMatchObject({
      kept: ["suppression/unused: suppression of cors/wildcard-origin matches no finding"],
      fixed: ["A=1\n"],
    });
  });

  test("behind a value are taken out with the blanks before them", () => {
    expect(run("A=1  # qwed-harden-ignore cors/wildcard-origin -- gone\nB=2\n").fixed).toEqual(["A=1\nB=2\n"]);
  });

  test.each([
    ["first", "auth/debug-enabled, cors/wildcard-origin", "cors/wildcard-origin"],
    ["last", "cors/wildcard-origin, auth/debug-enabled", "cors/wildcard-origin"],
    [
      "in the middle",
      "cors/wildcard-origin, auth/debug-enabled, cors/wildcard-origin",
      "cors/wildcard-origin, cors/wildcard-origin",
    ],
  ])("lose the one name that stands %s", (_, names, left) => {
    const { fixed } = run(`ORIGINS=* # qwed-harden-ignore ${names} -- why\n`);
    expect(fixed[0]).toBe(`ORIGINS=* # qwed-harden-ignore ${left} -- why\n`);
  });

  test("of a rule that did not run cannot be judged", () => {
    expect(run("A=1 # qwed-harden-ignore tls/public-http -- elsewhere\n").kept).toEqual([]);
    expect(
      run("A=1 # qwed-harden-ignore cors/wildcard-origin -- off here\n", {
        severityOf: (of) => (of === cors ? "off" : undefined),
      }).kept,
    ).toEqual([]);
  });

  test("name no rule", () => {
    expect(run("A=1 # qwed-harden-ignore DL3007 -- from another tool\n").kept).toEqual([
      'suppression/unused: "DL3007" is not the name of a rule',
    ]);
    expect(run("A=1 # qwed-harden-ignore -- everything\n").kept).toEqual([
      "suppression/unused: suppression names no rule",
    ]);
    const known = new Set(["cors/wildcard-origin"]);
    expect(run("A=1 # qwed-harden-ignore cors/wildcard-orgin -- typo\n", { known }).kept).toEqual([
      'suppression/unused: "cors/wildcard-orgin" is not the name of a rule',
    ]);
  });
});

describe("accepted findings", () => {
  const accepted = (entry: Partial<Accepted>): Accepted => ({
    rule: "cors/wildcard-origin",
    path: "*.env",
    reason: "public data",
    ...entry,
  });
  test.each<[string, Partial<Accepted>, boolean]>([
    ["by path", {}, true],
    ["by folder", { path: "deploy" }, true],
    ["not elsewhere", { path: "other/**" }, false],
    ["by subject", { subject: "deploy/prod.env" }, true],
    ["not of another subject", { subject: "service api" }, false],
    ["not of another rule", { rule: "auth/debug-enabled" }, false],
    ["until the last day", { until: TODAY }, true],
    ["not when it is over", { until: "2026-06-14" }, false],
  ])("%s", (_, entry, silences) => {
    const { kept, silenced } = run("ORIGINS=*\n", { accepted: [accepted(entry)] }, "deploy/prod.env");
    expect(kept).toHaveLength(silences ? 0 : 1);
    expect(silenced).toEqual(silences ? ["cors/wildcard-origin by configuration: public data"] : []);
  });

  test("that are over are told", () => {
    const over = accepted({ until: "2026-01-01" });
    expect(run("ORIGINS=*\n", { accepted: [over, accepted({ path: "x" })] }).expired).toEqual([over]);
  });
});

describe("the gate can be locked", () => {
  const COMMENT = "# qwed-harden-ignore cors/wildcard-origin -- public data";
  const accepted: Accepted = { rule: "cors/wildcard-origin", path: "*.env", reason: "r" };

  test("against comments: the finding points to the one that is not heeded, and that one is not unused", () => {
    expect(run(`ORIGINS=* ${COMMENT}\n`, { inlineIgnores: false })).toMatchObject({
      kept: ["cors/wildcard-origin: every origin"],
      notes: [[COMMENT, "this comment does not silence it: comments are switched off"]],
      silenced: [],
    });
    expect(run(`ORIGINS=* ${COMMENT}\n`, { inlineIgnores: false, accepted: [accepted] })).toMatchObject({
      kept: [],
      silenced: ["cors/wildcard-origin by configuration: r"],
    });
  });

  test("for some rules against everything", () => {
    const nonSuppressible = new Set(["cors/wildcard-origin"]);
    const text = `ORIGINS=* ${COMMENT}\nDEBUG=true # qwed-harden-ignore auth/debug-enabled -- demo\n`;
    expect(run(text, { nonSuppressible, accepted: [accepted] })).toMatchObject({
      kept: ["cors/wildcard-origin: every origin"],
      notes: [[COMMENT, "this comment does not silence it: the configuration says that nothing may"]],
      silenced: ["auth/debug-enabled by comment: demo"],
    });
  });
});

test("findings stay in the order of places", () => {
  expect(
    run("# qwed-harden-ignore DL1 -- a\nORIGINS=*\nA=1 # qwed-harden-ignore DL2 -- b\nDEBUG=true\n").kept.map(
      (line) => line.split(":")[0],
    ),
  ).toEqual(["suppression/unused", "cors/wildcard-origin", "suppression/unused", "auth/debug-enabled"]);
});
