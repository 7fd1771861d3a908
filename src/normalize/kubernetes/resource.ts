/** Kubernetes objects as they are written, and how to read fields of them. Nothing here knows a kind. */
import type { Located, SourceFile, Span } from "../../model.ts";
import {
  at,
  boolean,
  entries,
  items,
  number,
  slice,
  text,
  type YamlDocument,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
} from "../../parse/yaml.ts";
import { folderOf } from "../paths.ts";

/** Where a node that a patch brought in is written: its own file, and what to add to its offsets. */
export interface Origin {
  readonly file: SourceFile;
  readonly offset: number;
}

export interface Resource {
  readonly file: SourceFile;
  readonly root: YamlMapping;
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: Located<string>;
  readonly namespace?: string;
  /** "Deployment web". */
  readonly subject: string;
  /** Folder of the file or of the kustomization that it belongs to; "" at the root. */
  readonly folder: string;
  /** Nodes that are not written in `file`. */
  readonly origins?: Pick<WeakMap<object, Origin>, "get">;
}

/** The place of a node of `resource`, whichever file it came from. */
export function place(resource: Pick<Resource, "file" | "origins">, node: { start: number; end: number }): Span {
  const origin = resource.origins?.get(node);
  return origin
    ? { file: origin.file, start: node.start + origin.offset, end: node.end + origin.offset }
    : { file: resource.file, start: node.start, end: node.end };
}

/** The place of `text.slice(from, to)` of a scalar's decoded text. */
export function placeWithin(resource: Pick<Resource, "file" | "origins">, node: YamlScalar, from: number, to: number) {
  const origin = resource.origins?.get(node);
  return slice(origin?.file ?? resource.file, node, from, to, origin?.offset);
}

export const locate = <T>(
  resource: Pick<Resource, "file" | "origins">,
  node: { start: number; end: number },
  value: T,
): Located<T> => ({ value, span: place(resource, node) });

/**
 * True for a document (YAML or JSON) that is a Kubernetes object: top-level strings `apiVersion` and `kind`
 * (Kubernetes API conventions, "Types (Kinds)"). A `Kustomization` is an instruction to a tool and no object.
 */
export function isKubernetes(document: YamlDocument): boolean {
  const [apiVersion, kind] = [at(document.root, "apiVersion"), at(document.root, "kind")];
  return isString(apiVersion) && isString(kind) && !isTool(apiVersion.text);
}

const isString = (node: YamlNode | undefined): node is YamlScalar =>
  node?.kind === "scalar" && typeof node.value === "string" && node.text !== "";

/** API groups of files that the cluster never sees. */
const isTool = (apiVersion: string): boolean => /^(kustomize\.config\.k8s\.io|skaffold)\//.test(apiVersion);

/** Objects of a document: one, or those of a `List` (lists in lists included). None if it is not Kubernetes. */
export function resourcesOf(document: YamlDocument): readonly Resource[] {
  const known = resources.get(document) ?? read(document);
  resources.set(document, known);
  return known;
}
const resources = new WeakMap<YamlDocument, readonly Resource[]>();

function read(document: YamlDocument): readonly Resource[] {
  const found: Resource[] = [];
  const pending: YamlNode[] = [document.root];
  const seen = new Set<YamlNode>();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind !== "mapping" || seen.has(node) || !isKubernetes({ file: document.file, root: node })) continue;
    seen.add(node);
    const kind = text(at(node, "kind")) ?? "";
    if (kind.endsWith("List") && at(node, "items")?.kind === "sequence") {
      for (const item of items(at(node, "items")).toReversed()) pending.push(item);
    } else found.push(resource(document.file, node));
  }
  return found;
}

/** One object; `root` is known to be a Kubernetes object. */
export function resource(
  file: SourceFile,
  root: YamlMapping,
  inherited: { readonly folder?: string; readonly origins?: Resource["origins"]; readonly namespace?: string } = {},
): Resource {
  const where = { file, ...(inherited.origins && { origins: inherited.origins }) };
  const kind = text(at(root, "kind")) ?? "";
  const written = [at(root, "metadata", "name"), at(root, "metadata", "generateName")].find(isNamed);
  const namespace = inherited.namespace ?? text(at(root, "metadata", "namespace"));
  const kindNode = at(root, "kind") ?? root;
  const name: Located<string> = written
    ? locate(where, written, written.text)
    : { ...locate(where, kindNode, ""), implied: true };
  return {
    ...where,
    root,
    kind,
    apiVersion: text(at(root, "apiVersion")) ?? "",
    name,
    ...(namespace && { namespace }),
    subject: `${kind} ${name.value}`.trim(),
    folder: inherited.folder ?? folderOf(file.path),
  };
}

const isNamed = (node: YamlNode | undefined): node is YamlScalar => node?.kind === "scalar" && node.text !== "";

// ── Fields ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The node that decides a field: absent if the field is unset (null counts as unset, as in the API). A scalar or list
 * that stands where a mapping belongs decides everything below it, and no reader below understands it: unknown.
 */
export function field(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let current = node;
  for (const key of path) {
    if (current?.kind !== "mapping") break;
    current = at(current, key);
  }
  return isNull(current) ? undefined : current;
}

export const isNull = (node: YamlNode | undefined): boolean =>
  node?.kind === "scalar" && node.value === null && node.style === "plain";

/** A string that is written out: absent for templates, which are unknown until they are rendered. */
export function literal(node: YamlNode | undefined): string | undefined {
  const found = text(node);
  return found === undefined || isTemplate(found) ? undefined : found;
}

/** `{{ … }}` of Go templates, `${NAME}` of envsubst and Flux, `$(NAME)` of Kubernetes and Kustomize. */
export const isTemplate = (word: string): boolean => /\{\{|\$[{(]|^\$[A-Z_][A-Z0-9_]*$/.test(word);

/** Reads a node by `read`; absent if that does not understand it. */
export function readAs<T>(
  resource: Resource,
  node: YamlNode | undefined,
  read: (node: YamlNode | undefined) => T | undefined,
): Located<T> | undefined {
  const value = read(node);
  return node && value !== undefined ? locate(resource, node, value) : undefined;
}

export const booleanAt = (resource: Resource, node: YamlNode | undefined) => readAs(resource, node, boolean);
export const stringAt = (resource: Resource, node: YamlNode | undefined) => readAs(resource, node, literal);
export const numberAt = (resource: Resource, node: YamlNode | undefined) => readAs(resource, node, number);

/** Strings of a list, each at its place. */
export const stringsAt = (resource: Resource, node: YamlNode | undefined): Located<string>[] =>
  items(node).flatMap((item) => stringAt(resource, item) ?? []);

/** Labels, selectors: string to string. */
export const stringMap = (node: YamlNode | undefined): ReadonlyMap<string, string> =>
  new Map(entries(node).map(({ key, value }) => [key.text, text(value) ?? ""]));

export const annotation = (resource: Resource, name: string): YamlNode | undefined =>
  field(resource.root, "metadata", "annotations", name);
