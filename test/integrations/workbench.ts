import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage } from "./built-package.ts";

/** Folders and commands that pipelines are tried with. */
export interface Workbench {
  /** The built package. */
  readonly built: string;
  /** An empty folder. */
  readonly empty: () => string;
  /**
   * A folder for the front of PATH where `npm install` of this package gives the built one, from no registry, and `apk`
   * is there. What they were asked for stands in its file `asked`.
   */
  readonly commands: () => string;
  readonly remove: () => void;
}

/** Builds the work tree once. */
export function workbench(): Workbench {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "qwed-integrations-")));
  const empty = () => mkdtempSync(join(root, "folder-"));
  const built = join(root, "built");
  buildPackage(built);
  return {
    built,
    empty,
    commands: () => {
      const folder = empty();
      command(folder, "apk", `echo "apk $*" >> "${folder}/asked"`);
      command(folder, "npm", NPM.replaceAll("FOLDER", folder).replaceAll("BUILT", built));
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

const NPM = `echo "npm $*" >> "FOLDER/asked"
chmod +x "BUILT/bin/qwed-harden.js"
case "$*" in
  *--global*) ln -sf "BUILT/bin/qwed-harden.js" "FOLDER/qwed-harden" ;;
  *) mkdir -p node_modules && ln -sfn "BUILT" node_modules/qwed-harden ;;
esac`;

/** Puts a shell script on a folder of PATH. */
export function command(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Runs git in a folder, as nobody in particular. */
export const gitIn = (folder: string, ...args: readonly string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", ...args],
    { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  ).trim();

export const DATABASE = `services:
  db:
    image: postgres:17.2
    ports: ["5432:5432"]
`;
