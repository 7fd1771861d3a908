import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnvValue, Located } from "../../src/model.ts";
import { interpolate, type Lookup, malformed } from "../../src/normalize/interpolation.ts";
import { sourceFile } from "../source-file.ts";

const env = sourceFile(".env", "SET=value\nEMPTY=\n");
const located = (value: string): Located<string> => ({ value, span: { file: env, start: 4, end: 9 } });
const values = new Map<string, ReturnType<Lookup>>([
  ["SET", located("value")],
  ["EMPTY", located("")],
  ["HIDDEN", "unknown"],
]);
const lookup: Lookup = (name) => values.get(name);

const read = (text: string): EnvValue => {
  const file = sourceFile("compose.yaml", text);
  return interpolate(text, (start, end) => ({ file, start, end }), lookup);
};
const resolved = (text: string): string | undefined => {
  const value = read(text);
  return value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;
};
const references = (text: string) => {
  const value = read(text);
  return value.from === "variable" ? value.references : [];
};
const shown = ({ span }: { span: { file: { text: string }; start: number; end: number } }) =>
  span.file.text.slice(span.start, span.end);

describe("what a text comes to", () => {
  test.each<[string, string | undefined]>([
    ["plain", "plain"],
    ["", ""],
    ["a$$b", "a$b"],
    ["$$SET", "$SET"],
    ["$${SET}", "${SET}"],
    ["$$$SET", "$value"],
    ["cost: 5$", "cost: 5$"],
    ["$1", "$1"],
    ["$SET", "value"],
    ["${SET}", "value"],
    ["${SET}-${SET}", "value-value"],
    ["$SET.txt", "value.txt"],
    ["$UNSET", undefined],
    ["x${UNSET}y", undefined],
    ["${UNSET:-d}", "d"],
    ["${UNSET-d}", "d"],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${SET:-d}", "value"],
    ["${UNSET:-}", ""],
    ["${UNSET:?needed}", undefined],
    ["${EMPTY:?needed}", undefined],
    ["${EMPTY?needed}", ""],
    ["${SET:?needed}", "value"],
    ["${SET:+a}", "a"],
    ["${EMPTY:+a}", ""],
    ["${EMPTY+a}", "a"],
    ["${UNSET+a}", ""],
    ["${UNSET:-${SET}}", "value"],
    ["${UNSET:-${EMPTY:-${OTHER:-deep}}}", "deep"],
    ["${UNSET:-a${OTHER:-b}c}", "abc"],
    ["${UNSET:-${OTHER}}", undefined],
    ["${UNSET:-$$x}", "$x"],
    ["${UNSET:-http://a:1/?b=c}", "http://a:1/?b=c"],
    ['${UNSET:-{"a":1}', '{"a":1'],
    ["${HIDDEN}", undefined],
    ["${HIDDEN:-d}", undefined],
  ])("%s → %s", (text, expected) => expect(resolved(text)).toBe(expected));
});

describe("references point at what is written", () => {
  test("name, fallback and the value's place in .env", () => {
    const [unset, set] = references("a ${UNSET:-d} b ${SET:-x}");
    expect(shown(unset!)).toBe("${UNSET:-d}");
    expect(shown(unset!.fallback!)).toBe("d");
    expect(unset!.value).toBeUndefined();
    expect(shown(set!)).toBe("${SET:-x}");
    expect(shown(set!.fallback!)).toBe("x");
    expect(shown(set!.value!)).toBe("value");
    expect(set!.value!.span.file.path).toBe(".env");
  });

  test("a fallback that is one reference is decided by the innermost", () => {
    const found = references("${A:-${B:-deep}}");
    expect(found.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(found.map(({ fallback }) => shown(fallback!))).toEqual(["deep", "deep"]);
  });

  test("required", () => {
    expect(references("${A:?why}${B?}")).toMatchObject([
      { name: "A", required: true },
      { name: "B", required: true },
    ]);
  });

  test("an alternative that does not apply leaves nothing, and says that nobody wrote that", () => {
    expect(references("${UNSET:+a}")[0]!.fallback).toMatchObject({ value: "", implied: true });
  });
});

describe("malformed", () => {
  test.each([
    ["${", "${"],
    ["a ${} b", "${}"],
    ["${1}", "${1}"],
    ["${V/x/y}", "${V/x/y}"],
    ["${A:-${B/x}}", "${B/x}"],
    ["x${A:-b", "${A:-b"],
    ["${A b} ${C}", "${A b}"],
  ])("%s", (text, wrong) => {
    const { from, to } = malformed(text)!;
    expect(text.slice(from, to)).toBe(wrong);
  });

  test("stays as it is written", () => {
    expect(read("a ${V/x/y} b")).toEqual({ from: "literal", text: "a ${V/x/y} b" });
  });

  test.each(["", "$", "$$", "${A}", "${A:-}}", "$${", "a{b}"])("%s is well formed", (text) =>
    expect(malformed(text)).toBeUndefined(),
  );
});

const pieces = fc.constantFrom("$", "${", "}", "A", "SET", ":-", "-", ":?", "+", "x y", "$$", "é", "\n", "{", ":");

test("any text: never throws, spans lie inside it, `resolved` means that all is known", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join("");
      const value = read(text);
      if (value.from !== "variable") return;
      for (const { name, span, fallback, value: found } of value.references) {
        expect(text.slice(span.start, span.end)).toContain(name);
        if (fallback && !fallback.implied && !/[$]/.test(shown(fallback))) expect(shown(fallback)).toBe(fallback.value);
        if (found && found.span.file.path === ".env") expect(values.get(name)).toBeDefined();
      }
    }),
  );
});

test("a text made of known parts comes to those parts", () => {
  const word = fc.stringMatching(/^[a-z :/.-]{0,8}$/);
  const part = fc.oneof(
    word.map((text) => [text, text] as const),
    word.map((text) => [`\${UNSET:-${text}}`, text] as const),
    fc.constantFrom(["$$", "$"] as const, ["${SET}", "value"] as const, ["${EMPTY-x}", ""] as const),
    word.map((text) => [`\${A:-\${B-${text}}}`, text] as const),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      expect(resolved(parts.map(([text]) => text).join(""))).toBe(parts.map(([, value]) => value).join(""));
    }),
  );
});

test.each([
  ["unclosed", "${A:-".repeat(40_000)],
  ["nested", "${A:-".repeat(40_000) + "}".repeat(40_000)],
  ["many", "${A:-x}".repeat(30_000)],
  ["dollars", "$".repeat(200_000)],
  ["no name", "${ ".repeat(60_000)],
])("200,000 characters of %s take no time", (_, text) => {
  const started = performance.now();
  read(text);
  malformed(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
