/** Lines of `.env` files: their parts, and what Compose, dotenv for Node and python-dotenv each take from them. */
import type { EnvDialect, EnvLine, EnvReading, Located, Span } from "../model.ts";
import type { DotenvEntry, DotenvTree } from "../parse/dotenv.ts";
import { compose, type Environment, node, python } from "../parse/dotenv-dialects.ts";

/** One `EnvLine` for each assignment, misnamed ones too, in the order written. Linear in the text. */
export function envLines({ entries, misnamed }: DotenvTree): readonly EnvLine[] {
  const names = new Set<string>();
  return [...entries, ...misnamed]
    .sort((a, b) => a.span.start - b.span.start)
    .map((entry) => {
      const line = lineOf(entry, names);
      names.add(entry.key.value);
      return line;
    });
}

function lineOf(entry: DotenvEntry, names: ReadonlySet<string>): EnvLine {
  const { key, quote, raw, span, unterminated } = entry;
  const readings = unterminated ? undefined : readingsOf(entry);
  return {
    name: key,
    ...separation(entry),
    quote,
    value: raw.span,
    span,
    ...(readings && { readings }),
    dollars: quote === "none" || quote === "double" ? dollars(entry, names) : [],
  };
}

function separation({ key, raw, span, separator, quote }: DotenvEntry): Pick<EnvLine, "separator" | "blanks"> {
  const { file } = span;
  const lineStart = file.text.lastIndexOf("\n", span.start - 1) + 1;
  const from = lineStart === 0 && file.text.charCodeAt(0) === 0xfeff ? 1 : lineStart;
  const indent = blank(file, from, span.start);
  if (separator === "none") return { blanks: { ...(indent && { indent }) } };
  const at = file.text.indexOf(separator, key.span.end);
  const before = blank(file, key.span.end, at);
  const opening = quote === "none" ? raw.span.start : raw.span.start - 1;
  const after = raw.value === "" && quote === "none" ? undefined : blank(file, at + 1, opening);
  return {
    separator: { file, start: at, end: at + 1 },
    blanks: { ...(indent && { indent }), ...(before && { before }), ...(after && { after }) },
  };
}

const blank = (file: Span["file"], start: number, end: number): Span | undefined =>
  end > start ? { file, start, end } : undefined;

// ── What each engine makes of it ────────────────────────────────────────────────────────────────────────────────────

/** In the place of `$`, so that no engine takes it for a reference: a private character that no syntax knows. */
const DOLLAR = "\uE000";

/** Nothing else in a line can be read in two ways. */
const DOUBTFUL = /[#\\`'":\s]/;

/** Absent where all engines take the same from the line, references aside. */
function readingsOf({ key, raw, span, separator, quote }: DotenvEntry): readonly EnvReading[] | undefined {
  const { file, start, end } = span;
  const written = file.text.slice(start, end);
  const named = /^[A-Za-z_]\w*$/.test(key.value);
  if (written.includes(DOLLAR)) return undefined;
  if (named && separator === "=" && quote === "none" && !DOUBTFUL.test(written.slice(key.span.end - start))) {
    return undefined;
  }
  const text = `${written.replaceAll("$", DOLLAR)}\n`;
  const reading = (dialect: EnvDialect, environment: Environment): EnvReading => {
    const { values, refused } = environment;
    const value = values.get(key.value);
    if (value !== undefined) return { dialect, result: "value", value: located(raw, value.replaceAll(DOLLAR, "$")) };
    if (values.has(key.value)) return { dialect, result: "inherited" };
    return { dialect, result: refused ? "refused" : "dropped" };
  };
  const readings = [
    reading("compose", compose(text)),
    reading("node", node(text)),
    reading("python", python(text)),
  ] as const;
  const [first, ...rest] = readings;
  return rest.every((other) => same(first, other)) ? undefined : readings;
}

const located = ({ span }: Located<string>, value: string): Located<string> => ({ value, span });

const same = (a: EnvReading, b: EnvReading): boolean => a.result === b.result && a.value?.value === b.value?.value;

/**
 * Every `$$`, and every bare `$name` that no earlier line sets, unless it is all there is: then a reference is meant
 * (compose-go, `dotenv`: unquoted and double-quoted values are interpolated).
 */
function dollars({ raw, quote }: DotenvEntry, names: ReadonlySet<string>): readonly Span[] {
  const { value, span } = raw;
  if (!value.includes("$") || /^\$\w+$/.test(value)) return [];
  const pattern = quote === "double" ? /\\[\s\S]|\$\{|\$\$|\$([A-Za-z_]\w*)/g : /\$\{|\$\$|\$([A-Za-z_]\w*)/g;
  const found: Span[] = [];
  for (const match of value.matchAll(pattern)) {
    const [text, name] = match;
    if (text !== "$$" && (name === undefined || names.has(name))) continue;
    const start = span.start + match.index;
    found.push({ file: span.file, start, end: start + text.length });
  }
  return found;
}

/** Names that a file shows in comments: `# NAME=value`. */
export const documented = ({ comments }: DotenvTree): readonly Located<string>[] =>
  comments.flatMap(({ file, start, end }) => {
    const match = /^(#+\s*(?:export\s+)?)([A-Za-z_]\w*)\s*=/.exec(file.text.slice(start, Math.min(end, start + 200)));
    if (!match) return [];
    const from = start + match[1]!.length;
    return [{ value: match[2]!, span: { file, start: from, end: from + match[2]!.length } }];
  });
