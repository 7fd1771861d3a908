/**
 * Kustomizations read as `kustomize build` reads them: resources, components, generators, patches, images, replicas and
 * namespace (kubectl.docs.kubernetes.io, "Kustomization file"). Name prefixes, suffixes and content hashes change names
 * and all references to them alike, so names stay as they are written. Nothing outside the files of the run is read.
 */
import type { SourceFile } from "../../model.ts";
import { at, items, parseYaml, text, type YamlDocument, type YamlNode } from "../../parse/yaml.ts";
import { folderOf } from "../paths.ts";
import { generate } from "./kustomize-generators.ts";
import { images, replicas } from "./kustomize-transformers.ts";
import { jsonPatch, mergePatch, type Origins, type TargetedPatch, written } from "./patch.ts";
import { field, type Resource, resource, stringMap } from "./resource.ts";
import type { Store } from "./stores.ts";

/** A file of the run that YAML could read. */
export interface Manifest {
  readonly file: SourceFile;
  readonly documents: readonly YamlDocument[];
  readonly resources: readonly Resource[];
}

/** What one kustomization builds: a cluster of its own. */
export interface Build {
  readonly resources: readonly Resource[];
  readonly generated: readonly Store[];
}

export interface Kustomized {
  /** One for each kustomization that no other one includes. */
  readonly builds: readonly Build[];
  readonly kustomizations: ReadonlySet<SourceFile>;
  /** Files that are part of a build, as resource or patch: nothing in them runs as it stands. */
  readonly consumed: ReadonlySet<SourceFile>;
}

const NAME = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

/** Bounds for hostile input, in one run: objects that are built, and pairs of object and patch. */
const MOST_RESOURCES = 20_000;
const MOST_PATCHES = 100_000;

interface Run {
  readonly byPath: ReadonlyMap<string, Manifest>;
  /** Kustomization by its folder. */
  readonly byFolder: ReadonlyMap<string, Manifest>;
  readonly consumed: Set<SourceFile>;
  readonly origins: Origins;
  budget: { resources: number; patches: number };
}

/** Builds every kustomization of the run. */
export function kustomize(manifests: readonly Manifest[]): Kustomized {
  const kustomizations = manifests.filter(
    ({ file, documents }) => NAME.test(file.path) || documents.some(isKustomization),
  );
  const run: Run = {
    byPath: new Map(manifests.map((manifest) => [manifest.file.path, manifest])),
    byFolder: new Map(kustomizations.map((manifest) => [folderOf(manifest.file.path), manifest])),
    consumed: new Set(),
    origins: new WeakMap(),
    budget: { resources: MOST_RESOURCES, patches: MOST_PATCHES },
  };
  const included = new Set(kustomizations.flatMap((manifest) => foldersIn(run, manifest)));
  const roots = kustomizations.filter((manifest) => !included.has(manifest) && !isComponent(manifest));
  const builds = roots.map((root) => build(run, root, { resources: [], generated: [] }, new Set()));
  // Patches of a component that nobody includes, or of kustomizations that include each other, run nowhere either.
  for (const manifest of kustomizations) patchesOf(run, manifest);
  return { builds, kustomizations: new Set(kustomizations.map(({ file }) => file)), consumed: run.consumed };
}

const isKustomization = ({ root }: YamlDocument): boolean =>
  text(at(root, "apiVersion"))?.startsWith("kustomize.config.k8s.io/") ?? false;

const rootOf = ({ documents }: Manifest): YamlNode | undefined => documents[0]?.root;

const isComponent = (manifest: Manifest): boolean => text(at(rootOf(manifest), "kind")) === "Component";

const words = (node: YamlNode | undefined): string[] => items(node).flatMap((item) => text(item) ?? []);

/** Kustomizations of folders that this one names. */
const foldersIn = (run: Run, manifest: Manifest): Manifest[] =>
  ["resources", "bases", "components"]
    .flatMap((key) => words(field(rootOf(manifest), key)))
    .flatMap((path) => run.byFolder.get(joined(manifest, path)) ?? []);

