/**
 * The security context that a container really gets: its own field, else the pod's where the pod has one, else the
 * default of the API (Kubernetes, "Configure a Security Context"; Pod Security Standards).
 */
import type { Container, Located } from "../../model.ts";
import { boolean, text, type YamlNode } from "../../parse/yaml.ts";
import { blankAt } from "./blank.ts";
import { present } from "./present.ts";
import { field, isTemplate, literal, type Resource, readAs, stringsAt } from "./resource.ts";

const CONTEXT = "securityContext";

export interface Parts {
  readonly resource: Resource;
  /** The pod template. */
  readonly template: YamlNode;
  /** The pod's `spec`. */
  readonly pod: YamlNode | undefined;
  readonly container: YamlNode;
  readonly name: Located<string>;
}

type SecurityContext = Pick<
  Container,
  | "user"
  | "runAsNonRoot"
  | "privileged"
  | "privilegeEscalation"
  | "readOnlyRoot"
  | "capabilitiesAdded"
  | "capabilitiesDropped"
  | "seccomp"
>;

/** `image` is a user that the image is known to start as. */
export function securityContext(parts: Parts, image: Located<string> | undefined): SecurityContext {
  const { resource, container } = parts;
  const own = (...path: string[]) => field(container, CONTEXT, ...path);
  const effective = (...path: string[]) => own(...path) ?? field(parts.pod, CONTEXT, ...path);
  const windows = onWindows(parts);
  const user = effective("runAsUser") ?? effective("windowsOptions", "runAsUserName");
  return present({
    user: user
      ? readAs(resource, user, literal)
      : image && withBlank({ ...image, implied: true as const }, parts, [CONTEXT, "runAsUser"]),
    runAsNonRoot: flag(parts, effective("runAsNonRoot"), false, [CONTEXT, "runAsNonRoot"]),
    privileged: flag(parts, own("privileged"), false),
    ...(!windows && {
      privilegeEscalation: flag(parts, own("allowPrivilegeEscalation"), true, [CONTEXT, "allowPrivilegeEscalation"]),
      readOnlyRoot: flag(parts, own("readOnlyRootFilesystem"), false, [CONTEXT, "readOnlyRootFilesystem"]),
      seccomp: seccomp(parts),
    }),
    capabilitiesAdded: stringsAt(resource, own("capabilities", "add")),
    capabilitiesDropped: stringsAt(resource, own("capabilities", "drop")),
  });
}

/** Windows has none of the fields that harden a Linux container ("Security Context", fields by `spec.os.name`). */
const onWindows = ({ pod, container }: Parts): boolean =>
  text(field(pod, "os", "name")) === "windows" ||
  text(field(pod, "nodeSelector", "kubernetes.io/os")) === "windows" ||
  [pod, container].some((node) => field(node, CONTEXT, "windowsOptions") !== undefined);

/** A written boolean, or what holds where nobody wrote one. A value that is neither is unknown. */
const flag = (parts: Parts, node: YamlNode | undefined, otherwise: boolean, path?: readonly string[]) =>
  node ? readAs(parts.resource, node, boolean) : implied(parts, otherwise, path);

/** What holds where nobody wrote it: at the container's name. `path`: of the field, if it could be written. */
export function implied<T>(parts: Parts, value: T, path?: readonly string[]): Located<T> {
  const located: Located<T> = { value, span: parts.name.span, implied: true };
  return path ? withBlank(located, parts, path) : located;
}

function withBlank<T>(located: Located<T>, { resource, container }: Parts, path: readonly string[]): Located<T> {
  const blank = blankAt(resource, container, path, ["imagePullPolicy", "image", "name"]);
  return blank ? { ...located, blank } : located;
}

/** The field, else the annotations that came before it (removed in 1.27, still in many manifests). */
function seccomp(parts: Parts): Located<string> | undefined {
  const { resource, template, pod, container, name } = parts;
  const profile = field(container, CONTEXT, "seccompProfile", "type") ?? field(pod, CONTEXT, "seccompProfile", "type");
  if (profile) return readAs(resource, profile, literal);
  const annotations = field(template, "metadata", "annotations");
  const legacy =
    field(annotations, `container.seccomp.security.alpha.kubernetes.io/${name.value}`) ??
    field(annotations, "seccomp.security.alpha.kubernetes.io/pod");
  if (legacy) return readAs(resource, legacy, legacyProfile);
  return implied(parts, "", [CONTEXT, "seccompProfile", "type"]);
}

function legacyProfile(node: YamlNode | undefined): string | undefined {
  const profile = text(node);
  if (!profile || isTemplate(profile)) return undefined;
  if (profile === "unconfined") return "Unconfined";
  return profile.startsWith("localhost/") ? "Localhost" : "RuntimeDefault";
}
