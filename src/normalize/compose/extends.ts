/** `extends`: a service over another one, of the same file or another (Compose Specification, 05-services: `extends`). */
import type { Problem } from "../../model.ts";
import { within } from "../paths.ts";
import { mergeServices } from "./merge.ts";
import { entry, get, type Mapping, type Node, shared, text } from "./node.ts";

/** Longer chains are not followed; nobody writes them. */
const DEPTH = 64;

/**
 * The file with every `extends` resolved. `open` reads another file, absent if it is out of sight: then what the
 * service leaves out is unknown (`partial`). Cycles and services that do not exist are problems.
 */
export function extendServices(
  file: Mapping,
  open: (path: string) => Mapping | undefined,
  problems: Problem[],
): Mapping {
  const services = get(file, "services");
  if (services?.kind !== "mapping") return file;
  if (![...services.entries.values()].some(({ value }) => get(value, "extends"))) return file;

  const files = new Map<string, Mapping | undefined>([[file.source.file.path, file]]);
  const opened = (path: string): Mapping | undefined => {
    if (!files.has(path)) files.set(path, open(path));
    return files.get(path);
  };
  const done = new Map<Node, Node>();

  const resolve = (service: Node, home: Mapping, trail: readonly Node[]): Node => {
    const known = done.get(service);
    if (known) return known;
    const reference = get(service, "extends");
    if (service.kind !== "mapping" || !reference) return service;
    const base = baseOf(service, reference, home, [...trail, service]);
    const result = base?.kind === "mapping" ? over(base, service) : ({ ...service, partial: true } as const);
    done.set(service, result);
    return result;
  };

  const baseOf = (service: Mapping, reference: Node, home: Mapping, trail: readonly Node[]): Node | undefined => {
    const named = reference.kind === "scalar" ? reference : get(reference, "service");
    const name = text(named);
    if (!named || name === undefined) return undefined;
    const problem = (message: string) => {
      problems.push({ kind: "unreadable", span: named.span, message });
      return undefined;
    };
    const elsewhere = get(reference, "file");
    let target: Mapping | undefined = home;
    if (elsewhere) {
      const path = within(service.source.folder, text(elsewhere) ?? "/");
      target = path === undefined ? undefined : opened(path);
      if (!target) return undefined;
    }
    const base = entry(get(target, "services"), name)?.value;
    if (!base) return problem(`extended service "${name}" is not in ${target.source.file.path}`);
    if (trail.includes(base) || trail.length > DEPTH) return problem(`service extends itself by way of "${name}"`);
    return resolve(base, target, trail);
  };

  const entries = new Map(
    [...services.entries].map(([name, { key, value }]) => [name, { key, value: resolve(value, file, []) }]),
  );
  return {
    ...file,
    entries: new Map(file.entries).set("services", {
      key: file.entries.get("services")!.key,
      value: { ...services, entries },
    }),
  };
}

/** The service with what it inherits. It stays where it is written; an edit of an inherited map would change others. */
function over(base: Mapping, service: Mapping): Mapping {
  const inherited = new Map([...base.entries].map(([name, { key, value }]) => [name, { key, value: shared(value) }]));
  inherited.delete("extends");
  const merged = mergeServices({ ...base, entries: inherited }, service);
  if (merged.kind !== "mapping") return service;
  return { ...service, entries: merged.entries, ...(base.partial && { partial: true }) };
}
