import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { describe, expect, test } from "vitest";

/** Who may import what: the table of the design. A layer may always import itself. */
const LAYERS: Readonly<
  Record<string, { readonly files: RegExp; readonly may: readonly string[]; readonly packages: readonly string[] }>
> = {
  model: { files: /^src\/model(\/|\.ts$)/, may: [], packages: [] },
  "user-error": { files: /^src\/user-error\.ts$/, may: [], packages: [] },
  glob: { files: /^src\/glob\.ts$/, may: [], packages: [] },
  nearest: { files: /^src\/nearest\.ts$/, may: [], packages: [] },
  sorted: { files: /^src\/sorted\.ts$/, may: [], packages: [] },
  rule: { files: /^src\/(rule|snippet(-\w+)?)\.ts$/, may: ["model", "sorted"], packages: [] },
  rules: { files: /^rules\//, may: ["rule"], packages: [] },
  discover: { files: /^src\/discover(\/|\.ts$)/, may: ["model", "user-error", "glob"], packages: ["node:*"] },
  parse: {
    files: /^src\/parse\//,
    may: ["model", "sorted"],
    packages: [
      "js-yaml",
      "yaml",
      "dockerfile-ast",
      "@lezer/python",
      "@lezer/common",
      "@babel/parser",
      "@babel/types",
      "smol-toml",
    ],
  },
  normalize: { files: /^src\/normalize\//, may: ["model", "parse", "nearest"], packages: ["dotenv"] },
  check: { files: /^src\/check\.ts$/, may: ["model", "rule"], packages: [] },
  // What a finding is called from run to run: reports print it, the baseline keeps it.
  identity: {
    files: /^src\/report\/(fingerprint|lines|mask)\.ts$/,
    may: ["model", "rule", "check", "sorted"],
    packages: [],
  },
  suppress: {
    files: /^src\/(suppress|baseline(-file)?|changed|gate|fix)\.ts$/,
    may: ["model", "rule", "check", "glob", "identity", "user-error", "sorted"],
    packages: [],
  },
  report: {
    files: /^src\/report\//,
    may: ["model", "rule", "check", "suppress", "identity", "sorted"],
    packages: ["chalk", "sarif"],
  },
  config: {
    files: /^src\/config\//,
    may: ["rule", "rules", "suppress", "user-error", "glob", "nearest"],
    packages: ["zod/mini", "yaml", "node:fs", "node:path"],
  },
  run: { files: /^src\/run\.ts$/, may: ["model", "rule", "parse", "normalize", "check", "suppress"], packages: [] },
  repair: { files: /^src\/repair\.ts$/, may: ["model", "rule", "check", "suppress", "run"], packages: [] },
  cli: {
    files: /^src\/cli\//,
    may: [
      "model",
      "rule",
      "rules",
      "check",
      "suppress",
      "run",
      "repair",
      "discover",
      "report",
      "identity",
      "config",
      "user-error",
      "nearest",
    ],
    packages: ["commander", "node:*"],
  },
  index: {
    files: /^src\/index\.ts$/,
    may: ["model", "rule", "rules", "check", "suppress", "run", "repair", "discover", "report", "config", "user-error"],
    packages: [],
  },
};

const layerOf = (path: string): string | undefined =>
  Object.keys(LAYERS).find((name) => LAYERS[name]!.files.test(path));

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield relative(".", path).replaceAll("\\", "/");
  }
}

/** Static imports and re-exports at the start of a line, and dynamic imports. */
const IMPORT = /^(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
const allowed = (name: string, patterns: readonly string[]) =>
  patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

const files = [...sources("src"), ...sources("rules")];

describe("layers", () => {
  test.each(files)("%s", (path) => {
    const layer = layerOf(path);
    expect(layer, "every file belongs to a layer").toBeDefined();
    const { may, packages } = LAYERS[layer!]!;
    for (const [, from, bare, dynamic] of readFileSync(path, "utf8").replaceAll(COMMENT, "").matchAll(IMPORT)) {
      const name = from ?? bare ?? dynamic;
      if (name!.startsWith(".")) {
        const target = layerOf(posix.normalize(posix.join(dirname(path).replaceAll("\\", "/"), name!)));
        expect([layer, ...may], `${path} imports ${name}`).toContain(target);
      } else expect(allowed(name!, packages), `${path} imports package ${name}`).toBe(true);
    }
  });

  test("no name that says nothing, no class but errors, no any", () => {
    for (const path of files) {
      expect(path).not.toMatch(/(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/);
      const text = readFileSync(path, "utf8").replaceAll(COMMENT, "");
      expect(text.match(/\bclass \w+(?! extends \w*Error\b)\s*(extends \w+ )?\{/g) ?? [], path).toEqual([]);
      expect(text.match(/: any\b|\bas any\b|<any>/g) ?? [], path).toEqual([]);
    }
  });
});
