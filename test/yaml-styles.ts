/** One tree, written as YAML in any of the ways in which people write it. */

/** Quoted or not is the writer's choice, but for texts that would be something else without quotes. Null is left out. */
export type Tree = null | string | number | boolean | readonly Tree[] | Anchored | Alias | Fields;
export interface Fields {
  readonly [key: string]: Tree;
}
export interface Anchored {
  readonly anchor: string;
  readonly of: Tree;
}
export interface Alias {
  readonly alias: string;
}

export const anchored = (anchor: string, of: Tree): Anchored => ({ anchor, of });
export const alias = (name: string): Alias => ({ alias: name });

/** A number below `limit`; 0 is the plain choice. */
export type Choose = (limit: number) => number;

/** Choices from a list of numbers, again and again. */
export function choices(numbers: readonly number[]): Choose {
  let next = 0;
  return (limit) => (numbers.length ? numbers[next++ % numbers.length]! % limit : 0);
}

const NOTES = ["# note", "#", "# key: value", "# {a: [b", "# it's \"quoted", "# - item", "#\ttab"];

interface Style {
  readonly choose: Choose;
  readonly step: number;
  readonly indentless: boolean;
  readonly notes: boolean;
}

/** Documents of one file, each in a style of its own. */
export function yamlOf(documents: readonly Tree[], choose: Choose): string {
  const parts = documents.map((tree, i) => {
    const style: Style = {
      choose,
      step: [2, 4, 1, 3, 8, 5, 6, 7][choose(8)]!,
      indentless: choose(2) === 1,
      notes: choose(3) !== 0,
    };
    const opens = i > 0 || choose(4) === 3;
    const closes = choose(6) === 5;
    return `${opens ? `---${tail(style)}\n` : ""}${block(tree, 0, style)}${closes ? "...\n" : ""}`;
  });
  const text = parts.join("");
  const saved = choose(8) === 7 ? text.replace(/\n+$/, "") : text;
  return (choose(8) === 7 ? "\ufeff" : "") + (choose(4) === 3 ? saved.replaceAll("\n", "\r\n") : saved);
}

const isAlias = (tree: Tree): tree is Alias => typeof tree === "object" && tree !== null && "alias" in tree;
const isAnchored = (tree: Tree): tree is Anchored => typeof tree === "object" && tree !== null && "anchor" in tree;
const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);
const isScalar = (tree: Tree): tree is null | string | number | boolean => typeof tree !== "object" || tree === null;

const note = (style: Style): string => NOTES[style.choose(NOTES.length)]!;

/** What stands behind the last token of a line. */
function tail(style: Style): string {
  if (!style.notes) return "";
  switch (style.choose(8)) {
    case 5:
      return ` ${note(style)}`;
    case 6:
      return [" ", "   ", "\t"][style.choose(3)]!;
    case 7:
      return `\t${note(style)}`;
    default:
      return "";
  }
}

/** Lines before an entry: comments wherever they please, and empty ones. */
function lead(margin: string, style: Style): string {
  if (!style.notes) return "";
  switch (style.choose(8)) {
    case 5:
      return `${margin}${note(style)}\n`;
    case 6:
      return `${["", margin, " ".repeat(style.choose(9))][style.choose(3)]}${note(style)}\n`;
    case 7:
      return "\n";
    default:
      return "";
  }
}

/** A collection on lines of its own. */
function block(tree: Tree, column: number, style: Style, first = " ".repeat(column)): string {
  const margin = " ".repeat(column);
  let result = "";
  if (isList(tree)) {
    for (const item of tree) {
      const gap = " ".repeat(1 + (style.choose(6) === 5 ? 2 : 0));
      const start = `${result ? lead(margin, style) + margin : first}-`;
      const inner = column + 1 + gap.length;
      const compact = !isScalar(item) && !isAlias(item) && !isAnchored(item) && !isList(item) && style.choose(5) !== 4;
      result += compact
        ? `${start}${gap}${block(item, inner, style, "")}`
        : `${start}${value(item, column + 1, style)}`;
    }
    return result;
  }
  for (const [key, of] of Object.entries(tree as Fields)) {
    const start = result || column === 0 ? lead(margin, style) + (result ? margin : first) : first;
    result += `${start}${keyOf(key, style)}:${value(of, column, style)}`;
  }
  return result;
}

