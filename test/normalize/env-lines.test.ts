import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnvLine, Span } from "../../src/model.ts";
import { documented, envLines } from "../../src/normalize/env-lines.ts";
import { parseDotenv } from "../../src/parse/dotenv.ts";
import { sourceFile } from "../source-file.ts";

const lines = (text: string): readonly EnvLine[] => envLines(parseDotenv(sourceFile(".env", text)));
const only = (text: string): EnvLine => lines(text)[0]!;
const cut = (span: Span | undefined) => span?.file.text.slice(span.start, span.end);

/** What Compose, Node and Python read, in this order. */
const readings = (text: string) =>
  only(text).readings?.map(({ result, value }) => (result === "value" ? value!.value : `(${result})`));

describe("parts of a line", () => {
  test.each([
    ["A=1", undefined, undefined, undefined],
    [" A=1", " ", undefined, undefined],
    ["A =1", undefined, " ", undefined],
    ["A= 1", undefined, undefined, " "],
    ["A\t= '1'", undefined, "\t", " "],
    ["A = ", undefined, " ", undefined],
    ["\t export A=1", "\t ", undefined, undefined],
    ["\uFEFFA=1", undefined, undefined, undefined],
  ])("%j: blanks", (text, indent, before, after) => {
    const { blanks } = only(text);
    expect([cut(blanks.indent), cut(blanks.before), cut(blanks.after)]).toEqual([indent, before, after]);
  });

  test("the separator alone", () => {
    expect(cut(only("A = 1").separator)).toBe("=");
    expect(cut(only("M: v").separator)).toBe(":");
    expect(only("K").separator).toBeUndefined();
  });

  test("in the order written, misnamed ones too", () => {
    expect(lines("B=1\nTWO WORDS=2\nA=3\n").map(({ name }) => name.value)).toEqual(["B", "TWO WORDS", "A"]);
  });

  test("names in comments", () => {
    const found = documented(
      parseDotenv(sourceFile(".env", "# A=1\n#B = 2\n# so C=3 is not\n## export D=4\nE=5 # F=6\n")),
    );
    expect(found.map(({ value, span }) => [value, cut(span)])).toEqual([
      ["A", "A"],
      ["B", "B"],
      ["D", "D"],
    ]);
  });
});

describe("readings", () => {
  test.each([
    ["A=1"],
    ["A='x # y' # z"],
    ["A=x y"],
    ["A=${B}"],
    ['A="$B \\n"'],
    ["A="],
    ["A= "],
    ["export A=1"],
    ["A=a=b"],
    ["A=it's"],
    ['A="x\ny"'],
  ])("%j: all agree", (text) => expect(readings(text)).toBeUndefined());

  test.each([
    ["B=plain# x", ["plain# x", "plain", "plain# x"]],
    ["B=a\t# x", ["a\t# x", "a", "a"]],
    ["I=`x # y`", ["`x", "x # y", "`x"]],
    ['G="a\\tb"', ["a\tb", "a\\tb", "a\tb"]],
    ["K", ["(inherited)", "(dropped)", "(inherited)"]],
    ["M: v", ["v", "v", "(dropped)"]],
    ["M:v", ["v", "(dropped)", "(dropped)"]],
    ['V="x" y', ["x", '"x" y', "(dropped)"]],
    ["TWO WORDS=1", ["(refused)", "(dropped)", "(dropped)"]],
  ])("%j", (text, expected) => expect(readings(text)).toEqual(expected));

  test("values stand where the line writes them, so that secrets in them are masked", () => {
    const { readings: found, value } = only("DB_PASSWORD=abc#def");
    expect(cut(value)).toBe("abc#def");
    for (const { value: read } of found!) expect(read!.span).toEqual(value);
  });
});

describe("dollars that Compose does not keep", () => {
  test.each([
    ["A=pa$word", ["$word"]],
    ["A=P@$$w0rd", ["$$"]],
    ['A="x$y$z"', ["$y", "$z"]],
    ["A=${B}x", []],
    ["A=$B", []],
    ["A='pa$word'", []],
    ["A=`pa$word`", []],
    ['A="pa\\$word"', []],
    ["A=5$", []],
    ["A=5$1", []],
  ])("%j", (text, expected) => expect(only(text).dollars.map(cut)).toEqual(expected));

  test("none for a name that an earlier line sets", () => {
    expect(lines("word=1\nA=pa$word\n")[1]!.dollars).toEqual([]);
  });
});

test("any text: spans inside it, in order, and no exception", () => {
  const text = fc.array(fc.constantFrom("A", "B ", "=", ":", "\n", " ", "#", "$", "{", "}", "'", '"', "`", "\\", "x"), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, (parts) => {
      const written = parts.join("");
      let before = 0;
      for (const { span, name, value } of lines(written)) {
        expect(span.start).toBeGreaterThanOrEqual(before);
        expect(cut(name.span)).toBe(name.value);
        expect(value.end).toBeLessThanOrEqual(written.length);
        before = span.end;
      }
    }),
    { seed: 7, numRuns: 1000 },
  );
});
