/** What stands where new files are to be written. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../user-error.ts";

/**
 * Which of the paths (relative to `root`, with `/`) are files already. Throws `UserError` where something stands in the
 * way that no file may replace: a folder, a device, a symbolic link, a file where a folder has to be.
 */
export const present = (root: string, paths: readonly string[]): readonly string[] =>
  paths.filter((path) => isThere(root, path));

function isThere(root: string, path: string): boolean {
  const steps = path.split("/");
  for (const i of steps.keys()) {
    const way = steps.slice(0, i + 1).join("/");
    const stat = lstatSync(join(root, way), { throwIfNoEntry: false });
    if (!stat) return false;
    const last = i === steps.length - 1;
    if (stat.isSymbolicLink()) throw new UserError(`${way} is a symbolic link, which is not followed`);
    if (last ? !stat.isFile() : !stat.isDirectory()) throw new UserError(`${way} is not a ${last ? "file" : "folder"}`);
  }
  return true;
}
