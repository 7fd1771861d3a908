/** Values of ARG and ENV at a place of a Dockerfile, and what they make of a word (Dockerfile reference, "Scope"). */
import type { EnvValue, Located, Reference, Span } from "../../model.ts";
import type { Word } from "../../parse/dockerfile.ts";
import { type Expanded, expand, type Scope as Lookup } from "./expand.ts";

type Value = Located<string> | "unknown";

/** Grows with every ARG and ENV of its stage; a stage that continues another sees that one's through `parent`. */
export interface Scope {
  readonly args: Map<string, Value>;
  readonly env: Map<string, Value>;
  readonly parent?: Scope;
}

export const scopeIn = (parent?: Scope): Scope => ({ args: new Map(), env: new Map(), ...(parent && { parent }) });

/** Stages that continue one another farther than anybody writes: what lies beyond is unknown. */
const MAX_PARENTS = 100;

/** The value of a name here; ENV wins over ARG. Absent: nobody declares it, so the base image or the builder may. */
export function variableIn(scope: Scope, name: string): Value | undefined {
  let argument: Value | undefined;
  let at: Scope | undefined = scope;
  for (let i = 0; at && i < MAX_PARENTS; i++, at = at.parent) {
    const environment = at.env.get(name);
    if (environment) return environment;
    argument ??= at.args.get(name);
  }
  return argument;
}

const lookup =
  (scope: Scope): Lookup =>
  (name) =>
    variableIn(scope, name) ?? "unknown";

/** The text of a word after expansion; absent if it depends on something that is not in the file. */
export const resolve = (word: Word, scope: Scope, escaping: string): string | undefined =>
  expand(word.raw, lookup(scope), escaping).resolved;

/** A word as the value of a variable: a literal, or a text with references and what they are worth. */
export function valueOfWord(word: Word, scope: Scope, escaping: string): EnvValue {
  const expanded = expand(word.raw, lookup(scope), escaping);
  const { text, references, resolved } = expanded;
  if (!references.length) return { from: "literal", text: resolved ?? text };
  const place = placesIn(word);
  return {
    from: "variable",
    text,
    references: references.map((reference) => referenceOf(reference, scope, place)),
    ...(resolved !== undefined && { resolved }),
  };
}

function referenceOf(found: Expanded["references"][number], scope: Scope, place: Place): Reference {
  const value = variableIn(scope, found.name);
  return {
    name: found.name,
    span: place(found.start, found.end),
    ...(found.fallback && {
      fallback: { value: found.fallback.text, span: place(found.fallback.start, found.fallback.end) },
    }),
    ...(value && value !== "unknown" && { value }),
    ...(found.required && { required: true }),
  };
}

/** Source span of `word.raw.slice(from, to)`. */
type Place = (from: number, to: number) => Span;

/** Exact; the whole word where a line is continued inside it. */
function placesIn({ raw, span }: Word): Place {
  const { file, start, end } = span;
  const written = file.text.slice(start, end);
  const quote = raw.length - written.length === 2 ? 1 : 0;
  if (raw.slice(quote, raw.length - quote) !== written) return () => span;
  return (from, to) => ({ file, start: start + from - quote, end: start + to - quote });
}
