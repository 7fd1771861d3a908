/** Merging Compose trees, attribute by attribute (Compose Specification, 13-merge). */
import { type Entry, get, lastOf, list, type Mapping, type Node, pairs, type Scalar, text, written } from "./node.ts";
import { portFields, portKey } from "./ports.ts";
import { volumeTarget } from "./volumes.ts";

/** How an attribute of a service is merged; the rest by what it is: maps merge, lists append, values are replaced. */
type Rule =
  | "replace"
  /** A map or a list of `NAME=value`: by name. */
  | "pairs"
  | "build"
  | "logging"
  /** A list in which an item replaces the earlier one of the same key. */
  | ((item: Node) => string | Node);

const self = (item: Node): string | Node => (item.kind === "scalar" ? written(item) : item);
const mountKey =
  (folder: string) =>
  (item: Node): string =>
    item.kind === "scalar"
      ? `${folder}/${written(item)}`
      : (text(get(item, "target")) ?? `${folder}/${text(get(item, "source")) ?? ""}`);

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["command", "replace"],
  ["entrypoint", "replace"],
  ["healthcheck.test", "replace"],
  ["build", "build"],
  ["logging", "logging"],
  ...[
    "annotations",
    "environment",
    "extra_hosts",
    "labels",
    "sysctls",
    "networks",
    "depends_on",
    "build.additional_contexts",
    "build.args",
    "build.labels",
    "deploy.labels",
  ].map((name) => [name, "pairs"] as const),
  ...["cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "expose", "links", "profiles", "tmpfs"].map(
    (name) => [name, self] as const,
  ),
  ["env_file", (item) => (item.kind === "scalar" ? written(item) : (text(get(item, "path")) ?? ""))],
  ["ports", (item) => portKey(portFields(item)) ?? self(item)],
  ["volumes", (item) => volumeTarget(item) ?? self(item)],
  ["devices", (item) => volumeTarget(item) ?? self(item)],
  ["secrets", mountKey("/run/secrets")],
  ["configs", mountKey("")],
]);

/** The whole file `over` merged over `base`: services by their rules, all else as maps. */
export const mergeFiles = (base: Mapping, over: Mapping): Mapping =>
  mergeMaps(base, over, (name, old, added) =>
    name === "services" && old.kind === "mapping" && added.kind === "mapping"
      ? mergeMaps(old, added, (_, service, change) => mergeServices(service, change))
      : merge(old, added, "", new Map()),
  );

/** One entry of a top-level section over another of the same name. */
export const mergeEntries = (section: string, base: Node, over: Node): Node =>
  section === "services" ? mergeServices(base, over) : merge(base, over, "", new Map());

/** One service over another, for overrides and for `extends`. */
export const mergeServices = (base: Node, over: Node): Node => merge(base, over, "", RULES);

function merge(base: Node, over: Node, path: string, rules: ReadonlyMap<string, Rule>): Node {
  if (over.tag === "!override") return over;
  const rule = rules.get(path);
  if (rule === "replace") return over;
  if (base.kind === "scalar" && base.empty) return over;
  if (over.kind === "scalar" && over.empty) return base;
  if (rule === "pairs") return mergePairs(base, over);
  if (rule === "build") return mergeBuild(base, over, rules);
  if (rule === "logging" && differ(get(base, "driver"), get(over, "driver"))) return over;
  if (typeof rule === "function") return mergeLists(base, over, rule);
  if (base.kind === "mapping" && over.kind === "mapping") {
    return mergeMaps(base, over, (name, old, added) => merge(old, added, path ? `${path}.${name}` : name, rules));
  }
  if (base.kind === "sequence" && over.kind === "sequence") return mergeLists(base, over, self);
  return over;
}

function mergeMaps(base: Mapping, over: Mapping, each: (name: string, old: Node, added: Node) => Node): Mapping {
  const result = new Map(base.entries);
  for (const [name, added] of over.entries) {
    const old = result.get(name);
    if (added.value.tag === "!reset") result.delete(name);
    else if (!old || name.startsWith("x-")) result.set(name, added);
    else result.set(name, merged(old, added, each(name, old.value, added.value)));
  }
  return { ...base, entries: result, ...(over.partial && { partial: true }) };
}

/** The entry keeps the name of the file that decides the value; a collection both add to keeps its first. */
const merged = (old: Entry, added: Entry, value: Node): Entry => ({
  key: value === added.value ? added.key : old.key,
  value,
});

function mergePairs(base: Node, over: Node): Node {
  const result = new Map(pairs(base));
  for (const [name, added] of pairs(over)) {
    const old = result.get(name);
    if (added.value.tag === "!reset") result.delete(name);
    else if (old?.value.kind === "mapping" && added.value.kind === "mapping") {
      result.set(name, { key: old.key, value: mergeMaps(old.value, added.value, (_, __, value) => value) });
    } else result.set(name, added);
  }
  return { kind: "mapping", span: base.span, source: base.source, entries: result };
}

/** Items that the base has as they are stay where they are; the others are added, or replace those of their key. */
function mergeLists(base: Node, over: Node, keyOf: (item: Node) => string | Node): Node {
  const known = new Set(list(base).map(self));
  const added = list(over).filter((item) => !known.has(self(item)));
  const items = lastOf([...list(base), ...added], keyOf);
  return { kind: "sequence", span: base.span, source: base.source, items };
}

/** `build: ./folder` is short for `build: {context: ./folder}`. */
function mergeBuild(base: Node, over: Node, rules: ReadonlyMap<string, Rule>): Node {
  const old = longBuild(base);
  const added = longBuild(over);
  return old && added ? mergeMaps(old, added, (name, a, b) => merge(a, b, `build.${name}`, rules)) : over;
}

const longBuild = (node: Node): Mapping | undefined =>
  node.kind === "mapping" ? node : node.kind === "scalar" ? contextOnly(node) : undefined;

const contextOnly = (node: Scalar): Mapping => ({
  kind: "mapping",
  span: node.span,
  source: node.source,
  entries: new Map([["context", { key: { value: "context", span: node.span }, value: node }]]),
});

/** Both are written and are not the same. */
const differ = (a: Node | undefined, b: Node | undefined): boolean =>
  a !== undefined && b !== undefined && text(a) !== text(b);
