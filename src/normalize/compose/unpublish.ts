/** How a published port would be kept inside its project: under `expose` instead of `ports`. */
import type { Blank, Port, SourceFile, Span } from "../../model.ts";
import type { YamlMapping, YamlSequence } from "../../parse/yaml.ts";
import { filled } from "../blanks.ts";
import { entryRemoval, itemExtent, itemRemoval } from "../removal.ts";
import { blank, blankItem } from "./blanks.ts";
import { get, list, type Mapping, type Node, texts } from "./node.ts";

/** The list of ports that a service writes itself, by the places of its items, and where its `expose` goes on. */
interface Written {
  readonly file: SourceFile;
  readonly map: YamlMapping;
  /** Index of `ports` among the attributes. */
  readonly at: number;
  readonly ports: YamlSequence;
  readonly items: ReadonlyMap<number, number>;
  readonly exposed: ReadonlySet<string> | undefined;
  /** To be filled in with a number. */
  readonly addition: Blank | undefined;
}

/**
 * Blanks for an item of `ports` and what it publishes, each filled in with "". The only item takes its list along: `ports`
 * becomes `expose` where there is none. Absent where others share the list, where a tag decides what it replaces, and for
 * items of another file.
 */
export function unpublishing(service: Mapping): (item: Node, port: Port) => readonly Blank[] | undefined {
  const written = ownPorts(service);
  return (item, port) => (written && item.span.file === written.file ? kept(written, item, port) : undefined);
}

function ownPorts(service: Mapping): Written | undefined {
  const map = service.yaml;
  const at = map?.written.findIndex(({ key }) => key.text === "ports") ?? -1;
  const entry = map?.written[at];
  if (!map || map.irregular || !entry || entry.alias || entry.value.kind !== "sequence") return undefined;
  const ports = entry.value;
  if (ports.shared || ports.anchor || ports.tag) return undefined;
  const expose = get(service, "expose");
  return {
    file: service.span.file,
    map,
    at,
    ports,
    items: new Map(ports.items.flatMap(({ value, alias }, index) => (alias ? [] : [[value.start, index]]))),
    exposed: expose && new Set(texts(expose).map(({ value }) => value)),
    addition: expose ? blankItem(list(expose).at(-1), "") : blank(service, 'expose:\n  - "', '"'),
  };
}

function kept(written: Written, item: Node, port: Port): readonly Blank[] | undefined {
  const { file, map, at, ports, items, exposed, addition } = written;
  const index = items.get(item.span.start);
  const number = numberOf(port);
  if (index === undefined || number === undefined) return undefined;
  const place = ({ start, end }: { readonly start: number; readonly end: number }): Span => ({ file, start, end });
  const only = ports.items.length === 1;
  if (only && !exposed) {
    const own = itemExtent(ports.items[index]!, place);
    // What else is written between its keys would be lost.
    if (!own || file.text.slice(own.start, own.end).includes("#")) return undefined;
    return [
      { span: place(map.written[at]!.key), before: "expose", after: "" },
      { span: own, before: `"${number}"`, after: "" },
    ];
  }
  const removal = only ? entryRemoval(map, at, place) : itemRemoval(ports, index, place);
  if (!removal || exposed?.has(number)) return removal && [removal];
  return addition && [removal, filled(addition, number)];
}

/** As `expose` takes it: the port inside the container, or a range (Compose Specification, 05-services: `expose`). */
function numberOf({ target, targetEnd, protocol }: Port): string | undefined {
  if (target === undefined) return undefined;
  return `${target}${targetEnd === undefined ? "" : `-${targetEnd}`}${protocol === "tcp" ? "" : `/${protocol}`}`;
}
