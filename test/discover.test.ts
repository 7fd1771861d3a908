import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Discovered, type DiscoverOptions, discover, locate } from "../src/discover/index.ts";
import { reasonOf } from "../src/discover/read.ts";
import { UserError } from "../src/user-error.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-discover-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string | Buffer>>, at = folder) => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content);
  }
};
const git = (...args: readonly string[]) =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always", ...args],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
const look = (paths: readonly string[] = ["."], options: Partial<DiscoverOptions> = {}) =>
  discover(paths, { cwd: folder, ...options });
const paths = ({ files }: Discovered) => files.map(({ path }) => path).sort();
const states = ({ files }: Discovered) => Object.fromEntries(files.map(({ path, git }) => [path, git]));

describe("which files", () => {
  test("by name, and YAML, JSON, TOML and .conf by what they hold", () => {
    write({
      ".env": "A=1",
      "prod.env": "A=1",
      "compose.yaml": "",
      "deploy/api.yml": "apiVersion: v1\nkind: Pod\n",
      "deploy/api.json": '{"apiVersion": "v1", "kind": "Pod"}',
      "stack.yml": "x: 1\nservices:\n  a: {}\n",
      "data.yml": "a: 1\n",
      "package.json": '{"name": "x"}',
      "package-lock.json": '{"apiVersion": 1}',
      "api/Dockerfile": "FROM x",
      "api/Dockerfile.dev": "FROM x",
      "api/worker.Dockerfile": "FROM x",
      "api/Containerfile": "FROM x",
      "api/Dockerfile.dockerignore": "x",
      "api/main.py": "x",
      "web/app.tsx": "x",
      "web/app.min.js": "x",
      "web/app.d.ts": "x",
      "proxy/site.conf": "server {\n listen 80;\n}",
      "proxy/apache.conf": "<VirtualHost *:80>",
      "proxy/Caddyfile": "x",
      "traefik.toml": "[entryPoints]",
      "pyproject.toml": "[project]",
      ".github/workflows/ci.yml": "on: push",
      "README.md": "services:",
    });
    const found = look();
    expect(paths(found)).toEqual([
      ".env",
      ".github/workflows/ci.yml",
      "api/Containerfile",
      "api/Dockerfile",
      "api/Dockerfile.dev",
      "api/Dockerfile.dockerignore",
      "api/main.py",
      "api/worker.Dockerfile",
      "compose.yaml",
      "deploy/api.json",
      "deploy/api.yml",
      "prod.env",
      "proxy/Caddyfile",
      "proxy/site.conf",
      "stack.yml",
      "traefik.toml",
      "web/app.tsx",
    ]);
    expect(found.met).toBe(25);
    expect(found.git).toBe(false);
    expect(new Set(Object.values(states(found)))).toEqual(new Set(["unknown"]));
  });

  test("folders of others are left out, and said where one might have expected a look", () => {
    write({
      "node_modules/a/compose.yaml": "",
      "vendor/a/compose.yaml": "",
      "env/pyvenv.cfg": "",
      "env/lib/a.py": "",
      "dist/compose.yaml": "",
    });
    const found = look();
    expect(paths(found)).toEqual(["dist/compose.yaml"]);
    expect(found.skipped).toEqual([{ path: "vendor/", reason: "code of others" }]);
  });

  test("what can not be read is said and never followed", () => {
    write({
      ".env.d/x": "",
      "other/.env": "A=1",
      "compose.yaml": Buffer.from([0x61, 0xff, 0x62]),
      Dockerfile: Buffer.from([0x46, 0, 0x46]),
      "utf16.env": Buffer.from("\uFEFFA=1", "utf16le"),
      "big.env": "A=1\n".repeat(1_500_000),
    });
    mkdirSync(join(folder, ".env"));
    symlinkSync("nowhere", join(folder, "a.env"));
    symlinkSync("other/.env", join(folder, "b.env"));
    symlinkSync("other", join(folder, "linked"));
    execFileSync("mkfifo", [join(folder, "pipe.env")]);
    const found = look();
    expect(paths(found)).toEqual(["other/.env"]);
    expect(found.skipped).toEqual([
      { path: ".env", reason: "a folder, not a file" },
      { path: ".env.d", reason: "a folder, not a file" },
      { path: "Dockerfile", reason: "binary" },
      { path: "a.env", reason: "a symbolic link to nothing" },
      { path: "b.env", reason: "a symbolic link, not followed" },
      { path: "big.env", reason: "larger than 5 MiB" },
      { path: "compose.yaml", reason: "not UTF-8 text" },
      { path: "pipe.env", reason: "not a regular file" },
      { path: "utf16.env", reason: "UTF-16 text, not UTF-8" },
    ]);
  });

  test.each([
    ["EACCES", "no permission to read it"],
    ["ENOENT", "gone while it was being read"],
    ["EIO", "can not be read (EIO)"],
  ])("error %s: %s", (code, reason) => expect(reasonOf(Object.assign(new Error(), { code }))).toBe(reason));

  test("a byte order mark is kept, permission bits are handed over", () => {
    write({ ".env": "\uFEFFA=1" });
    chmodSync(join(folder, ".env"), 0o640);
    expect(look().files[0]).toMatchObject({ text: "\uFEFFA=1", mode: 0o640, language: "dotenv", stage: "production" });
  });

  test("the configuration leaves files and folders out and decides stages", () => {
    write({ "a/compose.yaml": "", "b/compose.yaml": "", "b/x.env": "" });
    const found = look(["."], {
      ignores: (path) => path === "a" || path === "b/x.env",
      stageOf: (path) => (path === "b/compose.yaml" ? "test" : undefined),
    });
    expect(found.files.map(({ path, stage }) => [path, stage])).toEqual([["b/compose.yaml", "test"]]);
  });
});

