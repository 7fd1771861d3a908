/** What a string in a manifest is worth as an environment value. */
import type { EnvValue, Located, Reference } from "../../model.ts";
import type { YamlNode } from "../../parse/yaml.ts";
import { place, placeWithin, type Resource } from "./resource.ts";

/** Values that `$(NAME)` may refer to: the literal ones of the same container, written above. */
export type Known = ReadonlyMap<string, Located<string>>;

/**
 * `$(NAME)` (Kubernetes, "Define dependent environment variables": `$$(NAME)` is an escape), `${NAME}` and
 * `${NAME:-fallback}` (envsubst and Flux substitution, before the cluster sees the file) and `{{ … }}` (templates)
 * make a value variable; all else is literal.
 */
export function envValue(
  resource: Pick<Resource, "file" | "origins">,
  node: YamlNode | undefined,
  known: Known = new Map(),
): EnvValue {
  if (node?.kind !== "scalar") return { from: "literal", text: "" };
  const { text } = node;
  const references: Reference[] = [];
  let resolved: string | undefined = "";
  let end = 0;
  const append = (part: string | undefined) => {
    resolved = part === undefined || resolved === undefined ? undefined : resolved + part;
  };
  for (const match of text.matchAll(REFERENCE)) {
    append(text.slice(end, match.index));
    end = match.index + match[0].length;
    const { escaped, variable, substitution, template, bare } = match.groups as Groups;
    if (escaped !== undefined) {
      append(escaped);
      continue;
    }
    const spanOf = (from: number, to: number) => placeWithin(resource, node, from, to);
    const span = spanOf(match.index, end);
    if (substitution !== undefined) {
      const [, name = substitution, operator, fallback] = /^([^:=-]*)(?:(:?[-=])(.*))?$/s.exec(substitution) ?? [];
      const from = end - 1 - (fallback?.length ?? 0);
      references.push({
        name,
        span,
        ...(operator && { fallback: { value: fallback ?? "", span: spanOf(from, end - 1) } }),
      });
      append(operator ? fallback : undefined);
    } else {
      const value = variable === undefined ? undefined : known.get(variable);
      references.push({ name: variable ?? bare ?? template?.trim() ?? "", span, ...(value && { value }) });
      append(value?.value);
    }
  }
  append(text.slice(end));
  if (!references.length) return { from: "literal", text: resolved ?? text };
  return { from: "variable", text, references, ...(resolved !== undefined && { resolved }) };
}

type Groups = Partial<Record<"escaped" | "variable" | "substitution" | "template" | "bare", string>>;

const REFERENCE =
  /\$(?<escaped>\$\([^()$]*\))|\$\((?<variable>[^()$]*)\)|\$\{(?<substitution>[^{}$]*)\}|\{\{(?<template>[^{}]*)\}\}|^\$(?<bare>[A-Z_][A-Z0-9_]*)$/g;

/** The same, at its place. An empty value stands where its key leaves it out. */
export const locatedValue = (resource: Resource, node: YamlNode, known?: Known): Located<EnvValue> => ({
  value: envValue(resource, node, known),
  span: place(resource, node),
});
