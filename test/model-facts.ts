/** What a model says, whatever the places where it says it: what two models are compared by. */
import type { Deployment } from "../src/model.ts";

/** A fact with the way to it: `containers[service api].user = root (implied)`. */
export type Fact = string;

/** Facts with how many times they are there. */
export type Facts = ReadonlyMap<Fact, number>;

/** Found again inside other nouns: a port of a container is a port, whoever provides a variable. */
const NOUNS: Readonly<Record<string, string>> = {
  ports: "ports",
  variables: "variables",
  variable: "variables",
  providedBy: "variables",
  mounts: "mounts",
  image: "images",
  images: "images",
  credential: "credential",
  references: "references",
};
/** Where something would be written. */
const BLANKS: ReadonlySet<string> = new Set(["blank", "bind", "replaces", "reference", "blanks", "closed"]);

/**
 * Every scalar of a model but places and the texts of files. Items of a list are told apart by what they are about
 * (subject and name), not by their index, so that a new one leaves the others what they are.
 */
export function factsOf(model: Deployment): Facts {
  const facts = new Map<Fact, number>();
  const read = (value: unknown, path: string): void => {
    if (value === undefined || isSpan(value)) return;
    if (Array.isArray(value)) {
      for (const item of value) read(item, `${path}[${identity(item)}]`);
    } else if (typeof value !== "object" || value === null) {
      const fact = `${path} = ${value}`;
      facts.set(fact, (facts.get(fact) ?? 0) + 1);
    } else if (isFile(value)) read(value.path, path);
    else if (isLocated(value)) {
      const { value: inner, implied } = value;
      read(typeof inner === "object" || !implied ? inner : `${inner} (implied)`, path);
    } else {
      for (const [key, field] of Object.entries(value)) {
        if (BLANKS.has(key)) continue;
        const noun = NOUNS[key];
        read(
          field,
          noun === undefined ? `${path}.${key}` : Array.isArray(field) ? noun : `${noun}[${identity(field)}]`,
        );
      }
    }
  };
  const { files, sensitive: _, ...lists } = model;
  for (const { text: __, language: ___, ...file } of files) read(file, `files[${file.path}]`);
  for (const [key, list] of Object.entries(lists)) read(list, key);
  return facts;
}

type Fields = Readonly<Record<string, unknown>>;

const isSpan = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "start" in value && "end" in value && "file" in value;
const isFile = (value: object): value is { readonly path: string } => "path" in value && "text" in value;
const isLocated = (value: object): value is { readonly value: unknown; readonly implied?: true } =>
  "value" in value && "span" in value && !("name" in value);

/** "service api DEBUG"; "" for what has no name. */
function identity(item: unknown): string {
  if (typeof item !== "object" || item === null) return "";
  const { subject, name, path, key, keyword } = item as Fields;
  return [subject, isObject(name) ? name.value : name, path, key, keyword]
    .filter((word) => typeof word === "string" && word !== "")
    .join(" ");
}

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** Facts that one has and the other has not, or not as many times. */
export const differing = (a: Facts, b: Facts): readonly Fact[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((fact) => a.get(fact) !== b.get(fact));

/** What a fact is about, without names and values: `containers[].user`. */
export const aspectOf = (fact: Fact): string => fact.slice(0, fact.indexOf(" = ")).replace(/\[[^\]]*\]/g, "[]");
