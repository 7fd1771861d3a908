import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runIn, writeIn } from "./command-line.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-gate-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string>>) => writeIn(folder, files);
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const git = (...args: readonly string[]) =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", ...args],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  ).trim();
const commit = (message: string) => {
  git("add", "-A");
  git("commit", "-qm", message);
};

interface Told {
  readonly findings: readonly {
    readonly rule: string;
    readonly file: string;
    readonly line: number;
    readonly subject: string;
  }[];
  readonly summary: { readonly silenced: number };
}

/** `lint` with JSON on standard output; `rules` and `lines` of what it reports. */
async function lint(...args: readonly string[]) {
  const { code, out, err } = await runIn(folder, ["lint", "--format", "json", ...args]);
  const told = out ? (JSON.parse(out) as Told) : undefined;
  const found = (told?.findings ?? []).map(({ rule, file, line }) => `${file}:${line} ${rule}`);
  return { code, err, found, silenced: told?.summary.silenced };
}

const service = (name: string, ports: readonly string[] = [], more: readonly string[] = []) => [
  `  ${name}:`,
  `    image: ${name}:16.2`,
  ...(ports.length ? ["    ports:", ...ports.map((port) => `      - "${port}"`)] : []),
  ...more,
];
const compose = (...services: readonly (readonly string[])[]) => `${["services:", ...services.flat()].join("\n")}\n`;

const DB = service(
  "postgres",
  ["5432:5432"],
  ["    environment:", "      POSTGRES_PASSWORD_FILE: /run/secrets/pw", "    restart: always", "    mem_limit: 1g"],
);
const CACHE = service(
  "redis",
  ["6379:6379"],
  ["    restart: always", "    mem_limit: 1g", "    cpus: 1", "    pids_limit: 100"],
);
const PORT = "network/database-port-exposed";
const TOKEN = "u7Hd92kQpx81LmZ0";

