/** How new items of a list would be written: see `Blank` in the model. */
import type { Blank } from "../../model.ts";
import { entry, type YamlEntry, type YamlNode } from "../../parse/yaml.ts";
import { isJson } from "../blanks.ts";
import { blankAt } from "./blank.ts";
import { place, type Resource } from "./resource.ts";

/** The fields of one item, each as `name: value`. */
type Item = readonly string[];

/** A pod is asked once for each of its containers: one with more fields than the API knows is none. */
const MOST_FIELDS = 100;

/**
 * A blank that holds `items` before those that the list `key` of `parent` has, or in a new list where there is none (behind
 * the entry `behind`, see `blankAt`). Absent where the list came through an alias or is another list's too, and in JSON.
 */
export function itemBlank(
  resource: Resource,
  parent: YamlNode | undefined,
  key: string,
  items: readonly Item[],
  behind: readonly string[] = [],
): Blank | undefined {
  if (parent?.kind !== "mapping" || parent.written.length > MOST_FIELDS) return undefined;
  const there = entry(parent, key);
  const { file } = place(resource, parent);
  if (isJson(file) || there?.alias || there?.merged || parent.shared || there?.value.shared) return undefined;
  if (there) return beforeFirst(resource, there, items);

  const blank = blankAt(resource, parent, [key], behind);
  if (!blank) return undefined;
  if (parent.flow) return { ...blank, before: `${blank.before}[${items.map(inFlow).join(", ")}]` };
  const lists = parent.written.flatMap(({ key, value, alias }) =>
    !alias && value.kind === "sequence" && !value.flow ? [{ key, value }] : [],
  );
  const level = lists.some(({ key, value }) => columnOf(resource, value) === columnOf(resource, key)) ? "" : "  ";
  const margin = columnOf(resource, parent);
  const line = `\n${" ".repeat(margin)}${level}`;
  return {
    ...blank,
    before: blank.before.trimEnd() + items.map((item) => `${line}- ${item.join(`${line}  `)}`).join(""),
  };
}

const inFlow = (item: Item): string => `{${item.join(", ")}}`;

/** On the lines under the key, before comments on what the first item is for. */
function beforeFirst(resource: Resource, { key, value }: YamlEntry, items: readonly Item[]): Blank | undefined {
  const first = value.kind === "sequence" ? value.items[0] : undefined;
  if (value.kind !== "sequence" || !first || first.alias || first.value.kind !== "mapping" || first.value.anchor)
    return undefined;
  const { file, start } = place(resource, first.value);
  if (value.flow) {
    return { span: { file, start, end: start }, before: items.map((item) => `${inFlow(item)}, `).join(""), after: "" };
  }
  const { end } = place(resource, key);
  const [underKey] = /^["']?[ \t]*:[ \t]*(?:#.*)?(?=\r?\n)/.exec(file.text.slice(end, start)) ?? [];
  const dash = file.text.slice(file.text.lastIndexOf("\n", start - 1) + 1, start);
  if (underKey === undefined || !/^ *- +$/.test(dash)) return undefined;
  const at = end + underKey.length;
  const written = items.map((item) => `\n${dash}${item.join(`\n${" ".repeat(dash.length)}`)}`);
  return { span: { file, start: at, end: at }, before: written.join(""), after: "" };
}

const columnOf = (resource: Resource, node: { readonly start: number; readonly end: number }): number => {
  const { file, start } = place(resource, node);
  return start - (file.text.lastIndexOf("\n", start - 1) + 1);
};
