/** Where the kinds keep their pods. */
import type { Located } from "../../model.ts";
import { number, type YamlNode } from "../../parse/yaml.ts";
import { field, locate, type Resource, readAs } from "./resource.ts";

/** Path of the pod template. A Pod is its own. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ["template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  Rollout: ["spec", "template"], // Argo
  DeploymentConfig: ["spec", "template"], // OpenShift
};

/** Knative has a Service of its own. */
const KNATIVE: Readonly<Record<string, readonly string[]>> = {
  Service: ["spec", "template"],
  Configuration: ["spec", "template"],
  Revision: [],
};

/** Kinds whose pods serve until they are stopped, so that probes make sense. */
const SERVING = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Rollout",
  "DeploymentConfig",
]);

/** Kinds that run as many pods as `spec.replicas` says, one if it says nothing. */
const SCALED = new Set([
  "Deployment",
  "StatefulSet",
  "ReplicaSet",
  "ReplicationController",
  "Rollout",
  "DeploymentConfig",
]);

export interface Workload {
  readonly resource: Resource;
  /** Holds the pod's `metadata` and `spec`. */
  readonly template: YamlNode;
  readonly serves: boolean;
  readonly replicas?: Located<number>;
}

/** The pods that an object makes; absent for objects that make none. `autoscaled` is what an autoscaler may go up to. */
export function workloadOf(resource: Resource, autoscaled?: Located<number>): Workload | undefined {
  const paths = resource.apiVersion.startsWith("serving.knative.dev/") ? KNATIVE : TEMPLATES;
  if (!Object.hasOwn(paths, resource.kind)) return undefined;
  const template = field(resource.root, ...paths[resource.kind]!);
  if (template?.kind !== "mapping") return undefined;
  const replicas = SCALED.has(resource.kind) ? (autoscaled ?? replicasOf(resource)) : undefined;
  return { resource, template, serves: SERVING.has(resource.kind), ...(replicas && { replicas }) };
}

function replicasOf(resource: Resource): Located<number> | undefined {
  const written = field(resource.root, "spec", "replicas");
  return written
    ? readAs(resource, written, number)
    : { ...locate(resource, resource.root, 1), span: resource.name.span, implied: true };
}
