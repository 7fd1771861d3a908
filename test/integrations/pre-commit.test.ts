import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { candidate } from "../../src/discover/language.ts";
import { writeIn } from "../command-line.ts";
import { manifest } from "./built-package.ts";
import { DATABASE, gitIn, type Workbench, workbench } from "./workbench.ts";

interface Hook {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly entry: string;
  readonly language: string;
  readonly pass_filenames: boolean;
  readonly files: string;
}
const hooks = parse(readFileSync(".pre-commit-hooks.yaml", "utf8")) as readonly Hook[];
const hook = (id: string) => hooks.find((each) => each.id === id)!;

let bench: Workbench;
beforeAll(() => {
  bench = workbench();
});
afterAll(() => bench.remove());

/** Runs the entry of a hook, as pre-commit does: split like a shell does it, run without one. */
function runHook(id: string, folder: string) {
  const [bin, ...args] = hook(id).entry.split(" ");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${bench.built}/${manifest.bin[bin!] ?? "no such program"}`, ...args],
    { cwd: folder, encoding: "utf8", env: { PATH: process.env.PATH, HOME: bench.empty() } },
  );
  return { code: status, log: stdout + stderr };
}

describe("hooks of pre-commit", () => {
  test("ids, and a language that installs the package", () => {
    expect(hooks.map(({ id }) => id)).toEqual(["qwed-harden", "qwed-harden-all"]);
    for (const { language, pass_filenames, files } of hooks) {
      expect({ language, pass_filenames }).toEqual({ language: "node", pass_filenames: false });
      expect(files).toBe(hooks[0]!.files);
    }
  });

  test("the snippet of docs/ci.md runs the same entry, in this version", () => {
    const snippet = /`\.pre-commit-config\.yaml`:\n\n```yaml\n([\s\S]*?)```/.exec(readFileSync("docs/ci.md", "utf8"));
    const { repos } = parse(snippet![1]!) as { readonly repos: readonly { readonly hooks: readonly object[] }[] };
    const { id, entry, language, pass_filenames } = hook("qwed-harden");
    expect(repos.map(({ hooks }) => hooks)).toEqual([
      [{ id, name: id, entry, language, pass_filenames, additional_dependencies: [`${id}@${manifest.version}`] }],
    ]);
  });

  test("what is staged is judged, what is not is not", () => {
    const folder = bench.empty();
    gitIn(folder, "init", "-q");
    writeIn(folder, { ".gitignore": ".env\n", "compose.yaml": DATABASE });
    gitIn(folder, "add", ".gitignore");
    expect(runHook("qwed-harden", folder)).toMatchObject({ code: 0 });
    expect(runHook("qwed-harden-all", folder)).toMatchObject({ code: 1 });
    gitIn(folder, "add", "compose.yaml");
    const staged = runHook("qwed-harden", folder);
    expect(staged.code).toBe(1);
    expect(staged.log).toContain("compose.yaml:4");
    gitIn(folder, "commit", "-qm", "known");
    writeIn(folder, { "compose.yaml": `${DATABASE}    restart: always\n` });
    gitIn(folder, "add", "compose.yaml");
    expect(runHook("qwed-harden", folder)).toMatchObject({ code: 0 });
    expect(runHook("qwed-harden-all", folder)).toMatchObject({ code: 1 });
  });
});

describe("the files that hooks look out for", () => {
  /** Python writes its flags in front. */
  const [, flags = "", pattern = ""] = /^\(\?(\w+)\)([\s\S]*)$/.exec(hooks[0]!.files) ?? [];
  const files = new RegExp(flags.includes("x") ? pattern.replace(/\s+/g, "") : pattern, flags.replace("x", ""));

  test.each(["README.md", "main.go", "src/lib.rs", "logo.png", "LICENSE", "go.sum", "docs/deployment.md"])(
    "%s is none",
    (path) => expect(files.test(path)).toBe(false),
  );

  const words = [
    "docker-compose",
    "compose",
    "Dockerfile",
    "Containerfile",
    "Caddyfile",
    "nginx",
    "env",
    "flaskenv",
    "renovate",
    ".renovaterc",
    ".gitignore",
    ".dockerignore",
    "production",
    ".gitlab-ci",
    "values",
    "default",
    "sites-enabled",
    "app",
  ];
  const endings = "yml yaml json json5 toml py js cjs mts tsx nginx conf template env dockerfile example local".split(
    " ",
  );
  const name = fc
    .tuple(
      fc.constantFrom("", "."),
      fc.array(fc.constantFrom(...words, ...endings), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(".", "-", "_"),
    )
    .map(([dot, parts, sign]) => dot + parts.join(sign));
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));

  test("whatever the linter reads is among them", () => {
    let read = 0;
    fc.assert(
      fc.property(path, (text) => {
        if (!candidate(text)) return;
        read++;
        expect(files.test(text), text).toBe(true);
        expect(files.test(text.toUpperCase()), text).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});
