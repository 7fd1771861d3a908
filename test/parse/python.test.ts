import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePython } from "../../src/parse/python.ts";
import { constant, type Expression, type ScriptTree } from "../../src/parse/script.ts";
import { sourceFile } from "../source-file.ts";

/** A word that makes every example worth parsing. */
const TOPIC = "# jwt\n";

function read(code: string): { tree: ScriptTree; slice: (node: { start: number; end: number }) => string } {
  const file = sourceFile("main.py", TOPIC + code);
  return { tree: parsePython(file), slice: ({ start, end }) => file.text.slice(start, end) };
}

const value = (code: string): Expression | undefined => read(`x = ${code}`).tree.assignments[0]?.value;

describe("assignments", () => {
  it.each([
    ["a = 1", [["a", "1"]]],
    [
      "a = b = 1",
      [
        ["a", "1"],
        ["b", "1"],
      ],
    ],
    ["a: int = 1", [["a", "1"]]],
    [
      "a, b = 1, 2",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    ["app.debug = True", [["app.debug", "True"]]],
    ['app.config["DEBUG"] = True', [["app.config.DEBUG", "True"]]],
    ["a += 1", [["a", "1"]]],
    ["class S:\n    a = 1", [["a", "1"]]],
    ["a = (\n  60 * 24\n)", [["a", "60 * 24"]]],
  ])("%s", (code, expected) => {
    const { tree, slice } = read(code);
    expect(tree.assignments.map(({ target, value }) => [target, value && slice(value)])).toEqual(expected);
  });

  it("gives the last segment of the target its own place", () => {
    const { tree, slice } = read('r.headers["X-Frame-Options"] = "DENY"');
    expect(tree.assignments[0]).toMatchObject({ target: "r.headers.X-Frame-Options", subscript: true });
    expect(slice(tree.assignments[0]!.name)).toBe("X-Frame-Options");
  });

  it("knows the class of an attribute, and a declaration without a value", () => {
    const { tree } = read("class Settings(BaseSettings):\n    key: str\n    class Config:\n        env_prefix = 'A_'");
    expect(tree.classes.map(({ name, bases }) => [name, bases])).toEqual([
      ["Settings", ["BaseSettings"]],
      ["Config", []],
    ]);
    expect(tree.assignments.map(({ owner, target, value }) => [owner, target, value?.kind])).toEqual([
      ["Settings", "key", undefined],
      ["Settings.Config", "env_prefix", "string"],
    ]);
  });

  it("does not take the target for a read", () => {
    const { tree } = read('os.environ["X"] = "1"');
    expect(tree.expressions.map(({ kind }) => kind)).toEqual(["string"]);
  });
});

describe("literals", () => {
  it.each([
    ['"a"', { kind: "string", text: "a", exact: true }],
    ["'''a\nb'''", { kind: "string", text: "a\nb", exact: true }],
    ['r"\\d"', { kind: "string", text: "\\d", exact: true }],
    ['"a\\"b"', { kind: "string", text: 'a"b', exact: false }],
    ['"a" "b"', { kind: "string", text: "ab", exact: false }],
    ['f"plain"', { kind: "string", text: "plain" }],
    ['f"a{b}"', { kind: "template" }],
    ["1_000", { kind: "number", value: 1000 }],
    ["None", { kind: "null" }],
    ["False", { kind: "boolean", value: false }],
    ['["*"]', { kind: "list", items: [{ kind: "string", text: "*" }] }],
    ["(1, 2)", { kind: "list" }],
    ['{"a": 1, **b}', { kind: "object", entries: [{ key: { text: "a" } }], spreads: [{ kind: "name" }] }],
    ["a or b", { kind: "operation", operator: "or" }],
    ["a not in b", { kind: "operation", operator: "not in" }],
    [
      "a if b else c",
      { kind: "conditional", test: { path: "b" }, consequent: { path: "a" }, alternate: { path: "c" } },
    ],
    ['os.environ["X"]', { kind: "name", path: "os.environ.X", subscript: true }],
    ["d[key]", { kind: "index", path: "d[]" }],
    ["[o.strip() for o in s.split(',')]", { kind: "comprehension", source: { path: "s.split" } }],
    ["lambda: [1]", { kind: "function", results: [{ kind: "list" }] }],
    ["await f()", { kind: "call", path: "f" }],
  ])("%s", (code, expected) => expect(value(code)).toMatchObject(expected));

  it.each([
    ["60 * 60 * 24", 86_400],
    ["-(5)", -5],
    ["2 ** 3 // 3", 2],
    ["1 / 0", undefined],
    ["7 * DAY", undefined],
  ])("constant %s", (code, expected) => expect(constant(value(code))).toBe(expected));

  it("places a string between its quotes", () => {
    for (const code of ['"abc"', "'abc'", '"""abc"""', 'rb"abc"', 'f"abc"']) {
      const { tree, slice } = read(`x = ${code}`);
      expect(slice(tree.assignments[0]!.value!)).toBe("abc");
    }
  });

  it("ignores docstrings", () => expect(read('"""token"""\ndef f():\n    "token"\n').tree.expressions).toEqual([]));
});

describe("calls", () => {
  it("keeps positional and keyword arguments and the closing parenthesis", () => {
    const { tree, slice } = read("app.add_middleware(CORSMiddleware, allow_origins=['*'], *a, **b)");
    const [call] = tree.calls;
    expect(call).toMatchObject({ path: "app.add_middleware", decorator: false });
    expect(call!.positional.map(({ kind }) => kind)).toEqual(["name", "spread", "spread"]);
    expect(call!.named.map(({ key, value }) => [slice(key), slice(value)])).toEqual([["allow_origins", "['*']"]]);
    expect(slice({ start: call!.close, end: call!.end })).toBe(")");
  });

  it("follows chains", () => {
    expect(read("os.getenv('X', '*').split(',')").tree.calls.map(({ path }) => path)).toEqual([
      "os.getenv().split",
      "os.getenv",
    ]);
  });

  it("reads decorators and parameters", () => {
    const { tree, slice } = read(
      '@app.get("/x")\n@login_required\nasync def f(a: Annotated[int, Depends(g)], b=Depends(h), *c):\n    return a\n',
    );
    expect(tree.functions[0]).toMatchObject({ name: "f", parameters: [{ name: "a" }, { name: "b" }, { name: "c" }] });
    expect(tree.functions[0]!.decorators.map(slice)).toEqual(['app.get("/x")', "login_required"]);
    expect(tree.functions[0]!.results.map(slice)).toEqual(["a"]);
    expect(tree.calls.map(({ path, decorator }) => [path, decorator])).toEqual([
      ["app.get", true],
      ["Depends", false],
      ["Depends", false],
    ]);
  });

  it.each([
    ["f()", undefined],
    ["if x:\n    f()", "condition"],
    ["if x:\n    pass\nelse:\n    f()", "condition"],
    ["if settings.DEBUG:\n    f()", "environment"],
    ["if ENV == 'production':\n    pass\nelse:\n    f()", "environment"],
    ["if __name__ == '__main__':\n    f()", undefined],
    ["if x:\n    def g():\n        f()", undefined],
    ["x and f()", "condition"],
  ])("guard of %j", (code, guard) => {
    expect(read(code).tree.calls.find(({ path }) => path === "f")?.guard).toBe(guard);
  });
});

it.each([
  ["import os", "os", "os", "*"],
  ["import a.b", "a", "a", "*"],
  ["import a.b as c", "c", "a.b", "*"],
  ["from flask_cors import CORS", "CORS", "flask_cors", "CORS"],
  ["from .config import (settings as s)", "s", ".config", "settings"],
])("%s", (code, local, module, imported) => {
  expect(read(code).tree.imports).toMatchObject([{ local, module, imported }]);
});

describe("any input", () => {
  it("leaves out what has a syntax error and keeps the rest", () => {
    const { tree } = read("def (:\nALLOWED = ['*'\n\nDEBUG = True\n");
    expect(tree.problems).toEqual([]);
    expect(tree.assignments.map(({ target }) => target)).toContain("ALLOWED");
  });

  it("does not parse what no rule is about, nor generated files", () => {
    for (const text of ["a = 1\n", `token = "${"x".repeat(6_000)}"`, `# jwt\n${"a = 1\n".repeat(100_000)}`]) {
      expect(parsePython(sourceFile("main.py", text)).expressions).toEqual([]);
    }
  });

  it("is total, and every offset lies in the text", () => {
    const piece = fc.constantFrom(
      ...'token = ( ) [ ] { } : , . \n \t " \' """ f" \\ # @ def class if else for in lambda x 1 * ** = => \0 é'.split(
        " ",
      ),
      "\n    ",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const file = sourceFile("main.py", TOPIC + pieces.join(""));
        for (const { start, end } of parsePython(file).expressions) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(file.text.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["brackets", "(".repeat(4_000)],
    ["operators", "x = 1".concat(" + 1".repeat(1_200))],
    ["blocks", Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}if x:\n`).join("")],
    ["calls", `x = f${"()".repeat(2_000)}`],
  ])("survives deep %s", (_, code) => expect(read(code).tree.problems).toEqual([]));
});
