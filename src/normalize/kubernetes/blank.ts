/** How a missing field would be written: see `Blank` in the model. */
import type { Blank, Span } from "../../model.ts";
import { entry, type YamlEntry, type YamlMapping, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { isNull, place, type Resource } from "./resource.ts";

/**
 * A blank for the field at `path` below `node`, into the deepest mapping of the path that is there: behind the line of
 * the entry `behind` (or the last one that ends on a line of its own), with the indentation of its siblings.
 * Absent where no such place exists, or where the mapping came through an alias and others would be changed with it.
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
    if (!next) break;
    if (next.alias || next.merged) return undefined;
    if (isNull(next.value)) return underKey(resource, next, path.slice(depth + 1));
    current = next.value;
  }
  if (current?.kind !== "mapping") return undefined;
  const keys = path.slice(depth);
  return current.flow ? intoFlow(resource, current, keys) : intoBlock(resource, current, keys, depth ? [] : behind);
}

/** `a`, `b` → `a:`, line end, deeper indentation, `b: `. */
const nested = (keys: readonly string[], margin: string, eol: string): string =>
  keys
    .map((key, depth) => `${depth ? `${eol}${margin}${"  ".repeat(depth)}` : ""}${key}:`)
    .join("")
    .concat(" ");

function intoBlock(
  resource: Resource,
  mapping: YamlMapping,
  keys: readonly string[],
  behind: readonly string[],
): Blank | undefined {
  const origin = resource.origins?.get(mapping);
  const isHere = (node: YamlNode) => resource.origins?.get(node) === origin;
  const here = mapping.written.filter(({ key }) => isHere(key));
  const first = here[0];
  if (!first || first.key.anchor || first.key.tag) return undefined;
  const start = keyStart(resource, first.key);
  const { text } = start.file;
  const margin = " ".repeat(start.start - (text.lastIndexOf("\n", start.start - 1) + 1));

  const ends = here.filter(
    ({ key, value, alias }) => key.text !== "<<" && !alias && isHere(value) && endsOnItsLine(value),
  );
  const sibling = behind.flatMap((name) => ends.find(({ key }) => key.text === name) ?? [])[0] ?? ends.at(-1);
  if (sibling) {
    const at = lineEnd(place(resource, sibling.value));
    return { span: at.span, before: `${at.eol}${margin}${nested(keys, margin, at.eol)}`, after: "" };
  }
  const { eol } = lineEnd(start);
  return { span: { ...start, end: start.start }, before: nested(keys, margin, eol), after: `${eol}${margin}` };
}

function intoFlow(resource: Resource, mapping: YamlMapping, keys: readonly string[]): Blank {
  const at = place(resource, mapping);
  const [first] = mapping.written;
  const quote = at.file.path.endsWith(".json") || first?.key.style === "double" ? '"' : "";
  return {
    span: { ...at, start: at.start + 1, end: at.start + 1 },
    before: keys.map((key) => `${quote}${key}${quote}: `).join("{"),
    after: "}".repeat(keys.length - 1) + (first ? ", " : ""),
  };
}

/** `securityContext:` with nothing behind it. A null that is written out stays what it is. */
function underKey(resource: Resource, { key, value }: YamlEntry, keys: readonly string[]): Blank | undefined {
  if (value.start !== value.end) return undefined;
  const start = keyStart(resource, key);
  const { text } = start.file;
  const margin = " ".repeat(start.start - (text.lastIndexOf("\n", start.start - 1) + 1) + 2);
  const at = lineEnd(start);
  return { span: at.span, before: `${at.eol}${margin}${nested(keys, margin, at.eol)}`, after: "" };
}

const endsOnItsLine = (node: YamlNode): boolean =>
  node.kind === "scalar" ? node.style !== "block" && !isNull(node) : node.flow;

/** A key's first character, its quote included. */
function keyStart(resource: Resource, key: YamlScalar): Span {
  const span = place(resource, key);
  return key.style === "plain" ? span : { ...span, start: span.start - 1 };
}

/** The empty span before the line end behind `span`, and the line end of that file. */
function lineEnd({ file, end }: Span): { readonly span: Span; readonly eol: string } {
  const newline = file.text.indexOf("\n", end);
  const crlf = newline > 0 ? file.text[newline - 1] === "\r" : false;
  const at = newline < 0 ? file.text.length : newline - (crlf ? 1 : 0);
  return { span: { file, start: at, end: at }, eol: crlf ? "\r\n" : "\n" };
}
