import { describe, expect, test } from "vitest";
import { durationWords, rewritten } from "../src/rule.ts";
import { sourceFile } from "./source-file.ts";

const file = sourceFile("compose.yaml", 'services:\n  api:\n    environment:\n      A: "*"\n      B: two\n');
const span = (text: string) => {
  const start = file.text.indexOf(text);
  return { file, start, end: start + text.length };
};

describe("the user's own lines", () => {
  test("one line, without its indentation", () => {
    expect(rewritten([{ span: span("*"), text: "https://app.example.com" }], [])).toBe('A: "https://app.example.com"');
  });

  test("from the first edit to the last, indented as they are to each other", () => {
    const edits = [
      { span: span("environment"), text: "env" },
      { span: span("two"), text: "2" },
    ];
    expect(rewritten(edits, [])).toBe('env:\n  A: "*"\n  B: 2');
  });

  test("new lines keep the indentation of the first", () => {
    const end = { file, start: span('"*"').end, end: span('"*"').end };
    expect(rewritten([{ span: end, text: "\n      C: 3" }], [])).toBe('A: "*"\nC: 3');
  });

  test("none where a secret stands on them, or nothing is edited", () => {
    expect(rewritten([{ span: span("A"), text: "Z" }], [span("*")])).toBeUndefined();
    expect(rewritten([{ span: span("A"), text: "Z" }], [span("two")])).toBe('Z: "*"');
    expect(rewritten([], [])).toBeUndefined();
  });

  test("none where a line is too long to read", () => {
    const long = sourceFile("a.js", `x = "${"y".repeat(300)}";`);
    expect(rewritten([{ span: { file: long, start: 0, end: 1 }, text: "z" }], [])).toBeUndefined();
  });
});

test.each([
  [60, "1 minute"],
  [5400, "90 minutes"],
  [86_400, "1 day"],
  [129_600, "36 hours"],
  [604_800, "7 days"],
  [31_557_600, "365 days"],
  [45, "45 seconds"],
])("%d seconds are %s", (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});
