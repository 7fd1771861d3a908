import { expect, test } from "vitest";
import { fingerprints, hash } from "../../src/report/fingerprint.ts";
import { maskOf } from "../../src/report/mask.ts";
import { spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, rule } from "./findings.ts";

const literal = rule("secrets/in-env-literal");

/** Fingerprint of a finding at `token`, with `secret` masked. */
const of = (
  text: string,
  { token = "TOKEN", path = "a/.env", secret = "", prefix = "", subject = "s", by = literal } = {},
): string => {
  const file = sourceFile(path, text);
  const mask = maskOf(secret ? [spanIn(file, secret)] : []);
  return fingerprints([finding(by, spanIn(file, token), "m", { subject })], mask, prefix)[0]!;
};

test("survives other lines, indentation and blanks", () => {
  const one = of("TOKEN: abc\n");
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(of("# new\n\n    TOKEN:   abc\r\nmore: 1\n")).toBe(one);
});

test.each([
  ["the line", of("TOKEN: abd\n")],
  ["the rule", of("TOKEN: abc\n", { by: rule("secrets/provider-key") })],
  ["the path", of("TOKEN: abc\n", { path: "b/.env" })],
  ["the subject", of("TOKEN: abc\n", { subject: "t" })],
])("changes with %s", (_, other) => {
  expect(other).not.toBe(of("TOKEN: abc\n"));
});

test("is the same from the root of the repository and from a folder below", () => {
  expect(of("TOKEN: abc", { path: ".env", prefix: "a/" })).toBe(of("TOKEN: abc", { path: "a/.env" }));
});

test("tells nothing about a secret", () => {
  expect(of("TOKEN=hunter2", { secret: "hunter2" })).toBe(of("TOKEN=correct-horse", { secret: "correct-horse" }));
});

test("numbers findings that are alike", () => {
  const file = sourceFile("a.yaml", "- x\n- x\n- x\n");
  const found = [0, 1, 2].map((nth) => finding(literal, spanIn(file, "x", nth), "m"));
  const all = fingerprints(found, maskOf([]), "");
  expect(new Set(all).size).toBe(3);
  expect(fingerprints(found.slice(0, 2), maskOf([]), "")).toEqual(all.slice(0, 2));
});

test("spreads: no collision among 200,000 similar texts, every bit in use", () => {
  const seen = new Set<string>();
  const bits = new Array<number>(64).fill(0);
  for (let i = 0; i < 200_000; i++) {
    const value = hash(`cors/wildcard-origin\0compose.yaml\0service s${i}\0- "80:80"`);
    seen.add(value);
    if (i >= 2_000) continue;
    for (const [at, bit] of [...BigInt(`0x${value}`).toString(2).padStart(64, "0")].entries()) bits[at]! += Number(bit);
  }
  expect(seen.size).toBe(200_000);
  for (const ones of bits) expect(Math.abs(ones - 1_000)).toBeLessThan(200);
});
