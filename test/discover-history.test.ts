import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentHistory, parseLog } from "../src/discover/history.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-history-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: folder,
    encoding: "utf8",
  }).trim();

describe("environment files in the history", () => {
  beforeAll(() => {
    git("init", "-q");
    mkdirSync(join(folder, "api"));
    for (const name of [".env", ".env.example", "api/prod.env", "kept.env"]) writeFileSync(join(folder, name), "A=1\n");
    git("add", ".");
    git("commit", "-qm", "one");
    writeFileSync(join(folder, ".env"), "A=2\n");
    git("commit", "-qam", "two");
    git("rm", "-q", "--cached", ".env", "api/prod.env", ".env.example");
    git("commit", "-qm", "three");
  });

  test("the first commit that holds each live file that is gone", async () => {
    const first = git("rev-list", "--max-parents=0", "HEAD");
    expect(await environmentHistory(folder, folder, (path) => path === "kept.env")).toEqual({
      entries: [
        { path: ".env", commit: first },
        { path: "api/prod.env", commit: first },
      ],
    });
  });

  test("below the root of the run only", async () => {
    const { entries } = await environmentHistory(folder, `${folder}/api`, () => false);
    expect(entries.map(({ path }) => path)).toEqual(["prod.env"]);
  });

  test("programs that the repository's configuration names are not started", async () => {
    const mark = join(folder, "started");
    const script = join(folder, "evil.sh");
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    for (const key of [
      "core.fsmonitor",
      "core.pager",
      "diff.external",
      "gpg.program",
      "diff.x.textconv",
      "core.sshCommand",
    ]) {
      git("config", key, script);
    }
    git("config", "log.showSignature", "true");
    writeFileSync(join(folder, ".gitattributes"), "*.env diff=x\n");
    expect((await environmentHistory(folder, folder, () => false)).notice).toBeUndefined();
    expect(existsSync(mark)).toBe(false);
  });

  test("no repository: a notice, no exception", async () => {
    expect(await environmentHistory(tmpdir(), tmpdir(), () => false)).toEqual({
      entries: [],
      notice: "the history of git is not fully known: git log failed",
    });
  });

  test("the oldest mention counts, names may hold blanks", () => {
    expect(parseLog("\x01b\0\n.env\0a b.env\0\x01a\0\n.env\0", "")).toEqual([
      { path: ".env", commit: "a" },
      { path: "a b.env", commit: "b" },
    ]);
  });
});