describe("arguments", () => {
  test("the root is the one folder, the nearest common folder, or the folder of the file", () => {
    write({ "a/x/compose.yaml": "", "a/y/compose.yaml": "" });
    expect(locate(["a"], folder).root).toBe(`${folder}/a`);
    expect(locate(["a/x", "a/y"], folder).root).toBe(`${folder}/a`);
    expect(locate(["a/x/compose.yaml"], folder).root).toBe(`${folder}/a/x`);
    expect(locate(["a", "a/x"], folder)).toMatchObject({ root: `${folder}/a`, folders: [`${folder}/a`] });
    expect(paths(look(["a/x", "a/y/compose.yaml"]))).toEqual(["x/compose.yaml", "y/compose.yaml"]);
    expect(() => locate(["nowhere"], folder)).toThrow(new UserError("path nowhere does not exist"));
  });

  test("a named file is read whatever its name, its neighbours as context", () => {
    write({
      "my-stack": "services:\n  a:\n    image: b\n",
      ".env": "A=1",
      Dockerfile: "FROM x",
      "main.py": "",
      noise: "?",
    });
    const found = look(["my-stack"]);
    expect(found.files.map(({ path, language, context }) => [path, language, context])).toEqual([
      ["my-stack", "yaml", undefined],
      [".env", "dotenv", true],
      ["Dockerfile", "dockerfile", true],
    ]);
    expect(look(["noise"]).skipped).toEqual([
      { path: "noise", reason: "neither its name nor its content says what it is" },
    ]);
  });

  test("text on standard input stands in the place of a file", () => {
    write({ "compose.yaml": "old", ".env": "A=1" });
    const found = look([], { stdin: { name: "compose.yaml", text: "services: {}" } });
    expect(found.files.map(({ path, text, context }) => [path, text, context])).toEqual([
      ["compose.yaml", "services: {}", undefined],
      [".env", "A=1", true],
    ]);
    expect(paths(look([], { stdin: { name: "none/k8s.yaml", text: "kind: Pod" } }))).toEqual(["k8s.yaml"]);
  });
});

