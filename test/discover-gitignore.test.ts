import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parseIgnoreRules, verdict } from "../src/discover/gitignore.ts";

const ignored = (patterns: string, path: string, folder = false) => verdict(parseIgnoreRules(patterns), path, folder);

describe("gitignore patterns", () => {
  test.each([
    ["*.log", "a/b.log", true],
    ["*.log", "a/b.logs", undefined],
    ["/dist", "dist", true],
    ["/dist", "a/dist", undefined],
    ["a/b", "a/b", true],
    ["a/b", "x/a/b", undefined],
    ["**/b", "x/a/b", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a/**", "a/x/y", true],
    ["a/**", "a", undefined],
    ["*.env\n!prod.env", "prod.env", false],
    ["\\!x", "!x", true],
    ["\\#x", "#x", true],
    ["# x", "# x", undefined],
    ["x   ", "x", true],
    ["x\\ ", "x ", true],
    ["x\r\n", "x", true],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", undefined],
    ["[[:digit:]]", "7", true],
    ["[]]", "]", true],
    ["[a", "[a", undefined],
    ["x\\", "x\\", undefined],
    ["a*b*c", "a1b2b3c", true],
    ["?", "ab", undefined],
    ["\uFEFFx", "x", true],
  ])("%j and %j: %s", (pattern, path, expected) => expect(ignored(pattern, path)).toBe(expected));

  test("a pattern that ends in / matches folders only", () => {
    expect(ignored("build/", "build", true)).toBe(true);
    expect(ignored("build/", "build", false)).toBeUndefined();
  });

  test("a hostile pattern costs no more than pattern × path", () => {
    const started = performance.now();
    expect(ignored(`${"*a".repeat(2000)}b`, "a".repeat(4000))).toBeUndefined();
    expect(ignored(`${"**/a/".repeat(500)}b`, "a/".repeat(2000))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("the same verdict as git", () => {
  const folder = mkdtempSync(join(tmpdir(), "qwed-ignore-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync("git", ["init", "-q", folder]);
  const names = ["a", "b", "ab", ".env", "x.log", "a-b", "[a]", "A"];
  const paths = names.flatMap((one) => names.flatMap((two) => [`p${one}/${two}`, `p${one}/q${two}/c`]));
  for (const path of paths) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
  const piece = fc.constantFrom(
    "*",
    "**",
    "?",
    "a",
    "b",
    "p",
    "q",
    ".",
    "env",
    "[ab]",
    "[!a]",
    "[a-c]",
    "\\[",
    "]",
    "[",
    "/",
    "!",
    "-",
    "[[:upper:]]",
    "\\a",
  );
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));

  test("on random patterns and all paths of a tree", () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), (patterns) => {
        writeFileSync(join(folder, ".git", "info", "exclude"), `${patterns.join("\n")}\n`);
        const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
          cwd: folder,
          encoding: "utf8",
        });
        const rules = parseIgnoreRules(patterns.join("\n"));
        const kept = paths.filter((path) => {
          for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
            if (verdict(rules, path.slice(0, end), true)) return false;
          }
          return !verdict(rules, path, false);
        });
        expect(kept.sort()).toEqual(listed.split("\0").filter(Boolean).sort());
      }),
      { numRuns: 60 },
    );
  });
});
