/** Objects against the fields that their kinds have. Kinds that Kubernetes does not bring itself are not judged. */
import type { FieldFault, SourceFile } from "../../model.ts";
import { nearest } from "../../nearest.ts";
import type { Parsed } from "../../parse/index.ts";
import { entries, type YamlMapping, type YamlNode, type YamlScalar, type YamlTree } from "../../parse/yaml.ts";
import { retirement } from "./api-versions.ts";
import { KINDS, TYPES } from "./fields.generated.ts";
import { field, isNull, isTemplate, locate, type Resource, resourcesOf } from "./resource.ts";

/** A place's type: a code letter, a list or map of another, or the fields of a mapping. */
type Shape =
  | { readonly is: "text" | "number" | "boolean" | "quantity" | "any" }
  | { readonly is: "list" | "map"; readonly of: Shape }
  | { readonly is: "fields"; readonly type: number };

const CODES: Readonly<Record<string, Shape>> = {
  s: { is: "text" },
  n: { is: "number" },
  b: { is: "boolean" },
  // A quantity, an integer or a string: any single value but a boolean.
  q: { is: "quantity" },
  i: { is: "quantity" },
  o: { is: "any" },
};

const KIND_TYPES: ReadonlyMap<string, number> = new Map(
  KINDS.split("|").map((line) => {
    const [apiVersion, kind, type] = line.split(" ");
    return [`${apiVersion} ${kind}`, Number(type)];
  }),
);
const LINES = TYPES.split("|");
const known = new Map<number, ReadonlyMap<string, Shape>>();

function fieldsOf(type: number): ReadonlyMap<string, Shape> {
  const before = known.get(type);
  if (before) return before;
  const fields = new Map(
    (LINES[type] ?? "")
      .split(" ")
      .filter(Boolean)
      .map((field) => {
        const [name = "", code = "s"] = field.split(":");
        return [name, shapeOf(code)] as const;
      }),
  );
  known.set(type, fields);
  return fields;
}

function shapeOf(code: string): Shape {
  if (code[0] === "[" || code[0] === "{") return { is: code[0] === "[" ? "list" : "map", of: shapeOf(code.slice(1)) };
  return CODES[code] ?? { is: "fields", type: Number(code) };
}

/**
 * Faults of all objects of the files, in the order of the files. Values that a template or a substitution fills in are
 * unknown, an empty value is unset. Linear in what is written: what aliases share is judged once.
 */
export const fieldFaults = (yaml: readonly Parsed<YamlTree>[]): FieldFault[] =>
  yaml.flatMap(({ tree }) => tree.documents.flatMap(resourcesOf).flatMap(faultsOf));

function faultsOf(resource: Resource): FieldFault[] {
  const type = KIND_TYPES.get(`${resource.apiVersion} ${resource.kind}`);
  if (type === undefined) return misplacedKind(resource);
  const walk: Walk = { resource, faults: [], seen: new Set() };
  fields(walk, resource.root, type, "");
  return walk.faults;
}

const VERSIONS: ReadonlySet<string> = new Set([...KIND_TYPES.keys()].map((key) => key.slice(0, key.indexOf(" "))));

/** OpenShift 3 served these kinds under `v1` too. */
const OPENSHIFT = /^v1 (?:Cluster)?Role(?:Binding)?$/;

/** A kind of Kubernetes under a version of Kubernetes that never had it: `v1 Deployment`. */
function misplacedKind(resource: Resource): FieldFault[] {
  const { apiVersion, kind, root, subject } = resource;
  if (!VERSIONS.has(apiVersion) || OPENSHIFT.test(`${apiVersion} ${kind}`) || retirement(apiVersion, kind)) return [];
  const homes = [...VERSIONS].filter((version) => KIND_TYPES.has(`${version} ${kind}`));
  const suggestion = homes.find((version) => !version.includes("beta")) ?? homes[0];
  const at = field(root, "apiVersion");
  if (suggestion === undefined || !at) return [];
  return [{ fault: "kind", subject, field: locate(resource, at, apiVersion), path: "", suggestion, found: kind }];
}

