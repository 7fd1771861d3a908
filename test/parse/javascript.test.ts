import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJavascript } from "../../src/parse/javascript.ts";
import { constant, type Expression, option, type ScriptTree } from "../../src/parse/script.ts";
import { sourceFile } from "../source-file.ts";

const TOPIC = "// jwt\n";

function read(
  code: string,
  path = "app.ts",
): { tree: ScriptTree; slice: (node: { start: number; end: number }) => string } {
  const file = sourceFile(path, TOPIC + code);
  return { tree: parseJavascript(file), slice: ({ start, end }) => file.text.slice(start, end) };
}

const value = (code: string): Expression | undefined => read(`const x = ${code}`).tree.assignments[0]?.value;

describe("assignments", () => {
  it.each([
    ["const a = 1", [["a", "1"]]],
    ["a.b.c = 1", [["a.b.c", "1"]]],
    ['res.headers["X-A"] = "1"', [["res.headers.X-A", "1"]]],
    ["export default { a: 1 }", [["default", "{ a: 1 }"]]],
    ["module.exports = { a: 1 }", [["module.exports", "{ a: 1 }"]]],
    ["class A { origin = '*' }", [["origin", "*"]]],
    ["export const a = 1 as const", [["a", "1"]]],
  ])("%s", (code, expected) => {
    const { tree, slice } = read(code);
    expect(tree.assignments.map(({ target, value }) => [target, value && slice(value)])).toEqual(expected);
  });

  it("reads destructuring as what it means", () => {
    const { tree, slice } = read('const { PORT = 3000, HOST: host = "h", KEY } = process.env');
    expect(tree.assignments.map(({ target }) => target)).toEqual(["PORT", "host", "KEY"]);
    const [port, , key] = tree.assignments.map(({ value }) => value!);
    expect(port).toMatchObject({ kind: "operation", operator: "??", left: { path: "process.env.PORT" } });
    expect(port!.kind === "operation" && slice(port.right)).toBe("3000");
    expect(key).toMatchObject({ kind: "name", path: "process.env.KEY" });
  });
});

describe("literals", () => {
  it.each([
    ['"a"', { kind: "string", text: "a", exact: true }],
    ["`a`", { kind: "string", text: "a", exact: true }],
    ['"a\\n"', { kind: "string", text: "a\n", exact: false }],
    ["`a${b}`", { kind: "template", parts: [{ path: "b" }] }],
    ["1e3", { kind: "number", value: 1000 }],
    ["undefined", { kind: "null" }],
    ["/a$/", { kind: "regex", text: "a$" }],
    ["[1, ...b]", { kind: "list", items: [{ kind: "number" }, { kind: "spread" }] }],
    ["{ a: 1, 'b-c': 2, d, ...e, f() {} }", { kind: "object", spreads: [{ path: "e" }] }],
    ["a || b", { kind: "operation", operator: "or" }],
    ["a ?? b", { kind: "operation", operator: "??" }],
    ["a === b", { kind: "operation", operator: "==" }],
    ["!a", { kind: "operation", operator: "not" }],
    ["a ? b : c", { kind: "conditional" }],
    ["process.env['X']!", { kind: "name", path: "process.env.X", subscript: true, asserted: true }],
    ["import.meta.env.X", { kind: "name", path: "import.meta.env.X" }],
    ["a?.b?.c", { kind: "name", path: "a.b.c" }],
    ["await f()", { kind: "call", path: "f" }],
    ["new Server(1)", { kind: "call", path: "Server" }],
    ["(o, cb) => cb(null, true)", { kind: "function", parameters: [{ name: "o" }, { name: "cb" }] }],
  ])("%s", (code, expected) => expect(value(code)).toMatchObject(expected));

  it.each([
    ["60 * 60 * 24", 86_400],
    ["15 * 60 * 1000", 900_000],
    ["7 * DAY", undefined],
  ])("constant %s", (code, expected) => expect(constant(value(code))).toBe(expected));

  it("places a string between its quotes and a pattern between its slashes", () => {
    for (const code of ['"abc"', "'abc'", "`abc`", "/abc/g"]) {
      const { tree, slice } = read(`const x = ${code}`);
      expect(slice(tree.assignments[0]!.value!)).toBe("abc");
    }
  });
});

