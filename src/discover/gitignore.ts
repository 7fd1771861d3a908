/**
 * Patterns of .gitignore by the rules of gitignore(5), in time proportional to pattern × path: a pattern of the scanned
 * project can not stall the run as a regular expression could.
 */

import { wild } from "../glob.ts";

/** One line of a .gitignore file. */
export interface IgnoreRule {
  /** `!pattern`: takes back what an earlier rule ignores. */
  readonly negated: boolean;
  /** `pattern/`: folders only. */
  readonly folder: boolean;
  /** No `/` but a trailing one: compared with the last segment alone. */
  readonly anyDepth: boolean;
  readonly segments: readonly Segment[];
}

/** `**` as a whole segment, a literal name, or tokens. */
type Segment = typeof GLOBSTAR | string | readonly Token[];
type Token = typeof STAR | typeof ANY | string | CharacterClass;
interface CharacterClass {
  readonly negated: boolean;
  readonly test: (character: string) => boolean;
}
const GLOBSTAR = Symbol("**");
const STAR = Symbol("*");
const ANY = Symbol("?");

/** Rules of an ignore file in order. Comments, blank lines and patterns that can never match are left out. */
export const parseIgnoreRules = (text: string): readonly IgnoreRule[] =>
  text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((line) => ignoreRule(line) ?? []);

/** One pattern; nothing for a blank line, a comment, an unclosed `[` or a trailing `\`. */
function ignoreRule(line: string): IgnoreRule | undefined {
  let pattern = withoutTrailingSpaces(line.endsWith("\r") ? line.slice(0, -1) : line);
  if (pattern === "" || pattern.startsWith("#")) return undefined;
  const negated = pattern.startsWith("!");
  if (negated) pattern = pattern.slice(1);
  const folder = pattern.endsWith("/");
  if (folder) pattern = pattern.slice(0, -1);
  const anyDepth = !pattern.includes("/");
  if (pattern.startsWith("/")) pattern = pattern.slice(1);
  if (pattern === "") return undefined;
  const parts = split(pattern);
  if (!parts) return undefined;
  const segments: Segment[] = [];
  for (const text of parts) {
    const compiled = segment(text);
    if (compiled === undefined) return undefined;
    segments.push(compiled);
  }
  return { negated, folder, anyDepth, segments };
}

/** A `/` inside brackets belongs to them, a `\/` separates as `/` does. Nothing for an unclosed bracket. */
function split(pattern: string): readonly string[] | undefined {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < pattern.length; i++) {
    const escaped = pattern[i] === "\\";
    if (pattern[i] === "[") {
      const end = characterClass(pattern, i + 1)?.end;
      if (end === undefined) return undefined;
      i = end;
    } else if (pattern[i] === "/" || (escaped && pattern[i + 1] === "/")) {
      parts.push(pattern.slice(start, i));
      if (escaped) i++;
      start = i + 1;
    } else if (escaped) i++;
  }
  return [...parts, pattern.slice(start)];
}

/** Trailing blanks do not count unless escaped by a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === " ") end--;
  let escapes = 0;
  while (escapes < end && line[end - 1 - escapes] === "\\") escapes++;
  return line.slice(0, escapes % 2 && end < line.length ? end + 1 : end);
}

function segment(text: string): Segment | undefined {
  if (text === "**") return GLOBSTAR;
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === "*") {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
    } else if (character === "?") tokens.push(ANY);
    else if (character === "\\") {
      i++;
      if (i === text.length) return undefined;
      tokens.push(text[i]!);
    } else if (character === "[") {
      const found = characterClass(text, i + 1);
      if (!found) return undefined;
      tokens.push(found.characters);
      i = found.end;
    } else tokens.push(character);
  }
  return tokens.every((token) => typeof token === "string") ? tokens.join("") : tokens;
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t-\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** The bracket expression whose first character stands at `at`; `end` is its closing bracket. */
function characterClass(text: string, at: number): { characters: CharacterClass; end: number } | undefined {
  const negated = text[at] === "!" || text[at] === "^";
  const first = negated ? at + 1 : at;
  const tests: ((character: string) => boolean)[] = [];
  for (let i = first; i < text.length; i++) {
    if (text[i] === "]" && i > first) {
      return { characters: { negated, test: (character) => tests.some((test) => test(character)) }, end: i };
    }
    if (text[i] === "[" && text[i + 1] === ":") {
      const close = text.indexOf(":]", i + 2);
      const named = close < 0 ? undefined : POSIX[text.slice(i + 2, close)];
      if (!named) return undefined;
      tests.push((character) => named.test(character));
      i = close + 1;
      continue;
    }
    if (text[i] === "\\") i++;
    const from = text[i];
    if (from === undefined) return undefined;
    let to = from;
    if (text[i + 1] === "-" && i + 2 < text.length && text[i + 2] !== "]") {
      i += text[i + 2] === "\\" ? 3 : 2;
      if (text[i] === undefined) return undefined;
      to = text[i]!;
    }
    tests.push((character) => from <= character && character <= to);
  }
  return undefined;
}

/**
 * Does this one rule match this one path? Parents are not looked at. `path` is relative to the folder of the rule's
 * file, with `/` and without a trailing one.
 */
export function matches(rule: IgnoreRule, path: string, folder: boolean): boolean {
  if (rule.folder && !folder) return false;
  if (rule.anyDepth) return matchesName(rule.segments[0]!, path.slice(path.lastIndexOf("/") + 1));
  return matchesPath(rule.segments, path.split("/"));
}

/** The last rule that matches decides: true ignored, false taken back, undefined no rule speaks. */
export function verdict(rules: readonly IgnoreRule[], path: string, folder: boolean): boolean | undefined {
  for (let i = rules.length - 1; i >= 0; i--) if (matches(rules[i]!, path, folder)) return !rules[i]!.negated;
  return undefined;
}

/** Greedy, with one place to come back to (the last `**`): enough, since every other segment stands for exactly one. */
function matchesPath(pattern: readonly Segment[], path: readonly string[]): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < path.length) {
    const wanted = pattern[p];
    if (wanted === GLOBSTAR) {
      if (p === pattern.length - 1) return true;
      star = p++;
      resume = n;
    } else if (wanted !== undefined && matchesName(wanted, path[n]!)) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  return p === pattern.length;
}

/** The same within one segment, with `*` in the place of `**`. */
function matchesName(pattern: Segment, name: string): boolean {
  if (typeof pattern === "string") return pattern === name;
  if (pattern === GLOBSTAR) return true;
  return wild(
    pattern,
    name,
    (token) => token === STAR,
    (token, character) => token !== STAR && matchesCharacter(token, character),
  );
}

const matchesCharacter = (wanted: Exclude<Token, typeof STAR>, character: string): boolean =>
  typeof wanted === "string" ? wanted === character : wanted === ANY || wanted.test(character) !== wanted.negated;
