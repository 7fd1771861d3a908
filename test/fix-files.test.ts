import { execFileSync, type ForkOptions, fork } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rewriteAll } from "../src/cli/write.ts";
import { type Given, runIn, writeIn } from "./command-line.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-fix-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string>>) => writeIn(folder, files);
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const left = () => readdirSync(folder, { recursive: true }).map(String).sort();

const run = (argv: readonly string[], given?: Given) => runIn(folder, argv, given);

/** A safe fix (the variable is longer than it should be) and an unsafe one (the port of a database is published). */
const LONG = "# lifetime\nACCESS_TOKEN_EXPIRE_MINUTES=43200\nA=1";
const FIXED = "# lifetime\nACCESS_TOKEN_EXPIRE_MINUTES=30\nA=1";
const COMPOSE = 'services:\n  db:\n    image: postgres:16 # theirs\n    ports:\n      - "5432:5432"\n';
const RULES = ["--rule", "jwt/long-expiry=on", "--only", "jwt/long-expiry", "--only", "network/database-port-exposed"];

describe("lint --fix", () => {
  test("safe fixes are written, unsafe ones are left and counted", async () => {
    write({ "api.env": LONG, "compose.yaml": COMPOSE });
    const { code, err } = await run(["lint", "--fix", ...RULES, "."]);
    expect(read("api.env")).toBe(FIXED);
    expect(read("compose.yaml")).toBe(COMPOSE);
    expect(err).toContain("Fixed 1 finding in 1 file, 1 left: 1 with a fix that needs review (--fix=unsafe)\n");
    expect(code).toBe(1);
    expect(left()).toEqual(["api.env", "compose.yaml"]);
  });

  test("both kinds; the exit code is that of what is left; a second run has nothing to do", async () => {
    write({ "api.env": LONG, "compose.yaml": COMPOSE });
    const first = await run(["lint", "--fix=unsafe", ...RULES, "."]);
    expect(first.err).toContain(
      "Fixed 2 findings in 2 files (1 to review), 0 left\n  api.env: jwt/long-expiry\n  compose.yaml: network/database-port-exposed\n",
    );
    expect(first.code).toBe(0);
    const texts = [read("api.env"), read("compose.yaml")];
    expect(texts[1]).toContain("image: postgres:16 # theirs\n");
    expect(texts[1]).not.toContain('- "5432:5432"');
    expect((await run(["lint", "--fix=unsafe", ...RULES, "."])).err).toContain("Fixed 0 findings in 0 files, 0 left\n");
    expect([read("api.env"), read("compose.yaml")]).toEqual(texts);
  });

  test("--only narrows what is fixed, shown and judged", async () => {
    write({ "api.env": LONG, "compose.yaml": COMPOSE });
    const only = ["--only", "jwt/long-expiry"];
    const before = JSON.parse((await run(["lint", "--format", "json", ...only])).out);
    expect(before.findings.map(({ rule }: { rule: string }) => rule)).toEqual(["jwt/long-expiry"]);
    expect((await run(["lint", "--fix=unsafe", ...only])).code).toBe(0);
    expect(read("compose.yaml")).toBe(COMPOSE);
  });

  test("--rule with an id alone narrows as --only does, and switches the rule on", async () => {
    write({ "api.env": LONG, "compose.yaml": COMPOSE });
    expect((await run(["lint", "--fix=unsafe", "--rule", "jwt/long-expiry"])).err).toContain(
      "Fixed 1 finding in 1 file",
    );
    expect(read("compose.yaml")).toBe(COMPOSE);
    write({ "strict/compose.yaml": "services:\n  api:\n    image: example/api:1.2.3\n" });
    const strict = await run(["lint", "--rule", "network/egress-unrestricted", "--fail-on", "info"]);
    expect(strict.code).toBe(1);
  });

  test("an untracked .env is ignored from now on, and the same run knows it", async () => {
    execFileSync("git", ["init", "-q", folder]);
    write({ ".env": "NAME=value\n", ".gitignore": "dist/\r\n" });
    const { code } = await run(["lint", "--fix", "--only", "secrets/env-file-not-ignored"]);
    expect(read(".gitignore")).toBe("dist/\r\n.env\r\n");
    expect(code).toBe(0);
  });

  test.each([
    [["lint", "--fix", "--stdin-filename", "a.env", "-"], "standard input can not be fixed in place, use --diff"],
    [["lint", "--diff", "--format", "json"], "--diff stands in the place of --format"],
    [["lint", "--diff", "--output", "json=-"], "--diff stands in the place of a report on standard output"],
    [["lint", "--fix", "unsafe"], "write --fix=unsafe, or --fix ./unsafe for that path"],
    [["lint", "--fix", "--staged"], "do not go together: fixes are made all over the project, paths and --only narrow"],
    [["lint", "--fix=all"], "Allowed choices are safe, unsafe"],
    [["lint", "--only", "jwt/long-expir"], 'There is no rule "jwt/long-expir", did you mean "jwt/long-expiry"?'],
    [["lint", "--rule", "jwt/long-expiry=off", "--only", "jwt/long-expiry"], "rule jwt/long-expiry does not run here"],
  ])("%j: exit code 2", async (argv, message) => {
    write({ "api.env": LONG });
    const { code, err } = await run(argv, { stdin: LONG });
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(read("api.env")).toBe(LONG);
  });
});

