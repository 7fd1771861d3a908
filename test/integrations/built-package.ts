import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What package.json says of the package. */
export const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

/** Builds the work tree into a folder, which then runs as an installed package or a checkout with a build does. */
export function buildPackage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const path of ["package.json", "bin", "action.yml"]) cpSync(path, join(folder, path), { recursive: true });
  const rolldown = ["node_modules/rolldown/bin/cli.mjs", "-c", "rolldown.config.js", "-d", join(folder, "dist")];
  execFileSync(process.execPath, rolldown, { stdio: ["ignore", "ignore", "inherit"] });
}
