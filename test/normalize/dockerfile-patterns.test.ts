import { describe, expect, test } from "vitest";
import { expand } from "../../src/normalize/dockerfile/expand.ts";
import { cleanPath, covers, ignoring } from "../../src/normalize/dockerfile/patterns.ts";

describe("ignoring", () => {
  test.each<[readonly string[], string, boolean]>([
    [[".env"], ".env", true],
    [[".env"], "a/.env", false],
    [["**/.env"], ".env", true],
    [["**/.env"], "a/b/.env", true],
    [["**/.env"], "a/b.env", false],
    [["**.env"], "a/b.env", true],
    [["*"], "a/.env", true],
    [["a"], "a/.env", true],
    [["a/**"], "a/b/.env", true],
    [["a/*/c"], "a/b/c/.env", true],
    [["*.env"], "prod.env", true],
    [[".env?"], ".env", false],
    [[".env.[a-c]*"], ".env.b1", true],
    [[".env.[^a-c]"], ".env.b", false],
    [["./.env/"], ".env", true],
    [["a/../.env"], ".env", true],
    [[".env", "!.env"], ".env", false],
    [["!.env", ".env"], ".env", true],
    [["*", "!a"], "a/.env", false],
    [["*", "!a", "a/.env"], "a/.env", true],
    [["  .env  "], ".env", true],
    [["[", "."], ".env", false],
    [["\\*"], "a", false],
  ])("%j of %s: %s", (patterns, path, expected) => expect(ignoring(patterns)(path)).toBe(expected));

  test("many wildcards cost no more than a few", () => {
    const start = performance.now();
    expect(ignoring([`${"*a".repeat(200)}b`])("a".repeat(2000))).toBe(false);
    expect(ignoring([`${"**/a".repeat(200)}b`])("a/".repeat(1000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

test.each([
  [".", "a/.env", true],
  ["/", ".env", true],
  ["../..", ".env", true],
  ["*", ".env", true],
  ["*", "a/.env", true],
  ["a*", ".env", false],
  ["a/", "a/b/.env", true],
  ["a/*", "a/.env", true],
  ["b", "a/.env", false],
  ["[", "[", false],
])("COPY %s covers %s: %s", (source, path, expected) => expect(covers(source, path)).toBe(expected));

test.each([
  ["./a//b/", "a/b"],
  ["a/../..", ".."],
  ["/..", "/"],
  ["", "."],
])("%j is %j", (path, expected) => expect(cleanPath(path)).toBe(expected));

describe("expand", () => {
  const values = new Map([
    ["A", "abc"],
    ["B", ""],
    ["C", "foo/bar/baz"],
  ]);
  const resolved = (raw: string, escaping = "\\") =>
    expand(
      raw,
      (name) => (name === "U" ? "unknown" : values.has(name) ? { value: values.get(name)! } : "unset"),
      escaping,
    ).resolved;

  test.each<[string, string | undefined]>([
    ["$A", "abc"],
    ["x${A}y", "xabcy"],
    ["$X", ""],
    ["${X:-d}${X-d}", "dd"],
    ["${B:-d}${B-d}", "d"],
    ["${A:+a}${B:+a}${B+a}${X+a}", "aa"],
    ["${A:?e}", "abc"],
    ["${B:?e}", undefined],
    ["${X:-${A}}", "abc"],
    ["${X:-'q r'}", "q r"],
    ["${C#*/}", "bar/baz"],
    ["${C##*/}", "baz"],
    ["${C%/*}", "foo/bar"],
    ["${C%%/*}", "foo"],
    ["${C#f?o}", "/bar/baz"],
    ["${C%x}", "foo/bar/baz"],
    ["${C/o/0}", "f0o/bar/baz"],
    ["${C//o/0}", "f00/bar/baz"],
    ["'$A'\"$A\"", "$Aabc"],
    ["\\$A", "$A"],
    ["a$", "a$"],
    ["$U", undefined],
    ["${U:-d}", "d"],
    ["${U:+a}", undefined],
    ["${A", undefined],
    ["${A:-", undefined],
    ["${}", undefined],
    ['"$A', undefined],
    ["${A!x}", undefined],
    ["${X:-".repeat(40), undefined],
  ])("%s is %j", (raw, expected) => expect(resolved(raw)).toBe(expected));

  test("the escape directive decides what escapes", () => {
    expect(resolved("`$A\\x", "`")).toBe("$A\\x");
  });
});
