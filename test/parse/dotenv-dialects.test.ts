import { parse as dotenvParse } from "dotenv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDotenv } from "../../src/parse/dotenv.ts";
import { compose, node, python } from "../../src/parse/dotenv-dialects.ts";
import { sourceFile } from "../source-file.ts";

/** Expansion is the business of `normalize/interpolation.ts`; here a mark shows where it happens. */
const marked = (text: string) =>
  compose(text, (value) => value.replace(/\$\$|\$\{[^}]*\}|\$\w+/g, (at) => (at === "$$" ? "$" : "<>")));
const object = (values: ReadonlyMap<string, string | undefined>) => Object.fromEntries(values);

describe("one line, three engines", () => {
  test.each<[string, object, object, object]>([
    ["B=plain# x", { B: "plain" }, { B: "plain# x" }, { B: "plain# x" }],
    ["B=a\t# x", { B: "a" }, { B: "a" }, { B: "a\t# x" }],
    ["D='$A ${A}'", { D: "$A ${A}" }, { D: "$A " }, { D: "$A ${A}" }],
    ['E="$A ${A} ${N:-d}"', { E: "$A ${A} ${N:-d}" }, { E: "$A  d" }, { E: "<> <> <>" }],
    ['G="a\\nb\\tc"', { G: "a\nb\\tc" }, { G: "a\nb\tc" }, { G: "a\nb\tc" }],
    ["I=`x # y`", { I: "x # y" }, { I: "`x" }, { I: "`x" }],
    ["K\n", {}, { K: undefined }, { K: undefined }],
    ["M: v", { M: "v" }, {}, { M: "v" }],
    ["M:v", {}, {}, { M: "v" }],
    ['O="a\nb"', { O: "a\nb" }, { O: "a\nb" }, { O: "a\nb" }],
    ["T=P@$$w0rd", { T: "P@$$w0rd" }, { T: "P@$$w0rd" }, { T: "P@$w0rd" }],
    ["U=a'b'c", { U: "a'b'c" }, { U: "a'b'c" }, { U: "a'b'c" }],
    ['V="x" y\n', { V: '"x" y' }, {}, { V: "x", y: undefined }],
    ["S=pass$word", { S: "pass$word" }, { S: "pass$word" }, { S: "pass<>" }],
    ["export L=1", { L: "1" }, { L: "1" }, { L: "1" }],
    ["N = v", { N: "v" }, { N: "v" }, { N: "v" }],
    ["X.Y=1\nX-Z=2", { "X.Y": "1", "X-Z": "2" }, { "X.Y": "1", "X-Z": "2" }, { "X.Y": "1", "X-Z": "2" }],
    ["A=1\nA=2", { A: "2" }, { A: "2" }, { A: "2" }],
    ["A=1\r\nB='2'\r\n", { A: "1", B: "2" }, { A: "1", B: "2" }, { A: "1", B: "2" }],
    ["A=x\nB=${A}", { A: "x", B: "${A}" }, { A: "x", B: "x" }, { A: "x", B: "<>" }],
    ['A="\\$x"', { A: "\\$x" }, { A: "\\$x" }, { A: "$x" }],
    ["A='it\\'s'", { A: "it\\'s" }, { A: "it's" }, { A: "it's" }],
  ])("%j", (text, inNode, inPython, inCompose) => {
    expect(object(node(text).values)).toEqual(inNode);
    expect(object(python(text).values)).toEqual(inPython);
    expect(object(marked(text).values)).toEqual(inCompose);
    expect(marked(text).refused).toBeUndefined();
  });

  test("an unterminated quote", () => {
    const text = 'R="open\nS=1\nT="x"\nU=2';
    expect(object(node(text).values)).toEqual({ R: '"open', S: "1", T: "x", U: "2" });
    expect(object(python(text).values)).toEqual({ U: "2" });
    expect(compose(text).refused).toEqual({
      at: text.indexOf('x"') + 1,
      reason: 'unexpected character "\\"" in variable name',
    });
    expect(compose('A=1\nR="open\n')).toMatchObject({ refused: { at: 6, reason: "unterminated quoted value" } });
  });

  test("a required variable that is unset refuses the file for Compose alone", () => {
    expect(object(node('W="${X:?e}"').values)).toEqual({ W: "${X:?e}" });
    expect(compose('W="${X:?e}"', () => undefined).refused).toEqual({ at: 2, reason: "required variable is not set" });
  });

  test.each(["A B=1", "!=1", "A%=1"])("Compose refuses the file for %j", (text) => {
    expect(compose(`X=1\n${text}\n`).refused).toBeDefined();
  });
});