interface Walk {
  readonly resource: Pick<Resource, "file" | "origins" | "subject"> & { readonly file: SourceFile };
  readonly faults: FieldFault[];
  readonly seen: Set<YamlNode>;
}

function fields(walk: Walk, node: YamlMapping, type: number, path: string): void {
  if (walk.seen.has(node)) return;
  walk.seen.add(node);
  const shapes = fieldsOf(type);
  for (const { key, value } of entries(node)) {
    const shape = shapes.get(key.text);
    if (shape) check(walk, value, shape, key.text, path);
    else if (!isForTools(key.text, path)) unknown(walk, key, shapes, path);
  }
}

/** `$patch` and its like, and what SOPS notes at the root, are taken out before the API sees the object. */
const isForTools = (key: string, path: string): boolean =>
  key.startsWith("$") || isTemplate(key) || (path === "" && key === "sops");

/** Of one object: finding them is slow, and past so many faults it is another kind of object. */
const MOST_SUGGESTIONS = 50;

function unknown({ resource, faults }: Walk, key: YamlScalar, shapes: ReadonlyMap<string, Shape>, path: string): void {
  const suggestion = faults.length < MOST_SUGGESTIONS ? nearest(key.text, shapes.keys()) : undefined;
  faults.push({
    fault: "unknown",
    subject: resource.subject,
    field: locate(resource, key, key.text),
    path,
    ...(suggestion !== undefined && { suggestion }),
  });
}

const joined = (path: string, name: string): string => (path ? `${path}.${name}` : name);

function check(walk: Walk, node: YamlNode, shape: Shape, name: string, path: string): void {
  if (shape.is === "any" || isNull(node) || (node.kind === "scalar" && isTemplate(node.text))) return;
  switch (shape.is) {
    case "fields":
      if (node.kind !== "mapping") break;
      fields(walk, node, shape.type, joined(path, name));
      return;
    case "list":
      if (node.kind !== "sequence") break;
      if (walk.seen.has(node)) return;
      walk.seen.add(node);
      for (const [index, { value }] of node.items.entries()) check(walk, value, shape.of, `${name}[${index}]`, path);
      return;
    case "map":
      if (node.kind !== "mapping") break;
      if (walk.seen.has(node)) return;
      walk.seen.add(node);
      for (const entry of entries(node)) check(walk, entry.value, shape.of, entry.key.text, joined(path, name));
      return;
    default:
      if (node.kind === "scalar" && fits(typeOf(node), shape.is)) return;
  }
  walk.faults.push({
    fault: "type",
    subject: walk.resource.subject,
    field: locate(walk.resource, node, name),
    path,
    expected: EXPECTED[shape.is],
    found: node.kind === "scalar" ? FOUND[typeOf(node)] : FOUND[node.kind],
  });
}

type Scalar = "text" | "number" | "boolean";

const fits = (type: Scalar, wanted: Shape["is"]): boolean =>
  wanted === "quantity" ? type !== "boolean" : type === wanted;

/** Booleans as YAML 1.1 has them, which is what the decoder of Kubernetes reads. */
const BOOLEAN = /^(?:yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF)$/;
/** Numbers that YAML 1.1 knows and 1.2 does not. */
const NUMBER = /^[-+]?(?:\d[\d_]*|0b[01_]+)$/;

function typeOf({ style, tag, text, value }: YamlScalar): Scalar {
  if (style !== "plain" || tag !== undefined) return "text";
  if (typeof value === "boolean" || BOOLEAN.test(text)) return "boolean";
  return typeof value === "number" || NUMBER.test(text) ? "number" : "text";
}

const EXPECTED: Readonly<Record<Exclude<Shape["is"], "any">, string>> = {
  text: "a text",
  number: "a number",
  boolean: "true or false",
  quantity: "a number or a text",
  list: "a list",
  map: "a mapping",
  fields: "a mapping",
};

const FOUND: Readonly<Record<Scalar | "mapping" | "sequence", string>> = {
  text: "a text",
  number: "a number",
  boolean: "a boolean",
  mapping: "a mapping",
  sequence: "a list",
};
