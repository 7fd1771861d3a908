/**
 * Comments that silence findings: `# qwed-harden-ignore <rule>[, <rule>] -- reason [until=YYYY-MM-DD]`.
 *
 * A comment behind something silences its own line, a comment alone on its line silences the next line that is no
 * comment. Either way it also silences what that line opens: every line below that is indented deeper, items of a
 * YAML sequence that stands under its key, the whole stage for a `FROM`. So a finding that something is missing is
 * silenced where it is reported, at the service, container or stage that leaves it out.
 */
import type { Language, Located, SourceFile, Span, Suppression } from "../model.ts";

const MARKER = "qwed-harden-ignore";

const HASH = /(^|\s)#[ \t]*qwed-harden-ignore(?=[\s]|$)([\s\S]*)$/;
const SLASHES = /(^|\s)(?:\/\/|\/\*)[ \t]*qwed-harden-ignore(?=[\s*]|$)([\s\S]*)$/;
/** A Dockerfile knows comments that stand alone only. */
const HASH_ALONE = /^()[ \t]*#[ \t]*qwed-harden-ignore(?=[\s]|$)([\s\S]*)$/;

const COMMENTS: Readonly<Record<Language, { readonly directive: RegExp; readonly comment: RegExp }>> = {
  dotenv: { directive: HASH, comment: /^\s*#/ },
  yaml: { directive: HASH, comment: /^\s*#/ },
  dockerfile: { directive: HASH_ALONE, comment: /^\s*#/ },
  python: { directive: HASH, comment: /^\s*#/ },
  javascript: { directive: SLASHES, comment: /^\s*(\/\/|\/\*|\*)/ },
  nginx: { directive: HASH, comment: /^\s*#/ },
  caddyfile: { directive: HASH, comment: /^\s*#/ },
  toml: { directive: HASH, comment: /^\s*#/ },
  ignore: { directive: HASH_ALONE, comment: /^\s*#/ },
};

/** All suppressions, in the order of files and places. Linear in the text; files read as context only have none. */
export const suppressions = (files: readonly SourceFile[]): readonly Suppression[] =>
  files.flatMap((file) =>
    file.context || file.path.endsWith(".json") || !file.text.includes(MARKER) ? [] : inFile(file),
  );

interface Line {
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  readonly text: string;
  readonly indent: number;
  /** Nothing but blanks or a comment. */
  readonly empty: boolean;
}

function inFile(file: SourceFile): readonly Suppression[] {
  const { directive, comment } = COMMENTS[file.language];
  const lines = linesOf(file, comment);
  const blocks = blockEnds(lines, file.language);
  return lines.flatMap((line, i) => {
    if (!line.text.includes(MARKER)) return [];
    const match = directive.exec(line.text);
    if (!match || quoted(line.text.slice(0, match.index))) return [];
    const target = line.empty ? blocks.next[i]! : i;
    const last = target < lines.length ? blocks.end[target]! : -1;
    const covered: Span[] = target < lines.length ? [{ file, start: lines[target]!.start, end: lines[last]!.end }] : [];
    const start = line.start + match.index + line.text.slice(match.index).search(/[#/]/);
    const span = { file, start, end: line.start + line.text.trimEnd().length };
    return [{ span, ...parts(file, line.end - match[2]!.length, match[2]!), lines: covered }];
  });
}

/** An odd number of double quotes before it: it stands inside a string. */
const quoted = (before: string): boolean => (before.match(/"/g)?.length ?? 0) % 2 === 1;

function linesOf(file: SourceFile, comment: RegExp): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const { index, 0: end } of [...file.text.matchAll(/\r\n?|\n/g), { index: file.text.length, 0: "" }]) {
    const text = file.text.slice(start, index);
    const indent = text.length - text.trimStart().length;
    lines.push({ start, end: index, text, indent, empty: indent === text.length || comment.test(text) });
    start = index + end.length;
  }
  return lines;
}

const sequenceItem = /^\s*-(\s|$)/;
const stage = /^\s*FROM\s/i;

/** For every line: the next line that says something (`lines.length` if none), and the last line of what it opens. One pass from the end. */
function blockEnds(
  lines: readonly Line[],
  language: Language,
): { readonly next: readonly number[]; readonly end: readonly number[] } {
  const next = new Array<number>(lines.length);
  const end = new Array<number>(lines.length);
  /** Lines below that may end a block, the nearest last, each indented less than the one behind it. */
  const closing: number[] = [];
  const lastBefore = new Array<number>(lines.length);
  for (let i = 0, last = 0; i < lines.length; i++) {
    lastBefore[i] = last;
    if (!lines[i]!.empty) last = i;
  }
  const lastLine = lines.findLastIndex(({ empty }) => !empty);
  let following = lines.length;
  let nextStage = lines.length;
  for (let i = lines.length - 1; i >= 0; i--) {
    next[i] = following;
    const line = lines[i]!;
    end[i] = i;
    if (line.empty) continue;
    following = i;
    if (language === "dockerfile") {
      if (stage.test(line.text)) {
        end[i] = nextStage < lines.length ? lastBefore[nextStage]! : lastLine;
        nextStage = i;
      }
      continue;
    }
    const closes = (other: Line): boolean =>
      other.indent < line.indent ||
      (other.indent === line.indent &&
        !(language === "yaml" && sequenceItem.test(other.text) && !sequenceItem.test(line.text)));
    while (closing.length && !closes(lines[closing.at(-1)!]!)) closing.pop();
    const closer = closing.at(-1);
    end[i] = closer === undefined ? lastLine : lastBefore[closer]!;
    closing.push(i);
  }
  return { next, end };
}

const SEPARATOR = /(?:^|\s)--(?:\s|$)/;
const UNTIL = /(?:^|\s)until=(\S+)\s*$/;

function parts(file: SourceFile, offset: number, written: string): Pick<Suppression, "rules" | "reason" | "until"> {
  const text = written.replace(/\*\/\s*$/, "").trimEnd();
  const separator = SEPARATOR.exec(text);
  const names = separator ? text.slice(0, separator.index) : text.replace(UNTIL, "");
  const behind = separator ? text.slice(separator.index + separator[0].length) : "";
  const until = UNTIL.exec(text)?.[1];
  const reason = behind.replace(UNTIL, "").trim();
  const rules = [...names.matchAll(/[^\s,]+/g)].map(
    ({ index, 0: name }): Located<string> => ({
      value: name,
      span: { file, start: offset + index, end: offset + index + name.length },
    }),
  );
  return { rules, ...(reason && { reason }), ...(until !== undefined && { until }) };
}
