/** Files of a project → one tree: interpolate → extends → include → merge (Compose Specification, 13-merge to 15-extends). */
import type { Override, Presence, Problem } from "../../model.ts";
import type { YamlDocument } from "../../parse/yaml.ts";
import type { Lookup } from "../interpolation.ts";
import { folderOf, within } from "../paths.ts";
import { checkTypes } from "./attributes.ts";
import { type EnvFiles, lookupIn } from "./environment.ts";
import { extendServices } from "./extends.ts";
import { mergeEntries, mergeFiles } from "./merge.ts";
import { type Entry, get, list, type Mapping, type Node, reader, texts } from "./node.ts";
import { overridesOf } from "./overrides.ts";

/** What a project may look at: files of the run, by path. Anything else is out of sight. */
export interface Sight {
  readonly documents: (path: string) => readonly YamlDocument[] | undefined;
  readonly envFiles: EnvFiles;
  /** What is at a path that no file of the run has. */
  readonly presence: (path: string) => Presence | undefined;
}

/** What is to be merged: paths in order, the folder that their relative paths start at, and their `.env` files. */
export interface Composition {
  readonly paths: readonly string[];
  readonly folder: string;
  readonly envPaths: readonly string[];
}

export interface Loaded {
  /** All files merged; absent if none could be read. */
  readonly tree: Mapping | undefined;
  /** Paths of every file that was read, included and extended ones too. */
  readonly read: ReadonlySet<string>;
  /** Paths that came by way of `include`. */
  readonly included: ReadonlySet<string>;
  /** What later files add to earlier ones. */
  readonly overrides: readonly Override[];
}

/** Includes deeper than this are not followed. */
const DEPTH = 32;

/** Loads one project. Files out of sight are passed over. */
export function load(composition: Composition, sight: Sight, problems: Problem[]): Loaded {
  const read = new Set<string>();
  const included = new Set<string>();
  const overrides: Override[] = [];
  const tree = compose(composition, () => undefined, [], { sight, problems, read, included, overrides });
  return { tree, read, included, overrides };
}

interface Run {
  readonly sight: Sight;
  readonly problems: Problem[];
  readonly read: Set<string>;
  readonly included: Set<string>;
  readonly overrides: Override[];
}

function compose(
  { paths, folder, envPaths }: Composition,
  outer: Lookup,
  trail: readonly string[],
  run: Run,
): Mapping | undefined {
  const tables = envPaths.map((path) => lookupIn(run.sight.envFiles(path))).toReversed();
  const lookup: Lookup = (name) => {
    for (const table of [outer, ...tables]) {
      const found = table(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const open = (path: string, folder: string): readonly Mapping[] => {
    run.read.add(path);
    return (run.sight.documents(path) ?? []).flatMap(({ file, root }) => {
      const node = reader({ file, folder, lookup, filledFrom: envPaths[0] }, run.problems)(root);
      return node.kind === "mapping" ? [checkTypes(node, run.problems)] : [];
    });
  };
  let project: Mapping | undefined;
  for (const path of paths) {
    for (const written of open(path, folder)) {
      const extended = extendServices(
        written,
        (target) => (run.sight.documents(target) ? open(target, folderOf(target))[0] : undefined),
        run.problems,
      );
      const complete = include(extended, { lookup, trail: [...trail, path] }, run);
      if (project) run.overrides.push(...overridesOf(project, complete, paths[0]!));
      project = project ? mergeFiles(project, complete) : complete;
    }
  }
  return project;
}

/** Adds what `include` brings, under what the file itself defines. Entries are paths, or maps with more than one. */
function include(
  file: Mapping,
  { lookup, trail }: { readonly lookup: Lookup; readonly trail: readonly string[] },
  run: Run,
): Mapping {
  let result = file;
  for (const item of list(get(file, "include"))) {
    const { folder } = item.source;
    const seen = (node: Node | undefined) => texts(node).flatMap(({ value }) => within(folder, value) ?? []);
    const paths = seen(item.kind === "scalar" ? item : get(item, "path"));
    const [main] = paths;
    if (main === undefined || !run.sight.documents(main)) continue;
    if (trail.includes(main) || trail.length >= DEPTH) {
      run.problems.push({ kind: "unreadable", span: item.span, message: `${main} includes itself` });
      continue;
    }
    const own = seen(get(item, "project_directory"))[0] ?? folderOf(main);
    const env = seen(get(item, "env_file"));
    const envPaths = env.length ? env : [own ? `${own}/.env` : ".env"];
    for (const path of paths) run.included.add(path);
    const included = compose({ paths, folder: own, envPaths }, lookup, trail, run);
    if (included) result = imported(result, included);
  }
  return result;
}

const SECTIONS = ["services", "networks", "volumes", "secrets", "configs"];

/** What is there already, from the file or an earlier include, is merged over what an include brings. */
function imported(file: Mapping, included: Mapping): Mapping {
  const entries = new Map(file.entries);
  for (const section of SECTIONS) {
    const added = included.entries.get(section);
    if (added?.value.kind !== "mapping") continue;
    const old = entries.get(section);
    if (old?.value.kind !== "mapping") {
      entries.set(section, added);
      continue;
    }
    const both = new Map(old.value.entries);
    for (const [name, entry] of added.value.entries) {
      const mine = both.get(name);
      if (!mine) both.set(name, entry);
      else if (!samePlace(mine, entry)) {
        both.set(name, { key: mine.key, value: mergeEntries(section, entry.value, mine.value) });
      }
    }
    entries.set(section, { key: old.key, value: { ...old.value, entries: both } });
  }
  return { ...file, entries };
}

/** The same file reached by two ways. */
const samePlace = (a: Entry, b: Entry): boolean =>
  a.key.span.file === b.key.span.file && a.key.span.start === b.key.span.start;
