import { describe, expect, test } from "vitest";
import type { Variable } from "../../src/model.ts";
import { providerKeys } from "../../src/normalize/provider-keys.ts";
import { variable } from "../../src/normalize/variable.ts";
import { sourceFile } from "../source-file.ts";

/** Enough to cut bodies of any length from; nobody's key. */
const BASE62 = "Zt4Kq81LmWv0XyRb27NdPfQs9uHcJg3Ea1bT6wVx5oMi8nDrYk2pSzGhBfC4lQeU7jA9";
const HEX = "9f3a71c0d5e82b46f01e7a93c8d45b267e0fa1936cbd82f4507ae9c3b1d6482f";
const found = (text: string) =>
  providerKeys([sourceFile("notes.txt", text)], []).map(({ provider, span }) => [
    provider,
    text.slice(span.start, span.end),
  ]);

const keys: readonly (readonly [string, string])[] = [
  ["openai", `sk-${BASE62.slice(0, 48)}`],
  ["openai", `sk-proj-${BASE62.slice(0, 60)}`],
  ["openai", `sk-svcacct-${BASE62.slice(0, 40)}`],
  ["anthropic", `sk-ant-api03-${BASE62}`],
  ["openrouter", `sk-or-v1-${HEX}`],
  ["google", `AIza${BASE62.slice(0, 35)}`],
  ["groq", `gsk_${BASE62.slice(0, 52)}`],
  ["huggingface", `hf_${BASE62.slice(0, 34)}`],
  ["replicate", `r8_${BASE62.slice(0, 37)}`],
  ["perplexity", `pplx-${BASE62.slice(0, 48)}`],
  ["xai", `xai-${BASE62}`],
  ["langsmith", `lsv2_pt_${HEX.slice(0, 32)}_${HEX.slice(32, 42)}`],
  ["pinecone", `pcsk_${BASE62.slice(0, 60)}`],
  ["github", `ghp_${BASE62.slice(0, 36)}`],
  ["github", `github_pat_${BASE62.slice(0, 22)}_${BASE62.slice(0, 59)}`],
  ["gitlab", `glpat-${BASE62.slice(0, 20)}`],
  ["aws", "AKIAQ7RK2LMZT84KW1VX"],
  ["slack", `xoxb-${BASE62.slice(0, 40)}`],
  ["slack", `https://hooks.slack.com/services/T0A1B2C3D/B4E5F6G7H/${BASE62.slice(0, 24)}`],
  ["stripe", `sk_live_${BASE62.slice(0, 24)}`],
  ["sendgrid", `SG.${BASE62.slice(0, 22)}.${BASE62.slice(0, 43)}`],
  ["twilio", `SK${HEX.slice(0, 32)}`],
  ["npm", `npm_${BASE62.slice(0, 36)}`],
  ["digitalocean", `dop_v1_${HEX}`],
  ["telegram", `7382910465:AA${BASE62.slice(0, 33)}`],
];

describe("formats", () => {
  test.each(keys)("%s %s", (provider, key) => {
    expect(found(`# comment\nkey: "${key}", // tail`)).toEqual([[provider, key]]);
  });
  test("several in one text, in order", () => {
    expect(found(keys.map(([, key]) => key).join("\n"))).toEqual(keys.map(([provider, key]) => [provider, key]));
  });
});

test.each([
  "sk-...",
  "sk-your-key-here",
  "sk-your-openai-api-key-goes-here-1234",
  `sk-${"x".repeat(48)}`,
  `sk-${"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijkl"}`,
  "sk-1234567890abcdef1234567890abcdef",
  `ghp_${"a1".repeat(18)}`,
  `ghp_${"0".repeat(36)}`,
  "AKIAIOSFODNN7EXAMPLE",
  "AIzaSyYOUR_API_KEY_GOES_HERE_0123456789",
  `task-${BASE62.slice(0, 48)}`,
  `eyJhbGciOiJIUzI1NiJ9.${BASE62.slice(0, 30)}.${BASE62.slice(0, 43)}`,
  `sha256:${HEX}`,
  "disk-usage-of-the-first-volume-in-2024-and-more",
])("%s is none", (text) => {
  expect(found(text)).toEqual([]);
});

describe("variables", () => {
  const bind = (text: string, name: string, value: string): Variable => {
    const file = sourceFile(".env", text);
    const at = text.indexOf(value);
    const key = text.indexOf(name);
    return variable({
      name: { value: name, span: { file, start: key, end: key + name.length } },
      value: { value: { from: "literal", text: value }, span: { file, start: at, end: at + value.length } },
      origin: "env-file",
      phase: "run",
      subject: ".env",
    });
  };
  test("the variable that holds a key is named", () => {
    const key = `gsk_${BASE62.slice(0, 52)}`;
    const holder = bind(`A=1\nGROQ_API_KEY=${key}\n`, "GROQ_API_KEY", key);
    const [only, ...others] = providerKeys([holder.name.span.file], [holder]);
    expect(only?.variable).toBe(holder);
    expect(others).toEqual([]);
  });
  test.each([
    ["AZURE_OPENAI_API_KEY", HEX.slice(0, 32), "azure-openai"],
    ["MISTRAL_API_KEY", BASE62.slice(0, 32), "mistral"],
    ["AWS_SECRET_ACCESS_KEY", BASE62.slice(0, 40), "aws"],
  ])("%s is known by its name", (name, value, provider) => {
    const holder = bind(`${name}=${value}\n`, name, value);
    const file = holder.name.span.file;
    expect(providerKeys([file], [holder])).toEqual([
      {
        provider,
        title: expect.any(String),
        span: { file, start: name.length + 1, end: name.length + 1 + value.length },
        variable: holder,
      },
    ]);
  });
  test("the same text under another name is none", () => {
    const holder = bind(`BUILD_HASH=${HEX.slice(0, 32)}`, "BUILD_HASH", HEX.slice(0, 32));
    expect(providerKeys([holder.name.span.file], [holder])).toEqual([]);
  });
});

test("is linear: 1 MB of every near miss", () => {
  const started = performance.now();
  for (const piece of [
    "sk-",
    "sk-ant-",
    "12345678:AA",
    "AKIA ",
    "xoxb-",
    "SG.",
    "https://hooks.slack.com/services/",
    "a",
  ]) {
    found(piece.repeat(1_000_000 / piece.length));
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
