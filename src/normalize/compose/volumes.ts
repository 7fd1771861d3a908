/** What a service mounts (Compose Specification, 05-services: `volumes`, `tmpfs`, `secrets`, `configs`). */
import type { Mount } from "../../model.ts";
import { within } from "../paths.ts";
import { flag, get, indexOutside, lastOf, list, type Mapping, type Node, type Scalar, text, written } from "./node.ts";

/**
 * `[source:]target[:options]`: at most three fields, a drive letter is part of its path. A field that holds an unknown
 * variable is undefined.
 */
function volumeFields(item: Scalar): readonly (string | undefined)[] {
  const resolved = text(item);
  const source = resolved ?? item.raw;
  const fields: (string | undefined)[] = [];
  for (let from = 0; from <= source.length; ) {
    const drive = /^[A-Za-z]:[\\/]/.test(source.slice(from, from + 3)) ? 2 : 0;
    const colon = fields.length === 2 ? -1 : indexOutside(source, ":", from + drive);
    const end = colon < 0 ? source.length : colon;
    const field = source.slice(from, end);
    fields.push(resolved === undefined && field.includes("$") ? undefined : field);
    from = end + 1;
  }
  return fields;
}

/** The path in the container: what makes a mount the same as another when files are merged. */
export function volumeTarget(item: Node): string | undefined {
  if (item.kind === "mapping") return text(get(item, "target"));
  if (item.kind !== "scalar" || item.empty) return undefined;
  const fields = volumeFields(item);
  return fields.length === 1 ? fields[0] : fields[1];
}

const isPath = (source: string): boolean => /^([./~\\]|[A-Za-z]:[\\/])/.test(source);

const KINDS: ReadonlyMap<string, Mount["kind"]> = new Map([
  ["bind", "bind"],
  ["volume", "volume"],
  ["tmpfs", "tmpfs"],
]);

/** Mounts of a service. `volumes` are the project's, because one of them may bind a folder of the host under a name. */
export function mounts(service: Mapping, subject: string, volumes: Node | undefined): readonly Mount[] {
  const mount = (
    node: Node,
    kind: Mount["kind"],
    target: string,
    readOnly: boolean,
    source: string | undefined,
  ): Mount => ({
    span: node.span,
    subject,
    ...bound(kind, source, volumes),
    ...(kind === "bind" && source !== undefined && pathOf(node, source)),
    target: withoutSlash(target),
    readOnly,
    format: "compose",
  });
  return [
    ...lastOf(list(get(service, "volumes")), (item) => volumeTarget(item) ?? item).flatMap((item): Mount[] => {
      if (item.kind === "mapping") {
        const kind = KINDS.get(text(get(item, "type")) ?? "volume") ?? "other";
        const target = text(get(item, "target"));
        const readOnly = flag(get(item, "read_only")) ?? false;
        return target === undefined ? [] : [mount(item, kind, target, readOnly, text(get(item, "source")))];
      }
      if (item.kind !== "scalar" || item.empty) return [];
      const fields = volumeFields(item);
      if (fields.length === 1) return [mount(item, "volume", fields[0] ?? item.raw, false, undefined)];
      const [source, target = item.raw, options = ""] = fields;
      const kind = source === undefined ? "other" : isPath(source) ? "bind" : "volume";
      return [mount(item, kind, target, options.split(",").includes("ro"), source)];
    }),
    ...list(get(service, "tmpfs")).flatMap((item) => {
      const target = text(item)?.split(":", 1)[0];
      return target ? [mount(item, "tmpfs", target, false, undefined)] : [];
    }),
    ...granted(service, "secrets", "/run/secrets/").map(({ item, source, target }) =>
      mount(item, "secret", target, true, source),
    ),
    ...granted(service, "configs", "/").map(({ item, source, target }) => mount(item, "config", target, true, source)),
  ];
}

/** Secrets and configs that a service is given: by name, or by a map with `source` and `target`. */
function granted(service: Mapping, attribute: "secrets" | "configs", folder: string) {
  return list(get(service, attribute)).flatMap((item) => {
    const source = item.kind === "scalar" ? (item.empty ? undefined : written(item)) : text(get(item, "source"));
    if (source === undefined) return [];
    const target = text(get(item, "target")) ?? source;
    return [{ item, source, target: target.startsWith("/") ? target : folder + target }];
  });
}

/** The last `/` of a path says nothing; one alone is the root. */
function withoutSlash(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

function pathOf(node: Node, source: string): { readonly path?: string } {
  const path = within(node.source.folder, source);
  return path === undefined ? {} : { path };
}

/** A named volume of the local driver with `o: bind` is a bind mount of its `device`. */
function bound(kind: Mount["kind"], source: string | undefined, volumes: Node | undefined) {
  const options = kind === "volume" && source !== undefined ? get(volumes, source, "driver_opts") : undefined;
  const device = text(get(options, "device"));
  const binds = text(get(options, "o"))?.split(",").includes("bind");
  if (binds && device !== undefined) return { kind: "bind" as const, source: device };
  return { kind, ...(source !== undefined && { source }) };
}