describe("a pull request", () => {
  beforeEach(async () => {
    git("init", "-q");
    write({ "deploy/compose.yaml": compose(DB, CACHE), ".gitignore": ".env\n" });
    expect((await lint("--baseline", "baseline.json", "--update-baseline")).code).toBe(0);
    commit("main");
    git("checkout", "-qb", "change");
  });

  test.each([
    ["by the change", ["--changed-since", "main"]],
    ["by the baseline", ["--baseline", "baseline.json"]],
    ["by both", ["--changed-since", "main", "--baseline", "baseline.json"]],
    ["by the baseline of main", ["--baseline", "baseline.json", "--config-from-ref", "main"]],
  ])("that adds one defect and moves ten lines has one finding %s", async (_, args) => {
    const before = await lint();
    expect(before.found.length).toBeGreaterThan(3);
    expect(DB).toHaveLength(8);
    const moved = [...CACHE, "  # ten", "  # lines"];
    write({
      "deploy/compose.yaml": compose(moved, DB).replace(
        "mem_limit: 1g\n",
        `mem_limit: 1g\n    environment: [API_TOKEN=${TOKEN}]\n`,
      ),
    });
    commit("change");
    const { code, found } = await lint(...args);
    expect(found).toEqual(["deploy/compose.yaml:8 secrets/in-env-literal"]);
    expect(code).toBe(1);
    expect((await lint()).found).toHaveLength(before.found.length + 1);
  });

  test("that only moves lines, re-indents or renames has no finding by the baseline", async () => {
    git("mv", "deploy", "infra");
    write({ "infra/compose.yaml": `# moved\n\n${compose(CACHE, DB).replaceAll("      - ", "        - ")}` });
    commit("moved");
    expect(await lint("--baseline", "baseline.json")).toMatchObject({ code: 0, found: [] });
    await lint("--baseline", "baseline.json", "--update-baseline");
    expect(read("baseline.json")).toContain("infra/compose.yaml");
    expect(read("baseline.json")).not.toContain("deploy/");
  });

  test("that takes a safeguard away has a finding, though its place did not change", async () => {
    const LOGGING = ["    logging:", "      options:", '        max-size: "10m"'];
    const services = [service("worker"), service("api", [], LOGGING), DB];
    write({ "deploy/compose.yaml": compose(...services) });
    commit("hardened");
    git("branch", "-f", "main");
    write({ "deploy/compose.yaml": compose(service("worker"), service("api"), DB) });
    expect((await lint("--changed-since", "main")).found).toEqual([
      "deploy/compose.yaml:4 compose/log-rotation-missing",
    ]);
  });

  test("sees files that git does not know yet, and not those that it ignores", async () => {
    write({ "new/compose.yaml": compose(DB), ".env": "SECRET_KEY=changeme\n" });
    const { found } = await lint("--changed-since", "main");
    expect(found).toContain(`new/compose.yaml:5 ${PORT}`);
    expect(found.every((place) => place.startsWith("new/"))).toBe(true);
  });

  test("is judged from the commit that it parted from, not from what main is by now", async () => {
    git("checkout", "-q", "main");
    write({ "deploy/compose.yaml": compose(DB) });
    commit("main goes on");
    git("checkout", "-q", "change");
    expect((await lint("--changed-since", "main")).found).toEqual([]);
  });

  test("can not switch off its own gate", async () => {
    write({
      "deploy/compose.yaml": compose(DB, CACHE, service("mysql", ["3306:3306"])),
      "qwed-harden.config.yaml": "ignore: ['**']\n",
    });
    await lint("--baseline", "baseline.json", "--update-baseline", "--no-config");
    commit("all is well");
    expect((await lint("--baseline", "baseline.json")).code).toBe(2);
    const { code, found } = await lint("--baseline", "baseline.json", "--config-from-ref", "main");
    expect(code).toBe(1);
    expect(found).toContain(`deploy/compose.yaml:21 ${PORT}`);
    expect(found.filter((place) => place.endsWith(PORT))).toHaveLength(1);
  });

  test("is checked by the configuration of main, also one that it took away", async () => {
    git("checkout", "-q", "main");
    write({ "qwed-harden.config.yaml": `rules:\n  ${PORT}: off\n` });
    commit("configuration");
    git("checkout", "-q", "change");
    expect((await lint()).found.some((place) => place.endsWith(PORT))).toBe(true);
    const { found, err } = await lint("--config-from-ref", "main");
    expect(found.some((place) => place.endsWith(PORT))).toBe(false);
    expect(err).toContain("Configuration: main:qwed-harden.config.yaml");
    expect((await lint("--config-from-ref", "main", "--config", "no.yaml")).err).toContain(
      "configuration main:no.yaml does not exist",
    );
  });

  test("of a folder below: paths of git and of the run meet", async () => {
    write({ "deploy/compose.yaml": compose(DB, CACHE, service("mysql", ["3306:3306"])) });
    const { found } = await lint("deploy", "--changed-since", "main");
    expect(found).toContain(`compose.yaml:21 ${PORT}`);
    expect(found.some((place) => /compose.yaml:5 /.test(place))).toBe(false);
    expect((await lint("deploy", "--baseline", "baseline.json")).found.filter((place) => place.endsWith(PORT))).toEqual(
      [`compose.yaml:21 ${PORT}`],
    );
  });
});

describe("what is staged", () => {
  beforeEach(() => {
    git("init", "-q");
    write({ "compose.yaml": compose(DB) });
    commit("main");
  });

  test("is read as it is staged, whatever the work tree says by now", async () => {
    write({ "compose.yaml": compose(DB, CACHE) });
    git("add", ".");
    write({ "compose.yaml": `# one\n# two\n${compose(DB, service("mysql", ["3306:3306"]))}`, "new.env": "A=1\nA=2\n" });
    const { found, code } = await lint("--staged");
    expect(code).toBe(1);
    expect(found).toContain(`compose.yaml:13 ${PORT}`);
    expect(found.filter((place) => Number(/:(\d+)/.exec(place)![1]) < 10)).toEqual([]);
    expect(found.some((place) => place.startsWith("new.env"))).toBe(false);
  });

  test("is nothing: no finding, and it says how many are elsewhere", async () => {
    const { found, code, err } = await lint("--staged");
    expect({ found, code }).toEqual({ found: [], code: 0 });
    expect(err).toMatch(/Only what is staged is judged: [1-9]\d* findings elsewhere left out/);
  });

  test("before the first commit is everything", async () => {
    rmSync(join(folder, ".git"), { recursive: true });
    git("init", "-q");
    git("add", ".");
    expect((await lint("--staged")).found).toEqual((await lint()).found);
  });
});

