import { expect, test } from "vitest";
import { type Filled, fillTogether } from "../src/snippet-hardening.ts";
import { sourceFile } from "./source-file.ts";

const file = sourceFile("a.yaml", "x\n");
const blank = (before: string, after = "", at = 0) => ({ span: { file, start: at, end: at }, before, after });

test.each<[string, readonly Filled[], readonly string[]]>([
  [
    "a key is opened once",
    [
      [blank("\n  s:\n    a: "), "1"],
      [blank("\n  s:\n    c:\n      d: "), "2"],
      [blank("\n  s:\n    c:\n      e: "), "3"],
      [blank("\n  s:\n    f: "), "4"],
    ],
    ["\n  s:\n    a: 1\n    c:\n      d: 2\n      e: 3\n    f: 4"],
  ],
  [
    "a key is opened once before others",
    [
      [blank("s:\n  a: ", "\n"), "1"],
      [blank("s:\n  b: ", "\n"), "2"],
    ],
    ["s:\n  a: 1\n  b: 2\n"],
  ],
  [
    "braces are opened and closed once",
    [
      [blank(", s: {a: ", "}"), "1"],
      [blank(", s: {c: {d: ", "}}"), "2"],
      [blank(", s: {c: {e: ", "}}"), "3"],
      [blank(", s: {f: {g: ", "}}"), "4"],
    ],
    [", s: {a: 1, c: {d: 2, e: 3}, f: {g: 4}}"],
  ],
  [
    "commas in empty braces",
    [
      [blank("a: "), "1"],
      [blank("c: {d: ", "}"), "2"],
      [blank("e: "), "3"],
    ],
    ["a: 1, c: {d: 2}, e: 3"],
  ],
  [
    "siblings stand apart",
    [
      [blank("\n  a: "), "1"],
      [blank("\n  b: "), "2"],
      [blank(",\n  c: "), "3"],
      [blank(",\n  d: "), "4"],
    ],
    ["\n  a: 1", "\n  b: 2", ",\n  c: 3", ",\n  d: 4"],
  ],
  [
    "other places are other edits",
    [
      [blank("\n  s:\n    a: "), "1"],
      [blank("\n  s:\n    b: ", "", 1), "2"],
    ],
    ["\n  s:\n    a: 1", "\n  s:\n    b: 2"],
  ],
])("%s", (_, parts, expected) => expect(fillTogether(parts).map(({ text }) => text)).toEqual(expected));
