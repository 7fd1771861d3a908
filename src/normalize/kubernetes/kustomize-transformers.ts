/** The `replicas` and `images` of a kustomization. */
import type { SourceFile } from "../../model.ts";
import { at, items, number, text, type YamlMapping, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { mergePatch, type Origins, type TargetedPatch } from "./patch.ts";
import { field } from "./resource.ts";

/** `count` replaces the replicas of every workload of that name. */
export const replicas = (origins: Origins, file: SourceFile, list: YamlNode | undefined): TargetedPatch[] =>
  items(list).flatMap((entry) => {
    const name = text(field(entry, "name"));
    const count = field(entry, "count");
    if (count?.kind !== "scalar" || number(count) === undefined) return [];
    origins.set(count, { file, offset: 0 });
    const patch = under(origins, file, "spec", under(origins, file, "replicas", count));
    return {
      fits: ({ root, name: its }) => its.value === name && field(root, "spec", "template") !== undefined,
      apply: ({ root }) => mergePatch({ origins, lists: true }, root, patch),
    };
  });

/** `name: value` as if it were written where `value` is. */
function under(origins: Origins, file: SourceFile, name: string, value: YamlNode): YamlMapping {
  const { start, end } = value;
  const key: YamlScalar = { kind: "scalar", text: name, value: name, style: "plain", start, end };
  const mapping: YamlMapping = { kind: "mapping", flow: true, start, end, written: [{ key, value }] };
  origins.set(key, { file, offset: 0 });
  origins.set(mapping, { file, offset: 0 });
  return mapping;
}

interface Replacement {
  readonly name: string | undefined;
  /** Text behind the name: `:tag` or `@digest`. Absent: as it was. */
  readonly suffix: string | undefined;
  /** The scalar that decides. */
  readonly at: YamlScalar;
}

/** `newName`, `newTag` and `digest` of each image by its name; the place of the new reference is what decides its tag. */
export function images(origins: Origins, file: SourceFile, list: YamlNode | undefined): TargetedPatch[] {
  const replacements = new Map<string, Replacement>();
  for (const entry of items(list)) {
    const name = text(field(entry, "name"));
    const [digest, tag, other] = ["digest", "newTag", "newName"].map((key) => field(entry, key));
    const decides = digest ?? tag ?? other;
    if (name === undefined || decides?.kind !== "scalar") continue;
    const suffix = digest ? `@${text(digest)}` : tag ? `:${text(tag)}` : undefined;
    replacements.set(name, { name: text(other), suffix, at: decides });
  }
  if (!replacements.size) return [];

  const replaced = (node: YamlNode): YamlNode => {
    if (node.kind !== "scalar") return node;
    const name = node.text.replace(/@.*$|:[^:/]*$/s, "");
    const change = replacements.get(name);
    if (!change) return node;
    const reference = (change.name ?? name) + (change.suffix ?? node.text.slice(name.length));
    const made: YamlScalar = { ...change.at, text: reference, value: reference };
    origins.set(made, { file, offset: 0 });
    return made;
  };
  return [{ fits: () => true, apply: ({ root }) => inContainers(origins, root, replaced, 0) }];
}

/** Containers are lists of that name wherever they are, so that custom resources are covered too. */
function inContainers(
  origins: Origins,
  node: YamlNode,
  replaced: (image: YamlNode) => YamlNode,
  depth: number,
): YamlNode {
  if (node.kind !== "mapping" || depth > DEEPEST) return node;
  let changed = false;
  const written = node.written.map((entry) => {
    const value =
      entry.value.kind === "sequence" && /^(?:init|ephemeral)?containers$/i.test(entry.key.text)
        ? withImages(origins, entry.value, replaced)
        : inContainers(origins, entry.value, replaced, depth + 1);
    changed ||= value !== entry.value;
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return changed ? copied(origins, node, { ...node, written }) : node;
}

function withImages(origins: Origins, list: YamlNode, replaced: (image: YamlNode) => YamlNode): YamlNode {
  if (list.kind !== "sequence") return list;
  const made = list.items.map((item) => {
    const container = item.value;
    const image = at(container, "image");
    if (container.kind !== "mapping" || !image) return item;
    const after = replaced(image);
    if (after === image) return item;
    const written = container.written.map((entry) =>
      entry.value === image ? { key: entry.key, value: after } : entry,
    );
    return { value: copied(origins, container, { ...container, written }) };
  });
  return made.every((item, index) => item === list.items[index])
    ? list
    : copied(origins, list, { ...list, items: made });
}

function copied<T extends YamlNode>(origins: Origins, from: T, made: T): T {
  const origin = origins.get(from);
  if (origin) origins.set(made, origin);
  return made;
}

const DEEPEST = 64;
