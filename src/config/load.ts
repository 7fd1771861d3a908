/** Finds and reads the configuration file. Data only: nothing in it is ever executed. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "../user-error.ts";
import type { Config } from "./schema.ts";

export const CONFIG_NAMES = ["qwed-harden.config.yaml", "qwed-harden.config.yml", "qwed-harden.config.json"];

const LARGEST = 1 << 20;

export interface LoadedConfig {
  /** As a person would write it: relative to the working directory. */
  readonly path: string;
  /** Folder of the file, absolute: its patterns are relative to it. */
  readonly folder: string;
  readonly config: Config;
}

export interface LoadOptions {
  readonly cwd: string;
  /** Ids of all rules. */
  readonly ruleIds: readonly string[];
  /** `--config FILE`. */
  readonly file?: string | undefined;
}

/**
 * The file that `--config` names, else the nearest one from `root` up to the root of its git repository (outside of a
 * repository in `root` only). Undefined if there is none. Throws `UserError` for a file that can not be read or is wrong.
 */
export async function loadConfig(root: string, options: LoadOptions): Promise<LoadedConfig | undefined> {
  const file = options.file === undefined ? find(root) : resolve(options.cwd, options.file);
  if (file === undefined) return undefined;
  const path = relative(options.cwd, file) || basename(file);
  const text = read(file, path);
  const { parseConfig } = await import("./parse.ts");
  return { path, folder: dirname(file), config: parseConfig(text, path, options.ruleIds) };
}

function find(root: string): string | undefined {
  for (const folder of upwards(root)) {
    const found = CONFIG_NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path));
    if (found.length > 1)
      throw new UserError(`${found.map((path) => basename(path)).join(" and ")} stand side by side in ${folder}`);
    if (found[0]) return found[0];
  }
  return undefined;
}

/** The folder, and those above it if one of them is the root of a git repository, up to that. */
function upwards(root: string): readonly string[] {
  const folders: string[] = [];
  for (let at = root; ; at = dirname(at)) {
    folders.push(at);
    if (existsSync(join(at, ".git"))) return folders;
    if (dirname(at) === at) return [root];
  }
}

function read(file: string, path: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) throw new UserError(`configuration ${path} does not exist`);
  if (!stat.isFile()) throw new UserError(`configuration ${path} is not a file`);
  if (stat.size > LARGEST) throw new UserError(`configuration ${path} is larger than 1 MiB`);
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch {
    throw new UserError(`configuration ${path} can not be read`);
  }
}
