import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Span } from "../../src/model.ts";
import { plain } from "../../src/report/colors.ts";
import { frame } from "../../src/report/frame.ts";
import { maskOf } from "../../src/report/mask.ts";
import { widthOf } from "../../src/report/visible.ts";
import { spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";

const draw = (span: Span, sensitive: readonly Span[] = [], width = 80): string =>
  frame(span, { mask: maskOf(sensitive), paint: plain, width, mark: { sign: "^", paint: (text) => text } }).join("\n");

const env = (text: string) => sourceFile(".env", text);

describe("frame", () => {
  test.each([
    ["one token", "A=1\nB=two\n", "two", "  |\n2 | B=two\n  |   ^^^"],
    ["CR LF", "A=1\r\nB=two\r\n", "two", "  |\n2 | B=two\n  |   ^^^"],
    ["a tab before it", "\tk: v", "v", "  |\n1 |     k: v\n  |        ^"],
    ["a tab inside the line", "ab\tcd", "cd", "  |\n1 | ab  cd\n  |     ^^"],
    ["wide characters", "k: 漢字 x", "字", "  |\n1 | k: 漢字 x\n  |      ^^"],
    ["a combining mark", "e\u0301: x", "x", "  |\n1 | e\u0301: x\n  |    ^"],
    ["an emoji", "a: 😀b", "b", "  |\n1 | a: 😀b\n  |      ^"],
    ["an escape sequence", "A=\u001b[31mred", "red", "  |\n1 | A=␛[31mred\n  |        ^^^"],
    ["a right-to-left override", "A=\u202ex", "x", "  |\n1 | A=<U+202E>x\n  |           ^"],
  ])("%s", (_, text, token, expected) => {
    expect(draw(spanIn(env(text), token))).toBe(expected);
  });

  test("two lines", () => {
    const file = env("  - a\n  - b\nc\n");
    expect(draw({ file, start: 2, end: 11 })).toBe("  |\n1 |   - a\n  |   ^^^\n2 |   - b\n  |   ^^^");
  });

  test("a range that ends behind a line end stays above it", () => {
    expect(draw({ file: env("a\nb\n"), start: 0, end: 2 })).toBe("  |\n1 | a\n  | ^");
  });

  test("a long range shows its first lines and its last", () => {
    const file = env(Array.from({ length: 12 }, (_, i) => `line${i + 1}`).join("\n"));
    expect(draw({ file, start: 0, end: file.text.length })).toBe(
      "   |\n 1 | line1\n   | ^^^^^\n 2 | line2\n   | ^^^^^\n.. |\n12 | line12\n   | ^^^^^^",
    );
  });

  test("a place without extent is marked once", () => {
    expect(draw({ file: env("KEY="), start: 4, end: 4 })).toBe("  |\n1 | KEY=\n  |     ^");
    expect(draw({ file: env(""), start: 0, end: 0 })).toBe("  |\n1 |\n  | ^");
  });

  test("a secret has the same length whatever it is, and the underline follows", () => {
    const file = env("PASSWORD=abc # why\nTOKEN=a-much-longer-secret # why\n");
    const secrets = [spanIn(file, "abc"), spanIn(file, "a-much-longer-secret")];
    expect(draw(spanIn(file, "why"), secrets)).toBe("  |\n1 | PASSWORD=•••• # why\n  |                 ^^^");
    expect(draw(spanIn(file, "why", 1), secrets)).toBe("  |\n2 | TOKEN=•••• # why\n  |              ^^^");
    expect(draw(secrets[1]!, secrets)).toBe("  |\n2 | TOKEN=•••• # why\n  |       ^^^^");
    expect(draw(spanIn(file, "longer"), secrets)).toBe("  |\n2 | TOKEN=•••• # why\n  |       ^^^^");
  });

  test("a long line is cut around the token, at the same cost however long it is", () => {
    const file = env(`A=${"x".repeat(2_000_000)}HERE${"y".repeat(2_000_000)}`);
    const started = performance.now();
    const [, line, marks] = draw(spanIn(file, "HERE"), [], 40).split("\n");
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(line).toMatch(/^1 \| …x+HEREy+…$/);
    expect(widthOf(line!)).toBeLessThanOrEqual(40);
    expect(line!.slice(marks!.indexOf("^"), marks!.lastIndexOf("^") + 1)).toBe("HERE");
  });

  test("a token longer than the terminal is underlined as far as it goes", () => {
    const [, line, marks] = draw(spanIn(env(`A=${"x".repeat(500)}`), "x".repeat(500)), [], 40).split("\n");
    expect(widthOf(line!)).toBeLessThanOrEqual(40);
    expect(marks!.length).toBeLessThanOrEqual(40);
    expect(marks).toMatch(/\^{30,}$/);
  });

  test("never prints a secret or a control character, never runs over the width, always marks something", () => {
    const part = fc.constantFrom(
      "key=",
      "  ",
      "\t",
      "\n",
      "\r\n",
      "漢",
      "😀",
      "\u001b[2J",
      "\u202e",
      "“",
      "\ud83d",
      "x".repeat(60),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.array(part, { maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 30, max: 90 }),
        (before, after, a, b, width) => {
          const secret = "S3CR3T-VALUE";
          const file = env([...before, secret, ...after].join(""));
          const [start, end] = [a % (file.text.length + 1), b % (file.text.length + 1)].sort((m, n) => m - n) as [
            number,
            number,
          ];
          const drawn = draw({ file, start, end }, [spanIn(file, secret)], width);
          expect(drawn).not.toMatch(/S3CR|R3T-VAL|VALUE/);
          for (const line of drawn.split("\n")) {
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
            expect(widthOf(line)).toBeLessThanOrEqual(Math.max(width, 28));
          }
          if (start === end || /\S/.test(file.text.slice(start, end))) expect(drawn).toContain("^");
        },
      ),
      { numRuns: 300 },
    );
  });
});