describe("what keeps a fix from being made is named", () => {
  const LITERAL = "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: Zk39vQw8pLm2\n";
  const MOVE = ["lint", "--fix=unsafe", "--only", "secrets/in-env-literal"];

  test.each([
    ["a folder", () => mkdirSync(join(folder, "deploy/.env"))],
    ["a link to nothing", () => symlinkSync("nowhere", join(folder, "deploy/.env"))],
  ])("%s where a file would be", async (_, make) => {
    write({ "deploy/compose.yaml": LITERAL });
    make();
    const { err } = await run([...MOVE, "deploy"]);
    expect(err).toContain(
      "1 left: 1 with a fix that can not be made here\nIn the way:\n  deploy/.env is something else",
    );
    expect(read("deploy/compose.yaml")).toBe(LITERAL);
  });

  test("a neighbour of the file that was named", async () => {
    write({ "compose.yaml": LITERAL, ".env": "A=1\n" });
    const { err } = await run([...MOVE, "compose.yaml"]);
    expect(err).toContain("In the way:\n  .env was not named, so it is only read\n");
    expect([read("compose.yaml"), read(".env")]).toEqual([LITERAL, "A=1\n"]);
  });

  test("credentials that git may have are to be rotated", async () => {
    write({ "deploy/compose.yaml": LITERAL });
    const hint = "credentials of deploy/compose.yaml\n";
    execFileSync("git", ["init", "-q", folder]);
    expect((await run([...MOVE, "--diff"])).err).not.toContain(hint);
    execFileSync("git", ["-C", folder, "add", "-A"]);
    expect((await run(MOVE)).err).toContain(`To be rotated, for git may have them in its history: ${hint}`);
  });
});

describe("lint --diff", () => {
  const DIFF = `--- a/api.env
+++ b/api.env
@@ -1,3 +1,3 @@
 # lifetime
-ACCESS_TOKEN_EXPIRE_MINUTES=43200
+ACCESS_TOKEN_EXPIRE_MINUTES=30
 A=1
\\ No newline at end of file
`;

  test("prints what --fix would change, writes nothing, and all findings are left", async () => {
    write({ "api.env": LONG });
    const { code, out, err } = await run(["lint", "--diff", "--only", "jwt/long-expiry", "--output", "json=a.json"]);
    expect(out).toBe(DIFF);
    expect(err).toContain("Would fix 1 finding in 1 file, 0 left\n");
    expect([code, read("api.env")]).toEqual([1, LONG]);
    expect(JSON.parse(read("a.json")).findings).toHaveLength(1);
  });

  test("says what shows the other fixes", async () => {
    write({ "compose.yaml": COMPOSE });
    const { err } = await run(["lint", "--diff", "--only", "network/database-port-exposed"]);
    expect(err).toContain("1 left: 1 with a fix that needs review (--diff --fix=unsafe)\n");
  });

  test("of standard input; in colours on a terminal", async () => {
    const argv = ["lint", "--diff", "--only", "jwt/long-expiry", "--stdin-filename", "api.env", "-"];
    expect((await run(argv, { stdin: LONG })).out).toBe(DIFF);
    const { out } = await run(argv, { stdin: LONG, tty: true });
    expect(out).toContain("\u001b[32m+ACCESS_TOKEN_EXPIRE_MINUTES=30");
    expect(out).toContain("\u001b[31m-ACCESS_TOKEN_EXPIRE_MINUTES=43200");
  });

  test("shows no secret", async () => {
    write({ "api.env": `SECRET_KEY=u7Hd92kQpx81LmZ0\nACCESS_TOKEN_EXPIRE_MINUTES=43200\n` });
    const { out } = await run(["lint", "--diff", "--only", "jwt/long-expiry"]);
    expect(out).toContain(" SECRET_KEY=••••\n");
    expect(out).not.toContain("u7Hd92");
  });
});

