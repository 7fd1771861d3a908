/**
 * The security context that a container really gets: its own field, else the pod's where the pod has one, else the
 * default of the API (Kubernetes, "Configure a Security Context"; Pod Security Standards).
 */
import type { Container, ImageReference, Located, Mount, Needs } from "../../model.ts";
import { boolean, entry, items, text, type YamlNode } from "../../parse/yaml.ts";
import { filled, isJson } from "../blanks.ts";
import type { Product } from "../images.ts";
import { foldersWithout, gainsPrivileges, needsOf } from "../products-needs.ts";
import { blankAt } from "./blank.ts";
import { itemBlank } from "./item-blank.ts";
import { present } from "./present.ts";
import { field, isTemplate, literal, type Resource, readAs, stringsAt } from "./resource.ts";
import { volumesOf } from "./volumes.ts";

const CONTEXT = "securityContext";

/** What names a container: new fields stand behind it. */
const BEHIND = ["imagePullPolicy", "image", "name"];

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
  | "defaultCapabilities"
  | "needs"
  | "seccomp"
>;

interface Brought {
  readonly image: ImageReference | undefined;
  readonly product: Product | undefined;
  readonly mounts: readonly Mount[];
}

export function securityContext(parts: Parts, brought: Brought): SecurityContext {
  const { resource, container } = parts;
  const own = (...path: string[]) => field(container, CONTEXT, ...path);
  const effective = (...path: string[]) => own(...path) ?? field(parts.pod, CONTEXT, ...path);
  const windows = onWindows(parts);
  const user = effective("runAsUser") ?? effective("windowsOptions", "runAsUserName");
  const added = stringsAt(resource, own("capabilities", "add"));
  const gains = gainsPrivileges(brought.image);
  return present({
    user: user ? readAs(resource, user, literal) : startsAs(parts, brought),
    runAsNonRoot: flag(parts, effective("runAsNonRoot"), false, [CONTEXT, "runAsNonRoot"]),
    privileged: flag(parts, own("privileged"), false),
    ...(!windows && {
      privilegeEscalation: privilegeEscalation(parts, gains, added),
      defaultCapabilities:
        items(own("capabilities", "drop")).length || gains
          ? undefined
          : implied(parts, true as const, [CONTEXT, "capabilities", "drop"]),
      needs: needs(parts, brought),
      readOnlyRoot: flag(parts, own("readOnlyRootFilesystem"), false, [CONTEXT, "readOnlyRootFilesystem"]),
      seccomp: seccomp(parts),
    }),
    capabilitiesAdded: added,
    capabilitiesDropped: stringsAt(resource, own("capabilities", "drop")),
  });
}

/**
 * Who a well-known image starts as. One that gives up root by itself says nothing about its processes. The blank is for
 * images that applications are built from: others are run as their publisher made them.
 */
function startsAs(parts: Parts, { image, product }: Brought): Located<string> | undefined {
  if (!image || (product?.user !== "root" && product?.user !== "non-root")) return undefined;
  const user = { value: product.user, span: image.reference.span, implied: true as const };
  const base = product.kind === "application" && !product.ports.length;
  return base ? withBlank(user, parts, [CONTEXT, "runAsUser"]) : user;
}

/** The API refuses to deny it to a container that is given `SYS_ADMIN` (core/v1 validation of SecurityContext). */
function privilegeEscalation(
  parts: Parts,
  gains: boolean,
  added: readonly Located<string>[],
): Located<boolean> | undefined {
  const written = field(parts.container, CONTEXT, "allowPrivilegeEscalation");
  if (!written && gains) return undefined;
  const administers = added.some(({ value }) => /^(?:CAP_)?SYS_ADMIN$/.test(value));
  return flag(parts, written, true, administers ? undefined : [CONTEXT, "allowPrivilegeEscalation"]);
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
  const blank = blankAt(resource, container, path, BEHIND);
  return blank ? { ...located, blank } : located;
}

function needs(parts: Parts, { image, mounts }: Brought): Needs | undefined {
  const known = needsOf(image);
  if (!known) return undefined;
  const { resource, container } = parts;
  const added = entry(container, CONTEXT) && field(container, CONTEXT, "capabilities", "add");
  const has = new Set(stringsAt(resource, added).map(({ value }) => value));
  const names = has.has("ALL") ? [] : known.capabilities.filter((name) => !has.has(name));
  const add = added ? undefined : blankAt(resource, container, [CONTEXT, "capabilities", "add"], BEHIND);
  const capabilities = names.length ? add && [filled(add, `["${names.join('", "')}"]`)] : [];
  const folders = foldersWithout(known, mounts);
  return {
    capabilities: { names, ...(capabilities && { blanks: capabilities }) },
    ...(folders && { folders: { names: folders, ...volumes(parts, folders) } }),
  };
}

/** How each folder would be an `emptyDir` of the pod that this container mounts, under a name that no other has. */
function volumes(
  { resource, pod, container, name }: Parts,
  folders: readonly string[],
): Pick<Needs["capabilities"], "blanks"> {
  if (!folders.length) return { blanks: [] };
  const taken = volumesOf(pod);
  const named = folders.map((folder) => [`${name.value}${folder.replaceAll("/", "-")}`, folder] as const);
  if (named.some(([volume]) => taken.has(volume) || !LABEL.test(volume))) return {};
  const mounts = named.map(([volume, folder]) => [`name: ${volume}`, `mountPath: ${folder}`]);
  const mounted = itemBlank(resource, container, "volumeMounts", mounts, BEHIND);
  const declared = itemBlank(
    resource,
    pod,
    "volumes",
    named.map(([volume]) => [`name: ${volume}`, "emptyDir: {}"]),
  );
  return mounted && declared ? { blanks: [mounted, declared] } : {};
}

/** Names of volumes are DNS labels (RFC 1123). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

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
  // JSON would need quotes around what is filled in.
  const json = isJson(resource.file);
  return implied(parts, "", json ? undefined : [CONTEXT, "seccompProfile", "type"]);
}

function legacyProfile(node: YamlNode | undefined): string | undefined {
  const profile = text(node);
  if (!profile || isTemplate(profile)) return undefined;
  if (profile === "unconfined") return "Unconfined";
  return profile.startsWith("localhost/") ? "Localhost" : "RuntimeDefault";
}
