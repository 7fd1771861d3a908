/** What the tool thinks the deployment is, as JSON. Field by field in docs/model.md. */
import type { Deployment, EnvValue, Located, SourceFile, Span } from "../model.ts";
import { rangeOf } from "./lines.ts";
import { MASK, type Mask, masked, maskedText, maskOf } from "./mask.ts";

/**
 * The model with every span as `file:line:column-line:column` (from 1, UTF-16 code units, end exclusive), every file as
 * its path but in `files`, and every secret as `••••`. Ends with a line end.
 */
export const modelReport = (model: Deployment): string => `${JSON.stringify(plainModel(model), undefined, 2)}\n`;

export type Plain = null | string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** `modelReport` before it becomes text. */
export function plainModel(model: Deployment): Plain {
  const { files, sensitive, ...facts } = model;
  const mask = maskOf(sensitive);
  const secrets = secretTexts(mask);
  const convert = (value: unknown): Plain => {
    if (typeof value === "string") return secrets.has(value) ? MASK : value;
    if (value === null || typeof value === "number" || typeof value === "boolean") return value;
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== "object") return null;
    if (isFile(value)) return value.path;
    if (isSpan(value)) return place(value);
    if ("keywordSpan" in value && "span" in value && isSpan(value.span)) {
      return entries({ ...value, text: maskedText(mask, value.span) }, convert);
    }
    return entries(
      "value" in value && "span" in value && isSpan(value.span) ? redacted(value as Located<unknown>, mask) : value,
      convert,
    );
  };
  return {
    files: files.map(({ text, ...file }) => entries(file, convert)),
    ...(entries(facts, convert) as { readonly [key: string]: Plain }),
    sensitive: sensitive.map(place),
  };
}

/** Own keys as they stand, `__proto__` among them. */
const entries = (value: object, convert: (value: unknown) => Plain): Plain =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, convert(field)]),
  );

const isFile = (value: object): value is SourceFile => "path" in value && "text" in value && "language" in value;
const isSpan = (value: unknown): value is Span =>
  typeof value === "object" &&
  value !== null &&
  "file" in value &&
  "start" in value &&
  "end" in value &&
  typeof value.start === "number";

function place(span: Span): string {
  const { start, end } = rangeOf(span);
  return `${span.file.path}:${start.line}:${start.column}-${end.line}:${end.column}`;
}

/** A value that stands on a secret, or that is resolved from one, without it. */
function redacted(located: Located<unknown>, mask: Mask): Located<unknown> {
  const { value, span } = located;
  const hides = masked(mask, span).length > 0;
  const cover = (text: string): string =>
    text === span.file.text.slice(span.start, span.end) ? maskedText(mask, span) : MASK;
  if (typeof value === "string") return hides ? { ...located, value: cover(value) } : located;
  if (!isEnvValue(value)) return located;
  if (value.from === "literal") return hides ? { ...located, value: { ...value, text: cover(value.text) } } : located;
  if (value.from !== "variable") return located;
  const secret = value.references.some((reference) =>
    [reference.value, reference.fallback].some((source) => source && masked(mask, source.span).length > 0),
  );
  return {
    ...located,
    value: {
      ...value,
      ...(hides && { text: cover(value.text) }),
      ...((hides || secret) && value.resolved !== undefined && { resolved: MASK }),
    },
  };
}

const isEnvValue = (value: unknown): value is EnvValue =>
  typeof value === "object" && value !== null && "from" in value;

/** A shorter secret is a word that may well stand for something else: a service called like its password. */
const SHORTEST = 12;

/** Texts that are secrets wherever they turn up again. */
function secretTexts(mask: Mask): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const [file, ranges] of mask) {
    for (const [start, end] of ranges) if (end - start >= SHORTEST) texts.add(file.text.slice(start, end));
  }
  return texts;
}
