import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discover } from "../src/discover/index.ts";
import type { EnvValue } from "../src/model.ts";
import { understand } from "../src/run.ts";
import { runIn, writeIn } from "./command-line.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-move-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string>>) => writeIn(folder, files);
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const git = (...argv: readonly string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", ...argv], {
    encoding: "utf8",
  });

const ONLY = ["--only", "secrets/in-env-literal", "--only", "secrets/basic-auth-url"];
const fix = (...argv: readonly string[]) => runIn(folder, ["lint", "--fix=unsafe", ...ONLY, ...argv]);

const SECRET = "u7Hd92kQpx81LmZ0";
const OTHER = "Jw4Rt0vXb6Yc3NqE";
const compose = (environment: string) =>
  `services:\n  api:\n    image: example/api:1.2.3\n    environment:${environment}\n`;

const given = (value: EnvValue) =>
  value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;

/** What every container gets, by subject and name. */
async function environments() {
  const model = await understand(discover(["."], { cwd: folder }));
  return Object.fromEntries(
    model.containers.flatMap(({ subject, variables }) =>
      variables.map(({ name, value }) => [`${subject} ${name.value}`, given(value.value)]),
    ),
  );
}

describe("a credential of a Compose file moves to .env", () => {
  test("in a repository: ignored first, readable by its owner alone, named in the example, shown nowhere", async () => {
    git("init", "-q");
    write({ "compose.yaml": compose(`\n      DB_PASSWORD: ${SECRET} # theirs`), ".gitignore": "dist/\n" });
    git("add", ".");
    const before = await environments();
    const { code, out, err } = await fix(".");
    expect(read("compose.yaml")).toBe(compose("\n      DB_PASSWORD: ${DB_PASSWORD:?set DB_PASSWORD in .env} # theirs"));
    expect([read(".env"), read(".env.example"), read(".gitignore")]).toEqual([
      `DB_PASSWORD=${SECRET}\n`,
      "DB_PASSWORD=\n",
      "dist/\n.env\n",
    ]);
    expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600);
    expect(git("status", "--porcelain", "--untracked-files=all")).not.toMatch(/\.env$/m);
    expect(out + err).not.toContain(SECRET);
    expect(err).toContain("Fixed 1 finding in 4 files (1 to review), 0 left\n");
    expect(code).toBe(0);
    expect(await environments()).toEqual(before);
    expect((await fix(".")).err).toContain("Fixed 0 findings");
  });

  test.each([
    ["plain", `\n      DB_PASSWORD: ${SECRET}`],
    ["double quotes", `\n      DB_PASSWORD: "${SECRET}"`],
    ["single quotes", `\n      'DB_PASSWORD': '${SECRET}'`],
    ["a list", `\n      - A=b\n      - DB_PASSWORD=${SECRET}`],
    ["a quoted item", `\n      - "DB_PASSWORD=${SECRET}"`],
    ["flow style", ` {A: b, DB_PASSWORD: ${SECRET}, C: d}`],
    ["a flow list", ` [A=b, DB_PASSWORD=${SECRET}, C=d]`],
    ["an escaped dollar", "\n      DB_PASSWORD: u7Hd92$$kQpx81LmZ0"],
    ["a number sign", "\n      DB_PASSWORD: u7Hd92#kQpx81LmZ0"],
    ["blanks", '\n      DB_PASSWORD: "u7Hd92 kQpx81 LmZ0"'],
    ["a fallback", `\n      DB_PASSWORD: \${DB_PASSWORD:-${SECRET}}`],
    ["a fallback of another name", `\n      DB_PASSWORD: "\${PG_PASS:-${SECRET}}"`],
    ["a URL", `\n      DATABASE_URL: postgresql://qca:${SECRET}@db:5432/qca`],
    ["a URL in flow style", ` {DATABASE_URL: postgresql://qca:${SECRET}@db:5432/qca}`],
    ["an anchor", `\n      DB_PASSWORD: &password ${SECRET}\n      OTHER_PASSWORD: *password`],
  ])("%s: containers get what they got", async (_, environment) => {
    write({ "compose.yaml": compose(environment) });
    const before = await environments();
    const { err } = await fix(".");
    expect(read("compose.yaml")).not.toMatch(/u7Hd92|kQpx81/);
    expect(err).not.toContain("Not fixed");
    expect(await environments()).toEqual(before);
    expect(Object.values(before).some((value) => value?.includes("kQpx81"))).toBe(true);
    expect((await fix(".")).err).toContain("Fixed 0 findings");
  });

  test("one value under one name is written once, another value gets the service's name", async () => {
    const service = (name: string, secret: string) =>
      `  ${name}:\n    image: example/${name}:1.2.3\n    environment:\n      DB_PASSWORD: ${secret}\n`;
    write({ "compose.yaml": `services:\n${service("a", SECRET)}${service("b", SECRET)}${service("c", OTHER)}` });
    const before = await environments();
    await fix(".");
    expect(read(".env")).toBe(`DB_PASSWORD=${SECRET}\nC_DB_PASSWORD=${OTHER}\n`);
    expect(await environments()).toEqual(before);
  });

  test("a name that others refer to is left to them", async () => {
    const file = `${compose(`\n      DB_PASSWORD: ${SECRET}`)}  b:\n    image: example/b:1.2.3\n    command: [run, "\${DB_PASSWORD:-none}"]\n`;
    write({ "compose.yaml": file });
    await fix(".");
    expect(read(".env")).toBe(`API_DB_PASSWORD=${SECRET}\n`);
  });

  test("the file's own lines stay: line ends, a last line without one, mode, and an example that names it", async () => {
    write({
      "compose.yaml": compose(`\n      DB_PASSWORD: ${SECRET}`),
      ".env": "A=1\r\nB=2",
      ".env.sample": "# DB_PASSWORD=\n",
    });
    const mode = statSync(join(folder, ".env")).mode;
    await fix(".");
    expect(read(".env")).toBe(`A=1\r\nB=2\r\nDB_PASSWORD=${SECRET}`);
    expect(statSync(join(folder, ".env")).mode).toBe(mode);
    expect([read(".env.sample"), existsSync(join(folder, ".env.example"))]).toEqual(["# DB_PASSWORD=\n", false]);
  });

  const untouched = async (text: string, reason = "for a person to decide") => {
    write({ "compose.yaml": text });
    const { err } = await fix(".");
    expect(read("compose.yaml")).toBe(text);
    expect(err).toContain(`Fixed 0 findings in 0 files, 1 left: 1 ${reason}\n`);
  };

  test("not into a .env that no .gitignore can name", async () => {
    git("init", "-q");
    write({ ".gitignore/x": "" });
    await untouched(compose(`\n      DB_PASSWORD: ${SECRET}`), "with a fix that can not be made here");
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  test("not into a .env that git tracks", async () => {
    git("init", "-q");
    write({ ".env": "A=1\n" });
    git("add", "-f", ".env");
    await untouched(compose(`\n      DB_PASSWORD: ${SECRET}`));
    expect(read(".env")).toBe("A=1\n");
  });

  test.each([
    ["a quote that every dialect reads its own way", `\n      DB_PASSWORD: "u7Hd92'kQpx81"`],
    ["a reference in the middle of it", "\n      DB_PASSWORD: u7Hd92-$TOKEN_SUFFIX"],
    ["a block scalar", `\n      DB_PASSWORD: |\n        ${SECRET}`],
    [
      "a fallback that another reference does not share",
      `\n      DB_PASSWORD: \${DB_PASSWORD:-${SECRET}}\n      LABEL: x\${DB_PASSWORD:-other}`,
    ],
  ])("not %s", (_, environment) => untouched(compose(environment)));

  test("a link in the place of .env is not written through", async () => {
    write({ "elsewhere/real": "A=1\n" });
    symlinkSync("elsewhere/real", join(folder, ".env"));
    await untouched(compose(`\n      DB_PASSWORD: ${SECRET}`), "with a fix that can not be made here");
    expect(read("elsewhere/real")).toBe("A=1\n");
  });

  test("the diff shows the new files and no secret", async () => {
    write({ "compose.yaml": compose(`\n      DB_PASSWORD: ${SECRET}`) });
    const { out } = await runIn(folder, ["lint", "--fix=unsafe", "--diff", ...ONLY]);
    expect(out).toContain("--- /dev/null\n+++ b/.env\n@@ -0,0 +1 @@\n+DB_PASSWORD=••••\n");
    expect(out).toContain("--- /dev/null\n+++ b/.env.example\n@@ -0,0 +1 @@\n+DB_PASSWORD=\n");
    expect(out).not.toContain(SECRET);
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  test("no machine's format shows the move, for it holds the secret", async () => {
    write({ "compose.yaml": compose(`\n      DB_PASSWORD: ${SECRET}`) });
    for (const format of ["json", "sarif"]) {
      const { out } = await runIn(folder, ["lint", "--format", format, ...ONLY]);
      expect(out).toContain("secrets/in-env-literal");
      expect(out).not.toContain(SECRET);
    }
  });
});

describe("a credential of a Kubernetes manifest moves to a file that a Secret is made of", () => {
  const pod = (env: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\nspec:\n  containers:\n    - name: web\n      image: example/web:1.2.3\n      env:\n${env}`;

  test("the command names the namespace, also that of an overlay", async () => {
    write({
      "base/pod.yaml": pod(`        - name: DB_PASSWORD\n          value: ${SECRET}\n`),
      "base/kustomization.yaml": "resources: [pod.yaml]\n",
      "prod/kustomization.yaml": "namespace: acme\nresources: [../base]\n",
    });
    expect((await fix(".")).err).toContain(
      "  kubectl create secret generic api-secrets --namespace acme --from-env-file=",
    );
  });

  test("block style: the reference, the file, the command", async () => {
    git("init", "-q");
    write({ "k8s/pod.yaml": pod(`        - name: DB_PASSWORD\n          value: "${SECRET}" # theirs\n`) });
    const { out, err } = await fix(".");
    expect(read("k8s/pod.yaml")).toBe(
      pod(
        "        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: api-secrets\n              key: DB_PASSWORD # theirs\n",
      ),
    );
    expect([read("k8s/api-secrets.env"), read(".gitignore")]).toEqual([
      `DB_PASSWORD=${SECRET}\n`,
      "k8s/api-secrets.env\n",
    ]);
    expect(statSync(join(folder, "k8s/api-secrets.env")).mode & 0o777).toBe(0o600);
    expect(err).toContain(
      "Still to be run by you:\n  kubectl create secret generic api-secrets --from-env-file=k8s/api-secrets.env\n",
    );
    expect(out + err).not.toContain(SECRET);
  });

  test("a Secret of that name that the project writes is not touched", async () => {
    const text = pod(`        - { name: DB_PASSWORD, value: ${SECRET} }\n`);
    write({
      "pod.yaml": text,
      "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: api-secrets\nstringData:\n  A: ''\n",
    });
    expect((await fix(".")).err).toContain("1 for a person to decide");
    expect(read("pod.yaml")).toBe(text);
  });
});
