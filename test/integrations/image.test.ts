import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runIn, writeIn } from "../command-line.ts";
import { DATABASE } from "./workbench.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-image-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dockerfile = readFileSync("Dockerfile", "utf8");
/** The arguments of each instruction of this name. */
const all = (name: string) =>
  [...dockerfile.matchAll(new RegExp(`^${name} (.+)$`, "gm"))].map(([, argument]) => argument!);
const list = (name: string) => JSON.parse(all(name).at(-1)!) as readonly string[];

describe("the image", () => {
  test.each(["recommended", "strict", "all"])("has no finding under %s", async (preset) => {
    for (const path of ["Dockerfile", ".dockerignore"]) cpSync(path, join(folder, path));
    const { code, out } = await runIn(folder, ["lint", "--preset", preset, "--fail-on", "info", "--format", "json"]);
    const { summary } = JSON.parse(out) as { readonly summary: { readonly total: number; readonly files: number } };
    expect({ code, ...summary }).toMatchObject({ code: 0, total: 0, files: 2 });
  });

  test("one base, pinned by tag and digest; nobody by number; no shell", () => {
    const [build, final] = all("FROM");
    expect(final).toMatch(/^node:\d+\.\d+\.\d+-alpine[\d.]+@sha256:[0-9a-f]{64}$/);
    expect(build).toBe(`${final} AS build`);
    expect(readFileSync("integrations/gitlab-ci.yml", "utf8")).toContain(`image: ${final}\n`);
    expect(all("USER")).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(list("ENTRYPOINT")).toEqual(["node", "/app/bin/qwed-harden.js"]);
  });

  test("builds from what .dockerignore lets in, and lints a mounted folder without a trace", () => {
    const source = join(folder, "src");
    const [everything, ...lines] = readFileSync(".dockerignore", "utf8").trim().split("\n");
    expect(everything).toBe("*");
    for (const line of lines) {
      expect(line).toMatch(/^![\w.-]+$/);
      cpSync(line.slice(1), join(source, line.slice(1)), { recursive: true });
    }
    // In the place of `npm ci`.
    symlinkSync(resolve("node_modules"), join(source, "node_modules"));
    const [build, ...more] = all("RUN").filter((command) => command.includes("rolldown"));
    expect([build, more]).toEqual(["npx rolldown -c rolldown.config.js", []]);
    const rolldown = ["node_modules/rolldown/bin/cli.mjs", ...build!.split(" ").slice(2)];
    execFileSync(process.execPath, rolldown, { cwd: source, stdio: ["ignore", "ignore", "inherit"] });
    const copies = all("COPY --from=build").map((arguments_) => arguments_.split(" "));
    for (const paths of copies) {
      const target = join(folder, paths.at(-1)!);
      for (const path of paths.slice(0, -1)) {
        const name = path.replace(/^\/src\//, "");
        cpSync(join(source, name), paths.length > 2 ? join(target, name) : target, { recursive: true });
      }
    }
    rmSync(source, { recursive: true });

    const work = join(folder, "work");
    writeIn(work, { "compose.yaml": DATABASE });
    const [program, ...entry] = list("ENTRYPOINT");
    const { status, stdout } = spawnSync(program!, [...entry.map((path) => join(folder, path)), ...list("CMD")], {
      cwd: join(folder, all("WORKDIR").at(-1)!),
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: "/" },
    });
    expect(status).toBe(1);
    expect(stdout).toContain("network/database-port-exposed");
    expect(readdirSync(work)).toEqual(["compose.yaml"]);
  });
});
