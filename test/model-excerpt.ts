import type { Deployment, EnvValue, ImageReference, Located, SourceFile, Span, Variable } from "../src/model.ts";
import { rangeOf } from "../src/report/lines.ts";

type Excerpt = null | string | number | boolean | readonly Excerpt[] | { readonly [key: string]: Excerpt };

/** What one line of `_expect` asks for: a list of the model and fields of its items, `a.b` for a field of a field. */
interface Wanted {
  readonly list: string;
  readonly fields: readonly string[];
}

/** `containers: subject user` a line. */
export const wanted = (text: string): readonly Wanted[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [list = "", fields = ""] = line.split(":");
      return { list, fields: fields.trim().split(/\s+/) };
    });

/** The lists of a model that matter, short enough to be read: `value @ file:line:column` for what is located. */
export const excerpt = (model: Deployment, lists: readonly Wanted[]): Excerpt =>
  Object.fromEntries(
    lists.map(({ list, fields }) => [
      list,
      (model[list as keyof Deployment] as readonly object[]).map((item) =>
        Object.fromEntries(
          fields.map((field) => [field, short(at(item, field.split(".")))]).filter(([, value]) => value !== undefined),
        ),
      ),
    ]),
  );

function at(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || value === undefined) return value;
  if (Array.isArray(value)) return value.map((each) => at(each, [key, ...rest]));
  return at((value as Readonly<Record<string, unknown>>)[key], rest);
}

function short(value: unknown): Excerpt | undefined {
  if (value === undefined || value === null || typeof value !== "object") return value as Excerpt | undefined;
  if (Array.isArray(value)) return value.map((each) => short(each) ?? null);
  if ("text" in value && "path" in value) return (value as SourceFile).path;
  if ("file" in value && "start" in value) return place(value as Span);
  if ("origin" in value && "phase" in value) {
    const { name, value: given } = value as Variable;
    return `${name.value}=${text(given.value)}${given.implied ? " (implied)" : ""} @ ${place(given.span)}`;
  }
  if ("repository" in value) return short((value as ImageReference).reference);
  if ("value" in value && "span" in value) {
    const { value: of, span, implied } = value as Located<unknown>;
    return `${text(of)}${implied ? " (implied)" : ""} @ ${place(span)}`;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, of]) => {
      const given = short(of);
      return given === undefined ? [] : [[key, given]];
    }),
  );
}

function text(value: unknown): string {
  if (typeof value !== "object" || value === null || !("from" in value)) return String(value);
  const given = value as EnvValue;
  switch (given.from) {
    case "literal":
      return JSON.stringify(given.text);
    case "variable":
      return `${JSON.stringify(given.text)} → ${given.resolved === undefined ? "unknown" : JSON.stringify(given.resolved)}`;
    case "secret":
      return [given.secret.store, given.secret.name, given.secret.key].filter(Boolean).join(" ");
    case "host":
      return "from the host";
  }
}

function place(span: Span): string {
  const { line, column } = rangeOf(span).start;
  return `${span.file.path}:${line}:${column}`;
}
