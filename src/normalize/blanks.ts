/** Where and how something that is missing would be written into a YAML mapping: see `Blank` in the model. */
import type { Blank, SourceFile, Span } from "../model.ts";
import type { YamlEntry, YamlMapping, YamlScalar } from "../parse/yaml.ts";

/** A mapping that may be written into, and where its nodes stand; absent: elsewhere, in another file. */
export interface Writable {
  readonly mapping: YamlMapping;
  readonly place: (node: { readonly start: number; readonly end: number }) => Span | undefined;
}

/** JSON by its name or by how it begins, whatever the name: everything in it has quotes. */
export const isJson = ({ path, text }: Pick<SourceFile, "path" | "text">): boolean =>
  path.endsWith(".json") || /^\ufeff?\s{0,100}\{\s{0,100}"/.test(text);

/** Stands for the value in a text that is laid out as a whole. */
const VALUE = "\u0000";

/**
 * How a new entry is written into a mapping. `before` and `after` surround the value; together they are YAML in block
 * style, two spaces a level: `options:\n  max-size: "` and `"`. They are laid out as the mapping is:
 * - in block style on lines of their own, with the indentation of the siblings: behind the first of the entries
 *   `behind` that is there, else behind the last that is one node, else before all others;
 * - in flow style behind that entry, on one line, quoted as the siblings are;
 * - behind the key where it is there with nothing behind it.
 *
 * Absent where others would be changed too (an alias), where the key has a value, and where there is no such place.
 */
export function blankIn(
  { mapping, place }: Writable,
  before: string,
  after: string,
  behind: readonly string[],
): Blank | undefined {
  if (mapping.shared) return undefined;
  const here = mapping.written.filter(({ key }) => place(key));
  const text = before + VALUE + after;
  const name = /^[^\n]*?(?=: |:\n|:\0)/.exec(text)?.[0];
  const known = mapping.written.find(({ key }) => key.text === name);
  if (known) return isEmpty(known) ? behindKey(mapping.flow, here, known, place, text) : undefined;
  return mapping.flow ? intoFlow(mapping, here, place, text, behind) : intoBlock(here, place, text, behind);
}

/** A blank with its value in it: "" is left to fill in. */
export const filled = (blank: Blank, value: string): Blank => ({ ...blank, before: blank.before + value });

const isEmpty = ({ value, alias }: YamlEntry): boolean =>
  !alias && value.kind === "scalar" && value.start === value.end && !value.tag && !value.anchor;

const at = (span: Span, offset: number, text: string): Blank => {
  const [before = "", after = ""] = text.split(VALUE);
  return { span: { file: span.file, start: offset, end: offset }, before, after };
};

// ── Block style ─────────────────────────────────────────────────────────────────────────────────────────────────────

function intoBlock(
  here: readonly YamlEntry[],
  place: Writable["place"],
  text: string,
  behind: readonly string[],
): Blank | undefined {
  const first = here[0] && keyPlace(here[0].key, place);
  const margin = first && marginOf(first);
  if (!first || margin === undefined) return undefined;
  const lines = laidOut(text, margin, () => stepOf(here, place, first));
  for (const entry of candidates(here, behind)) {
    const end = blockEnd(entry, margin.length, place);
    if (end !== undefined) return at(first, end, `\n${margin}${lines}`);
  }
  const opening = openingLine(first);
  return opening === undefined
    ? at(first, first.start, `${lines}\n${margin}`)
    : at(first, opening, `\n${margin}${lines}`);
}

/** Behind a block of entries only where it is named: something may be written at the end of the block too. */
function* candidates(here: readonly YamlEntry[], behind: readonly string[]): Generator<YamlEntry> {
  for (const name of behind) {
    const named = here.find(({ key }) => key.text === name);
    if (named) yield named;
  }
  yield* here.toReversed().filter(isOneNode);
}

const isOneNode = ({ value, alias }: YamlEntry): boolean =>
  alias !== undefined || value.kind === "scalar" || value.flow;

/**
 * End of the last line of an entry in block style, with the comments below it that are indented deeper than it. Absent
 * where it ends in a block scalar, whose end its trailing lines decide, or in another file.
 */
function blockEnd(entry: YamlEntry, margin: number, place: Writable["place"]): number | undefined {
  const { value, alias } = entry;
  let last: { readonly start: number; readonly end: number } = alias ?? value;
  let node = alias ? undefined : value;
  while (node && node.kind !== "scalar" && !node.flow) {
    const inner = node.kind === "mapping" ? node.written.at(-1) : node.items.at(-1);
    if (!inner) return undefined;
    last = inner.alias ?? inner.value;
    node = inner.alias ? undefined : inner.value;
  }
  const span = place(last);
  if (!span || (node?.kind === "scalar" && node.style === "block")) return undefined;
  const { text } = span.file;
  let end = lineEnd(text, span.end);
  if (isOneNode(entry)) return end;
  for (;;) {
    const [, blanks, line] = /^\r?\n( *)(#[^\r\n]*)/.exec(text.slice(end, end + MOST_OF_A_LINE)) ?? [];
    if (blanks === undefined || blanks.length <= margin) return end;
    end = lineEnd(text, text.indexOf(line!, end));
  }
}

/** Enough to see whether a line is a comment, in UTF-16 code units. */
const MOST_OF_A_LINE = 400;

/** A key, its quote included. */
function keyPlace(key: YamlScalar, place: Writable["place"]): Span | undefined {
  const span = place(key);
  return span && key.style !== "plain" ? { ...span, start: span.start - 1 } : span;
}

/** Blanks as wide as what stands before the first key of a mapping: spaces and the dashes of lists alone. */
function marginOf({ file: { text }, start }: Span): string | undefined {
  const written = text.slice(lineStart(text, start), start);
  return /^ *(?:- +)*$/.test(written) ? " ".repeat(written.length) : undefined;
}

const isBreak = (text: string, offset: number): boolean => {
  const unit = text.charCodeAt(offset);
  return unit === 10 || unit === 13;
};

/** Behind the byte order mark on the first line. */
function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isBreak(text, start - 1)) start--;
  return start === 0 && text.startsWith("\ufeff") ? 1 : start;
}

