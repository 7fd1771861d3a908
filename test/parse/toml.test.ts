import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseToml } from "../../src/parse/toml.ts";
import { sourceFile } from "../source-file.ts";

const parse = (text: string) => parseToml(sourceFile("traefik.toml", text));
const rows = (text: string) =>
  parse(text).entries.map(({ path, key, value }) => [
    path.join("/"),
    value.value,
    text.slice(key.start, key.end),
    text.slice(value.span.start, value.span.end),
  ]);

describe("entries", () => {
  it.each<[string, string, (readonly unknown[])[]]>([
    [
      "scalars",
      'a = "x"\nb = 1_0 # c\nc = true',
      [
        ["a", "x", "a", "x"],
        ["b", 10, "b", "1_0"],
        ["c", true, "c", "true"],
      ],
    ],
    [
      "tables",
      "[a.b]\nc = 1",
      [
        ["a/b", null, "a.b", "a.b"],
        ["a/b/c", 1, "c", "1"],
      ],
    ],
    ["dotted and quoted keys", `a."b.c".'d' = 'e\\f'`, [["a/b.c/d", "e\\f", `a."b.c".'d'`, "e\\f"]]],
    [
      "arrays",
      'a = ["x", # c\n  "y"]',
      [
        ["a", null, "a", '["x", # c\n  "y"]'],
        ["a/0", "x", "x", "x"],
        ["a/1", "y", "y", "y"],
      ],
    ],
    [
      "inline tables",
      "a = {b = 1, c = {}}",
      [
        ["a", null, "a", "{b = 1, c = {}}"],
        ["a/b", 1, "b", "1"],
        ["a/c", null, "c", "{}"],
      ],
    ],
    [
      "arrays of tables",
      "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3",
      [
        ["a/0", null, "a", "a"],
        ["a/0/b", 1, "b", "1"],
        ["a/1", null, "a", "a"],
        ["a/1/b", 2, "b", "2"],
        ["a/1/c", null, "a.c", "a.c"],
        ["a/1/c/d", 3, "d", "3"],
      ],
    ],
    ["strings over lines", 'a = """\nb "c" \\\n  d"""', [["a", 'b "c" d', "a", '\nb "c" \\\n  d']]],
    ["escapes", 'a = "b\\u0041"', [["a", "bA", "a", "b\\u0041"]]],
    ["dates", "a = 1979-05-27", [["a", "1979-05-27", "a", "1979-05-27"]]],
    [
      "names of Object's own",
      "__proto__ = 1\nconstructor = 2",
      [
        ["__proto__", 1, "__proto__", "1"],
        ["constructor", 2, "constructor", "2"],
      ],
    ],
    [
      "CRLF and BOM",
      "\ufeffa = 1\r\nb = 2\r\n",
      [
        ["a", 1, "a", "1"],
        ["b", 2, "b", "2"],
      ],
    ],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => {
    expect(rows(text)).toEqual(expected);
    expect(parse(text).problems).toEqual([]);
  });
});

it("reports a defect where it is", () => {
  const text = 'a = 1\nb = "x\nc = 2\n';
  const { entries, problems } = parse(text);
  expect(entries).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]!.kind).toBe("unreadable");
  expect(text.slice(0, problems[0]!.span.start).split("\n")).toHaveLength(2);
});

it("is total", () => {
  const piece = fc.constantFrom(
    "a",
    "=",
    "1",
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "\n",
    " ",
    "#",
    "\\",
    '"""',
    "a = 1\n",
    "[[a]]\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      for (const { value } of parse(text).entries) expect(value.span.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 500 },
  );
});

it.each(["[", "a = [[[", '"', "a = 1\n", "[a]\n", `[${"a.".repeat(200)}a]\nb = 1\n`])(
  "survives %j repeated",
  (piece) => {
    const text = piece.repeat(200_000 / piece.length);
    const start = performance.now();
    parse(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  },
);

it("keeps one million bytes of valid TOML linear", () => {
  const text = Array.from(
    { length: 20_000 },
    (_, i) => `[http.routers.r${i}]\nrule = "Host(x)"\nlist = ["a", "b"]\n`,
  ).join("");
  const start = performance.now();
  expect(parse(text).entries).toHaveLength(20_000 * 5);
  expect(performance.now() - start).toBeLessThan(5_000);
});
