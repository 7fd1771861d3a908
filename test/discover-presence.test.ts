import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discover } from "../src/discover/index.ts";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "presence-"));
  const write = (path: string, text = "") => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("compose.yaml", "services: {api: {build: ./api}}\n");
  write(".gitignore", "dist/\n*.local\n");
  write("api/main.go");
  write("dist/out.js");
  mkdirSync(join(root, "submodule"));
  symlinkSync(join(root, "api"), join(root, "link"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const withoutGit = { cwd: "/", openRepository: () => undefined };

describe("presence", () => {
  test.each([
    ["", "folder"],
    ["compose.yaml", "file"],
    ["api", "folder"],
    ["api/main.go", "file"],
    ["api/Dockerfile", "missing"],
    ["web", "missing"],
    ["web/deep/Dockerfile", "missing"],
    ["compose.yaml/x", "missing"],
    [".env.local", "ignored"],
    ["dist", "folder"],
    ["dist/Dockerfile", undefined],
    ["submodule/Dockerfile", undefined],
    ["link", undefined],
    ["link/Dockerfile", undefined],
  ] as const)("of %j is %s", (path, expected) => {
    expect(discover([root], withoutGit).presence(path)).toBe(expected);
  });

  test("is unknown beside folders that were not asked for, and for a file by itself", () => {
    expect(discover([join(root, "compose.yaml")], withoutGit).presence("api")).toBeUndefined();
    const two = discover([join(root, "api"), join(root, "submodule")], withoutGit);
    expect(two.presence("compose.yaml")).toBeUndefined();
    expect(two.presence("api/main.go")).toBe("file");
    expect(two.presence("api/Dockerfile")).toBe("missing");
  });
});