describe("the baseline on disk", () => {
  beforeEach(() => write({ "a/compose.yaml": compose(DB), "b/compose.yaml": compose(CACHE) }));

  test("is made, says so, and is the same bytes the next time", async () => {
    const { code, err, found, silenced } = await lint("--baseline", "b.json", "--update-baseline");
    expect({ code, found }).toEqual({ code: 0, found: [] });
    expect(err).toContain(`Baseline b.json: ${silenced} findings`);
    const text = read("b.json");
    await lint("--baseline", "b.json", "--update-baseline");
    expect(read("b.json")).toBe(text);
    expect(readdirSync(folder).filter((name) => name.startsWith("b.json"))).toEqual(["b.json"]);
  });

  test("tells of what is fixed; an update drops it", async () => {
    await lint("--baseline", "b.json", "--update-baseline");
    write({ "a/compose.yaml": compose(DB.filter((line) => !/port|5432/.test(line))) });
    const { code, err } = await lint("--baseline", "b.json");
    expect(code).toBe(0);
    expect(err).toContain(
      `No longer found of the baseline: 1 finding, --update-baseline drops them\n  a/compose.yaml: ${PORT}\n`,
    );
    expect((await lint("--baseline", "b.json", "--update-baseline")).err).toContain("1 finding, dropped");
    expect((await lint("--baseline", "b.json")).err).not.toContain("No longer found");
  });

  test("keeps what a smaller run does not see: other folders, other rules, files it can not read", async () => {
    await lint("--baseline", "b.json", "--update-baseline");
    const text = read("b.json");
    git("init", "-q");
    for (const args of [["a"], ["--rule", `${PORT}=off`], ["a/compose.yaml"]]) {
      const { err, found } = await lint(...args, "--baseline", "b.json");
      expect(err, args.join(" ")).not.toContain("No longer found");
      expect(found).toEqual([]);
      await lint(...args, "--baseline", "b.json", "--update-baseline");
      expect(read("b.json"), args.join(" ")).toBe(text);
    }
    write({ "a/compose.yaml": "services:\n  api:\n   - {\n" });
    const { err, found } = await lint("--baseline", "b.json");
    expect(err).not.toContain("No longer found");
    expect(found.every((place) => place.endsWith("parse/unreadable"))).toBe(true);
  });

  test("is never taken from a run that checked nothing", async () => {
    mkdirSync(join(folder, "empty"));
    expect((await lint("empty", "--baseline", "b.json", "--update-baseline")).code).toBe(2);
    expect(existsSync(join(folder, "b.json"))).toBe(false);
  });

  test("knows no finding of a rule that nothing may silence", async () => {
    write({ "qwed-harden.config.yaml": `nonSuppressible: [${PORT}]\n` });
    const { code, found } = await lint("--baseline", "b.json", "--update-baseline");
    expect(code).toBe(1);
    expect(found.every((place) => place.endsWith(PORT))).toBe(true);
    expect(read("b.json")).not.toContain(PORT);
  });

  test("holds no secret", async () => {
    write({ "prod.env": "SECRET_KEY=hunter2hunter2\nDB_PASSWORD=tr0ub4dor\nAPI=postgres://u:sw0rdf1sh@db/x\n" });
    await lint("--baseline", "b.json", "--update-baseline", "--preset", "all");
    expect(read("b.json")).toContain("prod.env");
    expect(read("b.json")).not.toMatch(/hunter2|tr0ub|sw0rd/);
    const text = read("b.json");
    write({ "prod.env": "SECRET_KEY=hunter3hunter3\nDB_PASSWORD=correctbatt3ry\nAPI=postgres://u:0therw0rd@db/x\n" });
    await lint("--baseline", "b.json", "--update-baseline", "--preset", "all");
    expect(read("b.json")).toBe(text);
  });
});