describe("git", () => {
  const project = () => {
    write({
      ".gitignore": ".env\n*.secret.env\ngenerated/\n",
      ".env": "A=1",
      "compose.yaml": "",
      "new.env": "A=1",
      "api/x.secret.env": "A=1",
      "generated/compose.yaml": "",
      "generated/kept/compose.yaml": "",
    });
    git("init", "-q");
    git("add", "compose.yaml", ".gitignore");
    git("add", "-f", "api/x.secret.env", "generated/kept/compose.yaml");
  };
  const expected = {
    ".gitignore": "tracked",
    ".env": "ignored",
    "compose.yaml": "tracked",
    "new.env": "untracked",
    "api/x.secret.env": "tracked",
    "generated/kept/compose.yaml": "tracked",
  };

  test.each([2, 3, 4])("index version %i", (version) => {
    project();
    git("update-index", "--index-version", String(version));
    if (version === 3) {
      git("update-index", "--skip-worktree", "compose.yaml");
    }
    const found = look();
    expect(found).toMatchObject({ git: true, repository: folder, root: folder });
    expect(states(found)).toEqual(expected);
    expect(
      found.files
        .filter(({ alsoIgnored }) => alsoIgnored)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["api/x.secret.env", "generated/kept/compose.yaml"]);
  });

  test("a repository with SHA-256 names", () => {
    git("init", "-q", "--object-format=sha256");
    write({ "a.env": "", "b.env": "" });
    git("add", "a.env");
    expect(states(look())).toEqual({ "a.env": "tracked", "b.env": "untracked" });
  });

  test("a split index: states are unknown, and it is said", () => {
    project();
    git("update-index", "--split-index");
    const found = look();
    expect(found.git).toBe(false);
    expect(found.notices).toEqual(["what git tracks is unknown: its index can not be read (it is split)"]);
    expect(states(found)["compose.yaml"]).toBe("unknown");
  });

  test("a damaged index never throws", () => {
    project();
    write({ ".git/index": Buffer.from("DIRC\0\0\0\x02\0\0\xff\xffjunk junk junk junk junk junk") });
    expect(look().notices).toEqual(["what git tracks is unknown: its index can not be read (it is damaged)"]);
  });

  test("a folder below the root of the repository knows the rules above it", () => {
    project();
    write({ "api/.env": "A=1", "api/a.log": "" });
    const found = look(["api"]);
    expect(found).toMatchObject({ root: `${folder}/api`, repository: folder });
    expect(states(found)).toEqual({ ".env": "ignored", "x.secret.env": "tracked" });
    expect(paths(look(["generated"]))).toEqual(["compose.yaml", "kept/compose.yaml"]);
  });

  test("a worktree and a submodule, whose .git is a file", () => {
    project();
    git("commit", "-qm", "one");
    const inner = join(folder, "inner");
    mkdirSync(inner);
    write({ "tracked.env": "" }, inner);
    execFileSync("git", ["init", "-q"], { cwd: inner });
    execFileSync("git", ["add", "."], { cwd: inner });
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "x"], { cwd: inner });
    git("submodule", "--quiet", "add", inner, "sub");
    write({ "sub/loose.env": "", "sub/.env": "" });
    rmSync(inner, { recursive: true });
    expect(states(look())).toMatchObject({
      ...expected,
      "sub/tracked.env": "tracked",
      "sub/loose.env": "untracked",
      "sub/.env": "untracked",
    });

    git("worktree", "add", "-q", join(folder, "tree"));
    write({ "tree/.env": "", ".git/info/exclude": "local.env\n", "tree/local.env": "" });
    expect(states(look(["tree"]))).toMatchObject({
      "compose.yaml": "tracked",
      ".env": "ignored",
      "local.env": "ignored",
      "api/x.secret.env": "tracked",
    });
  });

  test("nested .gitignore files take back what outer ones ignore", () => {
    git("init", "-q");
    write({
      ".gitignore": "*.yaml\nsub/\n",
      "a/.gitignore": "!keep.yaml\n!sub/\n",
      "a/keep.yaml": "services: {}",
      "a/drop.yaml": "services: {}",
      "a/sub/compose.yml": "services: {}",
      "b/sub/compose.yml": "services: {}",
    });
    const listed = git("ls-files", "-zco", "--exclude-standard").split("\0").filter(Boolean);
    expect(paths(look())).toEqual(listed.sort());
    expect(paths(look())).toContain("a/sub/compose.yml");
  });

  test("core.excludesFile of the repository", () => {
    git("init", "-q");
    write({ rules: "*.env\n", "a.env": "", "compose.yaml": "" });
    git("config", "core.excludesFile", join(folder, "rules"));
    expect(states(look())).toEqual({ "a.env": "ignored", "compose.yaml": "untracked" });
  });
});
