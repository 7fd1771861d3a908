import { describe, expect, test } from "vitest";
import { evaluate, filled, holds, type Scope, type Value } from "../../scripts/action-expression.ts";

const NAMES: Readonly<Record<string, Value>> = { "inputs.fail-on": "high", "inputs.none": "", "github.nothing": null };
const scope = (success = true): Scope => ({
  success,
  lookup: (name) => {
    if (!(name in NAMES)) throw new Error(`no ${name}`);
    return NAMES[name]!;
  },
  call: (name, args) => {
    if (name !== "joined") throw new Error(`no ${name}`);
    return args.join("+");
  },
});

describe("expressions of GitHub Actions", () => {
  test.each<[string, Value]>([
    ["inputs.fail-on", "high"],
    ["inputs.fail-on == 'HIGH'", true],
    ["inputs.fail-on != 'low' && !inputs.none", true],
    ["inputs.none || 'other'", "other"],
    ["inputs.none && 'other'", ""],
    ["github.nothing == ''", true],
    ["github.nothing == 'x'", false],
    ["(true || false) && false", false],
    ["true || false && false", true],
    ["joined('a', 'it''s')", "a+it's"],
    ["'${{'", "${{"],
    ["cancelled()", false],
  ])("%s", (expression, value) => expect(evaluate(expression, scope())).toBe(value));

  test.each([
    "",
    "inputs.other",
    "contains('a', 'b')",
    "1 == 1",
    "'open",
    "a ==",
    "true true",
    "(true",
    "x.*",
    "a > b",
  ])("%j is an error, never false", (expression) => expect(() => evaluate(expression, scope())).toThrow());

  test.each<[string | undefined, boolean, boolean]>([
    [undefined, true, true],
    [undefined, false, false],
    ["inputs.fail-on == 'high'", false, false],
    ["${{ always() && inputs.fail-on == 'high' }}", false, true],
    ["always() && inputs.none", false, false],
    ["failure()", false, true],
    ["!cancelled()", false, true],
  ])("if %j after success %j: %j", (condition, success, runs) => expect(holds(condition, scope(success))).toBe(runs));

  test("a text with several", () => {
    expect(filled("a ${{ inputs.fail-on }} ${{inputs.none}}${{ github.nothing }}b", scope())).toBe("a high b");
  });
});
