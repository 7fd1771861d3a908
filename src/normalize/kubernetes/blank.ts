/** How a missing field would be written: see `Blank` in the model. */
import type { Blank } from "../../model.ts";
import { entry, type YamlEntry, type YamlNode } from "../../parse/yaml.ts";
import { blankIn } from "../blanks.ts";
import { isNull, place, type Resource } from "./resource.ts";

/**
 * A blank for the field at `path` below `node`, into the deepest mapping of the path that is there, see `blankIn`. Absent
 * where no such place exists, or where the mapping came through an alias and others would be changed with it.
 */
export function blankAt(
  resource: Resource,
  node: YamlNode | undefined,
  path: readonly string[],
  behind: readonly string[] = [],
): Blank | undefined {
  let current = node;
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const next: YamlEntry | undefined = entry(current, path[depth]!);
    if (!next || isNull(next.value)) break;
    if (next.alias || next.merged) return undefined;
    current = next.value;
  }
  if (current?.kind !== "mapping") return undefined;
  const origin = resource.origins?.get(current);
  const before = path
    .slice(depth)
    .map((key, level) => `${level ? `\n${"  ".repeat(level)}` : ""}${key}:`)
    .join("");
  return blankIn(
    {
      mapping: current,
      place: (each) => (resource.origins?.get(each) === origin ? place(resource, each) : undefined),
    },
    `${before} `,
    "",
    depth ? [] : behind,
  );
}
