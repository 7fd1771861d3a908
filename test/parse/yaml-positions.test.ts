import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument, stringify } from "yaml";
import { at, parseYaml } from "../../src/parse/yaml.ts";
import { positions } from "../../src/parse/yaml-positions.ts";
import { sourceFile } from "../source-file.ts";

const scalar = (text: string) => {
  const file = sourceFile("compose.yaml", text);
  const [document] = parseYaml(file).documents;
  const node = at(document?.root, "key");
  if (node?.kind !== "scalar") throw new Error("not a scalar");
  const place = positions(file, node);
  return { node, raw: (from: number, to: number) => text.slice(place(from, to).start, place(from, to).end) };
};

test.each([
  ["key: plain ${A} x", "${A}", "${A}"],
  ["key: folded\n  over ${A}\n\n  lines", "${A}\nlines", "${A}\n\n  lines"],
  ["key: 'it''s ${A}'", "s ${A}", "s ${A}"],
  ["key: 'it''s'", "'", "''"],
  ['key: "a\\tb ${A} \\x41c"', "${A} A", "${A} \\x41"],
  ['key: "😀 \\U0001F600 ${A}"', "${A}", "${A}"],
  ['key: "one \\\n   two ${A}"', "two ${A}", "two ${A}"],
  ["key: |\n    first\n      ${A}\n    last\n", "${A}\nlast", "${A}\n    last"],
  ["key: >-\r\n  first\r\n  ${A}\r\n", "${A}", "${A}"],
  ["key: |+\n  ${A}\n\n\nnext: x", "${A}", "${A}"],
])("%j: where %j stands", (text, part, expected) => {
  const { node, raw } = scalar(text);
  const from = node.text.indexOf(part);
  expect(from).toBeGreaterThanOrEqual(0);
  expect(raw(from, from + part.length)).toBe(expected);
});

test("every letter of any scalar of any style stands where it is said to", () => {
  const style = fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_FOLDED", "BLOCK_LITERAL" as const);
  const word = fc.constantFrom(
    "abc",
    "x",
    " ",
    "  ",
    "\n",
    "\n\n",
    "'",
    '"',
    "\\",
    "\t",
    "é",
    "😀",
    "#",
    "longerwordthanothers",
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), style, (words, defaultStringType) => {
      const text = stringify(
        { key: words.join("") },
        { defaultStringType: defaultStringType as "PLAIN", lineWidth: 30 },
      );
      // What the library writes it cannot always read: leading lines of blanks in a block scalar.
      fc.pre(parseDocument(text).errors.length === 0);
      const { node, raw } = scalar(text);
      for (const { index, 0: letter } of node.text.matchAll(/[a-zé]/g)) expect(raw(index, index + 1)).toBe(letter);
    }),
    { numRuns: 500 },
  );
});
