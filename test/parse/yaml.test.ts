import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { at, entries, items, parseYaml, type YamlNode, type YamlTree } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";
import { yamlText } from "./yaml-text.ts";

const parse = (text: string): YamlTree => parseYaml(sourceFile("a.yaml", text));

/** What a node means, as JavaScript; mappings as Maps so that `__proto__` is a key like any other. */
function meaning(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "sequence") return items(node).map(meaning);
  return new Map(entries(node).map(({ key, value }) => [key.text, meaning(value)]));
}

/** The same of what `yaml` makes of a document. Keys are told apart by their text, as in JSON. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, of]) => [textOf(key), plain(of)]));
  return value;
}
const textOf = (key: unknown): string => (key === null ? "null" : String(key));

/** Absent where `yaml` refuses the text. A byte order mark, which makes it misread columns, is taken off. */
function expected(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ""), {
    merge: true,
    uniqueKeys: false,
    logLevel: "silent",
    intAsBigInt: false,
  });
  if ("empty" in documents) return [];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.map((document) => plain(document.toJS({ mapAsMap: true, maxAliasCount: -1 })));
}

function* nodes(node: YamlNode): Generator<YamlNode> {
  yield node;
  if (node.kind === "sequence") for (const { value, alias } of node.items) if (!alias) yield* nodes(value);
  if (node.kind === "mapping") {
    for (const { key, value, alias } of node.written) {
      yield key;
      if (!alias) yield* nodes(value);
    }
  }
}

test("10,000 random streams mean what they mean to `yaml`, and every span points at its text", () => {
  let compared = 0;
  fc.assert(
    fc.property(yamlText, (text) => {
      const values = expected(text);
      const { documents, problems, broken } = parse(text);
      if (!values) return;
      compared++;
      expect(broken).toEqual([]);
      expect(problems).toEqual([]);
      expect(documents.map(({ root }) => meaning(root))).toEqual(values);
      for (const { root } of documents) for (const node of nodes(root)) expectPlace(text, node);
    }),
    { numRuns: 10_000, seed: 20_260_115 },
  );
  expect(compared).toBeGreaterThan(9_900);
});

const BRACKETS = { sequence: ["[", "]"], mapping: ["{", "}"] } as const;

function expectPlace(text: string, node: YamlNode): void {
  const written = text.slice(node.start, node.end);
  if (node.kind !== "scalar") {
    if (node.flow) expect([written[0], written.at(-1)]).toEqual(BRACKETS[node.kind]);
  } else if (node.style === "plain") expect(written).toBe(node.text);
  else if (node.style !== "block") {
    const quote = node.style === "single" ? "'" : '"';
    expect([text[node.start - 1], text[node.end]]).toEqual([quote, quote]);
    expect(node.style === "single" ? written.replaceAll("''", "'") : JSON.parse(`"${written}"`)).toBe(node.text);
  }
}

