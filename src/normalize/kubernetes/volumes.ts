/** Volumes of a pod as its containers mount them (core/v1 Volume, VolumeMount). */
import type { Mount } from "../../model.ts";
import { boolean, entries, items, text, type YamlNode } from "../../parse/yaml.ts";
import { field, place } from "./resource.ts";
import type { Parts } from "./security.ts";

interface Volume {
  readonly kind: Mount["kind"];
  readonly source?: string | undefined;
  /** The path of the host, which is what a finding is about. */
  readonly at?: YamlNode | undefined;
}

/** Mounts of one container. The place of a host path is that path, of any other the path it is mounted at. */
export function mountsOf({ resource, container, pod }: Parts, subject: string): Mount[] {
  const mounts = items(field(container, "volumeMounts"));
  if (!mounts.length) return [];
  const volumes = volumesOf(pod);
  return mounts.flatMap((mount) => {
    const path = field(mount, "mountPath");
    const target = text(path);
    if (!path || target === undefined) return [];
    const volume = volumes.get(text(field(mount, "name")) ?? "") ?? CLAIM;
    return {
      span: place(resource, volume.at ?? path),
      subject,
      kind: volume.kind,
      ...(volume.source !== undefined && { source: volume.source }),
      target,
      readOnly: boolean(field(mount, "readOnly")) ?? volume.kind === "secret",
      format: "kubernetes" as const,
    };
  });
}

/** A name that no volume has comes from a StatefulSet's claim templates. */
const CLAIM: Volume = { kind: "volume" };

const known = new WeakMap<YamlNode, ReadonlyMap<string, Volume>>();

/** Volumes of a pod by their names. */
export function volumesOf(pod: YamlNode | undefined): ReadonlyMap<string, Volume> {
  const list = field(pod, "volumes");
  if (!list) return new Map();
  const before = known.get(list);
  if (before) return before;
  const volumes = new Map(items(list).map((node) => [text(field(node, "name")) ?? "", volumeOf(node)]));
  known.set(list, volumes);
  return volumes;
}

function volumeOf(node: YamlNode): Volume {
  const type = entries(node).find(({ key }) => key.text !== "name");
  const source = type?.value;
  switch (type?.key.text) {
    case "hostPath": {
      const path = field(source, "path");
      return { kind: "bind", source: text(path), at: path };
    }
    case "secret":
      return { kind: "secret", source: text(field(source, "secretName")) };
    case "configMap":
      return { kind: "config", source: text(field(source, "name")) };
    case "emptyDir":
      return { kind: text(field(source, "medium")) === "Memory" ? "tmpfs" : "ephemeral" };
    case "persistentVolumeClaim":
      return { kind: "volume", source: text(field(source, "claimName")) };
    default:
      return { kind: "other" };
  }
}