describe("wrong usage ends with exit code 2 and one sentence", () => {
  beforeEach(() => write({ "compose.yaml": compose(DB), "broken.json": '{"baseline": "qwed-harden",\n  x' }));
  const repository = () => {
    git("init", "-q");
    commit("one");
  };

  test.each([
    [["--update-baseline"], "--update-baseline needs --baseline FILE"],
    [["--staged", "--changed-since", "main"], "--staged and --changed-since do not go together"],
    [["--baseline", "b.json", "--update-baseline", "--config-from-ref", "main"], "do not go together"],
    [["--changed-since", "main", "--fix"], "--changed-since and --fix do not go together"],
    [["--baseline", "none.json"], "baseline none.json does not exist; --update-baseline makes it"],
    [["--baseline", "broken.json"], "broken.json:2:3: not JSON"],
    [["--baseline", "compose.yaml"], "compose.yaml:1:1: not JSON"],
    [["--changed-since", "nowhere"], "git knows no commit nowhere here"],
    [["--changed-since=--output=x"], '"--output=x" is not the name of a commit'],
    [["--changed-since", "main:compose.yaml"], "git knows no commit main:compose.yaml"],
    [["--config-from-ref", "nowhere"], "git knows no commit nowhere here"],
    [["--baseline", "b.json", "--config-from-ref", "main"], "baseline b.json does not exist in main"],
    [["--baseline", "../b.json", "--config-from-ref", "main"], "is not in the repository"],
  ])("%j", async (args, message) => {
    repository();
    const { code, err } = await lint(...args);
    expect(err).toContain(message);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });

  test.each([
    [["--staged"], "--staged needs a git repository"],
    [["--config-from-ref", "main"], "there is no git repository here"],
  ])("without a repository: %j", async (args, message) => {
    expect(await lint(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  test("commits that have nothing in common", async () => {
    repository();
    git("checkout", "-q", "--orphan", "other");
    commit("other");
    expect((await lint("--changed-since", "main")).err).toContain("HEAD and main have no common commit here");
  });
});

test("no program that the repository configures is started", async () => {
  git("init", "-q");
  write({ "compose.yaml": compose(DB), ".gitattributes": "* filter=evil diff=evil\n" });
  commit("one");
  const mark = join(folder, "..", `${folder.split("/").at(-1)}-started`);
  write({ "evil.sh": `#!/bin/sh\ntouch ${mark}\ncat\n` });
  const script = `sh ${join(folder, "evil.sh")}`;
  for (const key of [
    "filter.evil.clean",
    "filter.evil.process",
    "filter.evil.smudge",
    "diff.evil.textconv",
    "diff.evil.command",
  ]) {
    git("config", key, script);
  }
  for (const key of ["core.fsmonitor", "core.pager", "diff.external", "core.hooksPath", "core.sshCommand"])
    git("config", key, script);
  for (const key of ["diff.noprefix", "diff.mnemonicPrefix", "color.diff", "filter.evil.required"])
    git("config", key, "true");
  git("config", "color.ui", "always");
  git("config", "diff.context", "9");
  write({ "compose.yaml": compose(DB, CACHE) });
  const since = await lint("--changed-since", "HEAD");
  expect(since.found.filter((place) => place.endsWith(PORT))).toEqual([`compose.yaml:13 ${PORT}`]);
  await lint("--staged");
  await lint("--config-from-ref", "HEAD");
  const started = existsSync(mark);
  rmSync(mark, { force: true });
  expect(started).toBe(false);
});
