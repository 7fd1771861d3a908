/** The trees that are looked at. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Every folder of examples by itself, and every other tree that has files of its own as one. */
export function roots(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true });
  const folders = names.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const examples = folders.filter((name) => /^(good|bad)-/.test(name));
  if (examples.length) return examples.map((name) => join(folder, name));
  return folders.length < names.length ? [folder] : folders.flatMap((name) => roots(join(folder, name)));
}
