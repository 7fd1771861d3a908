/** Environments of services and arguments of builds (Compose Specification, 05-services: `environment`, `env_file`, `build`). */
import type { EnvFile, EnvironmentSource, EnvValue, Located, OverwrittenVariable, Variable } from "../../model.ts";
import type { Lookup } from "../interpolation.ts";
import { within } from "../paths.ts";
import { variable } from "../variable.ts";
import { at, type Entry, flag, get, list, type Mapping, type Node, pairs, text } from "./node.ts";

/** Finds a `.env` file by its path; absent if it is out of sight. */
export type EnvFiles = (path: string) => EnvFile | undefined;

/**
 * What Compose takes from a project's `.env` for interpolation. A value that itself refers to the unknown is "unknown".
 * Of a name written twice the last counts.
 */
export function lookupIn(file: EnvFile | undefined): Lookup {
  const known = new Map<string, ReturnType<Lookup>>();
  for (const { name, value } of file?.variables ?? []) {
    const text = textOf(value.value);
    known.set(name.value, text === undefined ? "unknown" : { value: text, span: value.span });
  }
  return (name) => known.get(name);
}

const textOf = (value: EnvValue): string | undefined =>
  value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;

/** Variables written under `environment`, in the order written. */
export const environment = (service: Mapping, subject: string): readonly Variable[] =>
  written(get(service, "environment"), { origin: "compose", phase: "run", subject });

/** Variables written under `build.args`. */
export const buildArguments = (service: Mapping, subject: string): readonly Variable[] =>
  written(get(service, "build", "args"), { origin: "compose-build-arg", phase: "build", subject });

const written = (node: Node | undefined, owner: Pick<Variable, "origin" | "phase" | "subject">): readonly Variable[] =>
  [...pairs(node).values()].flatMap((entry) => {
    const value = assigned(entry);
    return value ? [variable({ name: entry.key, value, ...owner, ...replaceable(entry) })] : [];
  });

const replaceable = ({ value }: Entry): Pick<Variable, "reference" | "filledFrom"> =>
  value.kind === "scalar" && value.blank && value.source.filledFrom !== undefined
    ? { reference: value.blank, filledFrom: value.source.filledFrom }
    : {};

/** Items of an `environment` list that a later item of the same name replaces. */
export function overwritten(service: Mapping, subject: string): readonly OverwrittenVariable[] {
  const node = get(service, "environment");
  if (node?.kind !== "sequence") return [];
  const variables = node.items.flatMap((item) =>
    written({ ...node, items: [item] }, { origin: "compose", phase: "run", subject }),
  );
  const last = new Map(variables.map((variable) => [variable.name.value, variable]));
  return variables.flatMap((variable) => {
    const by = last.get(variable.name.value)!;
    return by === variable
      ? []
      : [{ variable, by: by.name, same: textOf(by.value.value) === textOf(variable.value.value) }];
  });
}

/** A name without a value is taken from the project's `.env`, or from whoever starts it. Absent for a wrong type. */
function assigned({ key, value }: Entry): Located<EnvValue> | undefined {
  if (value.kind !== "scalar") return undefined;
  if (!value.empty) return { value: value.value, span: value.span };
  const found = value.source.lookup(key.value);
  if (found === undefined || found === "unknown") return { value: { from: "host" }, span: key.span };
  const reference = { name: key.value, span: key.span, value: found };
  return {
    value: { from: "variable", text: `\${${key.value}}`, references: [reference], resolved: found.value },
    span: key.span,
  };
}

/** The files that a service names in `env_file`, and whether they are in sight. */
export const environmentFiles = (service: Mapping, envFiles: EnvFiles): readonly EnvironmentSource[] =>
  [...(service.partial ? [service] : []), ...list(get(service, "env_file"))].map((item): EnvironmentSource => {
    if (item === service) return { kind: "extended", name: at(item, ""), found: false };
    const node = item.kind === "scalar" ? item : (get(item, "path") ?? item);
    const path = text(node);
    const file = path === undefined ? undefined : within(item.source.folder, path);
    const optional = item.kind === "mapping" && flag(get(item, "required")) === false;
    return {
      kind: "env-file",
      name: at(node, path ?? ""),
      found: file !== undefined && envFiles(file) !== undefined,
      ...(optional && { optional }),
    };
  });

/**
 * What a container gets: its `env_file`s in order, `environment` over them. Variables of files are the objects of the
 * file, not copies.
 */
export function received(service: Mapping, own: readonly Variable[], envFiles: EnvFiles): readonly Variable[] {
  const files = list(get(service, "env_file")).flatMap((item) => {
    const path = item.kind === "scalar" ? text(item) : text(get(item, "path"));
    const file = path === undefined ? undefined : within(item.source.folder, path);
    return (file === undefined ? undefined : envFiles(file))?.variables ?? [];
  });
  if (files.length === 0) return own;
  const last = new Map(files.map((variable) => [variable.name.value, variable]));
  for (const { name } of own) last.delete(name.value);
  return [...last.values(), ...own];
}
