/** `configMapGenerator` and `secretGenerator` of a kustomization. */
import type { SourceFile } from "../../model.ts";
import { items, text, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { folderOf } from "../paths.ts";
import { field, placeWithin } from "./resource.ts";
import { type Store, type StoredEntry, store } from "./stores.ts";
import { envValue } from "./value.ts";

const GENERATORS = [
  ["configMapGenerator", "ConfigMap"],
  ["secretGenerator", "Secret"],
] as const;

/**
 * What the generators of a kustomization make of their `literals`, beside what came with its bases. `behavior: merge`
 * adds to the one of the same name, `replace` takes its place.
 */
export function generate(file: SourceFile, root: YamlNode | undefined, inherited: readonly Store[]): Store[] {
  const generated = new Map(inherited.map((made) => [`${made.kind}/${made.name}`, made]));
  for (const [key, kind] of GENERATORS) {
    for (const generator of items(field(root, key))) {
      const nameNode = field(generator, "name");
      const name = text(nameNode);
      if (!nameNode || name === undefined) continue;
      const entries = new Map<string, StoredEntry>();
      const before = generated.get(`${kind}/${name}`);
      const merges = text(field(generator, "behavior")) === "merge";
      if (merges) for (const [known, entry] of before?.entries ?? []) entries.set(known, entry);
      for (const literal of items(field(generator, "literals"))) {
        const entry = literalEntry(file, literal);
        if (entry) entries.set(entry.key.value, entry);
      }
      const namespace = text(field(generator, "namespace")) ?? text(field(root, "namespace"));
      const named = { name: { value: name, span: { file, start: nameNode.start, end: nameNode.end } } };
      const made = store(
        { ...named, folder: folderOf(file.path), ...(namespace && { namespace }) },
        kind,
        entries,
        () => true,
        OPEN.some((source) => field(generator, source)) || before?.open,
      );
      generated.set(`${kind}/${name}`, made);
    }
  }
  return [...generated.values()];
}

/** What else fills a generated object: files that are not read here. */
const OPEN = ["files", "envs", "env"] as const;

/** `KEY=value`, the value perhaps in quotes of its own. */
function literalEntry(file: SourceFile, node: YamlNode): StoredEntry | undefined {
  if (node.kind !== "scalar") return undefined;
  const split = node.text.indexOf("=");
  if (split <= 0) return undefined;
  const quoted = /^(["']).*\1$/s.test(node.text.slice(split + 1)) && node.text.length > split + 2;
  const [from, to] = quoted ? [split + 2, node.text.length - 1] : [split + 1, node.text.length];
  const span = placeWithin({ file }, node, from, to);
  const written = node.text.slice(from, to);
  const value: YamlScalar = {
    kind: "scalar",
    style: "plain",
    text: written,
    value: written,
    start: span.start,
    end: span.end,
  };
  return {
    key: { value: node.text.slice(0, split), span: placeWithin({ file }, node, 0, split) },
    value: { value: envValue({ file }, value), span },
  };
}
