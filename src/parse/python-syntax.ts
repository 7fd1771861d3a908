/** The syntax nodes of Python as plain data, and what a string literal says. */
import { parser } from "@lezer/python";

/** A syntax node as plain data: one linear pass over the parser's cursor. */
export interface Syntax {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly children: Syntax[];
}

/** The `Script` node. Comments and errors are left out. Linear, never recursive in the depth of the input. */
export function syntax(text: string): Syntax {
  const root: Syntax = { name: "Script", start: 0, end: text.length, children: [] };
  const open = [root];
  parser.parse(text).iterate({
    enter(node) {
      if (node.name === "Comment" || node.type.isError) return false;
      const child: Syntax = { name: node.name, start: node.from, end: node.to, children: [] };
      open.at(-1)?.children.push(child);
      open.push(child);
      return true;
    },
    leave() {
      open.pop();
    },
  });
  return root.children[0] ?? root;
}

/** What separates arguments, items and targets. */
export const isComma = ({ name }: Syntax): boolean => name === ",";

/** Runs of nodes between those that separate them. */
export function split(nodes: readonly Syntax[], separates: (node: Syntax) => boolean): Syntax[][] {
  const groups: Syntax[][] = [[]];
  for (const node of nodes) {
    if (separates(node)) groups.push([]);
    else groups.at(-1)?.push(node);
  }
  return groups;
}

const QUOTES = /^([A-Za-z]{0,2})("""|'''|"|')/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
]);

/** Text between the quotes, decoded, with its place. */
export function stringBody(
  text: string,
  { start, end }: Syntax,
): { text: string; start: number; end: number; exact: boolean } {
  const [opening = "", prefix = "", quote = ""] = QUOTES.exec(text.slice(start, start + 5)) ?? [];
  const from = start + opening.length;
  const closed = quote !== "" && end - quote.length >= from && text.startsWith(quote, end - quote.length);
  const to = closed ? end - quote.length : Math.max(from, end);
  const raw = text.slice(from, to);
  const plain = /r/i.test(prefix) || !raw.includes("\\");
  const decoded = plain ? raw : raw.replace(/\\([\s\S])/g, (all, letter: string) => ESCAPES.get(letter) ?? all);
  return { text: decoded, start: from, end: to, exact: plain };
}
