/** What a terminal may be shown: every character visible, none obeyed. */

/** Controls, bidirectional controls, invisible characters, separators, lone surrogates and what is no character. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A character as a reader can see it: `␛` for an escape, `<U+202E>` for a right-to-left override. */
function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** One line of untrusted text (a path, a message, a subject) made safe for a terminal. */
export const visible = (text: string): string => text.replace(UNSAFE, shown);

/** As `visible`, for text of several lines (a snippet): line ends stay. */
export const visibleLines = (text: string): readonly string[] => text.split(/\r\n?|\n/).map(visible);

/** Ranges of East Asian wide characters and emoji (Unicode Standard Annex 11, W and F), by their first and last code point. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** Columns that a character takes in a terminal: 0, 1 or 2. */
function columns(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (/^\p{Mn}$/u.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columns(character);
  return width;
}

const TAB = 4;

/** What stands at a source range, as it is printed: `text` takes `width` columns. */
export interface Cell {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly width: number;
}

/** The characters of one line as cells. `offset` is where `line` starts in its file, `column` the column it is printed at. */
export function cellsOf(line: string, offset: number, column = 0): readonly Cell[] {
  const cells: Cell[] = [];
  let at = column;
  let start = offset;
  for (const character of line) {
    const text = character === "\t" ? " ".repeat(TAB - (at % TAB)) : visible(character);
    const width = widthOf(text);
    cells.push({ start, end: start + character.length, text, width });
    at += width;
    start += character.length;
  }
  return cells;
}

/**
 * Breaks a text at blanks into lines of at most `width` columns, from the second on `hanging` columns shorter; a word
 * that is longer gets a line of its own.
 */
export function wrap(text: string, width: number, hanging = 0): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && widthOf(line) + 1 + widthOf(word) > (lines.length ? width - hanging : width)) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
