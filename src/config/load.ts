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
  /** Another place than the disk to read from. */
  readonly from?: ConfigSource | undefined;
}

/** A commit that the configuration is read from. */
export interface ConfigSource {
  /** As the user wrote it. */
  readonly ref: string;
  /** Text at an absolute path; undefined: there is no file. */
  readonly read: (file: string) => Promise<string | undefined>;
}

/**
 * The file that `--config` names, else the nearest one from `root` up to the root of its git repository (outside of a
 * repository in `root` only). Undefined if there is none. Throws `UserError` for a file that can not be read or is wrong.
 */
export async function loadConfig(root: string, options: LoadOptions): Promise<LoadedConfig | undefined> {
  const { from, cwd } = options;
  const read = from ? from.read : async (file: string) => onDisk(file, relative(cwd, file) || basename(file));
  const found =
    options.file === undefined ? await find(root, read) : { file: resolve(cwd, options.file), text: undefined };
  if (!found) return undefined;
  const { file } = found;
  const path = `${from ? `${from.ref}:` : ""}${relative(cwd, file) || basename(file)}`;
  const text = (found.text ?? (await read(file)))?.replace(/^\uFEFF/, "");
  if (text === undefined) throw new UserError(`configuration ${path} does not exist`);
  const { parseConfig } = await import("./parse.ts");
  return { path, folder: dirname(file), config: parseConfig(text, path, options.ruleIds) };
}

async function find(
  root: string,
  read: ConfigSource["read"],
): Promise<{ readonly file: string; readonly text: string } | undefined> {
  for (const folder of upwards(root)) {
    const found: { readonly file: string; readonly text: string }[] = [];
    for (const name of CONFIG_NAMES) {
      const file = join(folder, name);
      const text = await read(file);
      if (text !== undefined) found.push({ file, text });
    }
    if (found.length > 1)
      throw new UserError(`${found.map(({ file }) => basename(file)).join(" and ")} stand side by side in ${folder}`);
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

function onDisk(file: string, path: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isFile()) throw new UserError(`configuration ${path} is not a file`);
  if (stat.size > LARGEST) throw new UserError(`configuration ${path} is larger than 1 MiB`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UserError(`configuration ${path} can not be read`);
  }
}
