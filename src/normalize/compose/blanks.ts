/** Where a missing attribute would be written into a map or a list of a Compose file. */
import type { Blank, SourceFile } from "../../model.ts";
import { blankIn } from "../blanks.ts";
import type { Mapping, Node } from "./node.ts";

/** Attributes that stand first in a service and behind which a new one reads well. */
const FIRST = ["container_name", "image", "build", "driver", "limits"];

/**
 * How a new attribute is written into a map, see `blankIn`. Absent where an edit would change another service too (an
 * alias), or there is nothing to stand beside.
 */
export function blank(map: Mapping | undefined, before: string, after = ""): Blank | undefined {
  if (!map?.yaml) return undefined;
  const { file } = map.span;
  return blankIn({ mapping: map.yaml, place: ({ start, end }) => ({ file, start, end }) }, before, after, FIRST);
}

/** One more item of a list behind `item`, quoted as that is. */
export function blankItem(item: Node | undefined, before: string): Blank | undefined {
  if (item?.kind !== "scalar" || item.shared) return undefined;
  const { file, start, end } = item.span;
  const [, dash, opening = ""] =
    /\n( *- )(["']?)$/.exec(file.text.slice(Math.max(0, start - MOST_OF_A_LINE), start)) ?? [];
  if (dash !== undefined) {
    const behind = lineEnd(file, end);
    if (behind === undefined) return undefined;
    return { span: { file, start: behind, end: behind }, before: `\n${dash}${opening}${before}`, after: opening };
  }
  const [, quote = "", next] = /^(["']?)\s*([,\]])/.exec(file.text.slice(end, end + 200)) ?? [];
  if (next === undefined) return undefined;
  const behind = end + quote.length;
  return { span: { file, start: behind, end: behind }, before: `, ${quote}${before}`, after: quote };
}

/** What stands further before an item is not looked at, in UTF-16 code units. */
const MOST_OF_A_LINE = 400;

/** Offset of the end of the line if behind `offset` stands no more than a closing quote and a comment. */
function lineEnd({ text }: SourceFile, offset: number): number | undefined {
  const [rest = ""] = /^[^\r\n]*/.exec(text.slice(offset)) ?? [];
  return /^["']?[ \t]*(#.*)?$/.test(rest) ? offset + rest.length : undefined;
}