const soup = fc
  .array(
    fc.constantFrom(
      ..."a,b: ,- ,\n,\n  ,? ,: ,[,],{,},&x ,*x,!t ,',\",|\n,>-\n,#c, ,---\n,...\n,<<: ,\t,\\,\r\n,1,\ufeff,{{ x }},%".split(
        ",",
      ),
      ", ",
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

test("any text at all: a tree whose places lie in the text, and a word about whatever is wrong", () => {
  fc.assert(
    fc.property(soup, (text) => {
      const { documents, problems, broken } = parse(text);
      for (const { root } of documents) {
        for (const { start, end } of nodes(root)) {
          expect(0 <= start && start <= end && end <= text.length, `${start}–${end} of ${text.length}`).toBe(true);
        }
      }
      for (const { start, end } of [...problems.map(({ span }) => span), ...broken]) {
        expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }
      if (text.includes("a") && !text.includes("#")) {
        expect(documents.length + problems.length + broken.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 5_000, seed: 20_260_115 },
  );
});

const only = (text: string): YamlNode => {
  const { documents, problems, broken } = parse(text);
  expect([problems, broken]).toEqual([[], []]);
  expect(documents).toHaveLength(1);
  return documents[0]!.root;
};
const json = (text: string): unknown =>
  JSON.parse(
    JSON.stringify(meaning(only(text)), (_, value) => (value instanceof Map ? Object.fromEntries(value) : value)),
  );

describe("merge keys", () => {
  const base = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\n";
  test.each([
    ["one alias", "<<: *x\n  c: 3", { a: 1, b: 1, c: 3 }],
    ["own keys win, wherever they stand", "b: 3\n  <<: *x", { a: 1, b: 3 }],
    ["of a list the first wins", "<<: [*x, *y]", { a: 1, b: 1, c: 2 }],
    ["a mapping written in place", "<<: {a: 9}\n  b: 3", { a: 9, b: 3 }],
    ["a quoted key is a key", '"<<": *x', { "<<": { a: 1, b: 1 } }],
    ["nothing to merge", "<<: text\n  b: 3", { b: 3 }],
  ])("%s", (_, body, value) => {
    expect((json(`${base}z:\n  ${body}\n`) as { z: unknown }).z).toEqual(value);
  });

  test("merged entries know the alias that brought them; what is written knows nothing of it", () => {
    const text = `${base}z:\n  <<: [*x, *y]\n  d: *x\n`;
    const [a, , c, d] = [...entries(at(only(text), "z"))].sort((one, other) =>
      one.key.text < other.key.text ? -1 : 1,
    );
    const written = (place?: { start: number; end: number }) => place && text.slice(place.start, place.end);
    expect([a, c, d].map((entry) => [written(entry?.merged), written(entry?.alias)])).toEqual([
      ["*x", undefined],
      ["*y", undefined],
      [undefined, "*x"],
    ]);
    expect(text.slice(a!.value.start, a!.value.end)).toBe("1");
  });

  test("nested", () => {
    expect(json("a: &a {k: 1, n: {x: 1}}\nb: &b {<<: *a, l: 2}\nc: {<<: *b, n: {y: 2}}")).toMatchObject({
      c: { k: 1, l: 2, n: { y: 2 } },
    });
  });
});

describe("documents", () => {
  test("each has anchors of its own", () => {
    const { documents, problems } = parse("a: &x 1\n---\nb: *x\n");
    expect(documents).toHaveLength(2);
    expect(problems.map(({ message }) => message)).toEqual(["alias *x has no anchor"]);
  });

  test("good ones around a broken one are kept, at their places", () => {
    const text = "a: 1\n---\nb: [2\n---\nc: 3\n";
    const { documents, broken } = parse(text);
    expect(documents.map(({ root }) => meaning(root))).toEqual([new Map([["a", 1]]), new Map([["c", 3]])]);
    expect(broken.map(({ start, end }) => text.slice(start, end))).toEqual(["---\nb: [2\n"]);
    const last = at(documents[1]!.root, "c")!;
    expect(text.slice(last.start, last.end)).toBe("3");
  });

  test.each(["", "\ufeff", "# only a comment\n", "---\n---\n", "\n\n"])("%j says nothing wrong", (text) => {
    const { problems, broken } = parse(text);
    expect([problems, broken]).toEqual([[], []]);
  });

  test("line ends and byte order marks move nothing", () => {
    const text = '\ufeffa: "x"\r\nb:\r\n  - y\r\n  -\r\n  - z\r\n';
    const root = only(text);
    const b = items(at(root, "b"));
    expect(b.map((node) => meaning(node))).toEqual(["y", null, "z"]);
    expect(text.slice(b[2]!.start, b[2]!.end)).toBe("z");
    expect(text.slice(b[1]!.start - 1, b[1]!.end)).toBe("-");
    expect(text.slice(at(root, "a")!.start, at(root, "a")!.end)).toBe("x");
  });
});

describe("what is wrong", () => {
  const messages = (text: string) => {
    const { problems } = parse(text);
    return problems.map(({ message, span }) => [message, text.slice(span.start, span.end)]);
  };
  test.each([
    ["a: 1\nb: 2\na: 3", [['key "a" is written twice in one mapping', "a"]]],
    ["a: *b", [["alias *b has no anchor", "*b"]]],
    ["a: &a\n  b: *a", [["alias *a refers to the node that contains it", "*a"]]],
    ["&a [*a]", [["alias *a refers to the node that contains it", "*a"]]],
    ["? [a, b]\n: c", [["mapping key is not a scalar", "["]]],
    ["kind: {{ .Values.kind }}", [["file is a template that must be rendered before it can be checked", "{{"]]],
    ["{{- if .x }}\na: 1\n{{- end }}", [["file is a template that must be rendered before it can be checked", "{{"]]],
    [
      "{% for a in b %}\n- a\n{% endfor %}",
      [["file is a template that must be rendered before it can be checked", "{%"]],
    ],
  ])("%j", (text, expected) => {
    expect(messages(text)).toEqual(expected);
  });

  test("a template in a comment or a string is none", () => {
    expect(messages("# {{ x }}\na: '{{ .x }}'\n")).toEqual([]);
  });

  test("of a key that is written twice the last counts", () => {
    expect(parse("a: 1\na: 2").documents.map(({ root }) => meaning(root))).toEqual([new Map([["a", 2]])]);
  });

  const REFUSED = ["aliases expand the document beyond any use: it is refused"];
  const refusal = (text: string) => {
    const { documents, problems } = parse(text);
    expect(documents).toEqual([]);
    return problems.map(({ message }) => message);
  };

  test("a billion laughs", () => {
    const lines = ["a0: &a0 [lol]"];
    for (let i = 1; i < 40; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(refusal(lines.join("\n"))).toEqual(REFUSED);
  });

  test("aliases that nest deeper than any reader goes", () => {
    const lines = ["a0: &a0 {k: 1}"];
    for (let i = 1; i < 20_000; i++) lines.push(`a${i}: &a${i} {<<: *a${i - 1}}`);
    expect(refusal(lines.join("\n"))).toEqual(REFUSED);
  });

  test("brackets without end", () => {
    const { documents, broken } = parse("[".repeat(50_000));
    expect([documents.length, broken.length]).toEqual([0, 1]);
  });
});

describe("ends of collections", () => {
  test.each([
    ["a: [1, 2 ] # ]", "a", "[1, 2 ]"],
    ["a: [1, # ]\n  2 # ]\n  ]", "a", "[1, # ]\n  2 # ]\n  ]"],
    ["a: {}", "a", "{}"],
    ['a: {b: "}"}', "a", '{b: "}"}'],
    ["a: [b: c, d: e]", "a", "[b: c, d: e]"],
    ["a: {b, c: }", "a", "{b, c: }"],
    ["a:\n  b: 1\n  c: 2 # x\nd: 3", "a", "b: 1\n  c: 2"],
    ["a:\n- 1\n- 2\nb: 3", "a", "- 1\n- 2"],
  ])("%j", (text, key, expected) => {
    const node = at(only(text), key)!;
    expect(text.slice(node.start, node.end)).toBe(expected);
  });

  test("a pair in a list is a mapping without brackets", () => {
    const text = "[a: b, c: d] # }";
    expect(items(only(text)).map(({ start, end }) => text.slice(start, end))).toEqual(["a: b", "c: d"]);
  });
});

test("tags and anchors are kept, tagged scalars are text", () => {
  const root = only("a: !reset []\nb: !override &x 1\nc: !!str true\n");
  expect(["a", "b", "c"].map((key) => at(root, key)?.tag)).toEqual(["!reset", "!override", "!!str"]);
  expect(at(root, "b")?.anchor).toBe("x");
  expect(meaning(root)).toEqual(
    new Map<string, unknown>([
      ["a", []],
      ["b", "1"],
      ["c", "true"],
    ]),
  );
});
