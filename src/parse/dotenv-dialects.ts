/**
 * What each engine makes of a .env text. They split the same text differently, so each is a scan of its own:
 * `node` is dotenv 18, `python` python-dotenv 1, `compose` compose-go 2 (which refuses a whole file for one bad line).
 */

export interface Environment {
  /** By name, in order of first definition; undefined where a name stands alone. Last definition wins. */
  readonly values: ReadonlyMap<string, string | undefined>;
  /** Compose only: it refuses the file here (UTF-16 offset); `values` holds what came before. */
  readonly refused?: { readonly at: number; readonly reason: string };
}

/** Replaces references in a value, given what the file defined so far. Undefined: a required variable is unset. */
export type Expand = (value: string, values: ReadonlyMap<string, string | undefined>) => string | undefined;

const at = (pattern: RegExp, text: string, from: number): RegExpExecArray | null => {
  pattern.lastIndex = from;
  return pattern.exec(text);
};
const skip = (pattern: RegExp, text: string, from: number): number => from + (at(pattern, text, from)?.[0].length ?? 0);

// ── Node ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const NODE_KEY = /[\w.-]+/y;
const NODE_LINE = /[^\n\u2028\u2029]*/y;
const NODE_BLANK = /[^\S\n\u2028\u2029]*/y;
const NODE_SPACE = /\s*/y;
const NODE_EXPORT = /export\s+(?=[\w.-])/y;

/** As `dotenv.parse(text, { fast: true })` of dotenv 18. Total and linear. */
export function node(source: string): Environment {
  const text = source.replace(/\r\n?/g, "\n");
  const values = new Map<string, string>();
  let position = skip(NODE_SPACE, text, 0);
  while (position < text.length) {
    const exported = skip(NODE_EXPORT, text, position);
    const keyEnd = skip(NODE_KEY, text, exported);
    const separator = skip(NODE_SPACE, text, keyEnd);
    let from = -1;
    if (keyEnd > exported && text[separator] === "=") from = separator + 1;
    else if (keyEnd > exported && text[keyEnd] === ":" && /\s/.test(text[keyEnd + 1] ?? "")) from = keyEnd + 2;
    if (from < 0) {
      // A line that is no assignment is skipped; behind `export` it may still have been one without it.
      const resume = keyEnd === exported ? exported : exported > position ? position + "export".length : keyEnd;
      position = skip(NODE_SPACE, text, skip(NODE_LINE, text, resume));
      continue;
    }
    const value = nodeValue(text, from);
    values.set(text.slice(exported, keyEnd), value.text);
    position = skip(NODE_SPACE, text, value.end);
  }
  return { values };
}

function nodeValue(text: string, from: number): { text: string; end: number } {
  const open = skip(NODE_SPACE, text, from);
  const quote = text[open];
  if (quote === '"' || quote === "'" || quote === "`") {
    const close = nodeClose(text, open, quote);
    if (close >= 0) {
      const value = text.slice(open + 1, close);
      return { text: quote === '"' ? nodeEscapes(value) : value, end: skip(NODE_LINE, text, close + 1) };
    }
  }
  const lineEnd = (text.indexOf("\n", from) + 1 || text.length + 1) - 1;
  const hash = text.slice(from, lineEnd).indexOf("#");
  const end = hash < 0 ? lineEnd : from + hash;
  const value = nodeUnquote(text.slice(from, end).trim());
  return {
    text: quote === '"' && open < end ? nodeEscapes(value) : value,
    end: hash < 0 ? end : skip(NODE_LINE, text, end),
  };
}

