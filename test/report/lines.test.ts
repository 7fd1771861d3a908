import fc from "fast-check";
import { expect, test } from "vitest";
import { lineSpan, positionOf, rangeOf } from "../../src/report/lines.ts";
import { sourceFile } from "../source-file.ts";

test.each([
  ["LF", "ab\ncd", 3, { line: 2, column: 1 }],
  ["CR LF", "ab\r\ncd", 5, { line: 2, column: 2 }],
  ["the line end belongs to its line", "ab\r\ncd", 3, { line: 1, column: 4 }],
  ["lone CR", "ab\rcd", 4, { line: 2, column: 2 }],
  ["behind the last line end", "ab\n", 3, { line: 2, column: 1 }],
  ["empty text", "", 0, { line: 1, column: 1 }],
  ["outside the text", "ab", 99, { line: 1, column: 3 }],
  ["a byte order mark is no column", "\ufeffab", 2, { line: 1, column: 2 }],
  ["UTF-16 code units", "😀x", 2, { line: 1, column: 3 }],
])("%s", (_, text, offset, position) => {
  expect(positionOf(sourceFile("a.yaml", text), offset)).toEqual(position);
});

test("a line's text has neither line end nor byte order mark", () => {
  const file = sourceFile("a.yaml", "\ufeffone\r\ntwo\n");
  expect([1, 2, 3, 9].map((line) => file.text.slice(lineSpan(file, line).start, lineSpan(file, line).end))).toEqual([
    "one",
    "two",
    "",
    "",
  ]);
});

test("positions agree with counting", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "é", "\n", "\r\n", "\r", "😀")), fc.nat(), (parts, seed) => {
      const before = parts.slice(0, seed % (parts.length + 1)).join("");
      const file = sourceFile("a.yaml", parts.join(""));
      const rows =
        before.endsWith("\r") && file.text[before.length] === "\n"
          ? before.slice(0, -1).split(/\r\n?|\n/)
          : before.split(/\r\n?|\n/);
      const expected =
        before.endsWith("\r") && file.text[before.length] === "\n" ? rows.at(-1)!.length + 2 : rows.at(-1)!.length + 1;
      expect(positionOf(file, before.length)).toEqual({ line: rows.length, column: expected });
    }),
  );
});

test("a range has an exclusive end", () => {
  const file = sourceFile("a.yaml", "a: bcd\n");
  expect(rangeOf({ file, start: 3, end: 6 })).toEqual({ start: { line: 1, column: 4 }, end: { line: 1, column: 7 } });
});
