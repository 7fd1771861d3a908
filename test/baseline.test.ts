import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyBaseline, type BaselineEntry, type BaselineOptions } from "../src/baseline.ts";
import { formatBaseline, parseBaseline } from "../src/baseline-file.ts";
import type { Finding } from "../src/check.ts";
import { spanIn } from "./deployment.ts";
import { finding, rule } from "./report/findings.ts";
import { sourceFile } from "./source-file.ts";

const wildcard = rule("cors/wildcard-origin");
const root = rule("container/run-as-root");

/** A finding at each occurrence of `token`. */
const at = (path: string, text: string, token: string, { by = wildcard, subject = path } = {}): Finding[] => {
  const file = sourceFile(path, text);
  return [...text.matchAll(new RegExp(token.replace(/[*]/g, "\\$&"), "g"))].map((_, nth) =>
    finding(by, spanIn(file, token, nth), "m", { subject }),
  );
};

const apply = (findings: readonly Finding[], more: Partial<BaselineOptions> = {}) =>
  applyBaseline(findings, {
    entries: [],
    sensitive: [],
    prefix: "",
    gone: () => false,
    judged: () => true,
    ...more,
  });

const entriesOf = (findings: readonly Finding[], more: Partial<BaselineOptions> = {}) => apply(findings, more).updated;
const short = (entries: readonly BaselineEntry[]) => entries.map(({ path, count }) => `${path} ${count}`);

describe("findings against a baseline", () => {
  const old = at(".env", "A=1\nORIGINS=*\n", "*");
  const entries = entriesOf(old);

  test("of the same run: all known, nothing fixed, nothing new to write", () => {
    const result = apply(old, { entries });
    expect(result).toEqual({ kept: [], known: old, fixed: [], updated: entries });
  });

  test.each([
    ["lines before it", "A=1\nB=2\n\n# c\nORIGINS=*\n"],
    ["another indentation and CR LF", "A=1\r\n   ORIGINS=*\r\n"],
    ["a byte order mark", "\uFEFFORIGINS=*\n"],
  ])("survive %s", (_, text) => {
    expect(apply(at(".env", text, "*"), { entries })).toMatchObject({ kept: [], fixed: [] });
  });

  test("another line is another finding", () => {
    const now = at(".env", "METHODS=*\n", "*");
    expect(apply(now, { entries })).toMatchObject({ kept: now, fixed: entries });
  });

  test("one more of the same is one new finding, the last one; one less is one fixed", () => {
    const two = at("a.yaml", "- x\n- x\n", "x");
    const three = at("a.yaml", "- x\n- x\n- x\n", "x");
    const more = apply(three, { entries: entriesOf(two) });
    expect(more.kept).toEqual([three[2]]);
    expect(short(more.updated)).toEqual(["a.yaml 3"]);
    const less = apply(two, { entries: entriesOf(three) });
    expect(less.kept).toEqual([]);
    expect(short(less.fixed)).toEqual(["a.yaml 1"]);
    expect(short(less.updated)).toEqual(["a.yaml 2"]);
  });

  test("a file that moved takes its entries along, even where its path is the subject", () => {
    const moved = at("deploy/prod.env", "ORIGINS=*\n", "*");
    const result = apply(moved, { entries, gone: (path) => path === ".env" });
    expect(result).toMatchObject({ kept: [], fixed: [] });
    expect(short(result.updated)).toEqual(["deploy/prod.env 1"]);
  });

  test("a copy is no move: the entry still answers for the first file", () => {
    const copy = at("deploy/prod.env", "ORIGINS=*\n", "*");
    expect(apply([...old, ...copy], { entries })).toMatchObject({ kept: copy, known: old });
    expect(apply([...old, ...copy], { entries, gone: () => true })).toMatchObject({ kept: copy, known: old });
  });

  test("a moved file answers for as many as there were", () => {
    const gone = entriesOf(at("a.yaml", "- x\n- x\n", "x", { subject: "service a" }));
    const now = at("b.yaml", "- x\n- x\n- x\n", "x", { subject: "service a" });
    const result = apply(now, { entries: gone, gone: () => true });
    expect(result.kept).toEqual([now[2]]);
    expect(result.fixed).toEqual([]);
  });

  test("what this run could not see is neither fixed nor dropped", () => {
    const result = apply([], { entries, judged: () => false });
    expect(result).toMatchObject({ fixed: [], updated: entries });
    expect(apply([], { entries })).toMatchObject({ fixed: entries, updated: [] });
    expect(apply([], { entries, judged: () => false, gone: () => true })).toMatchObject({
      fixed: entries,
      updated: [],
    });
  });

  test("paths and subjects are those of the repository, whichever folder the run began in", () => {
    const below = entriesOf(at("prod.env", "ORIGINS=*\n", "*"), { prefix: "deploy/" });
    expect(below).toEqual(entriesOf(at("deploy/prod.env", "ORIGINS=*\n", "*")));
    expect(below[0]).toMatchObject({ path: "deploy/prod.env", subject: "deploy/prod.env" });
  });

  test("a secret, however short, is not in it, nor a hash of it", () => {
    const [one, two] = ["hunter2", "x"].map((secret) => {
      const file = sourceFile(".env", `PASSWORD=${secret}\n`);
      const span = spanIn(file, secret);
      return entriesOf([finding(wildcard, span, "m")], { sensitive: [span] });
    });
    expect(one).toEqual(two);
  });

  test("every finding is kept or known, and the updated baseline knows them all", () => {
    const path = fc.constantFrom("a.yaml", "b.yaml", "c/d.yaml");
    const some = fc.array(fc.tuple(path, fc.constantFrom("x", "y"), fc.constantFrom(wildcard, root)), {
      maxLength: 12,
    });
    const findingsOf = (list: readonly (readonly [string, string, typeof root])[]) =>
      list.map(([file, token, by]) => at(file, `- ${token}\n`, token, { by, subject: "s" })[0]!);
    fc.assert(
      fc.property(some, some, fc.boolean(), (before, now, moved) => {
        const findings = findingsOf(now);
        const result = apply(findings, {
          entries: entriesOf(findingsOf(before)),
          gone: (file) => moved && file === "a.yaml",
        });
        expect(result.kept.length + result.known.length).toBe(findings.length);
        const total = (list: readonly BaselineEntry[]) => list.reduce((sum, { count }) => sum + count, 0);
        expect(total(result.fixed) + result.known.length).toBe(before.length);
        expect(apply(findings, { entries: result.updated })).toMatchObject({ kept: [], fixed: [] });
      }),
      { numRuns: 200 },
    );
  });
});

