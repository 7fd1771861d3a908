/**
 * Dockerfile text → logical lines: continuations joined, comments and blank lines inside them left out, bodies of
 * heredocs kept apart, and the place of every character known (Dockerfile reference, "Format", "Here-Documents").
 */

/** What a line of an instruction contributes: `joined` is its offset in the joined text, `source` in the file. */
interface Piece {
  readonly joined: number;
  readonly source: number;
}

export interface Heredoc {
  readonly name: string;
  /** Of the body, its lines without the terminator. UTF-16 offsets into the file. */
  readonly start: number;
  readonly end: number;
}

export interface LogicalLine {
  /** The instruction as BuildKit sees it, without the bodies of its heredocs. */
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly heredocs: readonly Heredoc[];
  /** Offset behind the last character of the instruction or of the terminator of its last heredoc. */
  readonly end: number;
  /** A heredoc that is opened and never closed: the rest of the file is its body. */
  readonly unterminated?: string;
}

export interface Lines {
  readonly escape: "\\" | "`";
  readonly lines: readonly LogicalLine[];
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S[^\n]*)/;
const HEREDOC_WORD = /^(\d*)<<(-?)([^<]*)$/;
const HEREDOC_TAKERS = /^\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s+(?:--\S+\s+)*(?!--)(?:[^\s[]|\[)/i;

/** Total: never throws; linear in the text. Offsets are UTF-16 code units. */
export function logicalLines(text: string): Lines {
  const lines: LogicalLine[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let escaping: Lines["escape"] = "\\";
  let directives = true;

  while (at < text.length) {
    const [from, to, next] = contentOf(text, at);
    at = next;
    if (text[from] === "#" || from === to) {
      const directive: RegExpExecArray | null = directives ? DIRECTIVE.exec(text.slice(from, to)) : null;
      const name: string | undefined = directive?.[1]?.toLowerCase();
      directives = name === "escape" || name === "syntax" || name === "check";
      if (name === "escape" && directive?.[2]?.trim() === "`") escaping = "`";
      continue;
    }
    directives = false;

    const pieces: Piece[] = [];
    let joined = "";
    let start = from;
    let end = to;
    for (;;) {
      const stop = continuation(text, start, end, escaping);
      pieces.push({ joined: joined.length, source: start });
      joined += text.slice(start, stop ?? end);
      if (stop === undefined) break;
      let found = false;
      while (at < text.length && !found) {
        const [content, lineEnd, following] = contentOf(text, at);
        // Blanks before a continued line count, a comment or an empty line does not.
        [start, end] = [at, lineEnd];
        at = following;
        found = content < lineEnd && text[content] !== "#";
      }
      if (!found) {
        end = stop;
        break;
      }
    }
    end = Math.max(end, from);

    const heredocs: Heredoc[] = [];
    let unterminated: string | undefined;
    for (const { name, tabs } of heredocsOf(joined)) {
      const body = at;
      let closed = false;
      while (at < text.length && !closed) {
        const lineEnd = (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
        const line = text.slice(at, lineEnd).replace(/\r+$/, "");
        closed = (tabs ? line.replace(/^\t+/, "") : line) === name;
        if (closed) {
          heredocs.push({ name, start: body, end: at });
          end = at + line.length;
        }
        at = lineEnd + 1;
      }
      if (!closed) {
        unterminated = name;
        heredocs.push({ name, start: Math.min(body, text.length), end: text.length });
        end = text.length;
        break;
      }
    }
    lines.push({ text: joined, pieces, heredocs, end, ...(unterminated !== undefined && { unterminated }) });
  }
  return { escape: escaping, lines };
}

/** First non-blank, end without blanks behind and carriage return, and start of the next line. */
function contentOf(text: string, at: number): [from: number, to: number, next: number] {
  const newline = text.indexOf("\n", at);
  const lineEnd = newline < 0 ? text.length : newline;
  let from = at;
  while (from < lineEnd && isBlank(text, from)) from++;
  let to = lineEnd;
  while (to > from && isBlank(text, to - 1)) to--;
  return [from, to, newline < 0 ? text.length : newline + 1];
}

const isBlank = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x85;
};

/** Where the line's text stops if it is continued: before an escape character that no other one escapes. */
function continuation(text: string, start: number, end: number, escaping: string): number | undefined {
  return end > start && text[end - 1] === escaping && (end - 1 === start || text[end - 2] !== escaping)
    ? end - 1
    : undefined;
}

/** Heredocs that a joined line opens, in order. */
function heredocsOf(line: string): readonly { readonly name: string; readonly tabs: boolean }[] {
  if (!line.includes("<<") || !HEREDOC_TAKERS.test(line) || isJson(line)) return [];
  const words = shellWords(line);
  const result: { name: string; tabs: boolean }[] = [];
  for (const word of words) {
    const match = HEREDOC_WORD.exec(word);
    const name = match && unquote(match[3]!.trimStart());
    if (match && name) result.push({ name, tabs: match[2] === "-" });
  }
  return result;
}

function isJson(line: string): boolean {
  const rest = /^\s*(?:ONBUILD\s+)?\w+\s+(?:--\S+\s+)*(?=\[)/i.exec(line);
  return rest !== null && jsonStrings(line.slice(rest[0].length)) !== undefined;
}

/** Strings of a JSON array that holds nothing else; absent if the text is none. */
export function jsonStrings(text: string): readonly string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Words as BuildKit splits a line in search of heredocs: quotes and `${…}` hold blanks together, `<<` takes the next
 * word. A line with an open quote has none.
 */
function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let from = -1;
  let quote = "";
  let braces = 0;
  for (let i = 0; i <= line.length; i++) {
    const character = line[i];
    if (character === undefined || (!quote && !braces && /\s/.test(character))) {
      if (from < 0 || (character && /^\d*<<$/.test(line.slice(Math.max(from, i - 12), i)))) continue;
      words.push(line.slice(from, i));
      from = -1;
      continue;
    }
    if (from < 0) from = i;
    if (quote) {
      if (character === quote) quote = "";
      else if (character === "\\" && quote === '"') i++;
    } else if (character === "\\") i++;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "$" && line[i + 1] === "{") braces++;
    else if (character === "}" && braces) braces--;
  }
  return quote || braces ? [] : words;
}

const unquote = (word: string): string => word.replace(/\\(.)|['"]/g, "$1").trim();
