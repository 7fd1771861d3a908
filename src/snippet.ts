/**
 * Building blocks of snippets: the guide's remedy in the language of the file, with the user's own names.
 * Each function returns text without a final line end.
 */

import type { Span } from "./model.ts";
import { countBefore } from "./sorted.ts";

const indent = (text: string, by: number): string =>
  text
    .split("\n")
    .map((line) => (line ? " ".repeat(by) + line : line))
    .join("\n");

/** `services:` → `name:` → `body` (YAML lines without indentation). */
export const composeService = (name: string, body: string): string => `services:\n  ${name}:\n${indent(body, 4)}`;

/** `containers:` → `- name: name` → `body`. */
export const kubernetesContainer = (name: string, body: string): string =>
  `containers:\n  - name: ${name}\n${indent(body, 4)}`;

/** `OPENAI_API_KEY` → `openai-api-key`: the key of a Kubernetes Secret as the QWED guide writes it. */
export const secretKey = (variable: string): string => variable.toLowerCase().replaceAll("_", "-");

/** One `env` entry that takes `variable` from a Secret (QWED guide, section 1). */
export const secretKeyRef = (variable: string, secret: string): string =>
  `- name: ${variable}\n  valueFrom:\n    secretKeyRef:\n      name: ${secret}\n      key: ${secretKey(variable)}`;

/** Longest text that makes a snippet, in UTF-16 code units: what stands further from an edit is not looked at. */
const LONGEST = 240;

/**
 * The user's own lines with `edits` applied, indented no further than the first of them: right in every language.
 * `edits` lie in one file, in order, none inside another. Absent where one of `secrets` (by path and place, as the model
 * has them) that is not `replaced` stands on these lines, or where they are too long to read.
 */
export function rewritten(
  edits: readonly { readonly span: Span; readonly text: string }[],
  secrets: readonly Span[],
  replaced?: Span,
): string | undefined {
  const [first, last] = [edits[0]?.span, edits.at(-1)?.span];
  if (!first || !last) return undefined;
  const { file } = first;
  const before = file.text.slice(Math.max(0, first.start - LONGEST - 1), first.start);
  const behind = file.text.slice(last.end, last.end + LONGEST + 1);
  const from = first.start - (before.length - before.lastIndexOf("\n") - 1);
  const to = last.end + (behind.includes("\n") ? behind.indexOf("\n") : behind.length);
  if (to - from > LONGEST) return undefined;
  const shown = secretsWithin({ file, start: from, end: to }, secrets);
  if (shown.some(({ start, end }) => !replaced || start < replaced.start || end > replaced.end)) return undefined;
  let text = "";
  let at = from;
  for (const { span, text: instead } of edits) {
    text += file.text.slice(at, span.start) + instead;
    at = span.end;
  }
  const lines = (text + file.text.slice(at, to)).split(/\r?\n/);
  const depth = lines[0]!.search(/\S|$/);
  return lines.map((line) => line.slice(Math.min(depth, line.search(/\S|$/))).trimEnd()).join("\n");
}

function secretsWithin({ file, start, end }: Span, secrets: readonly Span[]): readonly Span[] {
  const at = countBefore(
    secrets,
    (secret) => secret.file.path < file.path || (secret.file === file && secret.end <= start),
  );
  const found: Span[] = [];
  for (let next = at; secrets[next]?.file === file && secrets[next]!.start < end; next++) found.push(secrets[next]!);
  return found;
}
