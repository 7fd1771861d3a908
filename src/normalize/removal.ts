/** How an entry or an item of YAML would be taken out: a `Blank` in its place that is filled in with "". */
import type { Blank, Span } from "../model.ts";
import type { YamlEntry, YamlItem, YamlMapping, YamlNode, YamlSequence } from "../parse/yaml.ts";

/** Where a node is written. Absent: in another file. */
type PlaceOf = (node: { readonly start: number; readonly end: number }) => Span | undefined;

/** The entry at an index of a mapping. Absent where others share it, where it stands alone, and where comments are inside. */
export function entryRemoval(mapping: YamlMapping, at: number, place: PlaceOf): Blank | undefined {
  const { written, flow } = mapping;
  if (mapping.shared || mapping.irregular || written.length < 2) return undefined;
  const extent = (each: YamlEntry | undefined): Span | undefined => {
    const key = each && quoted(each.key, place);
    const value = each && valueEnd(each, place);
    return key && value !== undefined ? { file: key.file, start: key.start, end: Math.max(key.end, value) } : undefined;
  };
  const own = extent(written[at]);
  if (own && !flow && own.file.text.slice(own.start, own.end).includes("#")) return undefined;
  return takesComment(own, written[at - 1], extent)
    ? undefined
    : removal(own, extent(written[at - 1]), extent(written[at + 1]), flow, /^ *$/);
}

/** The item at an index of a list. Absent where others share it or it stands alone. */
export function itemRemoval(list: YamlSequence, at: number, place: PlaceOf): Blank | undefined {
  if (list.shared || list.items.length < 2) return undefined;
  const extent = (each: YamlItem | undefined) => each && itemExtent(each, place);
  const own = extent(list.items[at]);
  return takesComment(own, list.items[at - 1], extent)
    ? undefined
    : removal(own, extent(list.items[at - 1]), extent(list.items[at + 1]), list.flow, /^ *- +$/);
}

/** A block scalar before it would go on with a comment on the next line. */
function takesComment<T>(own: Span | undefined, before: T | undefined, extent: (each: T) => Span | undefined): boolean {
  if (!own || before === undefined || extent(before)) return false;
  const { text } = own.file;
  const next = text.indexOf("\n", own.end) + 1;
  return next > 0 && /^[ \t]*#/.test(text.slice(next, next + 300));
}

function removal(
  own: Span | undefined,
  before: Span | undefined,
  after: Span | undefined,
  flow: boolean,
  /** What stands before it on its line. */
  lines: RegExp,
): Blank | undefined {
  if (!own) return undefined;
  const { file } = own;
  const blank = (start: number, end: number): Blank => ({ span: { file, start, end }, before: "", after: "" });
  const { text } = file;
  if (flow) {
    const [from, to] = after ? [own.start, after.start] : [before?.end ?? own.start, own.end];
    const other = after ?? before;
    return other?.file === file && !text.slice(from, to).includes("#") ? blank(from, to) : undefined;
  }
  const start = text.lastIndexOf("\n", own.start - 1) + 1;
  const margin = text.slice(start, own.start).replace(/^\ufeff/, "");
  // Behind a dash the next entry moves up.
  if (/^ *(?:- +)+$/.test(margin) && after && !lines.test(margin))
    return text.slice(own.end, after.start).trim() === "" ? blank(own.start, after.start) : undefined;
  const newline = text.indexOf("\n", own.end);
  const rest = text.slice(own.end, newline < 0 ? text.length : newline);
  if (!lines.test(margin) || !/^[ \t]*(?:#[^\r]*)?\r?$/.test(rest)) return undefined;
  // A comment stays, on a line of its own.
  const comment = rest.indexOf("#");
  if (comment >= 0) return blank(start + margin.search(/\S|$/), own.end + comment);
  // A file without a last line end has none afterwards.
  if (newline < 0) return blank(text.slice(0, start).trimEnd().length, text.length);
  return blank(start, newline + 1);
}

/** An item of a list with its quotes, its dash not. */
export const itemExtent = (item: YamlItem, place: PlaceOf): Span | undefined =>
  item.alias ? place(item.alias) : whole(item.value, place);

/** A node with its quotes. Absent for what ends behind its last line, and for what has a name or a tag of its own. */
function whole(node: YamlNode | { readonly start: number; readonly end: number }, place: PlaceOf): Span | undefined {
  if (!("kind" in node)) return place(node);
  if (node.anchor || node.tag || node.shared) return undefined;
  if (node.kind === "scalar") return node.style === "block" ? undefined : quoted(node, place);
  const span = place(node);
  const last = node.kind === "mapping" ? node.written.at(-1) : node.items.at(-1);
  if (!span || node.flow || !last) return span;
  const end = "key" in last ? valueEnd(last as YamlEntry, place) : itemExtent(last, place)?.end;
  return end === undefined ? undefined : { ...span, end };
}

function valueEnd({ key, value, alias }: YamlEntry, place: PlaceOf): number | undefined {
  if (alias) return place(alias)?.end;
  if (value.start < value.end || value.kind !== "scalar") return whole(value, place)?.end;
  // Nothing, or nothing between quotes.
  if (value.style !== "plain") return quoted(value, place)?.end;
  const at = place(key);
  return at && at.file.text.indexOf(":", at.end) + 1;
}

function quoted(node: Extract<YamlNode, { kind: "scalar" }>, place: PlaceOf): Span | undefined {
  const span = place(node);
  const quote = node.style === "single" || node.style === "double" ? 1 : 0;
  return span && { ...span, start: span.start - quote, end: span.end + quote };
}
