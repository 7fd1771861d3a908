/** XML 1.0, as much of it as reports need. */
import { visible } from "./visible.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for content and attribute values. No character that XML 1.0 forbids is left; line ends and tabs are made visible. */
export const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Attributes in their order. Children are elements on lines of their own, indented; a string is content, escaped before. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: string | readonly string[] = [],
): string {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`)];
  if (children.length === 0) return `<${open.join(" ")}/>`;
  const content = typeof children === "string" ? children : `\n${children.join("\n")}\n`;
  return `<${open.join(" ")}>${content}</${name}>`;
}

/** A document in UTF-8 with its declaration. Ends with a line end. */
export const xmlDocument = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
