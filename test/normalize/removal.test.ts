import { expect, test } from "vitest";
import { entryRemoval, itemRemoval } from "../../src/normalize/removal.ts";
import { entry, parseYaml } from "../../src/parse/yaml.ts";
import { filled } from "../filled.ts";
import { sourceFile } from "../source-file.ts";

const read = (text: string) => {
  const file = sourceFile("a.yaml", text);
  const place = ({ start, end }: { readonly start: number; readonly end: number }) => ({ file, start, end });
  return { root: parseYaml(file).documents[0]!.root, place };
};

/** The text without the entry `b` of the outermost mapping, or of that under `a`. */
function withoutEntry(text: string): string | undefined {
  const { root, place } = read(text);
  const inner = entry(root, "a")?.value;
  const mapping = inner?.kind === "mapping" ? inner : root;
  if (mapping.kind !== "mapping") throw new Error("no mapping");
  const blank = entryRemoval(
    mapping,
    mapping.written.findIndex(({ key }) => key.text === "b"),
    place,
  );
  return blank && filled({ blank }, "");
}

/** The text without the item `x` of the list `a`. */
function withoutItem(text: string): string | undefined {
  const { root, place } = read(text);
  const list = entry(root, "a")!.value;
  if (list.kind !== "sequence") throw new Error("no list");
  const at = list.items.findIndex(({ value }) => value.kind === "scalar" && value.text === "x");
  const blank = itemRemoval(list, at, place);
  return blank && filled({ blank }, "");
}

test.each<[string, string, string | undefined]>([
  ["a line", "a: 1\nb: 2\nc: 3\n", "a: 1\nc: 3\n"],
  ["its comment stays", "a: 1\nb: 2 # why\nc: 3\n", "a: 1\n# why\nc: 3\n"],
  ["quotes", "a: 1\n'b': \"2\"\nc: 3\n", "a: 1\nc: 3\n"],
  ["no value", "a: 1\nb:\nc: 3\n", "a: 1\nc: 3\n"],
  ["an empty text", "a: 1\n'b': ''\nc: 3\n", "a: 1\nc: 3\n"],
  ["what is under it", "a: 1\nb:\n  - 2\n  - c:\n      d: '3'\ne: 4\n", "a: 1\ne: 4\n"],
  ["a list as deep as its key", "c: 1\nb:\n- 2\n- 3\ne: 4\n", "c: 1\ne: 4\n"],
  ["the last of a file", "c: 1\n\nb: 2", "c: 1"],
  ["CRLF", "c: 1\r\nb: 2\r\nd: 3\r\n", "c: 1\r\nd: 3\r\n"],
  ["in braces", "{a: 1, b: 2, c: 3}\n", "{a: 1, c: 3}\n"],
  ["last in braces", "{a: 1, b: 2}\n", "{a: 1}\n"],
  ["inner comments would be lost", "a: 1\nb:\n  # why\n  - 2\n", undefined],
  ["comments in braces would be lost", "{a: 1, b: 2, # why\n  c: 3}\n", undefined],
  ["others share it", "a: &a {b: 1, c: 2}\nd: *a\n", undefined],
  ["it has a name", "c: 1\nb: &b 2\nd: *b\n", undefined],
  ["nothing would be left", "b: 1\n", undefined],
])("an entry: %s", (_, text, expected) => expect(withoutEntry(text)).toBe(expected));

test("an entry behind a dash makes room for the next", () => {
  const { root, place } = read("- b: 1\n  c: 2\n");
  const item = root.kind === "sequence" ? root.items[0]!.value : root;
  if (item.kind !== "mapping") throw new Error("no mapping");
  expect(filled({ blank: entryRemoval(item, 0, place)! }, "")).toBe("- c: 2\n");
});

test.each<[string, string, string | undefined]>([
  ["first", "a:\n  - x\n  - y\n", "a:\n  - y\n"],
  ["last", "a:\n- y\n- 'x'\nb: 1\n", "a:\n- y\nb: 1\n"],
  ["with a comment above and one behind", "a:\n  # one\n  - x # two\n  - y\n", "a:\n  # one\n  # two\n  - y\n"],
  ["in brackets", "a: [\"x\", 'y']\n", "a: ['y']\n"],
  ["last in brackets", 'a: [y, "x"]\n', "a: [y]\n"],
  ["the only one", "a: [x]\n", undefined],
  ["a text of several lines", "a:\n  - y\n  - |-\n    x\n", undefined],
])("an item: %s", (_, text, expected) => expect(withoutItem(text)).toBe(expected));
