/** Where the characters of a decoded YAML scalar stand in the source. */
import type { SourceFile, Span } from "../model.ts";
import type { YamlScalar } from "./yaml.ts";

/**
 * The source span of any part of a scalar's decoded text. Exact through escapes, folded lines and block indentation;
 * where source and text cannot be laid beside one another, the whole scalar. `offset` is added to the node's own
 * offsets: a document inside another scalar starts there. The map is made once for a node, on first use, so any number
 * of parts costs one pass.
 */
export function positions(file: SourceFile, node: YamlScalar, offset = 0): (from: number, to: number) => Span {
  const start = node.start + offset;
  if (node.style !== "block" && node.end - node.start === node.text.length) {
    return (from, to) => ({ file, start: start + from, end: start + to });
  }
  return (from, to) => {
    let map = maps.get(node);
    if (map === undefined) {
      map = align(file.text.slice(start, node.end + offset), node.text, node.style) ?? null;
      maps.set(node, map);
    }
    if (!map) return { file, start, end: node.end + offset };
    const first = map.starts[from] ?? map.length;
    return { file, start: start + first, end: start + (to > from ? map.ends[to - 1]! : first) };
  };
}

/** The source span of `text.slice(from, to)` of a decoded scalar: one look at `positions`. */
export const slice = (file: SourceFile, node: YamlScalar, from: number, to: number, offset = 0): Span =>
  positions(file, node, offset)(from, to);

const maps = new WeakMap<YamlScalar, ReturnType<typeof align> | null>();

const WHITESPACE = new Set([" ", "\t", "\r", "\n"]);

function blanksFrom(text: string, at: number): number {
  let end = at;
  while (end < text.length && WHITESPACE.has(text[end]!)) end++;
  return end;
}

/**
 * Walks source and text together: escapes stand for what they decode to, line breaks of a flow scalar fold (YAML 1.2,
 * 6.5), white space of a block scalar loses its indentation. Absent if the walk does not reach both ends at once.
 */
function align(raw: string, text: string, style: YamlScalar["style"]) {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  let i = 0;
  let j = 0;
  const step = (width: number, decoded: number) => {
    for (const until = Math.min(j + decoded, text.length); j < until; j++) {
      starts[j] = i;
      ends[j] = i + width;
    }
    i += width;
  };
  while (i < raw.length) {
    if (style === "double" && raw[i] === "\\") {
      const [width, decoded] = escapeWidth(raw, i);
      step(width, decoded);
    } else if (style === "single" && raw.startsWith("''", i)) step(2, 1);
    else if (style !== "block" && WHITESPACE.has(raw[i]!)) {
      const end = blanksFrom(raw, i);
      const breaks = count(raw, "\n", i, end);
      if (breaks === 0) while (i < end) step(1, 1);
      else step(end - i, Math.max(1, breaks - 1));
    } else if (raw[i] === text[j]) step(1, 1);
    else if (WHITESPACE.has(raw[i]!)) step(blanksFrom(raw, i) - i, blanksFrom(text, j) - j);
    else return undefined;
  }
  step(0, blanksFrom(text, j) - j);
  return j === text.length ? { starts, ends, length: raw.length } : undefined;
}

function count(text: string, character: string, from: number, to: number): number {
  let found = 0;
  for (let i = from; i < to; i++) if (text[i] === character) found++;
  return found;
}

/** Width of the escape at `i` and of what it decodes to, in code units (YAML 1.2, 5.7). */
function escapeWidth(raw: string, i: number): readonly [number, number] {
  switch (raw[i + 1]) {
    case "x":
      return [4, 1];
    case "u":
      return [6, 1];
    case "U":
      return [10, Number.parseInt(raw.slice(i + 2, i + 10), 16) > 0xffff ? 2 : 1];
    case "\r":
    case "\n":
      return [blanksFrom(raw, i + 1) - i, 0];
    default:
      return [2, 1];
  }
}
