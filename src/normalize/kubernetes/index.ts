/** Kubernetes manifests, kustomizations and values of Helm charts → facts. */
import type { Deployment, SourceFile, Variable } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { YamlTree } from "../../parse/yaml.ts";
import type { Facts } from "../facts.ts";
import { cluster } from "./cluster.ts";
import { chartFolders, helmValues, isHelm, isValues } from "./helm.ts";
import { kustomize } from "./kustomize.ts";
import { resourcesOf } from "./resource.ts";

export { isKubernetes } from "./resource.ts";

/**
 * Facts of all manifests (YAML and JSON, several documents, lists). `files` are all files of the run: a values file is
 * known by the `Chart.yaml` beside it. Never throws; what is no Kubernetes object is left to others.
 */
export function kubernetes(input: {
  readonly yaml: readonly Parsed<YamlTree>[];
  readonly files: readonly SourceFile[];
}): Facts {
  const charts = chartFolders(input.files);
  const manifests = input.yaml.map(({ file, tree }) => ({
    file,
    documents: tree.documents,
    resources: tree.documents.flatMap(resourcesOf),
  }));
  const { builds, kustomizations, consumed } = kustomize(manifests);
  const loose = manifests.filter(({ file }) => !consumed.has(file)).flatMap(({ resources }) => resources);
  const facts = [
    cluster(loose),
    ...builds.map(({ resources, generated }) => cluster(resources, generated)),
    { variables: input.yaml.filter(({ file }) => isValues(file, charts)).flatMap(valuesOf) },
  ];
  return {
    ...combined(facts, builds.length > 1),
    roles: [
      ...manifests.filter(({ resources }) => resources.length).map(({ file }) => ({ file, role: "Kubernetes" })),
      ...[...kustomizations].map((file) => ({ file, role: "Kustomize" })),
      ...input.files.filter((file) => isHelm(file, charts)).map((file) => ({ file, role: "Helm values" })),
    ],
  };
}

const valuesOf = ({ file, tree }: Parsed<YamlTree>): Variable[] =>
  tree.documents.flatMap(({ root }) => helmValues(file, root));

/** Facts of several clusters in one. What two overlays take from their base unchanged is one fact. */
function combined(facts: readonly Facts[], overlays: boolean): Facts {
  const all = <K extends keyof Deployment & keyof Facts>(key: K) => {
    const list = facts.flatMap((fact) => (fact[key] ?? []) as readonly unknown[]);
    return (overlays ? distinct(list) : list) as unknown as NonNullable<Facts[K]>;
  };
  return {
    containers: all("containers"),
    images: all("images"),
    ports: all("ports"),
    mounts: all("mounts"),
    secrets: all("secrets"),
    objects: all("objects"),
    variables: all("variables"),
    overwritten: all("overwritten"),
    edges: all("edges"),
    cors: all("cors"),
    rateLimits: all("rateLimits"),
    settings: { requestSize: facts.flatMap(({ settings }) => settings?.requestSize ?? []) },
  };
}

/** Facts that say the same about the same place are the same. */
function distinct(facts: readonly unknown[]): unknown[] {
  const first = new Map<string, unknown>();
  for (const fact of facts) {
    const key = JSON.stringify(fact, (name, value) => (name === "file" ? (value as SourceFile).path : value));
    if (!first.has(key)) first.set(key, fact);
  }
  return [...first.values()];
}
