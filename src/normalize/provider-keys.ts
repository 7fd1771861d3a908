/** Keys and tokens of providers, recognised by their format in any text. */
import type { ProviderKey, SourceFile, Variable } from "../model.ts";
import { FORMATS, NAMED_FORMATS, type ProviderFormat } from "./provider-keys-table.ts";

export type Provider = Pick<ProviderFormat, "provider" | "title">;

const BEFORE = "(?<![A-Za-z0-9_-])";
const AFTER = "(?![A-Za-z0-9_-])";

/** One alternation; group n is row n - 1. A run of word characters is entered once, so the pass is linear. */
const ANY = new RegExp(`${BEFORE}(?:${FORMATS.map(({ format }) => `(${format})`).join("|")})${AFTER}`, "g");

const NAMED = NAMED_FORMATS.map((row) => ({ ...row, whole: new RegExp(`^(?:${row.format})$`) }));

/**
 * Every provider key in the text of every file, comments included, and every variable whose name says whose key its
 * value is; in order of files and places. Placeholders of the right shape (`sk-your-key…`, `AKIA…EXAMPLE`, repeated or
 * sequential characters) are none. Linear in the text.
 */
export function providerKeys(files: readonly SourceFile[], variables: readonly Variable[]): readonly ProviderKey[] {
  const values = new Map<SourceFile, Variable[]>();
  for (const variable of variables) {
    const { file } = variable.value.span;
    const known = values.get(file);
    if (known) known.push(variable);
    else values.set(file, [variable]);
  }
  return files.flatMap((file) => keysOf(file, values.get(file) ?? []));
}

function keysOf(file: SourceFile, unsorted: readonly Variable[]): readonly ProviderKey[] {
  const variables = unsorted.toSorted((a, b) => a.value.span.start - b.value.span.start);
  const found: ProviderKey[] = [];
  const holders = new Set<Variable>();
  let next = 0;
  for (const { from, to, ...provider } of mayHoldKeys(file.text) ? keysIn(file.text) : []) {
    while (next < variables.length && variables[next]!.value.span.end < to) next++;
    const holder = variables[next];
    const variable = holder && holder.value.span.start <= from ? holder : undefined;
    if (variable) holders.add(variable);
    found.push({ ...provider, span: { file, start: from, end: to }, ...(variable && { variable }) });
  }
  const places = new Set(found.map(({ span }) => span.start));
  for (const variable of variables) {
    const { credential, value } = variable;
    if (credential?.kind !== "provider" || holders.has(variable) || places.has(credential.span.start)) continue;
    const { start, end } = credential.span;
    const text = value.value.from === "literal" ? value.value.text : file.text.slice(start, end);
    const provider = providerOf(variable.name.value, text);
    if (!provider) continue;
    places.add(start);
    found.push({ ...provider, span: credential.span, variable });
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** Every key has a long piece of word characters with a digit in it, or digits and a colon before it. Most texts have none. */
const PIECE = /\w{12,}/g;

function mayHoldKeys(text: string): boolean {
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    if (/\d/.test(piece) || /^\d:/.test(text.slice(Math.max(0, index - 2), index))) return true;
  }
  return false;
}

/** Keys in one text, with offsets. */
function* keysIn(text: string): Generator<Provider & { readonly from: number; readonly to: number }> {
  for (const match of text.matchAll(ANY)) {
    const row = FORMATS[match.findIndex((group, index) => index > 0 && group !== undefined) - 1];
    if (!row || !isPlausible(match[0])) continue;
    yield { provider: row.provider, title: row.title, from: match.index, to: match.index + match[0].length };
  }
}

/** Whose key a value is: by the name of its variable, else by its own format. Absent if it is none. */
export function providerOf(name: string, text: string): Provider | undefined {
  if (text.length < 16 || text.length > 512) return undefined;
  const upper = name.toUpperCase().replace(/[-.]/g, "_");
  const named = NAMED.find((row) => row.name.test(upper) && row.whole.test(text));
  if (named && isPlausible(text)) return { provider: named.provider, title: named.title };
  const [key] = keysIn(text);
  return key && key.to - key.from === text.length ? { provider: key.provider, title: key.title } : undefined;
}

const FILLER =
  /your|example|placeholder|replace|change[-_]?me|dummy|redacted|insert|x{4}|\*{3}|\.{3}|(?<![a-z])(?:fake|todo|test|sample|demo)(?![a-z])/i;

/**
 * True if a text of a key's shape can be a key: it has a digit, is no filler, does not run through the alphabet or the
 * digits, and no character fills it.
 */
function isPlausible(text: string): boolean {
  if (FILLER.test(text) || !/\d/.test(text)) return false;
  const body = text.slice(text.length > 40 ? 8 : 4);
  let runs = 0;
  for (let at = 1; at < body.length; at++) {
    const step = body.charCodeAt(at) - body.charCodeAt(at - 1);
    if (step >= -1 && step <= 1) runs++;
  }
  return runs / body.length < 0.34 && new Set(body).size >= Math.min(8, body.length / 2) && entropy(body) > 2.5;
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