/** A quote closes if nothing but a comment follows; behind a backslash it closes only if no later one does. */
function nodeClose(text: string, open: number, quote: string): number {
  let found = -1;
  for (let close = text.indexOf(quote, open + 1); close >= 0; close = text.indexOf(quote, close + 1)) {
    const after = skip(NODE_BLANK, text, close + 1);
    if (after >= text.length || /[\n\u2028\u2029#]/.test(text[after]!)) found = close;
    if (text[close - 1] !== "\\") break;
  }
  return found;
}

const nodeEscapes = (value: string): string => value.replaceAll("\\n", "\n").replaceAll("\\r", "\r");

/** Removes quotes around a whole line of the value; U+2028 and U+2029 end lines here too. */
function nodeUnquote(value: string): string {
  if (!/[\u2028\u2029]/.test(value))
    return /^(['"`])[\s\S]*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
  const last = new Map<string, number>();
  for (const { 0: quote, index } of value.matchAll(/['"`](?=[\u2028\u2029]|$)/g)) last.set(quote, index);
  let result = "";
  let done = 0;
  for (const { 0: quote, index } of value.matchAll(/(?<=^|[\u2028\u2029])['"`]/g)) {
    const close = last.get(quote) ?? -1;
    if (index < done || close <= index) continue;
    result += value.slice(done, index) + value.slice(index + 1, close);
    done = close + 1;
  }
  return result + value.slice(done);
}

// ── Python ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Python's `\s`: U+FEFF is none, U+001C to U+001F and U+0085 are. */
const S = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const B = S.replace("\\t-\\r", "\\t\\x0b\\x0c");
const PYTHON_SPACE = new RegExp(`[${S}]*`, "y");
const PYTHON_BLANK = new RegExp(`[${B}]*`, "y");
const PYTHON_EXPORT = new RegExp(`(?:export[${B}]+)?`, "y");
const PYTHON_KEY = new RegExp(`'([^']+)'|([^=#${S}]+)`, "y");
const PYTHON_END = new RegExp(`(?:[${B}]*#[^\\n]*)?[${B}]*(?:\\n|$)`, "y");
const PYTHON_COMMENT = new RegExp(`[${S}]#`);
const PYTHON_TRAILING = new RegExp(`[${S}]$`);
const LINE = /[^\n]*\n?/y;
const PYTHON_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** As `dotenv_values()` of python-dotenv 1 with an empty process environment. Total and linear. */
export function python(source: string): Environment {
  const text = source.replace(/\r\n?/g, "\n");
  const values = new Map<string, string | undefined>();
  let position = 0;
  while (position < text.length) {
    const start = skip(PYTHON_SPACE, text, position);
    if (start >= text.length) break;
    const binding = pythonBinding(text, start);
    position = binding.end;
    if (binding.key === undefined) continue;
    values.set(binding.key, binding.value === undefined ? undefined : pythonExpand(binding.value, values));
  }
  return { values };
}

function pythonBinding(text: string, start: number): { key?: string; value?: string; end: number } {
  const lost = (from: number) => ({ end: skip(LINE, text, from) });
  if (text[start] === "#") return lost(start);
  const keyStart = skip(PYTHON_EXPORT, text, start);
  const key = at(PYTHON_KEY, text, keyStart);
  if (!key || (text[keyStart] === "'" && key[1] === undefined)) return lost(keyStart);
  let position = skip(PYTHON_BLANK, text, keyStart + key[0].length);
  let value: string | undefined;
  if (text[position] === "=") {
    position = skip(PYTHON_BLANK, text, position + 1);
    const quote = text[position];
    if (quote === "'" || quote === '"') {
      const close = pythonClose(text, position, quote);
      if (close < 0) return lost(position);
      const escapes = quote === "'" ? /\\[\\']/g : /\\[\\'"abfnrtv]/g;
      value = text.slice(position + 1, close).replace(escapes, (both) => PYTHON_ESCAPES[both[1]!]!);
      position = close + 1;
    } else {
      const end = (text.indexOf("\n", position) + 1 || text.length + 1) - 1;
      const line = text.slice(position, end);
      const hash = line.search(PYTHON_COMMENT);
      value = pythonTrim(hash < 0 ? line : line.slice(0, hash));
      position = end;
    }
  }
  const end = at(PYTHON_END, text, position);
  if (!end) return lost(position);
  return { key: key[1] ?? key[2]!, ...(value !== undefined && { value }), end: position + end[0].length };
}

/** `${NAME}` and `${NAME:-default}`, nothing else. The default counts only where the name is not defined at all. */
function pythonExpand(value: string, values: ReadonlyMap<string, string | undefined>): string {
  let result = "";
  let done = 0;
  let colon = -1;
  for (let open = value.indexOf("${"); open >= 0; open = value.indexOf("${", Math.max(open + 2, done))) {
    const close = value.indexOf("}", open);
    if (close < 0) break;
    if (colon < open) colon = (value.indexOf(":", open) + 1 || value.length + 1) - 1;
    const hasDefault = colon < close;
    if (hasDefault && value[colon + 1] !== "-") continue;
    const name = value.slice(open + 2, hasDefault ? colon : close);
    const fallback = hasDefault ? value.slice(colon + 2, close) : "";
    result += value.slice(done, open) + (values.has(name) ? (values.get(name) ?? "") : fallback);
    done = close + 1;
  }
  return result + value.slice(done);
}

/** The first quote without a backslash before it; where there is none, the last one with it. */
function pythonClose(text: string, open: number, quote: string): number {
  let escaped = -1;
  for (let close = text.indexOf(quote, open + 1); close >= 0; close = text.indexOf(quote, close + 1)) {
    if (text[close - 1] !== "\\") return close;
    escaped = close;
  }
  return escaped;
}

function pythonTrim(value: string): string {
  let end = value.length;
  while (end > 0 && PYTHON_TRAILING.test(value[end - 1]!)) end--;
  return value.slice(0, end);
}

// ── Compose ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Go's `unicode.IsSpace`, and the same without the line feed. */
const GO_SPACE = /[\t-\r\x85\p{Zs}\u2028\u2029]*/uy;
const COMPOSE_BLANK = /[\t\v\f\r \x85\xa0]*/y;
const COMPOSE_EXPORT = /export[\t\n\f\r ]+/y;
const COMPOSE_KEY = /[\p{L}\p{N}_.[\]\-\t\v\f\r \x85\xa0]*/uy;
const COMPOSE_ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", '"': '"' },
  $: "$$",
};

/**
 * As compose-go 2 reads an `env_file`, with nothing to inherit from. `expand` interpolates unquoted and double-quoted
 * values; without it references stay as written. Total and linear.
 */
export function compose(text: string, expand: Expand = (value) => value): Environment {
  const values = new Map<string, string | undefined>();
  const refuse = (from: number, reason: string): Environment => ({ values, refused: { at: from, reason } });
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    position = skip(GO_SPACE, text, position);
    if (position >= text.length) return { values };
    if (text[position] === "#") {
      position = skip(LINE, text, position);
      continue;
    }
    const exported = at(COMPOSE_EXPORT, text, position);
    const keyStart = exported ? skip(COMPOSE_BLANK, text, position + "export".length) : position;
    const keyEnd = skip(COMPOSE_KEY, text, keyStart);
    const separator = text[keyEnd];
    if (separator === undefined) {
      // A last line without a line break and without `=` has no name at all for Compose.
      if (keyStart >= text.length) return refuse(position, "zero length string");
      values.set("", composeLine(text.slice(keyStart), values, expand) ?? "");
      return { values };
    }
    if (separator !== "=" && separator !== ":" && separator !== "\n") {
      return refuse(keyEnd, `unexpected character ${JSON.stringify(separator)} in variable name`);
    }
    const key = text.slice(keyStart, keyEnd).replace(/[\t-\r\x85\p{Zs}\u2028\u2029]+$/u, "");
    if (key.includes(" ")) return refuse(keyStart, "key cannot contain a space");
    position = skip(COMPOSE_BLANK, text, keyEnd + 1);
    if (separator === "\n") {
      values.set(key, undefined);
      continue;
    }
    const quote = text[position];
    if (quote === '"' || quote === "'") {
      const quoted = composeQuoted(text, position, quote);
      if (!quoted) return refuse(position, "unterminated quoted value");
      const value = quote === '"' ? expand(composeEscapes(quoted.text), values) : quoted.text;
      if (value === undefined) return refuse(position, "required variable is not set");
      values.set(key, value);
      position = quoted.end;
      continue;
    }
    const end = (text.indexOf("\n", position) + 1 || text.length + 1) - 1;
    const value = composeLine(text.slice(position, end), values, expand);
    if (value === undefined) return refuse(position, "required variable is not set");
    values.set(key, value);
    position = end;
  }
}

/** An unquoted value: only a space and `#` open a comment. */
function composeLine(
  line: string,
  values: ReadonlyMap<string, string | undefined>,
  expand: Expand,
): string | undefined {
  const comment = line.indexOf(" #");
  return expand(goTrimEnd(comment < 0 ? line : line.slice(0, comment)), values);
}

function goTrimEnd(value: string): string {
  let end = value.length;
  while (end > 0 && /[\t-\r\x85\p{Zs}\u2028\u2029]/u.test(value[end - 1]!)) end--;
  return value.slice(0, end);
}

/** Text between quotes with `\` + quote resolved, and the offset behind the closing one. */
function composeQuoted(text: string, open: number, quote: string): { text: string; end: number } | undefined {
  const parts: string[] = [];
  let from = open + 1;
  let escaped = false;
  for (let i = open + 1; i < text.length; i++) {
    const character = text[i];
    if (character === quote) {
      parts.push(text.slice(from, escaped ? i - 1 : i));
      if (!escaped) return { text: parts.join(""), end: i + 1 };
      from = i;
      escaped = false;
    } else escaped = character === "\\" && !escaped;
  }
  return undefined;
}

const composeEscapes = (value: string): string =>
  value.replace(/\\(?:([abfnrtv$"\\])|0([0-7]{3})(?!\d))/g, (both, letter?: string, octal?: string) => {
    if (letter) return COMPOSE_ESCAPES[letter]!;
    const code = Number.parseInt(octal!, 8);
    return code < 256 ? String.fromCharCode(code) : both;
  });
