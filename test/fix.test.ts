import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edited, pass, rewritten, whole, written, writtenEdits } from "../src/fix.ts";
import type { SourceFile } from "../src/model.ts";
import { plain } from "../src/report/colors.ts";
import { unifiedDiff } from "../src/report/diff.ts";
import type { Edit, Fix } from "../src/rule.ts";
import { finding, rule } from "./report/findings.ts";
import { sourceFile } from "./source-file.ts";

const at = (file: SourceFile, start: number, end: number, text: string): Edit => ({ span: { file, start, end }, text });
const fix = (...edits: readonly Edit[]): Fix => ({ title: "t", safety: "safe", edits });
const found = (...edits: readonly Edit[]) =>
  finding(rule("env/quotes-missing"), edits[0]!.span, "m", { fix: fix(...edits) });
const all = () => true;

describe("one pass", () => {
  const file = sourceFile(".env", "0123456789");
  const other = sourceFile("b.env", "0123456789");

  test.each([
    ["overlapping edits", [at(file, 0, 4, "a")], [at(file, 3, 6, "b")], 1],
    ["insertions at one offset", [at(file, 3, 3, "a")], [at(file, 3, 3, "b")], 1],
    ["an insertion at the end of a replacement", [at(file, 0, 3, "a")], [at(file, 3, 3, "b")], 1],
    ["edits apart", [at(file, 0, 3, "a")], [at(file, 4, 6, "b")], 2],
    ["the same places of two files", [at(file, 0, 3, "a")], [at(other, 0, 3, "b")], 2],
    ["one edit of two", [at(file, 0, 3, "a")], [at(other, 0, 3, "b"), at(file, 2, 4, "c")], 1],
  ])("%s", (_, first, second, fixed) => {
    const result = pass([found(...first), found(...second)], all);
    expect([result.fixed.length, result.waiting.length]).toEqual([fixed, 2 - fixed]);
    expect([...result.edits.values()].flat()).toHaveLength(fixed === 2 ? first.length + second.length : first.length);
  });

  test.each([
    ["overlaps itself", [at(file, 0, 4, "a"), at(file, 3, 6, "b")]],
    ["lies outside the text", [at(file, 9, 11, "a")]],
    ["changes nothing", [at(file, 2, 4, "23")]],
    ["has no edits", []],
    ["reaches into context", [at({ ...file, context: true }, 0, 1, "a")]],
  ])("a fix that %s is none", (_, edits) => expect(writtenEdits(fix(...edits))).toBeUndefined());

  test("line ends of the file, behind its byte order mark", () => {
    const crlf = sourceFile(".env", "\ufeffA=1\r\nB=2");
    const [edit] = writtenEdits(fix(at(crlf, 0, 0, "# x\ny\r\n")))!;
    expect(edited(crlf.text, [edit!])).toBe("\ufeff# x\r\ny\r\nA=1\r\nB=2");
  });
});

const EDITS = fc
  .array(fc.tuple(fc.nat(4), fc.nat(4), fc.constantFrom("", "x", "new\n", "\n", "a\nb")), { maxLength: 6 })
  .map((steps) => {
    let offset = 0;
    return steps.map(([skip, length, text]) => {
      const start = offset + skip;
      offset = start + length + 1;
      return { start, end: start + length, text };
    });
  });
const TEXT = fc.array(fc.constantFrom("a", "b", "\n", "line\n", "other\n"), { maxLength: 30 }).map((s) => s.join(""));
const within = (file: SourceFile, edits: readonly { start: number; end: number; text: string }[]): readonly Edit[] =>
  edits.filter(({ end }) => end <= file.text.length).map(({ start, end, text }) => at(file, start, end, text));
const cut = (text: string, edits: readonly Edit[]) =>
  edits.toReversed().reduce((now, { span, text: put }) => now.slice(0, span.start) + put + now.slice(span.end), text);

describe("any edits", () => {
  test("pieces stand for the text after one pass and after two", () => {
    fc.assert(
      fc.property(TEXT, EDITS, EDITS, (text, first, second) => {
        const before = sourceFile(".env", text);
        const once = within(before, first);
        const middle = sourceFile(".env", edited(text, once));
        const twice = within(middle, second);
        expect(middle.text).toBe(cut(text, once));
        const pieces = rewritten(rewritten(whole(text), once), twice);
        expect(written(text, pieces)).toBe(cut(middle.text, twice));
      }),
    );
  });

  test("a unified diff leads from one text to the other", () => {
    fc.assert(
      fc.property(TEXT, EDITS, EDITS, (text, first, second) => {
        const before = sourceFile(".env", text);
        const once = within(before, first);
        const middle = sourceFile(".env", edited(text, once));
        const twice = within(middle, second);
        const after = sourceFile(".env", edited(middle.text, twice));
        const pieces = rewritten(rewritten(whole(text), once), twice);
        const masks = { before: new Map(), after: new Map() };
        const diff = unifiedDiff([{ before, after, pieces }], { masks, paint: plain, displayPrefix: "" });
        expect(patched(text, diff)).toBe(after.text);
      }),
    );
  });
});

/** What `patch` makes of it: every hunk at its line, every old line as it says. */
function patched(text: string, diff: string): string {
  const old = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const result: string[] = [];
  let next = 0;
  for (const line of diff.split("\n").slice(2, -1)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk) {
      const start = hunk[2] === "0" ? Number(hunk[1]) : Number(hunk[1]) - 1;
      while (next < start) result.push(old[next++]!);
    } else if (line.startsWith("\\")) continue;
    else if (line.startsWith("+")) result.push(`${line.slice(1)}\n`);
    else {
      expect(`${line.slice(1)}\n`).toBe(old[next]!.endsWith("\n") ? old[next] : `${old[next]}\n`);
      if (line.startsWith(" ")) result.push(old[next]!);
      next++;
    }
  }
  result.push(...old.slice(next));
  const noEnd = /(?:^|\n)([ +-]).*\n\\ No newline at end of file(?=\n$)/.exec(diff);
  const joined = result.join("");
  return noEnd && noEnd[1] === "+" ? joined.slice(0, -1) : joined;
}

test("a diff for a reader: hunks with their context, secrets masked", () => {
  const lines = Array.from({ length: 12 }, (_, i) => `KEY_${i}=value`);
  const text = `${lines.join("\n")}\nPASSWORD=c4Hq9vXz`;
  const before = sourceFile(".env", text);
  const secret = { file: before, start: text.length - 8, end: text.length };
  const edits = [at(before, 6, 11, "other"), at(before, text.length, text.length, "\nLAST=1")];
  const after = sourceFile(".env", edited(text, edits));
  const start = after.text.indexOf("c4Hq");
  const masks = {
    before: new Map([[before, [[secret.start, secret.end] as const]]]),
    after: new Map([[after, [[start, start + 8] as const]]]),
  };
  const pieces = rewritten(whole(text), edits);
  expect(unifiedDiff([{ before, after, pieces }], { masks, paint: plain, displayPrefix: "app/" })).toBe(`--- a/app/.env
+++ b/app/.env
@@ -1,4 +1,4 @@
-KEY_0=value
+KEY_0=other
 KEY_1=value
 KEY_2=value
 KEY_3=value
@@ -10,4 +10,5 @@
 KEY_9=value
 KEY_10=value
 KEY_11=value
-PASSWORD=••••
\\ No newline at end of file
+PASSWORD=••••
+LAST=1
\\ No newline at end of file
`);
});