function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && !isBreak(text, end)) end++;
  return end;
}

/** End of the line under which a mapping opens, if it starts on a line of its own and not with the file. */
function openingLine({ file: { text }, start }: Span): number | undefined {
  let from = lineStart(text, start);
  if (text.slice(from, start).trim() !== "") return undefined;
  while (from > 1) {
    let end = from - 1;
    if (text[end] === "\n" && text[end - 1] === "\r") end--;
    from = lineStart(text, end);
    const line = text.slice(from, end).trim();
    if (line !== "" && !line.startsWith("#")) return /^(?:---|\.\.\.|%)/.test(line) ? undefined : end;
  }
  return undefined;
}

/** Width of one level: as siblings indent what they hold, else as the mapping itself is indented. */
function stepOf(here: readonly YamlEntry[], place: Writable["place"], first: Span): number {
  const column = (span: Span) => span.start - lineStart(span.file.text, span.start);
  for (const { key, value, alias } of here) {
    if (alias || value.kind !== "mapping" || value.flow || !value.written[0]) continue;
    const [outer, inner] = [place(key), place(value.written[0].key)];
    const step = outer && inner ? column(inner) - column(outer) : 0;
    if (step > 0) return step;
  }
  const opening = openingLine(first);
  if (opening === undefined) return 2;
  const { text } = first.file;
  const line = text.slice(lineStart(text, opening), opening);
  const step = column(first) - /^ *(?:- +)*/.exec(line)![0].length;
  return step > 0 ? step : 2;
}

/** The lines behind the first, `margin` and as many steps deep as they are levels. */
const laidOut = (text: string, margin: string, step: () => number): string =>
  text.replace(
    /\n((?: {2})*)/g,
    (_, { length }: string) => `\n${margin}${" ".repeat(length && (length / 2) * step())}`,
  );

// ── Flow style ──────────────────────────────────────────────────────────────────────────────────────────────────────