function keyOf(key: string, { choose }: Style): string {
  if (key === "<<" || choose(10) < 8) return key;
  return choose(2) ? `"${key}"` : `'${key}'`;
}

/** What follows a colon or a dash of an entry in `column`, line end included. */
function value(tree: Tree, column: number, style: Style): string {
  if (isAlias(tree)) return ` *${tree.alias}${tail(style)}\n`;
  if (isAnchored(tree)) return ` &${tree.anchor}${value(tree.of, column, style)}`;
  if (tree === null) return `${tail(style)}\n`;
  if (typeof tree === "string" && tree.includes("\n") && style.choose(2) === 0)
    return literal(tree, column + style.step);
  if (isScalar(tree)) return ` ${scalar(tree, style, false)}${tail(style)}\n`;
  const empty = isList(tree) ? tree.length === 0 : Object.keys(tree).length === 0;
  if (empty || style.choose(8) === 7) return ` ${flow(tree, column + style.step, style)}${tail(style)}\n`;
  const inner = isList(tree) && style.indentless ? column : column + style.step;
  return `${tail(style)}\n${style.notes && style.choose(8) === 7 ? `${" ".repeat(inner)}${note(style)}\n` : ""}${block(tree, inner, style)}`;
}

/** A block scalar: what looks like a comment in it is none. */
function literal(text: string, column: number): string {
  const keep = text.endsWith("\n\n") ? "+" : text.endsWith("\n") ? "" : "-";
  const lines = text.replace(/\n$/, "").split("\n");
  return ` |${keep}\n${lines.map((line) => (line ? `${" ".repeat(column)}${line}\n` : "\n")).join("")}`;
}

function flow(tree: Tree, column: number, style: Style): string {
  if (isAlias(tree)) return `*${tree.alias} `;
  if (isAnchored(tree)) return `&${tree.anchor} ${flow(tree.of, column, style)}`;
  if (isScalar(tree)) return scalar(tree, style, true);
  const parts = isList(tree)
    ? tree.map((item) => (item === null ? "null" : flow(item, column + 2, style)))
    : Object.entries(tree).map(([key, of]) => `${keyOf(key, style)}: ${flow(of, column + 2, style)}`);
  const [open, close] = isList(tree) ? "[]" : "{}";
  const comma = parts.length && style.choose(6) === 5 ? "," : "";
  if (parts.length && style.choose(3) === 2) {
    const margin = `\n${" ".repeat(column + 1)}`;
    const last = style.notes && style.choose(4) === 3 ? ` ${note(style)}` : "";
    return `${open}${margin}${parts.join(`,${margin}`)}${comma}${last}\n${" ".repeat(column)}${close}`;
  }
  const pad = style.choose(2) ? " " : "";
  return `${open}${pad}${parts.join(", ")}${comma}${pad}${close}`;
}

/** Plain scalars that are a number, a truth or nothing. */
const TYPED = /^(?:[-+.]?\d[\d._]*|true|false|null|yes|no|on|off|~)?$/i;

function scalar(of: null | string | number | boolean, { choose }: Style, inFlow: boolean): string {
  if (of === null) return "";
  if (typeof of !== "string") return `${of}`;
  const plain =
    !TYPED.test(of) && !/^[[\]{}"'&*!|>%@`#,?-]|: |\s#|:$|^\s|\s$/.test(of) && !(inFlow && /[[\]{},]/.test(of));
  const how = choose(4);
  if (plain && how < 2) return of;
  return how === 3 && !/['\n]/.test(of) ? `'${of}'` : JSON.stringify(of);
}