describe("calls", () => {
  it("finds options in an object argument", () => {
    const { tree, slice } = read('app.use(cors({ origin: "*", "max-age": 1 }))');
    const cors = tree.calls.find(({ path }) => path === "cors")!;
    expect(slice(option(cors, "origin")!.value)).toBe("*");
    expect(slice(option(cors, "max-age")!.key)).toBe("max-age");
    expect(slice({ start: cors.close, end: cors.end })).toBe(")");
  });

  it.each([
    ["f()", undefined],
    ["if (x) f()", "condition"],
    ["if (process.env.NODE_ENV !== 'production') { f() }", "environment"],
    ["isDev && f()", "environment"],
    ["if (x) { g(() => f()) }", undefined],
  ])("guard of %j", (code, guard) => {
    expect(read(code).tree.calls.find(({ path }) => path === "f")?.guard).toBe(guard);
  });

  it("reads classes with decorators, methods and parameters", () => {
    const { tree, slice } = read(
      '@Controller("x")\nexport class A extends B {\n  @MinLength(8) password: string;\n  @Get("/y") get(@Req() r: R, b = 1) { return b }\n}',
    );
    expect(tree.classes).toMatchObject([{ name: "A", bases: ["B"] }]);
    expect(tree.assignments[0]).toMatchObject({ target: "password", owner: "A" });
    expect(tree.assignments[0]!.decorators.map(slice)).toEqual(["MinLength(8)"]);
    expect(tree.functions[0]).toMatchObject({ name: "get", owner: "A", parameters: [{ name: "r" }, { name: "b" }] });
    expect(tree.calls.filter(({ decorator }) => decorator).map(({ path }) => path)).toEqual([
      "Controller",
      "MinLength",
      "Get",
    ]);
  });

  it.each([
    "const issue = (id) => id;",
    "exports.issue = function (id) { return id; };",
    "let other; other.issue = (id) => id;",
  ])("names the function of %s", (text) => {
    expect(read(text).tree.functions.map(({ name }) => name)).toEqual(["issue"]);
  });
  it("keeps a condition outside of functions among the expressions", () => {
    const { tree } = read('if (req.headers["x-api-key"] !== key) {}');
    expect(tree.expressions.some((node) => node.kind === "name" && node.path === "req.headers.x-api-key")).toBe(true);
  });
});

it.each([
  ['import cors from "cors"', "cors", "cors", "default"],
  ['import { Router as R } from "express"', "R", "express", "Router"],
  ['import * as jwt from "jsonwebtoken"', "jwt", "jsonwebtoken", "*"],
  ['const cors = require("cors")', "cors", "cors", "*"],
  ['const { rateLimit } = require("express-rate-limit")', "rateLimit", "express-rate-limit", "rateLimit"],
  ['const limit = require("express-rate-limit").rateLimit', "limit", "express-rate-limit", "rateLimit"],
])("%s", (code, local, module, imported) => {
  expect(read(code).tree.imports).toMatchObject([{ local, module, imported }]);
});

describe("any input", () => {
  it.each([
    ["a.ts", "const x = <string>token;"],
    ["a.tsx", "const x = <App token={process.env.X} />;"],
    ["a.js", "const x = (a: ?string) => <b>{a}</b>;"],
    ["a.mjs", "await f(); return 1"],
    ["a.cjs", "with (a) { b() }"],
  ])("reads %s", (path, code) => expect(read(code, path).tree.problems).toEqual([]));

  it("reports a file it cannot read at the place that stops it", () => {
    const { tree, slice } = read('const token = "abc;\nlet x = }');
    expect(tree.problems).toMatchObject([{ kind: "unreadable" }]);
    expect(tree.problems[0]!.message).toMatch(/^file is not valid JavaScript: /);
    expect(slice(tree.problems[0]!.span)).toHaveLength(1);
  });

  it("does not parse what no rule is about, nor bundles", () => {
    for (const text of ["let a = 1", `token="${"x".repeat(6_000)}"`, `// token\n${"a = 1;\n".repeat(100_000)}`]) {
      expect(parseJavascript(sourceFile("a.js", text)).expressions).toEqual([]);
    }
  });

  it("is total, and every offset lies in the text", () => {
    const piece = fc.constantFrom(
      ..."token = ( ) [ ] { } : , . ; \n \" ' ` ${ \\ / // /* @ function class if else => x 1 * ?? ?. ! ... = \0 é <a>".split(
        " ",
      ),
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const file = sourceFile("a.tsx", TOPIC + pieces.join(""));
        const { expressions, problems } = parseJavascript(file);
        for (const { start, end } of [...expressions, ...problems.map(({ span }) => span)]) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(file.text.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["brackets", `x = ${"[".repeat(4_900)}`],
    ["operators", `x = 1${" + 1".repeat(1_200)}`],
    ["blocks", "if (x) {\n".repeat(3_000)],
    ["calls", `x = f${"()".repeat(2_000)}`],
    ["else-ifs", `if (a) {}\n${"else if (b) {}\n".repeat(3_000)}`],
  ])("survives deep %s", (_, code) => expect(Array.isArray(read(code).tree.problems)).toBe(true));
});
