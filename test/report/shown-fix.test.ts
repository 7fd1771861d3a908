import { expect, test } from "vitest";
import { shownFix } from "../../src/report/fix.ts";
import { maskOf } from "../../src/report/mask.ts";
import type { Addition, Fix } from "../../src/rule.ts";
import { sourceFile } from "../source-file.ts";

const shown = (fix: Partial<Fix>) => shownFix({ title: "t", safety: "safe", edits: [], ...fix }, maskOf([]));
const edits = (fix: Partial<Fix>) =>
  shown(fix)?.edits.map(({ span: { file, start, end }, text }) => [file.path, start, end, text]);

const line = (path: string, text: string, more?: Partial<Addition>): Addition => ({ path, key: text, text, ...more });

test("what a fix adds is an edit at the end of the file, or of an empty one where there is none", () => {
  const ignore = sourceFile(".gitignore", "dist/\r\nbuild");
  const additions = [
    line(".gitignore", "a", { file: ignore }),
    line(".gitignore", "b", { file: ignore }),
    line("n", "c\nd"),
  ];
  expect(edits({ additions })).toEqual([
    [".gitignore", 12, 12, "\r\na\r\nb"],
    ["n", 0, 0, "c\nd\n"],
  ]);
});

test("what is private is shown nowhere, nor is what goes with it", () => {
  const file = sourceFile("compose.yaml", "a: b\n");
  const edit = { span: { file, start: 3, end: 4 }, text: "c" };
  expect(edits({ edits: [edit] })).toEqual([["compose.yaml", 3, 4, "c"]]);
  expect(shown({ edits: [edit], additions: [line(".env", "A=b", { private: true })] })).toBeUndefined();
});

test("files that are only context are added to by nobody", () => {
  const file = sourceFile(".gitignore", "", { context: true });
  expect(shown({ additions: [line(".gitignore", "a", { file })] })).toBeUndefined();
});
