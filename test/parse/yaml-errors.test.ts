import { expect, test } from "vitest";
import { explainYaml } from "../../src/parse/yaml-errors.ts";
import { sourceFile } from "../source-file.ts";

/** Text that each problem marks. */
const marked = (text: string): readonly string[] => {
  const file = sourceFile("compose.yaml", text);
  return explainYaml({ file, start: 0, end: text.length }).map(({ span }) => text.slice(span.start, span.end));
};

test.each([
  ["a line that is indented too little", "a:\n  b: 1\n c: 2\n", ["c"]],
  ["a tab", "a:\n\tb: 1\n", ["b"]],
  ["an open quote", 'a: "b\n', ['"']],
  ["the end of an open list", "a: [\n", ["["]],
])("marks %s, never a blank", (_, text, places) => {
  expect(marked(text)).toEqual(places);
});
