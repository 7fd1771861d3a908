/**
 * Patches over trees: strategic merge (Kubernetes, "Notes on the strategic merge patch") and JSON Patch (RFC 6902).
 * Trees are shared and never changed; a node keeps the place where it is written, whatever it is merged into.
 */
import type { SourceFile } from "../../model.ts";
import { entries, text, type YamlEntry, type YamlMapping, type YamlNode, type YamlSequence } from "../../parse/yaml.ts";
import { field, isNull, type Origin, type Resource } from "./resource.ts";

/** Where nodes are written that are not in their resource's own file. One for all patches of a run. */
export type Origins = WeakMap<object, Origin>;

/** A change to the objects it fits; `apply` returns the changed root, or nothing if it deletes the object. */
export interface TargetedPatch {
  readonly fits: (resource: Resource) => boolean;
  readonly apply: (resource: Resource) => YamlNode | undefined;
}

/** Notes for every node of a tree that it is written in `file`. */
export function written(origins: Origins, file: SourceFile, root: YamlNode, offset = 0): void {
  const origin: Origin = { file, offset };
  const pending = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (origins.has(node)) continue;
    origins.set(node, origin);
    if (node.kind === "sequence") for (const { value } of node.items) pending.push(value);
    if (node.kind === "mapping") for (const { key, value } of node.written) pending.push(key, value);
  }
}

/** Fields by which the API tells the items of a list apart; all other lists are replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  imagePullSecrets: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  ports: ["containerPort", "port"],
  hostAliases: ["ip"],
};

/** Nothing that is written by hand is deeper. Below, the patch replaces. */
const DEEPEST = 64;

export interface Merging {
  readonly origins: Origins;
  /** False for custom resources: their lists are always replaced. */
  readonly lists: boolean;
}

/** Strategic merge of `patch` into `base`. Absent: the patch removes it. */
export function mergePatch(
  merging: Merging,
  base: YamlNode,
  patch: YamlNode,
  name = "",
  depth = 0,
): YamlNode | undefined {
  if (isNull(patch)) return undefined;
  if (depth > DEEPEST) return patch;
  if (base.kind === "mapping" && patch.kind === "mapping") return mergeMappings(merging, base, patch, depth);
  if (base.kind === "sequence" && patch.kind === "sequence" && merging.lists && Object.hasOwn(MERGE_KEYS, name)) {
    return mergeLists(merging, base, patch, MERGE_KEYS[name]!, depth);
  }
  // Names that only say which object is meant, and values that stay the same, stay where they are.
  if (base.kind === "scalar" && patch.kind === "scalar" && base.text === patch.text) return base;
  return patch;
}

function mergeMappings(merging: Merging, base: YamlMapping, patch: YamlMapping, depth: number): YamlNode | undefined {
  const directive = text(field(patch, "$patch"));
  if (directive === "delete") return undefined;
  if (directive === "replace") return patch;
  const result = new Map(entries(base).map((entry) => [entry.key.text, entry]));
  for (const entry of entries(patch)) {
    const name = entry.key.text;
    const before = result.get(name);
    const value = before ? mergePatch(merging, before.value, entry.value, name, depth + 1) : unlessNull(entry.value);
    if (!value) result.delete(name);
    else result.set(name, before ? { key: before.key, value } : entry);
  }
  return copy(merging.origins, base, { written: [...result.values()] });
}

const unlessNull = (node: YamlNode): YamlNode | undefined => (isNull(node) ? undefined : node);

/** Items with the same key are merged in place, new ones come first, as `kubectl` puts them. */
function mergeLists(
  merging: Merging,
  base: YamlSequence,
  patch: YamlSequence,
  keys: readonly string[],
  depth: number,
): YamlNode {
  const identity = (node: YamlNode) => keys.map((key) => text(field(node, key))).find((value) => value !== undefined);
  const changes = new Map(patch.items.map(({ value }) => [identity(value), value]));
  const kept = base.items.flatMap(({ value, alias }) => {
    const id = identity(value);
    const change = id === undefined ? undefined : changes.get(id);
    if (!change) return [{ value, ...(alias && { alias }) }];
    changes.delete(id);
    const merged = mergePatch(merging, value, change, "", depth + 1);
    return merged ? [{ value: merged }] : [];
  });
  const added = [...changes.values()].filter((value) => text(field(value, "$patch")) === undefined);
  return copy(merging.origins, base, { items: [...added.map((value) => ({ value })), ...kept] });
}

/** A changed copy of a node, at the place of the node. */
function copy<T extends YamlMapping | YamlSequence>(origins: Origins, node: T, change: Partial<T>): T {
  const made: T = { ...node, ...change };
  const origin = origins.get(node);
  if (origin) origins.set(made, origin);
  return made;
}

/** Applies a list of `add`, `replace` and `remove` operations; others, and paths that lead nowhere, change nothing. */
export function jsonPatch(origins: Origins, root: YamlNode, operations: readonly YamlNode[]): YamlNode {
  return operations.reduce((node, operation) => {
    const op = text(field(operation, "op"));
    const path = text(field(operation, "path"));
    if (op === undefined || !path?.startsWith("/")) return node;
    const tokens = path
      .slice(1)
      .split("/")
      .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (tokens.length > DEEPEST) return node;
    const value = field(operation, "value");
    if (op === "remove") return change(origins, node, tokens, () => undefined);
    const pathNode = field(operation, "path");
    if ((op !== "add" && op !== "replace") || !value || pathNode?.kind !== "scalar") return node;
    const key = { ...pathNode, text: tokens.at(-1)!, value: tokens.at(-1)! };
    const origin = origins.get(pathNode);
    if (origin) origins.set(key, origin);
    return change(origins, node, tokens, () => ({ key, value }), op === "add");
  }, root);
}

type Change = () => YamlEntry | undefined;

/** `add` inserts into a list where `replace` overwrites. */
function change(
  origins: Origins,
  node: YamlNode,
  [token, ...rest]: readonly string[],
  to: Change,
  add = false,
): YamlNode {
  if (token === undefined) return to()?.value ?? node;
  if (node.kind === "mapping") {
    const all = entries(node);
    const index = all.findIndex(({ key }) => key.text === token);
    const before = all[index];
    if (rest.length) {
      if (!before) return node;
      const after = { key: before.key, value: change(origins, before.value, rest, to, add) };
      return copy(origins, node, { written: all.with(index, after) });
    }
    const made = to();
    const others = all.filter((_, at) => at !== index);
    return copy(origins, node, {
      written: made ? (before ? all.with(index, { ...made, key: before.key }) : [...all, made]) : others,
    });
  }
  if (node.kind !== "sequence") return node;
  const index = token === "-" ? node.items.length : /^\d{1,9}$/.test(token) ? Number(token) : -1;
  if (index < 0 || index > node.items.length) return node;
  const item = node.items[index];
  if (rest.length) {
    if (!item) return node;
    return copy(origins, node, {
      items: node.items.with(index, { value: change(origins, item.value, rest, to, add) }),
    });
  }
  const made = to();
  if (!item && !made) return node;
  const items = node.items.toSpliced(index, add ? 0 : 1, ...(made ? [{ value: made.value }] : []));
  return copy(origins, node, { items });
}
