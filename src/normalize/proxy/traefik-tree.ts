/** One shape for Traefik's configuration, whether it is labels, command line flags, variables, YAML or TOML. */
import type { Container, Located, SourceFile } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { TomlTree } from "../../parse/toml.ts";
import { entries, items, located, text, type YamlNode, type YamlTree } from "../../parse/yaml.ts";
import { part, words } from "./edge.ts";

/** Keys in lower case, as Traefik compares them; elements of lists have their index as the key. */
export interface Option {
  /** The key, or what stands for it. */
  readonly key: Located<string>;
  readonly value?: Located<string>;
  readonly children: ReadonlyMap<string, Option>;
}

export interface Configuration {
  readonly file: SourceFile;
  /** "service api" for labels, flags and variables; the path of a configuration file. */
  readonly subject: string;
  readonly root: Option;
  /** Labels, for the place of a new one. */
  readonly labels?: Container["labels"];
}

interface Building extends Option {
  value?: Located<string>;
  readonly children: Map<string, Building>;
}

const node = (key: Located<string>): Building => ({ key, children: new Map() });

/** No option of Traefik is deeper. */
const MAX_DEPTH = 16;

function put(root: Building, path: readonly Located<string>[], value?: Located<string>): Building {
  let current = root;
  for (const key of path.slice(0, MAX_DEPTH)) {
    const id = key.value.toLowerCase();
    const next = current.children.get(id) ?? node(key);
    current.children.set(id, next);
    current = next;
  }
  if (value) current.value = value;
  return current;
}

const start = (file: SourceFile): Located<string> => ({ value: "", span: { file, start: 0, end: 0 } });

/** Every configuration in the project: files by their content, containers by labels and, of Traefik itself, by flags. */
export function configurations(
  yaml: readonly Parsed<YamlTree>[],
  toml: readonly Parsed<TomlTree>[],
  containers: readonly Container[],
): Configuration[] {
  return [...yaml.flatMap(fromYaml), ...toml.flatMap(fromToml), ...containers.flatMap(fromContainer)];
}

const KINDS = ["routers", "middlewares", "services"];

/** Static configuration has entry points, dynamic configuration HTTP routers, middlewares or TLS options. */
function isTraefik({ children }: Option): boolean {
  if (children.has("apiversion") || children.has("services")) return false;
  const http = children.get("http")?.children;
  const entryPoints = children.get("entrypoints")?.children;
  return (
    KINDS.some((kind) => (http?.get(kind)?.children.size ?? 0) > 0) ||
    (children.get("tls")?.children.get("options")?.children.size ?? 0) > 0 ||
    [...(entryPoints?.values() ?? [])].some(({ children }) => children.has("address"))
  );
}

function fromYaml({ file, tree }: Parsed<YamlTree>): Configuration[] {
  return tree.documents.flatMap(({ root }) => {
    const keys = new Set(entries(root).map(({ key }) => key.text.toLowerCase()));
    if (!["http", "entrypoints", "tls"].some((key) => keys.has(key)) || keys.has("apiversion")) return [];
    const option = yamlOption(file, start(file), root, 0);
    return isTraefik(option) ? [{ file, subject: file.path, root: option }] : [];
  });
}

function yamlOption(file: SourceFile, key: Located<string>, yaml: YamlNode, depth: number): Building {
  const option = node(key);
  const scalar = text(yaml);
  if (scalar !== undefined) option.value = located(file, yaml, scalar);
  if (depth >= MAX_DEPTH) return option;
  for (const each of entries(yaml)) {
    const inner = yamlOption(file, located(file, each.key, each.key.text), each.value, depth + 1);
    option.children.set(each.key.text.toLowerCase(), inner);
  }
  items(yaml).forEach((item, i) => {
    option.children.set(String(i), yamlOption(file, located(file, item, String(i)), item, depth + 1));
  });
  return option;
}

function fromToml({ file, tree }: Parsed<TomlTree>): Configuration[] {
  const heads = new Set(tree.entries.map(({ path }) => path[0]?.toLowerCase()));
  if (!["http", "entrypoints", "tls"].some((key) => heads.has(key))) return [];
  const root = node(start(file));
  for (const { path, key, value } of tree.entries) {
    const written = value.value === null ? undefined : { value: String(value.value), span: value.span };
    put(
      root,
      path.map((name) => ({ value: name, span: key })),
      written,
    );
  }
  return isTraefik(root) ? [{ file, subject: file.path, root }] : [];
}

function fromContainer(container: Container): Configuration[] {
  const { file } = container.name.span;
  const labels = container.labels.filter(({ name }) => name.value.toLowerCase().startsWith("traefik."));
  const root = node(container.name);
  for (const { name, value } of labels) put(root, optionPath(name, "traefik.".length), value);
  if (root.children.get("enable")?.value?.value === "false") root.children.clear();
  if (container.product === "traefik") {
    for (const word of container.command) {
      const flag = /^--([A-Za-z][^=\s]*)(=?)/.exec(word.value);
      if (!flag) continue;
      const name = part(word, 2, 2 + flag[1]!.length);
      const given = flag[2] ? part(word, flag[0].length, word.value.length) : { value: "true", span: word.span };
      put(root, optionPath(name, 0), given);
    }
    for (const { name, value } of container.variables) {
      const literal = value.value.from === "literal" ? value.value.text : undefined;
      if (!name.value.startsWith("TRAEFIK_") || literal === undefined) continue;
      const path = name.value.slice("TRAEFIK_".length).split("_");
      put(
        root,
        path.map((each) => ({ value: each, span: name.span })),
        { value: literal, span: value.span },
      );
    }
  }
  return root.children.size ? [{ file, subject: container.subject, root, labels }] : [];
}

/** Keys of `http.routers.a.tls.domains[0].main`, each with its place. */
const optionPath = (name: Located<string>, from: number): Located<string>[] =>
  [...name.value.slice(from).matchAll(/[^.[\]]+/g)].map((match) => {
    const start = from + match.index;
    return part(name, start, start + match[0].length);
  });

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The option under a path of lower-case keys. */
export function option(from: Option | undefined, ...path: readonly string[]): Option | undefined {
  let current = from;
  for (const key of path) current = current?.children.get(key);
  return current;
}

export const value = (from: Option | undefined, ...path: readonly string[]): Located<string> | undefined =>
  option(from, ...path)?.value;

/** True, false, or absent for what is not written or not known. */
export function flag(from: Option | undefined, ...path: readonly string[]): Located<boolean> | undefined {
  const written = value(from, ...path);
  if (!written || !/^(true|false|1|0)$/i.test(written.value)) return undefined;
  return { value: /^(true|1)$/i.test(written.value), span: written.span };
}

/** Options directly under a path. */
export const children = (from: Option, ...path: readonly string[]): readonly Option[] => [
  ...(option(from, ...path)?.children.values() ?? []),
];

/** Items of a list, written as one or with commas. */
export function list(from: Option | undefined): Located<string>[] {
  if (from?.value) return words(from.value);
  return [...(from?.children.values() ?? [])].flatMap((each) => each.value ?? []);
}

/** Interpolation of Compose and Go templates are filled in later. */
export const isUnknown = (text: string): boolean => /\$\{?\w|\{\{/.test(text);
