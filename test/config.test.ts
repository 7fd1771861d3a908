import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../src/config/load.ts";
import { parseConfig } from "../src/config/parse.ts";
import { configJsonSchema } from "../src/config/schema.ts";
import { rebase, settings } from "../src/config/settings.ts";
import { nearest } from "../src/nearest.ts";
import { defineRule, type Preset, type RuleId } from "../src/rule.ts";
import { UserError } from "../src/user-error.ts";

const IDS = ["cors/wildcard-origin", "container/run-as-root", "image/latest-tag"];
const parse = (text: string) => parseConfig(text, "c.yaml", IDS);

describe("configuration file", () => {
  test("everything it may hold", () => {
    const text = `
preset: strict
failOn: high
minSeverity: low
history: true
rules:
  cors/wildcard-origin: off
  image/latest-tag: critical
ignore: [legacy/]
stages: { development: ["*.local.yml"] }
overrides:
  - files: [tools/**]
    rules: { container/run-as-root: "off" }
accepted:
  - rule: image/latest-tag
    path: compose.yaml
    subject: service api
    reason: pinned by the registry
    until: "2026-12-31"
`;
    expect(parse(text)).toMatchObject({
      preset: "strict",
      rules: { "cors/wildcard-origin": "off", "image/latest-tag": "critical" },
      accepted: [{ subject: "service api", until: "2026-12-31" }],
    });
    expect(parse("")).toEqual({});
    expect(parse('{"failOn": "never"}')).toEqual({ failOn: "never" });
  });

  test.each([
    ["rulez:\n  a: off", 'c.yaml:1:1: unknown key "rulez", did you mean "rules"?'],
    ["stages:\n  tests: [a]", 'c.yaml:2:3: unknown key "tests", did you mean "test"?'],
    [
      "accepted:\n  - rule: image/latest-tag\n    path: a\n    reason: b\n    untill: c",
      'c.yaml:5:5: unknown key "untill", did you mean "until"?',
    ],
    [
      "failOn: hihg",
      'c.yaml:1:9: failOn is one of critical, high, medium, low, info, never, not "hihg", did you mean "high"?',
    ],
    [
      "rules:\n  cors/wildcard-orign: off",
      'c.yaml:2:3: there is no rule "cors/wildcard-orign", did you mean "cors/wildcard-origin"?',
    ],
    ["rules:\n  run-as-root: off", 'c.yaml:2:3: there is no rule "run-as-root", did you mean "container/run-as-root"?'],
    [
      "rules:\n  constructor: off\n  zzzzzzzzzzzzzzzz: off",
      'c.yaml:2:3: there is no rule "constructor"\nc.yaml:3:3: there is no rule "zzzzzzzzzzzzzzzz"',
    ],
    ["accepted:\n  - rule: image/latest-tag\n    path: a", "c.yaml:2:5: accepted.0.reason is missing"],
    ['accepted:\n  - rule: image/latest-tag\n    path: a\n    reason: ""', "c.yaml:4:13: accepted.0.reason is empty"],
    [
      "accepted:\n  - rule: image/latest-tag\n    path: a\n    reason: b\n    until: soon",
      "c.yaml:5:12: accepted.0.until is not a date such as 2026-12-31",
    ],
    ["ignore: a", "c.yaml:1:9: ignore is not a list"],
    [
      "nonSuppressible:\n  - cors/*\n  - image/latest-tga\n  - docker/*",
      'c.yaml:3:5: there is no rule "image/latest-tga", did you mean "image/latest-tag"?\nc.yaml:4:5: there is no rule "docker/*"',
    ],
    [
      "nonSuppressible: [image/*]\naccepted:\n  - {rule: cors/wildcard-origin, path: a, reason: b}\n  - {rule: image/latest-tag, path: a, reason: b}",
      "c.yaml:4:12: image/latest-tag can not be accepted, nonSuppressible names it",
    ],
    ["- a", "c.yaml:1:1: the configuration is not a mapping"],
    ["a: [", "c.yaml:1:5: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    [
      "rules: {cors/wildcard-origin: loud}\nfoo: 1",
      'c.yaml:1:31: rules.cors/wildcard-origin is one of off, on, critical, high, medium, low, info, not "loud"\nc.yaml:2:1: unknown key "foo"',
    ],
  ])("%j", (text, message) => {
    expect(() => parse(text)).toThrow(UserError);
    try {
      parse(text);
    } catch (error) {
      expect((error as Error).message).toBe(message);
    }
  });

  test("the JSON Schema knows the keys, refuses others and can list rules", () => {
    const schema = configJsonSchema(IDS) as {
      properties: Record<string, { propertyNames?: object }>;
      additionalProperties: boolean;
    };
    expect(Object.keys(schema.properties)).toContain("accepted");
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties.rules?.propertyNames).toEqual({ enum: [...IDS].sort() });
    expect(schema.properties.nonSuppressible).toMatchObject({
      items: {
        enum: ["container/*", "container/run-as-root", "cors/*", "cors/wildcard-origin", "image/*", "image/latest-tag"],
      },
    });
  });
});