describe("several files together or not at all", () => {
  const files = [
    { path: "a.env", before: "A=1\n", after: "A=2\n" },
    { path: "sub/b.env", before: "B=1\n", after: "B=2\n" },
  ];
  const texts = () => files.map(({ path }) => read(path));
  const before = files.map((file) => file.before);
  beforeEach(() => write(Object.fromEntries(files.map((file) => [file.path, file.before]))));

  test("mode stays, nothing is left behind", () => {
    chmodSync(join(folder, "a.env"), 0o640);
    rewriteAll(folder, files);
    expect(texts()).toEqual(files.map(({ after }) => after));
    expect(statSync(join(folder, "a.env")).mode & 0o777).toBe(0o640);
    expect(left()).toEqual(["a.env", "sub", "sub/b.env"]);
  });

  test("a file that has changed since it was read: none is written", () => {
    write({ "sub/b.env": "B=3\n" });
    expect(() => rewriteAll(folder, files)).toThrow("can not write sub/b.env: it has changed since it was read");
    expect(texts()).toEqual(["A=1\n", "B=3\n"]);
    expect(left()).toEqual(["a.env", "sub", "sub/b.env"]);
  });

  test.each([
    ["a file that is a link", "sub/b.env", "a symbolic link, not followed"],
    ["a folder that is a link", "sub", "it lies behind a symbolic link"],
  ])("%s: none is written", (_, path, reason) => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), "qwed-outside-")));
    writeFileSync(join(outside, "b.env"), "B=1\n");
    rmSync(join(folder, path), { recursive: true });
    symlinkSync(path === "sub" ? outside : join(outside, "b.env"), join(folder, path));
    expect(() => rewriteAll(folder, files)).toThrow(`can not write sub/b.env: ${reason}`);
    expect(texts()).toEqual(before);
    expect(lstatSync(join(folder, path)).isSymbolicLink()).toBe(true);
    expect(readdirSync(outside)).toEqual(["b.env"]);
    rmSync(outside, { recursive: true });
  });

  test("a path that leads out of the root", () => {
    const name = `${folder.slice(folder.lastIndexOf("/") + 1)}-beside.env`;
    writeFileSync(join(dirname(folder), name), "A=1\n");
    const path = `../${name}`;
    expect(() => rewriteAll(folder, [{ path, before: "A=1\n", after: "A=2\n" }])).toThrow(`can not write ${path}`);
    expect(read(path)).toBe("A=1\n");
    rmSync(join(dirname(folder), name));
  });

  test.each([
    [1, "can not write sub/b.env: no space left on the disk; no file was changed", before],
    [2, "stopped halfway: a.env could not be restored", ["A=2\n", "B=1\n"]],
  ])("%i renames fail after the first: what was renamed is restored, or named", (failures, message, expected) => {
    let calls = 0;
    const rename: typeof renameSync = (from, to) => {
      calls++;
      if (calls > 1 && calls <= 1 + failures) throw Object.assign(new Error("full"), { code: "ENOSPC" });
      renameSync(from, to);
    };
    expect(() => rewriteAll(folder, files, rename)).toThrow(message);
    expect(texts()).toEqual(expected);
    expect(left()).toEqual(["a.env", "sub", "sub/b.env"]);
  });

  test("messages name a file as the user would, and no message forges a line", () => {
    const path = "a\nerror: b.env";
    const file = { path, shownAs: `../${path}`, before: undefined, after: "" };
    const rename = () => {
      throw Object.assign(new Error("no"), { code: "EACCES" });
    };
    expect(() => rewriteAll(folder, [file], rename)).toThrow("can not write ../a␊error: b.env: no permission; no file");
  });

  test("a new file appears after all is written, and goes again if something fails", () => {
    const made = { path: "sub/c.env", before: undefined, after: "C=1\n", mode: 0o600 };
    rewriteAll(folder, [made, ...files]);
    expect(read("sub/c.env")).toBe("C=1\n");
    expect(statSync(join(folder, "sub/c.env")).mode & 0o777).toBe(0o600);
    expect(() => rewriteAll(folder, [made])).toThrow("it was not there when the project was read; no file was changed");
    rmSync(join(folder, "sub/c.env"));
    const back = files.map(({ path, before, after }) => ({ path, before: after, after: before }));
    const rename: typeof renameSync = (from, to) => {
      if (String(to).endsWith("b.env")) throw Object.assign(new Error("full"), { code: "ENOSPC" });
      renameSync(from, to);
    };
    expect(() => rewriteAll(folder, [made, ...back], rename)).toThrow(
      "can not write sub/b.env: no space left on the disk",
    );
    expect(texts()).toEqual(files.map(({ after }) => after));
    expect(left()).toEqual(["a.env", "sub", "sub/b.env"]);
  });

  test("folders that are missing are made, and go again if something fails", () => {
    const made = { path: "x/y/c.env", before: undefined, after: "C=1\n" };
    write({ "sub/b.env": "B=3\n" });
    expect(() => rewriteAll(folder, [made, ...files])).toThrow("it has changed since it was read");
    expect(left()).toEqual(["a.env", "sub", "sub/b.env"]);
    rewriteAll(folder, [made]);
    expect(read("x/y/c.env")).toBe("C=1\n");
  });

  test("a temporary file that can not be made: none is written, and nobody else's is touched", () => {
    const taken = `sub/.qwed-harden-${process.pid}-1.tmp`;
    write({ [taken]: "theirs" });
    expect(() => rewriteAll(folder, files)).toThrow("can not write sub/b.env: EEXIST; no file was changed");
    expect(texts()).toEqual(before);
    expect(read(taken)).toBe("theirs");
    expect(left()).toEqual(["a.env", "sub", taken, "sub/b.env"].sort());
  });
});