/** Fragments that meet in the wrong places far more often than random characters do. */
const fragments = fc.constantFrom(
  ...[
    "A",
    "B",
    "KEY",
    "export ",
    "=",
    " = ",
    ": ",
    ":",
    '"',
    "'",
    "`",
    "\\",
    "\\n",
    "\\r",
    '\\"',
    "\n",
    "\n",
    "\r\n",
    "\r",
  ],
  ...[
    "#",
    " #",
    " ",
    "\t",
    "x",
    "y z",
    "$A",
    "${B}",
    "é",
    ".",
    "-",
    "\u00a0",
    "\u2028",
    "\ufeff",
    'C="',
    "D='",
    '"\n',
    "'\n",
    "=\n",
  ],
);
const file = fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join(""));

describe("properties", () => {
  test("the Node dialect is dotenv's", () => {
    fc.assert(
      fc.property(fc.oneof(file, fc.string({ unit: "binary" })), (text) => {
        expect(object(node(text).values)).toEqual({ ...dotenvParse(text, { fast: true }) });
      }),
      { numRuns: 10_000, seed: 20_260_115 },
    );
  });

  test("every scan is total, and spans hold the text they stand for", () => {
    fc.assert(
      fc.property(fc.oneof(file, fc.string({ unit: "binary" })), (text) => {
        python(text);
        compose(text);
        const source = sourceFile(".env", text);
        let end = 0;
        for (const { key, raw, span, comment, rest } of parseDotenv(source).entries) {
          expect(text.slice(key.span.start, key.span.end)).toBe(key.value);
          expect(text.slice(raw.span.start, raw.span.end)).toBe(raw.value);
          for (const inner of [key.span, raw.span, comment, rest]) {
            if (inner) expect(inner.start >= span.start && inner.end <= span.end).toBe(true);
          }
          expect(span.start).toBeGreaterThanOrEqual(end);
          end = span.end;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("where all is plain, all dialects and the entries agree", () => {
    const line = fc.tuple(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/), fc.stringMatching(/^[a-z0-9/:.@-]{0,12}$/));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.map(([key, value]) => `${key}=${value}\n`).join("");
        const expected = object(new Map(lines));
        expect(object(node(text).values)).toEqual(expected);
        expect(object(python(text).values)).toEqual(expected);
        expect(object(compose(text).values)).toEqual(expected);
        const entries = new Map(
          parseDotenv(sourceFile(".env", text)).entries.map(({ key, value }) => [key.value, value]),
        );
        expect(object(entries)).toEqual(expected);
      }),
    );
  });
});

test("the worst texts are read in linear time", () => {
  const size = 1 << 17;
  const texts = ["\n", 'A="x\n', 'A="\\"\\"\n', "A=`x\n", "A\n", "!\n", "${", "A='\nB=\"\nC=`\n"].map((part) =>
    part.repeat(size / part.length),
  );
  texts.push(`A="${"${".repeat(size / 2)}"`, `A=x${" ".repeat(size)}y`, `A="${'\\"'.repeat(size / 2)}`);
  for (const text of texts) {
    for (const scan of [node, python, compose, (whole: string) => parseDotenv(sourceFile(".env", whole))]) {
      const start = performance.now();
      scan(text);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  }
}, 30_000);
