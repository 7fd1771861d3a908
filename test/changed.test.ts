import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedFindings } from "../src/changed.ts";
import { parseDiff, WHOLE } from "../src/discover/git/diff.ts";
import type { FileChange } from "../src/model/changes.ts";
import { spanIn } from "./deployment.ts";
import { finding, rule } from "./report/findings.ts";
import { sourceFile } from "./source-file.ts";

const head = (path: string) => `diff --git a/${path} b/${path}\nindex 1..2 100644\n--- a/${path}\n+++ b/${path}\n`;

describe("output of git diff", () => {
  test.each<[string, string, FileChange]>([
    ["a line that came", "@@ -0,0 +3 @@\n+new\n", { written: [[3, 3]], removed: [] }],
    [
      "lines that went",
      "@@ -4,2 +3,0 @@\n-a\n-b\n",
      {
        written: [],
        removed: [
          { after: 3, text: "a" },
          { after: 3, text: "b" },
        ],
      },
    ],
    [
      "a line that was replaced",
      "@@ -4 +4,2 @@ services:\n-a\n+b\n+c\n",
      { written: [[4, 5]], removed: [{ after: 3, text: "a" }] },
    ],
    [
      "no line end at the end",
      "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n@@ -3,0 +4 @@\n+c\n",
      {
        written: [
          [1, 1],
          [4, 4],
        ],
        removed: [{ after: 0, text: "a" }],
      },
    ],
    [
      "lines that look like a diff",
      "@@ -1,2 +1,2 @@\n--- a/x\n-@@ -9 +9 @@\n+++ b/y\n+diff --git a/y b/y\n",
      {
        written: [[1, 2]],
        removed: [
          { after: 0, text: "-- a/x" },
          { after: 0, text: "@@ -9 +9 @@" },
        ],
      },
    ],
    ["a file that git takes for binary", "Binary files a/x and b/x differ\n", WHOLE],
    ["a mode", "", { written: [], removed: [] }],
  ])("%s", (_, hunks, change) => {
    expect(parseDiff(head("x") + hunks)).toEqual(new Map([["x", change]]));
  });

  test("names of files as they are", () => {
    const names = ["a b/c.yaml", "a b/b b/c", "é.env"];
    const output = `${names.map((name) => `${head(name)}@@ -0,0 +1 @@\n+x\n`).join("")}diff --git "a/tab\\t\\303\\251\\"" "b/tab\\t\\303\\251\\""\n@@ -0,0 +1 @@\n+x\n`;
    expect([...parseDiff(output).keys()]).toEqual([...names, 'tab\té"']);
  });

  const moved = ["  api:", "    image: x", "    privileged: true", "    user: root"];
  const hunk = (old: number, fresh: number, sign: string, lines: readonly string[]) =>
    `@@ -${old},${sign === "-" ? lines.length : 0} +${fresh},${sign === "+" ? lines.length : 0} @@\n${lines.map((line) => `${sign}${line}\n`).join("")}`;

  test("lines that moved together are neither written nor removed", () => {
    const output = head("x") + hunk(2, 1, "-", moved) + hunk(20, 17, "+", [...moved, "    cap_add: [ALL]"]);
    expect(parseDiff(output).get("x")).toEqual({ written: [[21, 21]], removed: [] });
  });

  test.each([
    ["two lines", moved.slice(0, 2), moved.slice(0, 2)],
    ["other indentation", moved, moved.map((line) => `  ${line}`)],
    ["another order", moved, moved.toReversed()],
  ])("no move: %s", (_, gone, come) => {
    const { written, removed } = parseDiff(head("x") + hunk(2, 1, "-", gone) + hunk(20, 17, "+", come)).get("x")!;
    expect(written).toEqual([[17, 16 + come.length]]);
    expect(removed).toHaveLength(gone.length);
  });

  test("one block moves once; its second copy was written", () => {
    const output = head("x") + hunk(2, 1, "-", moved) + hunk(20, 17, "+", moved) + hunk(30, 31, "+", moved);
    expect(parseDiff(output).get("x")?.written).toEqual([[31, 34]]);
  });

  test("of another file nothing moves here", () => {
    const output = head("x") + hunk(2, 1, "-", moved) + head("y") + hunk(2, 3, "+", moved);
    expect(parseDiff(output).get("y")?.written).toEqual([[3, 6]]);
  });

  test("total, and linear where every line is the same", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseDiff(head("x") + text)));
    const lines = Array.from({ length: 200_000 }, () => "  - A=1");
    const begin = performance.now();
    const { written } = parseDiff(head("x") + hunk(2, 1, "-", lines) + hunk(300_000, 1, "+", lines)).get("x")!;
    expect(written).toEqual([]);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});

describe("findings in changed lines", () => {
  const wildcard = rule("cors/wildcard-origin");
  const file = sourceFile("compose.yaml", "services:\r\n  api:\n    image: x\n  db:\n    ports:\n      - 5432:5432\n");
  const other = sourceFile("a/.env", "A=1\nB=2\n");
  const api = finding(wildcard, spanIn(file, "api"), "m", { implied: true, snippet: "api:\n  cap_drop: [ALL]" });
  const db = finding(wildcard, spanIn(file, "db"), "m", { implied: true, snippet: "db:\n  cap_drop: [ALL]" });
  const port = finding(rule("network/database-port-exposed"), spanIn(file, "5432:5432"), "m", {
    related: [{ at: spanIn(other, "2"), message: "n" }],
  });
  const all = [api, db, port];
  const pick = (changes: Readonly<Record<string, Partial<FileChange>>>, prefix = "") =>
    changedFindings(
      all,
      new Map(Object.entries(changes).map(([path, change]) => [path, { written: [], removed: [], ...change }])),
      prefix,
    );

  test.each<[string, Readonly<Record<string, Partial<FileChange>>>, readonly unknown[]]>([
    ["no change", {}, []],
    ["the line of the token", { "compose.yaml": { written: [[6, 6]] } }, [port]],
    [
      "lines around it",
      {
        "compose.yaml": {
          written: [
            [1, 1],
            [3, 3],
            [5, 5],
          ],
        },
      },
      [],
    ],
    ["the line of a related place in another file", { "a/.env": { written: [[2, 2]] } }, [port]],
    ["a whole file", { "compose.yaml": WHOLE }, all],
    [
      "a removed line that the remedy writes",
      { "compose.yaml": { removed: [{ after: 3, text: "    cap_drop:" }] } },
      [api],
    ],
    ["the same further down", { "compose.yaml": { removed: [{ after: 6, text: "    cap_drop: [ALL]" }] } }, [db]],
    ["an item of a list", { "compose.yaml": { removed: [{ after: 3, text: '      - "ALL"' }] } }, [api]],
    ["a removed line of something else", { "compose.yaml": { removed: [{ after: 3, text: "    user: app" }] } }, []],
    ["a removed line before all of them", { "compose.yaml": { removed: [{ after: 1, text: "  cap_drop:" }] } }, []],
    ["a file of another folder", { "b/compose.yaml": WHOLE }, []],
  ])("%s", (_, changes, expected) => {
    expect(pick(changes)).toEqual(expected);
  });

  test("paths of git begin at the root of the repository", () => {
    expect(pick({ "deploy/compose.yaml": { written: [[6, 6]] } }, "deploy/")).toEqual([port]);
    expect(pick({ "compose.yaml": { written: [[6, 6]] } }, "deploy/")).toEqual([]);
  });
});
