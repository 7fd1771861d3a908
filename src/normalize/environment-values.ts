/** Values of variables as their readers take them: the text that counts, switches, numbers, lists, each with its place. */
import type { Located, Variable } from "../model.ts";
import { HOLE, masked, parts } from "./written.ts";

/**
 * The text that decides, and where it stands: a literal; of a value that is one reference what the `.env` gives it,
 * else its fallback; of a value with references inside the whole text, references left in. Absent: unknown.
 */
export function textOf({ value: { value, span } }: Variable): Located<string> | undefined {
  if (value.from === "literal") return { value: value.text, span };
  if (value.from !== "variable") return undefined;
  const text = value.text.trim();
  if (!isReference(text)) return { value: value.text, span };
  const name = /^\$\{?(\w+)/.exec(text)?.[1];
  const outer = value.references.find((reference) => reference.name === name);
  const given = outer?.value ?? outer?.fallback;
  return given && !isReference(given.value) ? given : undefined;
}

const isReference = (text: string): boolean =>
  /^\$\w+$/.test(text) || (text.startsWith("$") && masked(text).replaceAll(HOLE, "") === "");

const TRUE: ReadonlySet<string> = new Set(["true", "yes", "on", "1", "y", "t", "enabled", "enable"]);
const FALSE: ReadonlySet<string> = new Set(["false", "no", "off", "0", "n", "f", "disabled", "disable"]);

/** A switch as applications read it; absent for any other text. */
export function switchOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
}

/** A whole number, also with `_` between digits; absent for any other text. */
export function integerOf(text: string): number | undefined {
  const number = text.trim().replace(/_(?=\d)/g, "");
  return /^-?\d{1,15}$/.test(number) ? Number(number) : undefined;
}

/** Longest list that is read, in UTF-16 code units. */
const LONGEST = 65_536;

/**
 * Items of a list, each with its own place: separated by commas, semicolons, bars or blanks, quoted or not, or a JSON
 * or Python list. Items that hold a reference are unknown and left out.
 */
export function itemsOf({ value, span }: Located<string>): readonly Located<string>[] {
  if (value.length > LONGEST) return [];
  const mask = masked(value);
  const spanOf = parts(span, value);
  const bracketed = /^\s*[[(]/.test(mask) && /[\])]\s*$/.test(mask);
  const from = bracketed ? mask.search(/[[(]/) + 1 : 0;
  const to = bracketed ? Math.max(mask.lastIndexOf("]"), mask.lastIndexOf(")")) : mask.length;
  const items: Located<string>[] = [];
  for (const match of mask.slice(from, to).matchAll(/[^\s,;|"'\\]+/g)) {
    const item = match[0];
    if (item.includes(HOLE) || item.startsWith("$")) continue;
    const start = from + match.index;
    items.push({ value: item, span: spanOf(start, start + item.length) });
  }
  return items;
}
