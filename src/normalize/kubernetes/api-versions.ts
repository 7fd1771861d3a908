/** apiVersions past their time. Data from the Kubernetes "Deprecated API Migration Guide". */
import type { Retirement } from "../../model.ts";

/** `same`: the replacement takes the object as it is. */
type Row = readonly [
  apiVersion: string,
  kinds: string,
  deprecated: string,
  removed: string | undefined,
  replacement?: string,
  same?: "same",
];

const RBAC = "ClusterRole ClusterRoleBinding Role RoleBinding";
const FLOW = "FlowSchema PriorityLevelConfiguration";
const APPS = "Deployment DaemonSet StatefulSet ReplicaSet ControllerRevision";

const ROWS: readonly Row[] = [
  ["extensions/v1beta1", "Deployment DaemonSet ReplicaSet", "1.9", "1.16", "apps/v1"],
  ["extensions/v1beta1", "NetworkPolicy", "1.9", "1.16", "networking.k8s.io/v1", "same"],
  ["extensions/v1beta1", "PodSecurityPolicy", "1.10", "1.16"],
  ["extensions/v1beta1", "Ingress", "1.14", "1.22", "networking.k8s.io/v1"],
  ["apps/v1alpha1", APPS, "1.5", "1.16", "apps/v1"],
  ["apps/v1beta1", APPS, "1.9", "1.16", "apps/v1"],
  ["apps/v1beta2", APPS, "1.9", "1.16", "apps/v1", "same"],
  ["auditregistration.k8s.io/v1alpha1", "AuditSink", "1.19", "1.19"],
  ["settings.k8s.io/v1alpha1", "PodPreset", "1.20", "1.20"],
  ["batch/v2alpha1", "CronJob", "1.21", "1.21", "batch/v1", "same"],
  ["scheduling.k8s.io/v1alpha1", "PriorityClass", "1.14", "1.17", "scheduling.k8s.io/v1", "same"],
  ["scheduling.k8s.io/v1beta1", "PriorityClass", "1.14", "1.22", "scheduling.k8s.io/v1", "same"],
  [
    "admissionregistration.k8s.io/v1beta1",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "1.16",
    "1.22",
    "admissionregistration.k8s.io/v1",
  ],
  ["apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.16", "1.22", "apiextensions.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", "APIService", "1.19", "1.22", "apiregistration.k8s.io/v1", "same"],
  ["authentication.k8s.io/v1beta1", "TokenReview", "1.19", "1.22", "authentication.k8s.io/v1", "same"],
  [
    "authorization.k8s.io/v1beta1",
    "LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview",
    "1.19",
    "1.22",
    "authorization.k8s.io/v1",
  ],
  ["certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.19", "1.22", "certificates.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", "Lease", "1.19", "1.22", "coordination.k8s.io/v1", "same"],
  ["networking.k8s.io/v1beta1", "Ingress", "1.19", "1.22", "networking.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", "IngressClass", "1.19", "1.22", "networking.k8s.io/v1", "same"],
  ["rbac.authorization.k8s.io/v1alpha1", RBAC, "1.17", "1.22", "rbac.authorization.k8s.io/v1"],
  ["rbac.authorization.k8s.io/v1beta1", RBAC, "1.17", "1.22", "rbac.authorization.k8s.io/v1", "same"],
  [
    "storage.k8s.io/v1beta1",
    "CSIDriver CSINode StorageClass VolumeAttachment",
    "1.19",
    "1.22",
    "storage.k8s.io/v1",
    "same",
  ],
  ["batch/v1beta1", "CronJob", "1.21", "1.25", "batch/v1", "same"],
  ["discovery.k8s.io/v1beta1", "EndpointSlice", "1.21", "1.25", "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", "Event", "1.19", "1.25", "events.k8s.io/v1"],
  ["autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.22", "1.25", "autoscaling/v2"],
  ["policy/v1beta1", "PodDisruptionBudget", "1.21", "1.25", "policy/v1", "same"],
  ["policy/v1beta1", "PodSecurityPolicy", "1.21", "1.25"],
  ["node.k8s.io/v1beta1", "RuntimeClass", "1.22", "1.25", "node.k8s.io/v1", "same"],
  ["autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.23", "1.26", "autoscaling/v2", "same"],
  ["flowcontrol.apiserver.k8s.io/v1beta1", FLOW, "1.23", "1.26", "flowcontrol.apiserver.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.24", "1.27", "storage.k8s.io/v1", "same"],
  ["flowcontrol.apiserver.k8s.io/v1beta2", FLOW, "1.26", "1.29", "flowcontrol.apiserver.k8s.io/v1"],
  ["flowcontrol.apiserver.k8s.io/v1beta3", FLOW, "1.29", "1.32", "flowcontrol.apiserver.k8s.io/v1"],
  [
    "admissionregistration.k8s.io/v1beta1",
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
    "1.31",
    "1.34",
    "admissionregistration.k8s.io/v1",
    "same",
  ],
  ["v1", "ComponentStatus", "1.19", undefined],
  ["v1", "Endpoints", "1.33", undefined, "discovery.k8s.io/v1"],
];

const RETIRED: ReadonlyMap<string, Retirement> = new Map(
  ROWS.flatMap(([apiVersion, kinds, deprecated, removed, replacement, same]) =>
    kinds.split(" ").map((kind): [string, Retirement] => [
      `${apiVersion} ${kind}`,
      {
        deprecated,
        ...(removed !== undefined && { removed }),
        ...(replacement !== undefined && { replacement }),
        ...(same && { compatible: true }),
      },
    ]),
  ),
);

/** When Kubernetes gave the apiVersion of a kind up; absent if it has not. */
export const retirement = (apiVersion: string, kind: string): Retirement | undefined =>
  RETIRED.get(`${apiVersion} ${kind}`);
