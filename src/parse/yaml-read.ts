/** What YAML nodes mean: merge keys resolved, scalars read as the types that configurations give them. */
import type { Located, SourceFile, Span } from "../model.ts";
import type { YamlEntry, YamlMapping, YamlNode } from "./yaml.ts";

/**
 * What a mapping means: merge keys `<<` resolved (one alias, a list of them, nested), the mapping's own keys win, then
 * earlier merges; of a key written twice the last counts. In the order a reader meets them.
 */
export function entries(node: YamlNode | undefined): readonly YamlEntry[] {
  if (node?.kind !== "mapping") return [];
  if (!node.irregular) return node.written;
  const known = resolved.get(node);
  if (known) return known;
  resolved.set(node, []);
  const result = new Map<string, YamlEntry>();
  for (const entry of node.written) if (!isMerge(entry)) result.set(entry.key.text, entry);
  for (const entry of node.written) {
    if (!isMerge(entry)) continue;
    const sources = entry.value.kind === "sequence" && !entry.alias ? entry.value.items : [entry];
    for (const source of new Set(sources)) {
      const merged = source.alias ?? { start: entry.key.start, end: entry.key.end };
      for (const inherited of entries(source.value)) {
        if (!result.has(inherited.key.text)) result.set(inherited.key.text, { ...inherited, merged });
      }
    }
  }
  const list = [...result.values()];
  resolved.set(node, list);
  return list;
}

const isMerge = ({ key }: YamlEntry): boolean => key.text === "<<" && key.style === "plain";

const resolved = new WeakMap<YamlMapping, readonly YamlEntry[]>();

/** The entry under `key`, merge keys resolved. */
export function entry(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  if (node?.kind !== "mapping") return undefined;
  for (const candidate of entries(node)) if (candidate.key.text === key) return candidate;
  return undefined;
}

/** The node at a path of keys. */
export function at(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let current = node;
  for (const key of path) current = entry(current, key)?.value;
  return current;
}

/** Values of a sequence; nothing for any other node. */
export const items = (node: YamlNode | undefined): readonly YamlNode[] =>
  node?.kind === "sequence" ? node.items.map(({ value }) => value) : [];

/** Decoded text of a scalar that is there and not null. */
export const text = (node: YamlNode | undefined): string | undefined =>
  node?.kind === "scalar" && node.value !== null ? node.text : undefined;

/** Booleans as YAML 1.1 decoders (Kubernetes', Compose's casts) take them, quoted or not; absent for all else. */
export function boolean(node: YamlNode | undefined): boolean | undefined {
  const word = text(node)?.toLowerCase();
  if (word === undefined) return undefined;
  if (["true", "yes", "y", "on", "1"].includes(word)) return true;
  return ["false", "no", "n", "off", "0"].includes(word) ? false : undefined;
}

/** A finite number, quoted or not. */
export function number(node: YamlNode | undefined): number | undefined {
  const word = text(node)?.trim();
  return word && Number.isFinite(Number(word)) ? Number(word) : undefined;
}

export const spanOf = (file: SourceFile, node: { start: number; end: number }): Span => ({
  file,
  start: node.start,
  end: node.end,
});

export const located = <T>(file: SourceFile, node: { start: number; end: number }, value: T): Located<T> => ({
  value,
  span: spanOf(file, node),
});
