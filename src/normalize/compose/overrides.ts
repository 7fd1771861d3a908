/** What a later Compose file adds to lists and maps of an earlier one instead of replacing them (13-merge). */
import type { Blank, KeptPort, Located, Override, SourceFile } from "../../model.ts";
import { type Entry, list, type Mapping, type Node, pairs, text, written } from "./node.ts";
import { type PortFields, portFields, reachOf } from "./ports.ts";

/** Attributes that are replaced as a whole. */
const REPLACED: ReadonlySet<string> = new Set(["command", "entrypoint"]);

/** Lists and maps that services of `over` add to, in the order written; `main` names the project. */
export function overridesOf(base: Mapping, over: Mapping, main: string): readonly Override[] {
  const earlier = base.entries.get("services")?.value;
  const later = over.entries.get("services")?.value;
  if (earlier?.kind !== "mapping" || later?.kind !== "mapping") return [];
  const result: Override[] = [];
  for (const [name, { key, value }] of later.entries) {
    const old = earlier.entries.get(name)?.value;
    if (old?.kind !== "mapping" || value.kind !== "mapping" || value.tag === "!override") continue;
    for (const [attribute, added] of value.entries) {
      const before = old.entries.get(attribute);
      if (!before || REPLACED.has(attribute) || attribute.startsWith("x-") || added.value.tag !== undefined) continue;
      const found = addition(attribute, before, added);
      if (found) result.push({ project: main, subject: `service ${name}`, owner: key.value, ...found });
    }
  }
  return result;
}

function addition(
  attribute: string,
  { key: base, value: old }: Entry,
  { key, value }: Entry,
): Omit<Override, "project" | "subject" | "owner"> | undefined {
  if (old.kind === "scalar" || sizeOf(old) === 0) return undefined;
  const common = { attribute: key, base: base.span };
  const cleared = value.kind === "scalar" ? value.empty : sizeOf(value) === 0;
  if (cleared) return { ...common, ineffective: true, kept: [], ...replacing(key, value) };
  if (value.kind === "scalar" || (old.kind === "mapping" && value.kind === "mapping" && !flat(value))) return undefined;

  const known = itemsOf(old);
  const added = itemsOf(value);
  const kept = attribute === "ports" ? keptPorts(list(old), list(value)) : [];
  const ineffective =
    added !== undefined &&
    known !== undefined &&
    added.size < known.size &&
    [...added].every((item) => known.has(item));
  const items = list(value).map((item) => (item.kind === "scalar" ? item.raw : undefined));
  const complete = attribute === "ports" && covers(list(old), list(value));
  return {
    ...common,
    ineffective,
    kept,
    ...(complete && replacing(key, value)),
    ...(items.every((item) => item !== undefined) && items.length > 0 && { items }),
  };
}

const sizeOf = (node: Node): number =>
  node.kind === "mapping" ? node.entries.size : node.kind === "sequence" ? node.items.length : 1;

const flat = (map: Mapping): boolean => [...map.entries.values()].every(({ value }) => value.kind === "scalar");

/** Items as texts that can be compared; absent if one of them is a collection. */
function itemsOf(node: Node): ReadonlySet<string> | undefined {
  const result = new Set<string>();
  if (node.kind === "sequence" && node.items.every((item) => item.kind === "scalar")) {
    for (const [name, { value }] of pairs(node))
      result.add(value.kind === "scalar" ? `${name}=${written(value)}` : name);
    return result;
  }
  if (node.kind !== "mapping" || !flat(node)) return undefined;
  for (const [name, { value }] of node.entries) if (value.kind === "scalar") result.add(`${name}=${written(value)}`);
  return result;
}

const sameService = (a: PortFields, b: PortFields): boolean =>
  a.target !== "?" && a.target === b.target && a.protocol === b.protocol;

/** Whether each earlier port has one of the same target in the later list. */
const covers = (base: readonly Node[], over: readonly Node[]): boolean => {
  const later = over.map(portFields);
  return base.map(portFields).every((old) => old && later.some((port) => port && sameService(old, port)));
};

function keptPorts(base: readonly Node[], over: readonly Node[]): readonly KeptPort[] {
  const later = over.map((item) => ({ item, fields: portFields(item) }));
  return later.flatMap(({ item, fields }): KeptPort[] => {
    if (!fields || fields.host === "" || !["loopback", "internal"].includes(reachOf(fields.host))) return [];
    const wide = base.find((old) => {
      const before = portFields(old);
      return before && before.host !== "?" && sameService(before, fields) && reachOf(before.host) === "world";
    });
    if (!wide) return [];
    const again = later.some(({ fields: same }) => same && sameService(same, fields) && reachOf(same.host) === "world");
    return again ? [] : [{ port: shownPort(item, fields), base: shownPort(wide, portFields(wide)!) }];
  });
}

const shownPort = (item: Node, { host, published, target }: PortFields): Located<string> => ({
  value: (item.kind === "scalar" && text(item)) || [host, published, target].filter((field) => field !== "").join(":"),
  span: item.span,
});

/** Behind the colon of a key whose value stands there itself, not by way of an alias. */
function replacing(key: Located<string>, value: Node): { readonly replaces?: Blank } {
  const { file, end } = key.span;
  const [colon = ""] = COLON.exec(file.text.slice(end, end + 40)) ?? [];
  if (!colon || !standsHere(file, value)) return {};
  const span = { file, start: end + colon.length, end: end + colon.length };
  return { replaces: { span, before: " ", after: "" } };
}

const COLON = /^["']?[ \t]*:(?=[ \t\r\n](?![ \t]*[*&!]))/;

const standsHere = (file: SourceFile, value: Node): boolean => value.span.file === file;