/** A path relative to the kustomization's folder, relative to the root of the run; "\0" if it leads out of it. */
function joined(manifest: Manifest, path: string): string {
  const parts: string[] = folderOf(manifest.file.path).split("/").filter(Boolean);
  for (const part of path.split("/")) {
    if (part === "..") {
      if (!parts.length) return "\0";
      parts.pop();
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Adds to `inherited` what `manifest` brings, then applies its changes to all of it. Each folder counts once. */
function build(run: Run, manifest: Manifest, inherited: Build, seen: Set<Manifest>): Build {
  if (seen.has(manifest) || seen.size > MOST_FOLDERS) return inherited;
  seen.add(manifest);
  const root = rootOf(manifest);
  const resources = [...inherited.resources];
  const generated = [...inherited.generated];
  for (const path of [...words(field(root, "resources")), ...words(field(root, "bases"))]) {
    const folder = run.byFolder.get(joined(manifest, path));
    const file = run.byPath.get(joined(manifest, path));
    if (folder) {
      const base = build(run, folder, { resources: [], generated: [] }, seen);
      for (const each of base.resources) resources.push(each);
      for (const each of base.generated) generated.push(each);
    } else if (file) {
      run.consumed.add(file.file);
      run.budget.resources -= file.resources.length;
      if (run.budget.resources >= 0) for (const each of file.resources) resources.push(each);
    }
  }
  let built: Build = { resources, generated: generate(manifest.file, root, generated) };
  for (const path of words(field(root, "components"))) {
    const component = run.byFolder.get(joined(manifest, path));
    if (component) built = build(run, component, built, seen);
  }
  return { ...built, resources: transform(run, manifest, built.resources) };
}

/** A chain of folders deeper than this is no deployment. */
const MOST_FOLDERS = 1000;

// ── Patches ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function transform(run: Run, manifest: Manifest, resources: readonly Resource[]): Resource[] {
  const root = rootOf(manifest);
  const namespace = text(field(root, "namespace"));
  const patches = [
    ...patchesOf(run, manifest),
    ...replicas(run.origins, manifest.file, field(root, "replicas")),
    ...images(run.origins, manifest.file, field(root, "images")),
  ];
  return resources.flatMap((before): Resource[] => {
    let node: YamlNode | undefined = before.root;
    for (const { fits, apply } of patches) {
      if (run.budget.patches-- <= 0) break;
      if (node?.kind !== "mapping" || !fits(before)) continue;
      node = apply({ ...before, root: node });
    }
    if (node?.kind !== "mapping") return [];
    if (node === before.root && !namespace) return [before];
    const space = namespace ?? before.namespace;
    return [
      resource(before.file, node, { folder: before.folder, origins: run.origins, ...(space && { namespace: space }) }),
    ];
  });
}

/** `patches`, and the two fields that came before it. */
function patchesOf(run: Run, manifest: Manifest): TargetedPatch[] {
  const root = rootOf(manifest);
  return [
    ...items(field(root, "patchesStrategicMerge")).flatMap((node) =>
      node.kind === "scalar" ? contentOf(run, manifest, undefined, node) : [],
    ),
    ...[...items(field(root, "patches")), ...items(field(root, "patchesJson6902"))].flatMap((node) =>
      contentOf(run, manifest, field(node, "target"), field(node, "path") ?? field(node, "patch")),
    ),
  ];
}

/** The documents of a patch: those of the file that `node` names, or what `node` itself says. */
function contentOf(
  run: Run,
  manifest: Manifest,
  target: YamlNode | undefined,
  node: YamlNode | undefined,
): TargetedPatch[] {
  if (node?.kind !== "scalar") return [];
  const named = node.text.includes("\n") ? undefined : run.byPath.get(joined(manifest, node.text));
  if (named) {
    run.consumed.add(named.file);
    return named.documents.flatMap(({ root }) => {
      written(run.origins, named.file, root);
      return targeted(run, target, root);
    });
  }
  const raw = manifest.file.text.slice(node.start, node.end);
  if (node.style !== "block" && raw !== node.text) return [];
  return parseYaml({ ...manifest.file, text: raw }).documents.flatMap(({ root }) => {
    written(run.origins, manifest.file, root, node.start);
    return targeted(run, target, root);
  });
}

/** A list is a JSON Patch and needs a target; an object is merged, by default into the object it names itself. */
function targeted({ origins }: Run, target: YamlNode | undefined, patch: YamlNode): TargetedPatch[] {
  if (patch.kind === "sequence") {
    return target ? [{ fits: selector(target), apply: ({ root }) => jsonPatch(origins, root, items(patch)) }] : [];
  }
  const [kind, name] = [text(field(patch, "kind")), text(field(patch, "metadata", "name"))];
  const itself = (resource: Resource) => resource.kind === kind && resource.name.value === name;
  const apply: TargetedPatch["apply"] = (resource) =>
    mergePatch({ origins, lists: isBuiltIn(resource) }, resource.root, patch);
  return [{ fits: target ? selector(target) : itself, apply }];
}

/** Groups of Kubernetes itself have no dot or end in `.k8s.io`. */
const isBuiltIn = ({ apiVersion }: Resource): boolean => /^(?:[^./]+\/)?[^./]+$|^[^/]*\.k8s\.io\//.test(apiVersion);

/** Kind, name and namespace are anchored patterns, label selectors lists of `key=value`. */
function selector(target: YamlNode): (resource: Resource) => boolean {
  const [kind, name, namespace] = ["kind", "name", "namespace"].map((key) => pattern(text(field(target, key))));
  const labels = (text(field(target, "labelSelector")) ?? "").split(",").filter(Boolean);
  return (resource) =>
    kind!(resource.kind) &&
    name!(resource.name.value) &&
    (field(target, "namespace") === undefined || namespace!(resource.namespace ?? "default")) &&
    labels.every((label) => {
      const [key = "", value] = label.split(/={1,2}/);
      return stringMap(field(resource.root, "metadata", "labels")).get(key.trim()) === value?.trim();
    });
}

/** The patterns people write: `a|b`, `web-.*`. What else a regular expression may be is taken literally. */
function pattern(source: string | undefined): (name: string) => boolean {
  if (!source) return () => true;
  const alternatives = source
    .replace(/^\^?\(?/, "")
    .replace(/\)?\$?$/, "")
    .split("|");
  return (name) =>
    alternatives.some((alternative) => {
      const [head = "", ...rest] = alternative.split(".*");
      if (!rest.length) return name === head;
      const tail = rest.pop()!;
      if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
      let from = head.length;
      for (const part of rest) {
        const found = name.indexOf(part, from);
        if (found < 0 || found + part.length > name.length - tail.length) return false;
        from = found + part.length;
      }
      return true;
    });
}
