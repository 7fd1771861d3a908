/** Where a missing attribute would be written into a map of a Compose file. */
import type { Blank, SourceFile } from "../../model.ts";
import type { Mapping, Node } from "./node.ts";

/** Attributes that stand first in a service and behind which a new one reads well. */
const FIRST = ["image", "build", "container_name", "driver", "limits"];

/**
 * How a new attribute is written into a map: on a line of its own with the indentation of its siblings, after the
 * attribute that names the service if that takes one line, else before the first. `before` and `after` surround the
 * value; their line breaks are indented alike, two spaces are one level.
 * Absent where an edit would change another service too (an alias), or there is nothing to stand beside.
 */
export function blank(map: Mapping | undefined, before: string, after = ""): Blank | undefined {
  const written = map?.yaml?.written;
  const first = written?.[0];
  if (!map?.yaml || !written || !first) return undefined;
  const { file } = map.span;
  if (map.yaml.flow) {
    if (before.includes("\n") || after.includes("\n")) return undefined;
    return { span: point(map, map.yaml.start + 1), before: ` ${before}`, after: `${after},` };
  }
  const indentation = file.text.slice(file.text.lastIndexOf("\n", first.key.start - 1) + 1, first.key.start);
  if (!/^ *(?:- +)?$/.test(indentation)) return undefined;
  const newline = `${file.text.includes("\r\n") ? "\r\n" : "\n"}${" ".repeat(indentation.length)}`;
  const indented = (text: string) => text.replaceAll("\n", newline);
  const sibling = written.find(
    ({ key, value, alias }) =>
      !alias &&
      FIRST.includes(key.text) &&
      value.kind === "scalar" &&
      value.style !== "block" &&
      value.end > value.start,
  );
  const behind = sibling && lineEnd(file, sibling.value.end);
  return behind !== undefined
    ? { span: point(map, behind), before: newline + indented(before), after: indented(after) }
    : { span: point(map, first.key.start), before: indented(before), after: indented(after) + newline };
}

/** One more item of a block list, on the line under `item`. Absent for a list in brackets. */
export function blankItem(item: Node | undefined, before: string): Blank | undefined {
  if (item?.kind !== "scalar") return undefined;
  const { file, start, end } = item.span;
  const [, dash] = /^( *- )["']?$/.exec(file.text.slice(file.text.lastIndexOf("\n", start - 1) + 1, start)) ?? [];
  const behind = lineEnd(file, end);
  if (dash === undefined || behind === undefined) return undefined;
  const newline = file.text.startsWith("\r\n", behind) ? "\r\n" : "\n";
  return { span: { file, start: behind, end: behind }, before: newline + dash + before, after: "" };
}

/** Offset of the end of the line if behind `offset` stands no more than a closing quote and a comment. */
function lineEnd({ text }: SourceFile, offset: number): number | undefined {
  const newline = text.indexOf("\n", offset);
  const rest = text.slice(offset, newline < 0 ? text.length : newline).replace(/\r$/, "");
  return /^["']?[ \t]*(#.*)?$/.test(rest) ? offset + rest.length : undefined;
}

const point = (map: Mapping, offset: number) => ({ file: map.span.file, start: offset, end: offset });