describe("the file", () => {
  const entries = entriesOf([
    ...at("b.yaml", "- x\n", "x", { by: root, subject: 'service "é"' }),
    ...at("a.yaml", "- x\n- x\n", "x"),
    ...at("a.yaml", "- y\n", "y", { by: root }),
  ]);

  test("is sorted, has one entry a line, and is read back", () => {
    const text = formatBaseline(entries);
    expect(text.split("\n").filter((line) => line.includes('"rule"')).length).toBe(3);
    expect(entries.map((entry) => `${entry.path} ${entry.rule} ${entry.count}`)).toEqual([
      "a.yaml container/run-as-root 1",
      "a.yaml cors/wildcard-origin 2",
      "b.yaml container/run-as-root 1",
    ]);
    expect(parseBaseline(text, "b.json")).toEqual(entries);
    expect(parseBaseline(`\uFEFF${text.replaceAll("\n", "\r\n")}`, "b.json")).toEqual(entries);
    expect(parseBaseline(formatBaseline([]), "b.json")).toEqual([]);
  });

  const broken = (change: (text: string) => string) => () => parseBaseline(change(formatBaseline(entries)), "b.json");
  test.each([
    ["a conflict of a merge", (text: string) => text.replace("    {", "<<<<<<< HEAD\n    {"), "b.json:5:1: not JSON"],
    ["half a file", (text: string) => text.slice(0, 30), "b.json:2:29: not JSON"],
    ["a comma too many", (text: string) => text.replace("1}\n", "1},\n"), "b.json:8:3: not JSON"],
    ["something behind it", (text: string) => `${text}{}`, "b.json:10:1: not JSON"],
    ["nothing", () => "", "b.json:1:1: not JSON"],
    ["a bracket that closes a brace", () => '{"a": 1]', "b.json:1:8: not JSON"],
    ["another tool's file", () => '{"version": 1, "results": {}}', "b.json:1:1: not a baseline of qwed-harden"],
    ["a list", () => "[]", "b.json:1:1: not a baseline of qwed-harden"],
    [
      "another version",
      (text: string) => text.replace('"version": 1', '"version": 2'),
      "baseline of version 1 is needed",
    ],
    ["a count of nothing", (text: string) => text.replace('"count":2', '"count":0'), 'findings[1]: "count" is not'],
    ["a way out", (text: string) => text.replace('"path":"b', '"path":"../b'), 'findings[2]: "path" does not stay'],
    [
      "a fingerprint of another kind",
      (text: string) => text.replace(/("fingerprint":").{16}/, "$1md5"),
      "findings[0]:",
    ],
    [
      "an entry that is none",
      () => '{"baseline":"qwed-harden","version":1,"findings":[null]}',
      "findings[0]: an entry is",
    ],
  ])("%s is refused with its place", (_, change, message) => {
    expect(broken(change)).toThrow(message);
  });

  test("JSON that is cut or garbled anywhere: one sentence with a place inside the text", () => {
    const text = formatBaseline(entries);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("", "}", ",", '"', "\u0000", "x"), (cut, garbage) => {
        const garbled = text.slice(0, cut) + garbage;
        try {
          parseBaseline(garbled, "b");
        } catch (error) {
          const [, line, column] = /^b:(\d+):(\d+): not/.exec((error as Error).message) ?? [];
          expect(Number(line)).toBeLessThanOrEqual(garbled.split("\n").length);
          expect(Number(column)).toBeLessThanOrEqual(garbled.split("\n")[Number(line) - 1]!.length + 1);
        }
      }),
    );
  });
});