const FORKED: ForkOptions = { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] };

/** A program of its own around the module under test. */
async function program(source: string): Promise<string> {
  write({
    "child.ts": `import { rewriteAll, undisturbed } from ${JSON.stringify(resolve("src/cli/write.ts"))};\n${source}`,
  });
  const bundle = await rolldown({ input: join(folder, "child.ts"), platform: "node" });
  await bundle.write({ file: join(folder, "child.mjs") });
  return join(folder, "child.mjs");
}

test("a signal waits until all is written, and is obeyed then", async () => {
  write({ "a.env": "A=1\n", "b.env": "B=1\n" });
  const child = await program(`
await undisturbed(() => {
  process.kill(process.pid, "SIGTERM");
  rewriteAll(process.argv[2], ["A", "B"].map((name) => ({
    path: name.toLowerCase() + ".env",
    before: name + "=1\\n",
    after: name + "=2\\n",
  })));
});
await new Promise((done) => setTimeout(done, 5000));
`);
  const writer = fork(child, [folder], FORKED);
  expect(await new Promise((done) => writer.once("exit", (_, signal) => done(signal)))).toBe("SIGTERM");
  expect([read("a.env"), read("b.env")]).toEqual(["A=2\n", "B=2\n"]);
});

/** `KILLS=200` for as many rounds. */
const ROUNDS = Number(process.env.KILLS ?? 40);

test(`killed ${ROUNDS} times: every file is old or new, none is half written or gone`, {
  timeout: 600_000,
}, async () => {
  const names = Array.from({ length: 12 }, (_, i) => `f${i}.env`);
  const [old, fresh] = ["old\n", "new\n"].map((line) => line.repeat(20_000)) as [string, string];
  const child = await program(`
import { rmSync } from "node:fs";
const [root, names, old, fresh] = JSON.parse(process.argv[2]);
const text = (line) => line.repeat(20000);
const write = (before, after) => {
  const made = { path: "made.env", before: undefined, after: text(after), mode: 0o600 };
  rewriteAll(root, [made, ...names.map((path) => ({ path, before: text(before), after: text(after) }))]);
  rmSync(root + "/made.env");
};
process.send("ready");
for (;;) {
  write(old, fresh);
  write(fresh, old);
}
`);
  const target = join(folder, "target");
  mkdirSync(target);
  const states = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) writeFileSync(join(target, name), old);
    const writer = fork(child, [JSON.stringify([target, names, "old\n", "new\n"])], FORKED);
    await new Promise((done) => writer.once("message", done));
    await new Promise((done) => setTimeout(done, Math.random() * 100));
    const gone = new Promise((done) => writer.once("exit", (_, signal) => done(signal)));
    writer.kill("SIGKILL");
    expect(await gone).toBe("SIGKILL");
    const state = names.map((name) => {
      const text = readFileSync(join(target, name), "utf8");
      expect(text === old || text === fresh, `${name} is whole`).toBe(true);
      return text === old ? "old" : "new";
    });
    for (const each of state) states.add(each);
    expect(state.filter((each, i) => i > 0 && each !== state[i - 1]).length, "in the order given").toBeLessThan(2);
    if (existsSync(join(target, "made.env"))) {
      const text = readFileSync(join(target, "made.env"), "utf8");
      expect(text === old || text === fresh, "the new file is whole").toBe(true);
      expect(statSync(join(target, "made.env")).mode & 0o777).toBe(0o600);
      rmSync(join(target, "made.env"));
    }
    for (const name of readdirSync(target)) {
      if (!names.includes(name)) expect(name).toMatch(/^\.qwed-harden-\d+-\d+\.tmp$/);
    }
    const first = readFileSync(join(target, names[0]!), "utf8");
    rewriteAll(target, [{ path: names[0]!, before: first, after: old }]);
    expect(readdirSync(target).sort(), "the next fix sweeps up").toEqual(names.toSorted());
  }
  expect(states, "the kills come late enough to matter").toContain("new");
});