describe("where the file is looked for", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-config-")));
    mkdirSync(join(folder, "a", "b"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const load = (root: string, file?: string) => loadConfig(root, { cwd: folder, ruleIds: IDS, file });

  test("from the root of the run up to the root of the repository", async () => {
    writeFileSync(join(folder, "qwed-harden.config.yml"), "failOn: low");
    expect(await load(join(folder, "a", "b"))).toBeUndefined();
    mkdirSync(join(folder, ".git"));
    expect(await load(join(folder, "a", "b"))).toEqual({
      path: "qwed-harden.config.yml",
      folder,
      config: { failOn: "low" },
    });
    writeFileSync(join(folder, "a", "qwed-harden.config.json"), '{"failOn": "high"}');
    expect(await load(join(folder, "a", "b"))).toMatchObject({
      path: "a/qwed-harden.config.json",
      config: { failOn: "high" },
    });
  });

  test("a named file; none, two, or a folder are errors", async () => {
    writeFileSync(join(folder, "a", "my.yaml"), "failOn: low");
    expect(await load(folder, "a/my.yaml")).toMatchObject({ config: { failOn: "low" } });
    await expect(load(folder, "no.yaml")).rejects.toThrow(new UserError("configuration no.yaml does not exist"));
    await expect(load(folder, "a")).rejects.toThrow(new UserError("configuration a is not a file"));
    writeFileSync(join(folder, "qwed-harden.config.yml"), "");
    writeFileSync(join(folder, "qwed-harden.config.json"), "{}");
    await expect(load(folder)).rejects.toThrow(/qwed-harden.config.yml and qwed-harden.config.json stand side by side/);
  });
});

describe("settings", () => {
  const rule = (id: RuleId, ...presets: readonly Preset[]) =>
    defineRule({
      meta: {
        id,
        title: "",
        severity: "high",
        presets,
        guides: [],
        why: "",
        remedy: "",
        fix: "none",
        sameAs: {},
        references: [],
      },
      check() {},
    });
  const recommended = rule("cors/wildcard-origin", "recommended");
  const strict = rule("container/run-as-root", "strict");
  const all = [recommended, strict];
  const loaded = (text: string) => ({ path: "c.yaml", folder: "/", config: parse(text) });
  const ids = (value: ReturnType<typeof settings>) => value.rules.map(({ meta }) => meta.id);

  test("presets add to the recommended rules", () => {
    expect(ids(settings(all, undefined, ""))).toEqual(["cors/wildcard-origin"]);
    expect(ids(settings(all, undefined, "", { preset: "strict" }))).toEqual(IDS.slice(0, 2));
    expect(ids(settings(all, loaded("preset: all"), ""))).toEqual(IDS.slice(0, 2));
  });

  test("the command line beats overrides, overrides beat rules", () => {
    const config = loaded(
      'rules: {cors/wildcard-origin: low}\noverrides: [{files: [dev/], rules: {cors/wildcard-origin: "off", container/run-as-root: "on"}}]',
    );
    const plain = settings(all, config, "");
    expect(ids(plain)).toEqual(IDS.slice(0, 2));
    expect(plain.severityOf(recommended, "compose.yaml")).toBe("low");
    expect(plain.severityOf(recommended, "dev/compose.yaml")).toBe("off");
    expect(plain.severityOf(strict, "compose.yaml")).toBe("off");
    expect(plain.severityOf(strict, "dev/compose.yaml")).toBeUndefined();
    const commanded = settings(all, config, "", { rules: [{ id: "cors/wildcard-origin", level: "info" }] });
    expect(commanded.severityOf(recommended, "dev/compose.yaml")).toBe("info");
    expect(ids(settings(all, config, "", { rules: [{ id: "cors/wildcard-origin", level: "off" }] }))).toEqual([
      "container/run-as-root",
    ]);
  });

  test("patterns are relative to the folder of the file, paths to the root of the run", () => {
    const config = loaded(
      'ignore: [/api/old, "*.bak.yml"]\nstages: {test: [api/ci/]}\naccepted: [{rule: image/latest-tag, path: api/compose.yaml, reason: r}, {rule: image/latest-tag, path: web/compose.yaml, reason: r}]',
    );
    const { ignores, stageOf, accepted } = settings(all, config, "api");
    expect(["old/x.yml", "old", "older/x.yml", "x.bak.yml"].map(ignores)).toEqual([true, true, false, true]);
    expect([stageOf("ci/compose.yaml"), stageOf("compose.yaml")]).toEqual(["test", undefined]);
    expect(accepted.map(({ path }) => path)).toEqual(["/compose.yaml"]);
  });

  test("rules that nothing silences, by id and by group", () => {
    const { nonSuppressible } = settings(all, loaded("nonSuppressible: [cors/*, container/run-as-root]"), "");
    expect([...nonSuppressible].sort()).toEqual(["container/run-as-root", "cors/wildcard-origin"]);
    expect(settings(all, undefined, "").nonSuppressible.size).toBe(0);
  });

  test.each([
    ["*.yml", "a/b", "*.yml"],
    ["a/b/c.yml", "a/b", "/c.yml"],
    ["a/*/c.yml", "a/b", "/c.yml"],
    ["a/", "a/b", "a/"],
    ["/a", "a/b", "**"],
    ["a/**/c.yml", "a/b", "**/c.yml"],
    ["x/c.yml", "a", undefined],
  ])("%s below %s: %s", (pattern, below, expected) => expect(rebase(pattern, below)).toBe(expected));
});

test.each([
  ["cors/wildcard-orign", "cors/wildcard-origin"],
  ["latest-tag", "image/latest-tag"],
  ["quite something else", undefined],
  ["", undefined],
])("nearest to %j: %s", (word, found) => expect(nearest(word, IDS)).toBe(found));
