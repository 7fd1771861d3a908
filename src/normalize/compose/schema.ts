/**
 * Files against the JSON Schema of the Compose Specification: keys that it does not know, and values of a wrong type.
 * The schema is walked as a table that `npm run generate` makes of it.
 */
import type { Problem, SourceFile, UnknownKey } from "../../model.ts";
import { nearest } from "../../nearest.ts";
import { entries, type YamlDocument, type YamlMapping, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { SHAPES } from "./schema-shapes.ts";

/** What may stand at a place. Nothing of a kind that is left out; no kind at all: anything. */
export interface Shape {
  /** JSON types of a single value: "string", "number", "boolean". */
  readonly values?: readonly string[];
  /** It may be left empty. */
  readonly empty?: true;
  /** The only texts that a single value may be. */
  readonly words?: readonly string[];
  /** Keys of a mapping, with the number of their shape. */
  readonly keys?: Readonly<Record<string, number>>;
  /** Shape of what stands under any other key. */
  readonly rest?: number;
  /** What any other key must match. */
  readonly names?: string;
  /** Keys that begin with `x-` are free. */
  readonly extensible?: true;
  /** Keys that are neither in `keys` nor covered by `rest` are unknown. */
  readonly closed?: true;
  /** Shape of the items of a list. */
  readonly items?: number;
}

/** Deeper than the specification goes. */
const DEPTH = 24;

interface Check {
  readonly file: SourceFile;
  readonly unknown: UnknownKey[];
  readonly problems: Problem[];
  readonly seen: Set<YamlNode>;
}

interface Place {
  /** "service api", "network backend", "" for the file. */
  readonly subject: string;
  /** Keys below the subject. */
  readonly path: readonly string[];
  /** It is an item of the list there. */
  readonly item?: true;
}

/**
 * Unknown keys and values of a wrong type in one document. A value with a variable in it may be anything, and a text
 * is taken where a number is wanted, because Compose casts it. What several aliases share is judged once.
 */
export function checkSchema({ file, root }: YamlDocument, problems: Problem[]): readonly UnknownKey[] {
  const check: Check = { file, unknown: [], problems, seen: new Set() };
  if (root.kind === "mapping") walk(root, SHAPES[0]!, { subject: "", path: [] }, check);
  return check.unknown;
}

function walk(node: YamlNode, shape: Shape, place: Place, check: Check): void {
  if (check.seen.has(node) || place.path.length > DEPTH || node.tag === "!reset") return;
  if (node.kind !== "scalar") check.seen.add(node);
  const kinds = kindsOf(shape);
  if (node.kind === "scalar") scalar(node, shape, place, check);
  else if (kinds.length && !kinds.includes(node.kind)) wrong(node, NAMES[node.kind], shape, place, check);
  else if (node.kind === "sequence") {
    const items = shape.items === undefined ? undefined : SHAPES[shape.items];
    if (items) for (const { value } of node.items) walk(value, items, { ...place, item: true }, check);
  } else if (shape.keys) mapping(node, shape, place, check);
}

function mapping(node: YamlMapping, shape: Shape, place: Place, check: Check): void {
  const { keys = {}, rest, names, extensible, closed } = shape;
  const pattern = names === undefined ? undefined : new RegExp(names);
  for (const { key, value } of entries(node)) {
    const name = key.text;
    if (check.seen.has(key) || (extensible && name.startsWith("x-"))) continue;
    check.seen.add(key);
    const known = Object.hasOwn(keys, name) ? keys[name] : undefined;
    const index = known ?? (rest !== undefined && (!pattern || pattern.test(name)) ? rest : undefined);
    if (index !== undefined) {
      const shape = SHAPES[index]!;
      if (isEmpty(value)) empty(key, shape, below(place, name), check);
      else walk(value, shape, below(place, name), check);
    } else if (closed) {
      const suggestion = pattern ? undefined : nearest(name, Object.keys(keys));
      check.unknown.push({
        key: { value: name, span: { file: check.file, start: key.start, end: key.end } },
        subject: place.subject,
        path: [...place.path, name].join("."),
        ...(suggestion !== undefined && { suggestion }),
        ...(names !== undefined && { name: true }),
      });
    }
  }
}

/** What the top-level sections hold, in the singular. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["services", "service"],
  ["jobs", "job"],
  ["networks", "network"],
  ["volumes", "volume"],
  ["secrets", "secret"],
  ["configs", "config"],
  ["models", "model"],
]);

function below({ subject, path }: Place, name: string): Place {
  const section = path.length === 1 && subject === "" ? SECTIONS.get(path[0]!) : undefined;
  return section ? { subject: `${section} ${name}`, path: [] } : { subject, path: [...path, name] };
}

const isEmpty = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null && node.tag !== "!reset";

/** Compose refuses a key with nothing behind it unless its schema allows `null`. */
function empty(key: YamlScalar, shape: Shape, place: Place, check: Check): void {
  const kinds = kindsOf(shape).map((kind) => NAMES[kind]);
  if (kinds.length && !shape.empty) report(key, place, `must be ${kinds.join(" or ")}, not empty`, check);
}

function scalar(node: YamlScalar, shape: Shape, place: Place, check: Check): void {
  const { values, words } = shape;
  const kinds = kindsOf(shape);
  if (node.value === null || node.text.includes("$") || kinds.length === 0) return;
  if (!values) wrong(node, NAMES.scalar, shape, place, check);
  else if (values.includes("string")) {
    if (typeof node.value !== "string" && !values.includes(typeof node.value)) {
      wrong(node, TYPES[typeof node.value] ?? "a value", shape, place, check);
    } else if (isSwitch(values) && typeof node.value === "string" && !BOOLEAN.test(node.text)) {
      report(node, place, `must be true or false, not "${node.text.slice(0, 20)}"`, check);
    } else if (words && !words.includes(node.text)) {
      report(node, place, `must be ${words.join(" or ")}`, check);
    }
  }
}

/** A boolean or a text that Compose casts to one. */
const isSwitch = (values: readonly string[]): boolean => values.length === 2 && values.includes("boolean");
const BOOLEAN = /^(?:true|false|y|n|yes|no|on|off|1|0)$/i;

const NAMES: Readonly<Record<YamlNode["kind"], string>> = {
  scalar: "a single value",
  mapping: "a mapping",
  sequence: "a list",
};
const TYPES: Readonly<Record<string, string>> = { string: "a text", number: "a number", boolean: "a boolean" };

const kindsOf = ({ values, keys, items }: Shape): readonly YamlNode["kind"][] => [
  ...(values ? (["scalar"] as const) : []),
  ...(keys ? (["mapping"] as const) : []),
  ...(items !== undefined ? (["sequence"] as const) : []),
];

function wrong(node: YamlNode, found: string, shape: Shape, place: Place, check: Check): void {
  const single = found === TYPES.number || found === TYPES.boolean;
  const wanted = kindsOf(shape).map((kind) => (kind === "scalar" && single ? "a quoted text" : NAMES[kind]));
  report(node, place, `must be ${wanted.join(" or ")}, not ${found}`, check);
}

function report(node: YamlNode, { subject, path, item }: Place, message: string, { file, problems }: Check): void {
  const owner = subject === "" ? "" : path.length ? `${subject}: ` : `${subject.split(" ", 1)[0]}s: `;
  const name = path.length ? path.join(".") : subject.slice(subject.indexOf(" ") + 1);
  const span = { file, start: node.start, end: node.end };
  problems.push({ kind: "unreadable", span, message: `${owner}${item ? "item of " : ""}"${name}" ${message}` });
}
