import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Action } from "../../scripts/run-action.ts";
import { runIn } from "../command-line.ts";
import { manifest } from "./built-package.ts";

const PIPELINES = [
  "action.yml",
  ...readdirSync("integrations").map((name) => `integrations/${name}`),
  ...readdirSync(".github/workflows").map((name) => `.github/workflows/${name}`),
];
const TEXTS = [
  ...PIPELINES,
  "README.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const read = (path: string) => readFileSync(path, "utf8");

describe("this repository", () => {
  test("has no finding under its own strict rules", async () => {
    const { code, out } = await runIn(process.cwd(), [
      "lint",
      "--config",
      ".github/qwed-harden.config.yaml",
      "--fail-on",
      "info",
      "--format",
      "json",
    ]);
    const { findings, summary } = JSON.parse(out) as {
      readonly findings: readonly { readonly rule: string; readonly file: string; readonly line: number }[];
      readonly summary: { readonly kinds: Readonly<Record<string, number>> };
    };
    expect(findings.map(({ rule, file, line }) => `${file}:${line} ${rule}`)).toEqual([]);
    expect(code).toBe(0);
    expect(summary.kinds).toMatchObject({ Dockerfile: 1, "GitHub Actions": 1 });
  });

  test.each(PIPELINES)("%s: each action is pinned by its commit, with the version beside it", (path) => {
    const used = [...read(path).matchAll(/\buses: *(.+)$/gm)].map(([, action]) => action!);
    for (const action of used.filter((name) => name !== "./")) {
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test("one commit for each version of an action", () => {
    const commits = new Map<string, Set<string>>();
    for (const path of PIPELINES) {
      for (const [, repository, commit] of read(path).matchAll(/\buses: *([\w-]+\/[\w-]+)[\w/-]*@([0-9a-f]{40})/g)) {
        commits.set(repository!, (commits.get(repository!) ?? new Set()).add(commit!));
      }
    }
    expect(commits.size).toBeGreaterThan(2);
    expect([...commits].filter(([, used]) => used.size > 1)).toEqual([]);
  });

  test("docs/ci.md and README.md show the files as they are, docs/ci.md every input and output of the action", () => {
    const page = read("docs/ci.md");
    for (const name of readdirSync("integrations")) {
      expect(page).toContain(`\`\`\`yaml\n${read(`integrations/${name}`)}\`\`\``);
    }
    expect(read("README.md")).toContain(`\`\`\`yaml\n${read("integrations/github-workflow.yml")}\`\`\``);
    const { inputs, outputs } = parse(read("action.yml")) as Action;
    for (const [name, { description }] of Object.entries<{ readonly description?: string }>({
      ...inputs,
      ...outputs,
    })) {
      expect(page).toContain(`| \`${name}\` | ${description}`);
    }
  });

  test("every image that is named has this version", () => {
    const named = [...read("docs/ci.md").matchAll(/\bqwed-harden:(\S+)/g)].map(([, version]) => version);
    expect(new Set(named)).toEqual(new Set([manifest.version]));
  });

  test("what is to be pasted names this version", () => {
    const named = TEXTS.flatMap((path) =>
      [...read(path).matchAll(/\bqwed-harden@(\d[\w.-]*)/g)].map(([, version]) => ({ path, version })),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ version }) => version !== manifest.version)).toEqual([]);
  });
});
