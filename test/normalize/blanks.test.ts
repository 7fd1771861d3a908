import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { Blank } from "../../src/model.ts";
import { blankIn } from "../../src/normalize/blanks.ts";
import { parseYaml, type YamlMapping, type YamlNode } from "../../src/parse/yaml.ts";
import { filled } from "../filled.ts";
import { sourceFile } from "../source-file.ts";
import { choices, type Fields, type Tree, yamlOf } from "../yaml-styles.ts";

interface Found {
  readonly path: readonly (string | number)[];
  readonly mapping: YamlMapping;
}

function* mappingsOf(node: YamlNode, path: Found["path"] = []): Generator<Found> {
  if (node.kind === "sequence")
    for (const [i, { value }] of node.items.entries()) yield* mappingsOf(value, [...path, i]);
  if (node.kind !== "mapping") return;
  yield { path, mapping: node };
  for (const { key, value } of node.written) yield* mappingsOf(value, [...path, key.text]);
}

const dataOf = (text: string): readonly unknown[] => {
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ""));
  return "empty" in documents
    ? []
    : documents.map((document) => {
        expect(document.errors, text).toEqual([]);
        return document.toJS();
      });
};

/** Blanks of all mappings of a text. */
const blanksOf = (text: string, before: string, after: string, behind: readonly string[] = []) => {
  const file = sourceFile("a.yaml", text);
  return parseYaml(file).documents.map(({ root }) =>
    [...mappingsOf(root)].map(({ path, mapping }): readonly [Found["path"], Blank | undefined] => [
      path,
      blankIn({ mapping, place: ({ start, end }) => ({ file, start, end }) }, before, after, behind),
    ]),
  );
};

const scalars = fc.constantFrom<Tree>("a", "b: c", "1", 2, true, null, "x # y", "", "two\nlines\n", "'", '"');
const keys = fc.constantFrom("a", "b", "image", "a b", "x.y/z");
const { tree } = fc.letrec<{ tree: Tree; map: Fields; list: readonly Tree[] }>((tie) => ({
  tree: fc.oneof({ depthSize: "medium", maxDepth: 4 }, scalars, tie("map"), tie("list")),
  map: fc.dictionary(keys, tie("tree"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  list: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
}));
const root = fc.dictionary(keys, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true });

describe("what is filled in is there, and nothing else is different", () => {
  test("in any mapping of any style", () => {
    let places = 0;
    fc.assert(
      fc.property(
        fc.array(root, { minLength: 1, maxLength: 2 }),
        fc.array(fc.nat(999), { maxLength: 40 }),
        (documents, numbers) => {
          const text = yamlOf(documents, choices(numbers));
          const data = dataOf(text);
          for (const [i, blanks] of blanksOf(text, 'zz:\n  a: "', '"\n  b:\n    c: 1', ["image"]).entries()) {
            for (const [path, blank] of blanks) {
              if (!blank) continue;
              places++;
              const expected = structuredClone(data);
              let target = expected[i] as Record<string | number, unknown>;
              for (const key of path) target = target[key] as Record<string | number, unknown>;
              target.zz = { a: "v", b: { c: 1 } };
              const result = filled({ blank }, "v");
              expect(dataOf(result), `${text}\n→\n${result}`).toEqual(expected);
            }
          }
        },
      ),
      { numRuns: 150, seed: 20260115 },
    );
    expect(places).toBeGreaterThan(800);
  });
});

describe("no place", () => {
  test.each([
    ["an explicit key", "? a\n: b\n"],
    ["a first key with an anchor", "- &a a: b\n"],
    ["a pair in brackets", "[a: b]\n"],
    ["a mapping that an alias names", "a: &x {b: 1}\nc: *x\n"],
    ["below an alias", "a: &x\n  b: {c: 1}\nd: *x\n"],
  ])("%s", (_, text) => {
    const found = blanksOf(text, "zz: ", "").flat();
    const shared = found.filter(([path]) => path.length > (text.startsWith("a: ") ? 0 : -1));
    expect(shared.length).toBeGreaterThan(0);
    for (const [, blank] of shared) expect(blank).toBeUndefined();
  });

  test("where the key has a value", () => {
    const [[[, blank]]] = blanksOf("zz: []\na: 1\n", "zz: ", "") as [[[unknown, Blank | undefined]]];
    expect(blank).toBeUndefined();
  });
});
