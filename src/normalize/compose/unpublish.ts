/** How a published port would be kept inside its project: under `expose` instead of `ports`. */
import type { Blank, Port, Span } from "../../model.ts";
import type { YamlMapping, YamlSequence } from "../../parse/yaml.ts";
import { entryRemoval, itemExtent, itemRemoval } from "../removal.ts";
import { blank, blankItem } from "./blanks.ts";
import { get, list, type Mapping, type Node, texts } from "./node.ts";

/** The list of ports that a service writes itself, by the places of its items. */
interface Written {
  readonly service: Mapping;
  readonly map: YamlMapping;
  /** Index of `ports` among the attributes. */
  readonly at: number;
  readonly ports: YamlSequence;
  readonly items: ReadonlyMap<number, number>;
}

/**
 * Blanks for an item of `ports` and what it publishes, each filled in with "". The only item takes its list along: `ports`
 * becomes `expose` where there is none. Absent where others share the list, where a tag decides what it replaces, and for
 * items of another file.
 */
export function unpublishing(service: Mapping): (item: Node, port: Port) => readonly Blank[] | undefined {
  const written = ownPorts(service);
  return (item, port) => (written && item.span.file === service.span.file ? kept(written, item, port) : undefined);
}

function ownPorts(service: Mapping): Written | undefined {
  const map = service.yaml;
  const at = map?.written.findIndex(({ key }) => key.text === "ports") ?? -1;
  const entry = map?.written[at];
  if (!map || map.irregular || !entry || entry.alias || entry.value.kind !== "sequence") return undefined;
  const ports = entry.value;
  if (ports.shared || ports.anchor || ports.tag) return undefined;
  const items = new Map(ports.items.flatMap(({ value, alias }, index) => (alias ? [] : [[value.start, index]])));
  return { service, map, at, ports, items };
}

function kept({ service, map, at, ports, items }: Written, item: Node, port: Port): readonly Blank[] | undefined {
  const index = items.get(item.span.start);
  const number = numberOf(port);
  if (index === undefined || number === undefined) return undefined;
  const { file } = service.span;
  const place = ({ start, end }: { readonly start: number; readonly end: number }): Span => ({ file, start, end });
  const exposed = list(get(service, "expose"));
  const only = ports.items.length === 1;
  if (only && !get(service, "expose")) {
    const own = itemExtent(ports.items[index]!, place);
    // What else is written between its keys would be lost.
    if (!own || file.text.slice(own.start, own.end).includes("#")) return undefined;
    return [
      { span: place(map.written[at]!.key), before: "expose", after: "" },
      { span: own, before: `"${number}"`, after: "" },
    ];
  }
  const removal = only ? entryRemoval(map, at, place) : itemRemoval(ports, index, place);
  if (texts(get(service, "expose")).some(({ value }) => value === number)) return removal && [removal];
  const addition = exposed.length ? blankItem(exposed.at(-1), number) : newList(service, number);
  return removal && addition && [removal, addition];
}

const newList = (service: Mapping, number: string): Blank | undefined =>
  get(service, "expose") ? undefined : blank(service, `expose:\n  - "${number}"`);

/** As `expose` takes it: the port inside the container, or a range (Compose Specification, 05-services: `expose`). */
function numberOf({ target, targetEnd, protocol }: Port): string | undefined {
  if (target === undefined) return undefined;
  return `${target}${targetEnd === undefined ? "" : `-${targetEnd}`}${protocol === "tcp" ? "" : `/${protocol}`}`;
}
