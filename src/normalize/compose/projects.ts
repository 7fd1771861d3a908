/** Which Compose files belong together (Compose Specification, 03-compose-file; Docker Compose, COMPOSE_FILE). */
import type { YamlDocument } from "../../parse/yaml.ts";
import { at, entries, type YamlNode } from "../../parse/yaml.ts";
import { folderOf, nameOf, within } from "../paths.ts";
import { lookupIn } from "./environment.ts";
import type { Composition, Sight } from "./load.ts";

/** In the order in which Compose looks for them. */
const DEFAULT = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDE = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

const NAMED = /^(docker-)?compose([.\-_][^/]*)?\.(ya?ml|json)$/i;
const TOP_LEVEL = /^(version|name|services|networks|volumes|secrets|configs|models|include|x-.*)$/;
const SERVICE = ["image", "build", "extends"];

/**
 * Whether a document is a Compose file: by its name and a `services` or `include` key, or, whatever its name, by a
 * `services` mapping of mappings of which one has an image and nothing beside it that Compose does not know.
 */
export function isCompose({ file, root }: YamlDocument): boolean {
  if (root.kind !== "mapping" || /(^|\/)\.github\//.test(file.path)) return false;
  const services = at(root, "services");
  if (NAMED.test(nameOf(file.path))) {
    const include = at(root, "include");
    return (services !== undefined || include?.kind === "sequence") && !at(root, "apiVersion");
  }
  const members = entries(services).map(({ value }) => value);
  return (
    members.length > 0 &&
    members.every(({ kind }) => kind === "mapping") &&
    members.some((service) => SERVICE.some((key) => at(service, key))) &&
    root.written.every(({ key }) => TOP_LEVEL.test(key.text))
  );
}

export interface Project extends Composition {
  /** The file whose additions this project is about; absent: all of it. */
  readonly overlay?: string;
}

/**
 * The projects of a run: in each folder the default file with its override, or what `COMPOSE_FILE` in the folder's
 * `.env` lists; every other file as an overlay of the base if some of its services have neither image nor build and
 * the base has them, else alone.
 */
export function projectsOf(paths: readonly string[], sight: Sight): readonly Project[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const files = folders.get(folderOf(path));
    if (files) files.push(path);
    else folders.set(folderOf(path), [path]);
  }
  const claimed = new Set<string>();
  const listed = [...folders.keys()].flatMap((folder) => listedProject(folder, sight) ?? []);
  for (const project of listed) for (const path of project.paths) claimed.add(path);
  const found = [...folders].flatMap(([folder, files]) => {
    const free = files.filter((path) => !claimed.has(path));
    return folderProjects(folder, free, listed.find((project) => project.folder === folder)?.paths, sight);
  });
  return [...listed, ...found];
}

const inFolder = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name);

/** `COMPOSE_FILE` in a folder's `.env`; its files are separated by `COMPOSE_PATH_SEPARATOR`, `:` by default. */
function listedProject(folder: string, sight: Sight): Project | undefined {
  const envPath = inFolder(folder, ".env");
  const lookup = lookupIn(sight.envFiles(envPath));
  const value = (name: string): string | undefined => {
    const found = lookup(name);
    return found === "unknown" ? undefined : found?.value || undefined;
  };
  const list = value("COMPOSE_FILE");
  if (list === undefined) return undefined;
  const paths = list
    .split(value("COMPOSE_PATH_SEPARATOR") ?? (list.includes(";") ? ";" : ":"))
    .flatMap((path) => within(folder, path.trim()) ?? [])
    .filter((path) => sight.documents(path));
  const [main] = paths;
  return main === undefined ? undefined : { paths, folder: folderOf(main), envPaths: [envPath] };
}

function folderProjects(
  folder: string,
  files: readonly string[],
  listed: readonly string[] | undefined,
  sight: Sight,
): readonly Project[] {
  const named = (names: readonly string[]) =>
    names.map((name) => inFolder(folder, name)).find((path) => files.includes(path));
  const project = (paths: readonly string[], overlay?: string): Project => ({
    paths,
    folder,
    envPaths: [inFolder(folder, ".env")],
    ...(overlay !== undefined && { overlay }),
  });
  const services = new Map(files.map((path) => [path, servicesOf(path, sight)]));
  const base = listed ? undefined : named(DEFAULT);
  const override = base && named(OVERRIDE);
  const rest = files.filter((path) => path !== base && path !== override);
  const bases = listed ?? (base === undefined ? undefined : [base]);

  const baseOf = (path: string): readonly string[] | undefined => {
    const lacking = [...services.get(path)!].flatMap(([name, complete]) => (complete ? [] : [name]));
    if (lacking.length === 0) return undefined;
    if (bases) {
      const known = new Set(bases.flatMap((file) => [...(services.get(file) ?? servicesOf(file, sight)).keys()]));
      return lacking.some((name) => known.has(name)) ? bases : undefined;
    }
    const complete = rest.filter((other) => other !== path && lacking.every((name) => services.get(other)!.get(name)));
    return complete.length === 1 ? complete : undefined;
  };
  return [
    ...(base === undefined ? [] : [project(override === undefined ? [base] : [base, override])]),
    ...rest.map((path) => {
      const under = baseOf(path);
      return under ? project([...under, path], path) : project([path]);
    }),
  ];
}

/** A file that Compose runs without being told. */
export const isDefault = (path: string): boolean => DEFAULT.includes(nameOf(path));

export const serviceNames = (path: string, sight: Sight): ReadonlySet<string> =>
  new Set(servicesOf(path, sight).keys());

/** Names of a file's services, and whether each stands on its own. */
function servicesOf(path: string, sight: Sight): ReadonlyMap<string, boolean> {
  const complete = (service: YamlNode) => SERVICE.some((key) => at(service, key) !== undefined);
  return new Map(
    (sight.documents(path) ?? []).flatMap(({ root }) =>
      entries(at(root, "services")).map(({ key, value }) => [key.text, complete(value)] as const),
    ),
  );
}
