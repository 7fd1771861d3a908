/** Words of one Dockerfile instruction: flags, shell words, JSON strings. Offsets are into its joined text. */

/** `quoted` is 1 if a pair of quotes encloses all of it, so that the span can leave them out. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly quoted: 0 | 1;
}

/** `literal`: only blanks separate words. `shell`: `;`, `&&`, `|` and `||` do too, and are words of their own. */
export type Splitting = "literal" | "shell";

export interface Flag {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /\s*/y;
const OPERATOR = /;|&&|\|\|?/y;

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** Offset of the first character from `from` on that is no blank. */
export const skipSpace = (text: string, from: number): number => skip(SPACE, text, from);

/** `--name=value` words before the arguments, and where those begin; a lone `--` ends the flags. */
export function flagsOf(text: string, from: number): { readonly flags: readonly Flag[]; readonly end: number } {
  const flags: Flag[] = [];
  let at = skipSpace(text, from);
  while (text.startsWith("--", at)) {
    const start = at;
    const end = wordEnd(text, start, text.length, "\\", "literal");
    const written = text.slice(start, end);
    at = skipSpace(text, end);
    if (written === "--") break;
    const equals = (written.indexOf("=") + 1 || written.length + 1) - 1;
    flags.push({ name: written.slice(2, equals), value: unquoted(written.slice(equals + 1), "\\"), start, end });
  }
  return { flags, end: at };
}

/** Words between two offsets; quotes hold blanks together. */
export function tokens(
  text: string,
  from: number,
  to: number,
  escaping: string,
  splitting: Splitting,
): readonly Token[] {
  const result: Token[] = [];
  for (let at = skipSpace(text, from); at < to; ) {
    const operator = splitting === "shell" ? skip(OPERATOR, text, at) : at;
    const end = Math.min(operator > at ? operator : wordEnd(text, at, to, escaping, splitting), to);
    result.push(tokenOf(text, at, end, escaping));
    at = skipSpace(text, end);
  }
  return result;
}

/** The token that two offsets enclose. */
export function tokenOf(text: string, start: number, end: number, escaping: string): Token {
  const raw = text.slice(start, end);
  return { start, end, value: unquoted(raw, escaping), quoted: quoteWidth(raw) };
}

function wordEnd(text: string, from: number, to: number, escaping: string, splitting: Splitting): number {
  let quote = "";
  for (let i = from; i < to; i++) {
    const character = text[i]!;
    if (quote) {
      if (character === quote) quote = "";
      else if (character === escaping && quote === '"') i++;
    } else if (character === escaping) i++;
    else if (character === '"' || character === "'") quote = character;
    else if (/\s/.test(character)) return i;
    else if (splitting === "shell" && i > from && skip(OPERATOR, text, i) > i) return i;
  }
  return to;
}

/** 1 if one pair of quotes encloses the whole text. */
function quoteWidth(raw: string): 0 | 1 {
  const quote = raw[0];
  if (raw.length < 2 || (quote !== '"' && quote !== "'") || raw.at(-1) !== quote) return 0;
  return raw.indexOf(quote, 1) === raw.length - 1 ? 1 : 0;
}

/** Quotes removed, and escapes where a shell would remove them. */
export function unquoted(raw: string, escaping: string): string {
  if (!/['"\\`]/.test(raw)) return raw;
  let result = "";
  let quote = "";
  for (let i = 0; i < raw.length; i++) {
    const character = raw[i]!;
    if (character === escaping && quote !== "'" && i + 1 < raw.length) {
      const next = raw[++i]!;
      result += quote && next !== quote && next !== "$" && next !== escaping ? character + next : next;
    } else if (character === quote) quote = "";
    else if (!quote && (character === '"' || character === "'")) quote = character;
    else result += character;
  }
  return result;
}

/** The strings of a JSON array that `JSON.parse` accepted, with their places. */
export function jsonTokens(text: string, from: number, to: number, strings: readonly string[]): readonly Token[] {
  const result: Token[] = [];
  for (let at = from; at < to && result.length < strings.length; at++) {
    if (text[at] !== '"') continue;
    let end = at + 1;
    while (end < to && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    result.push({ start: at, end: end + 1, value: strings[result.length]!, quoted: 1 });
    at = end;
  }
  return result;
}
