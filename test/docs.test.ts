import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runIn, writeIn } from "./command-line.ts";

const pages: readonly string[] = [
  ...readdirSync(".").filter((name) => name.endsWith(".md")),
  ...readdirSync("docs", { recursive: true })
    .map((name) => join("docs", String(name)))
    .filter((name) => name.endsWith(".md")),
].sort();

const textOf = (page: string): string => readFileSync(page, "utf8");

const FENCED = /^ *```[^\n]*\n([\s\S]*?)^ *```/gm;

const prose = (page: string): string =>
  textOf(page)
    .replace(FENCED, "")
    .replace(/`[^`\n]*`/g, "");

/** Anchors of a page as GitHub makes them: of its headings, those that are there twice with a number. */
function anchors(page: string): ReadonlySet<string> {
  const found = new Map<string, number>();
  const headings = [
    ...textOf(page)
      .replace(FENCED, "")
      .matchAll(/^#{1,6} +(.+?) *#*$/gm),
  ];
  const slugs = headings.map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replace(/\]\([^)]*\)/g, "")
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const before = found.get(slug) ?? 0;
    found.set(slug, before + 1);
    return before ? `${slug}-${before}` : slug;
  });
  return new Set(slugs);
}

test("every link of the documentation leads to a file, and to a heading of it", () => {
  const broken = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : normalize(join(dirname(page), path));
        return !existsSync(target) || (anchor !== undefined && !anchors(target).has(anchor));
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
  expect(pages.length).toBeGreaterThan(100);
});

test("the configuration that the README shows is one", async () => {
  const blocks = [...textOf("README.md").matchAll(/^```yaml\n(# yaml-language-server[\s\S]*?)^```/gm)].map(
    ([, block = ""]) => block,
  );
  expect(blocks).toHaveLength(1);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-docs-")));
  writeIn(folder, {
    "qwed-harden.config.yaml": blocks[0]!,
    "compose.yaml": "services:\n  api:\n    image: example.com/api:1.4.2\n",
  });
  const { code, err } = await runIn(folder, ["lint", "--format", "json"]);
  rmSync(folder, { recursive: true });
  expect([code, err]).toEqual([0, expect.stringContaining("Configuration: qwed-harden.config.yaml\n")]);
});

describe("command lines of the documentation", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  /** Without what a shell does with them: redirections, pipes, what is run behind them. */
  const commands = pages
    .filter((page) => !page.startsWith("docs/rules/"))
    .flatMap((page) => [...textOf(page).matchAll(FENCED)].flatMap(([, block = ""]) => block.split("\n")))
    .map((line) => line.replace(/^ *(?:- )?(?:run: |script: |entry: |\$ )?/, "").replace(/^npx (?:--yes )?/, ""))
    .filter((line) => /^qwed-harden(?:@\S+)? [a-z]/.test(line))
    .map((line) => line.replace(/ +(?:#|>|\||&&) .*$/, ""));

  let folder: string;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-docs-")));
    const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
    git("init", "-q");
    writeIn(folder, {
      "compose.yaml": "services:\n  api:\n    image: example.com/api:1.4.2\n",
    });
    await runIn(folder, ["lint", "--baseline", "harden-baseline.json", "--update-baseline"]);
    git("add", "-A");
    git("-c", "user.name=n", "-c", "user.email=n@example.com", "commit", "-q", "-m", "m");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("there are many", () => expect(new Set(commands).size).toBeGreaterThan(15));

  test.each([...new Set(commands)])("%s", async (command) => {
    const words = command
      .replace(/\$\{CI_MERGE_REQUEST_DIFF_BASE_SHA:\+(.*?)\}/g, "$1")
      .replace(/\$CI_MERGE_REQUEST_DIFF_BASE_SHA/g, "HEAD")
      .replace(/"?\$GITHUB_BASE_REF"?/g, "main")
      .replace(/\$GITHUB_STEP_SUMMARY/g, "summary.md")
      .replaceAll('"', "")
      .split(" ");
    const [name = "", ...argv] = words;
    if (name.includes("@")) expect(name).toBe(`qwed-harden@${version}`);
    // Nobody answers here, and whoever was here before has left files.
    const { code, err } = await runIn(folder, argv[0] === "init" ? [...argv, "--yes", "--force"] : argv);
    expect(err).not.toContain("error:");
    expect([0, 1]).toContain(code);
  });
});
