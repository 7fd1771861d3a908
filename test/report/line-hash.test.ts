import fc from "fast-check";
import { expect, test } from "vitest";
import { lineHashes } from "../../src/report/line-hash.ts";

/** The definition itself, in arbitrary precision and quadratic time. */
function byDefinition(text: string): readonly string[] {
  const units = [...text.replace(/\r\n?/g, "\n").replace(/[ \t]/g, "")].flatMap((character) =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i)),
  );
  units.push(65535);
  const starts = units.flatMap((_, i) => (i === 0 || units[i - 1] === 10 ? [i] : []));
  const seen = new Map<string, number>();
  return starts.map((start) => {
    let value = 0n;
    for (let i = 0; i < 100; i++) value = (value * 37n + BigInt(units[start + i] ?? 0)) % 2n ** 64n;
    const hash = value.toString(16);
    seen.set(hash, (seen.get(hash) ?? 0) + 1);
    return `${hash}:${seen.get(hash)}`;
  });
}

test("is the polynomial of the next 100 units", () => {
  const text = fc.array(
    fc.constantFrom("a", "services:\n", "  ", "\t", "\n", "\r\n", "\r", "é", "😀", "x".repeat(90)),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(text, (parts) => {
      expect(lineHashes(parts.join(""))).toEqual(byDefinition(parts.join("")));
    }),
  );
});

test("counts equal hashes", () => {
  const hashes = lineHashes("same\n".repeat(60));
  expect(hashes[0]!.replace(/:1$/, "")).toBe(hashes[1]!.replace(/:2$/, ""));
  expect(hashes[1]).toMatch(/:2$/);
});

test("an empty text has one line", () => {
  expect(lineHashes("")).toEqual(byDefinition(""));
});

test("is linear", () => {
  const started = performance.now();
  expect(lineHashes("key: value\n".repeat(100_000))).toHaveLength(100_001);
  expect(performance.now() - started).toBeLessThan(2_000);
});
