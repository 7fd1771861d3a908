/** Kubernetes manifests, kustomizations and values of Helm charts → facts. */
import type { SourceFile } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { YamlTree } from "../../parse/yaml.ts";
import type { Facts } from "../facts.ts";
import { cluster } from "./cluster.ts";
import { chartFolders, helmValues, isHelm, isValues } from "./helm.ts";
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
  const manifests = input.yaml.map(({ file, tree }) => ({ file, resources: tree.documents.flatMap(resourcesOf) }));
  const facts = cluster(manifests.flatMap(({ resources }) => resources));
  const values = input.yaml.filter(({ file }) => isValues(file, charts));
  return {
    ...facts,
    variables: [
      ...(facts.variables ?? []),
      ...values.flatMap(({ file, tree }) => tree.documents.flatMap(({ root }) => helmValues(file, root))),
    ],
    roles: [
      ...manifests.filter(({ resources }) => resources.length).map(({ file }) => ({ file, role: "Kubernetes" })),
      ...input.files.filter((file) => isHelm(file, charts)).map((file) => ({ file, role: "Helm values" })),
    ],
  };
}