function intoFlow(
  mapping: YamlMapping,
  here: readonly YamlEntry[],
  place: Writable["place"],
  text: string,
  behind: readonly string[],
): Blank | undefined {
  const whole = place(mapping);
  if (whole?.file.text[whole.start] !== "{") return undefined;
  const quote = here.some(({ key }) => key.style === "double") || isJson(whole.file) ? '"' : "";
  const inline = inFlow(text, quote);
  if (!mapping.written.length) return at(whole, whole.start + 1, inline);
  const named = behind.flatMap((name) => here.find(({ key }) => key.text === name) ?? []);
  const ends = [...named, ...here.slice(-1)]
    .filter((entry) => !isEmpty(entry))
    .flatMap((entry) => endOf(entry, place) ?? []);
  // On a line of its own behind one that has its own; a comment behind an entry is about that entry.
  const alone = ends.find(({ margin, last }) => margin !== undefined && last);
  if (alone) return at(whole, alone.end, `,\n${alone.margin}${inline}`);
  return ends[0] && at(whole, ends[0].end, `, ${inline}`);
}

/** Where an entry of a flow mapping ends, the margin of its line if it opens it, and whether it is the last on it. */
function endOf(entry: YamlEntry, place: Writable["place"]) {
  const key = keyPlace(entry.key, place);
  const value = place(entry.alias ?? entry.value);
  if (!key || !value) return undefined;
  const { text } = value.file;
  const end = value.end + (isQuoted(entry) ? 1 : 0);
  return { end, margin: blanksBefore(text, key.start), last: endsLine(text, end) };
}

/** What stands before `offset` on its line, if that is blanks alone. */
function blanksBefore(text: string, offset: number): string | undefined {
  let start = offset;
  while (text[start - 1] === " " || text[start - 1] === "\t") start--;
  return start === 0 || isBreak(text, start - 1) ? text.slice(start, offset) : undefined;
}

/** True if nothing but a comma follows on the line. */
function endsLine(text: string, offset: number): boolean {
  let end = offset;
  while (text[end] === " " || text[end] === "\t" || text[end] === ",") end++;
  return end === text.length || isBreak(text, end);
}

const isQuoted = ({ value, alias }: YamlEntry): boolean =>
  !alias && value.kind === "scalar" && (value.style === "single" || value.style === "double");

/** `a:\n  b: x\n  c:\n    - y` → `a: {b: x, c: [y]}`. */
function inFlow(text: string, quote: string): string {
  const lines = text.split("\n");
  let next = 0;
  const collection = (depth: number): string => {
    const items: string[] = [];
    const list = lines[next]!.slice(depth).startsWith("- ");
    while (next < lines.length && lines[next]!.search(/\S/) >= depth) {
      const line = lines[next++]!.slice(depth);
      if (list) {
        items.push(line.slice(2));
        continue;
      }
      const [, name = "", value = ""] = /^([^:]*):\s*(.*)$/s.exec(line) ?? [];
      items.push(`${quote}${name}${quote}: ${value === "" ? collection(depth + 2) : value}`);
    }
    return depth === 0 ? items.join(", ") : list ? `[${items.join(", ")}]` : `{${items.join(", ")}}`;
  };
  return collection(0);
}

/** Behind a key that has no value: its colon is there. */
function behindKey(
  flow: boolean,
  here: readonly YamlEntry[],
  { key }: YamlEntry,
  place: Writable["place"],
  text: string,
): Blank | undefined {
  const span = place(key);
  const outer = keyPlace(key, place);
  if (!span || !outer) return undefined;
  const source = span.file.text;
  const [colon] = /^["']?[ \t]*:/.exec(source.slice(span.end, span.end + MOST_OF_A_LINE)) ?? [];
  if (colon === undefined) return undefined;
  const behind = span.end + colon.length;
  const quote = key.style === "double" ? '"' : "";
  const value = text.slice(text.indexOf(":") + 1);
  if (!value.startsWith("\n")) return at(span, behind, ` ${value.trimStart()}`);
  if (flow) return at(span, behind, inFlow(text, quote).replace(/^[^:]*:/, ""));
  const first = here[0] && keyPlace(here[0].key, place);
  const margin = first && marginOf(first);
  if (!first || margin === undefined) return undefined;
  const lines = laidOut(value, margin, () => stepOf(here, place, first));
  return at(span, lineEnd(source, behind), lines);
}
