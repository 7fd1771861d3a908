/** compose-spec's JSON Schema → the table that `src/normalize/compose/schema.ts` walks. */
import type { Shape } from "../src/normalize/compose/schema.ts";

type Schema = { readonly [keyword: string]: unknown };

/** Parts of a schema under one roof: `oneOf` and `allOf` are united, because YAML kinds tell the alternatives apart. */
interface Draft {
  values: Set<string>;
  empty: boolean;
  words: Set<string>;
  /** Some alternative takes any text. */
  text: boolean;
  keys: Map<string, Schema> | undefined;
  rest: Schema[];
  names: string | undefined;
  extensible: boolean;
  closed: boolean;
  items: Schema[] | undefined;
}

/** Keywords that decide nothing here. */
const REMARKS = new Set(["title", "description", "deprecated", "default", "minimum", "maximum", "uniqueItems"]);

const SCALARS = new Set(["string", "number", "integer", "boolean"]);

/** Shapes by number; the first is the whole file. Equal shapes are one. */
export function shapesOf(root: Schema): readonly Shape[] {
  const shapes: Shape[] = [];
  const numbers = new Map<string, number>();
  const number = (schemas: readonly Schema[]): number => {
    const meaning = JSON.stringify(schemas, (keyword, value) =>
      typeof value !== "object" && REMARKS.has(keyword) ? undefined : value,
    );
    const known = numbers.get(meaning);
    if (known !== undefined) return known;
    const index = shapes.length;
    numbers.set(meaning, index);
    shapes.push({});
    shapes[index] = shape(schemas);
    return index;
  };
  const shape = (schemas: readonly Schema[]): Shape => {
    const draft: Draft = {
      values: new Set(),
      empty: false,
      words: new Set(),
      text: false,
      keys: undefined,
      rest: [],
      names: undefined,
      extensible: false,
      closed: false,
      items: undefined,
    };
    for (const schema of schemas) collect(schema, draft);
    const { values, empty, words, text, keys, rest, names, extensible, closed, items } = draft;
    return {
      ...(values.size && { values: [...values].sort() }),
      ...(empty && { empty }),
      ...(words.size && !text && { words: [...words] }),
      ...(keys && {
        keys: Object.fromEntries([...keys].map(([key, schema]) => [key, number([schema])])),
        ...(rest.length && { rest: number(rest) }),
        ...(names !== undefined && { names }),
        ...(extensible && { extensible }),
        ...(closed && { closed }),
      }),
      ...(items && { items: number(items) }),
    };
  };
  const collect = (schema: Schema, draft: Draft): void => {
    if (typeof schema.$ref === "string") collect(definition(root, schema.$ref), draft);
    for (const keyword of ["allOf", "oneOf", "anyOf"]) {
      for (const part of (schema[keyword] ?? []) as readonly Schema[]) collect(part, draft);
    }
    const types = typesOf(schema);
    if (types.includes("null")) draft.empty = true;
    for (const type of types) if (SCALARS.has(type)) draft.values.add(type === "integer" ? "number" : type);
    if (Array.isArray(schema.enum)) for (const word of schema.enum) draft.words.add(word);
    else if (types.includes("string")) draft.text = true;
    if (types.includes("array")) draft.items = [...(draft.items ?? []), (schema.items ?? {}) as Schema];
    if (types.includes("object") || schema.properties) {
      draft.keys ??= new Map();
      for (const [key, value] of Object.entries(schema.properties ?? {})) draft.keys.set(key, value);
      for (const [pattern, value] of Object.entries(schema.patternProperties ?? {})) {
        if (pattern === "^x-") draft.extensible = true;
        else {
          draft.rest.push(value as Schema);
          if (pattern !== ".+" && pattern !== "^.+$") draft.names = pattern;
        }
      }
      if (typeof schema.additionalProperties === "object") draft.rest.push(schema.additionalProperties as Schema);
    }
    if (schema.additionalProperties === false || schema.unevaluatedProperties === false) draft.closed = true;
  };
  number([root]);
  return shapes;
}

function typesOf({ type }: Schema): readonly string[] {
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? (type as readonly string[]) : [];
}

function definition(root: Schema, reference: string): Schema {
  const path = reference.replace(/^#\//, "").split("/");
  return path.reduce((at, key) => at[key] as Schema, root);
}
