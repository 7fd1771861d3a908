/** Arguments → the project and what is to be done with it: what `lint`, `guide` and `model` have in common. */
import { relative, sep } from "node:path";
import { rules } from "../../rules/index.ts";
import { loadConfig } from "../config/load.ts";
import { type Overrides, type Settings, settings } from "../config/settings.ts";
import type { Revision } from "../discover/git/reading.ts";
import { type Discovered, type DiscoverOptions, discover, locate } from "../discover/index.ts";
import type { Streams } from "./streams.ts";

export interface ProjectOptions extends Overrides {
  readonly paths: readonly string[];
  /** A file, false for none, undefined: the nearest. */
  readonly config?: string | false | undefined;
  readonly stdinFilename?: string | undefined;
  /** Branch, tag or commit that the configuration is read from, in the place of the work tree. */
  readonly configFromRef?: string | undefined;
}

export interface Loaded {
  readonly project: Discovered;
  readonly settings: Settings;
  /** Of the configuration file, as a person would write it. */
  readonly configPath?: string;
  /** The commit of `--config-from-ref`. */
  readonly revision?: Revision;
  /** From the working directory to the root of the run, from the repository to it: "" or ending in `/`. */
  readonly displayPrefix: string;
  readonly repositoryPrefix: string;
}

export const ruleIds: ReadonlySet<string> = new Set(rules.map(({ meta }) => meta.id));

/** Throws `UserError` for wrong paths and a wrong configuration. */
export async function load(options: ProjectOptions, streams: Streams): Promise<Loaded> {
  const { cwd } = streams;
  const stdin =
    options.stdinFilename === undefined ? undefined : { name: options.stdinFilename, text: streams.stdin() };
  const root = locate(options.paths, cwd, options.stdinFilename).root;
  const from =
    options.configFromRef === undefined
      ? undefined
      : await (await import("../discover/git/reading.ts")).revision(root, options.configFromRef);
  const config =
    options.config === false
      ? undefined
      : await loadConfig(root, { cwd, file: options.config, from, ruleIds: [...ruleIds] });
  const wanted = settings(rules, config, config ? way(config.folder, root) : "", options);
  const discoverOptions: DiscoverOptions = {
    cwd,
    ignores: wanted.ignores,
    stageOf: wanted.stageOf,
    ...(stdin && { stdin }),
  };
  const found = discover(options.paths, discoverOptions);
  for (const notice of found.notices) streams.err.write(`notice: ${notice}\n`);
  return {
    project: wanted.history ? await withHistory(found, streams) : found,
    settings: wanted,
    ...(config && { configPath: config.path }),
    ...(from && { revision: from }),
    displayPrefix: prefix(way(cwd, found.root)),
    repositoryPrefix: found.repository === undefined ? "" : prefix(way(found.repository, found.root)),
  };
}

async function withHistory(found: Discovered, { err }: Streams): Promise<Discovered> {
  if (found.repository === undefined) {
    err.write("notice: no git repository here, so no history to search\n");
    return found;
  }
  const { environmentHistory } = await import("../discover/history.ts");
  const tracked = new Set(found.files.filter(({ git }) => git === "tracked").map(({ path }) => path));
  const { entries, notice } = await environmentHistory(found.repository, found.root, (path) => tracked.has(path));
  if (notice) err.write(`notice: ${notice}\n`);
  return { ...found, history: entries };
}

const way = (from: string, to: string): string => relative(from, to).replaceAll(sep, "/");

const prefix = (path: string): string => (path === "" ? "" : `${path}/`);
