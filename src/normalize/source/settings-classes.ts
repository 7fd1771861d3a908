/**
 * Classes whose fields are read from the environment.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/
 */
import {
  type Assignment,
  type Call,
  type ClassNode,
  type Expression,
  entriesOf,
  lastSegment,
  option,
  pathOf,
} from "../../parse/script.ts";
import { grouped, located, type Module } from "./modules.ts";
import type { Read } from "./reads.ts";

/** Names of classes that read their fields from the environment: `BaseSettings` and what inherits from it. */
export function settingsClasses(all: readonly Module[]): ReadonlySet<string> {
  const classes = all.flatMap(({ tree }) => (tree.language === "python" ? tree.classes : []));
  const edges = classes.flatMap(({ name, bases }) => bases.map((base) => ({ name, base: lastSegment(base) })));
  const heirs = grouped(edges, ({ base }) => base);
  const found = new Set<string>();
  const open = ["BaseSettings"];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(heirs.get(name) ?? []).map((heir) => heir.name));
  }
  return found;
}

/** Fields of the settings classes of one file, as reads; `settings` are the names of all such classes. */
export function settingsReads(module: Module, settings: ReadonlySet<string>): Read[] {
  const classes = module.tree.classes.filter(({ name, bases }) => settings.has(name) && bases.length > 0);
  const fields = grouped(module.tree.assignments, ({ owner }) => owner);
  return classes.flatMap((defined) => {
    const prefix = prefixOf(module, defined);
    return (fields.get(defined.name) ?? []).flatMap((field) => fieldRead(module, field, prefix) ?? []);
  });
}

/** `env_prefix` of `model_config = SettingsConfigDict(…)` or of the inner `class Config`. */
export function prefixOf(module: Module, { name }: ClassNode): string {
  const config = module.defined.get(`${name}.model_config`)?.[0]?.value;
  const written =
    config?.kind === "call"
      ? option(config, "env_prefix")?.value
      : (entriesOf(config).find(({ key }) => key.text === "env_prefix")?.value ??
        module.defined.get(`${name}.Config.env_prefix`)?.[0]?.value);
  return written?.kind === "string" ? written.text : "";
}

/**
 * A field of a settings class reads `env_prefix` + its name, whatever the case, unless it names an alias.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/#environment-variable-names
 */
export function fieldRead(module: Module, field: Assignment, prefix: string): Read | undefined {
  const { target, name, value, annotation } = field;
  if (target === "model_config" || target.startsWith("_") || !annotation) return undefined;
  if (/ClassVar/.test(pathOf(annotation))) return undefined;
  const described = value?.kind === "call" && /(?:^|\.)Field$/.test(value.path) ? value : undefined;
  const alias = described && option(described, "env", "validation_alias", "alias")?.value;
  const aliased = alias?.kind === "call" || alias?.kind === "list" ? firstString(alias) : alias;
  const fallback = described ? fieldDefault(described) : value;
  return {
    name:
      aliased?.kind === "string"
        ? located(module, aliased, aliased.text)
        : located(module, name, `${prefix}${target}`.toUpperCase()),
    ...(fallback && { fallback }),
    required: fallback === undefined,
    node: value ?? annotation,
  };
}

const firstString = (node: Expression): Expression | undefined =>
  (node.kind === "call" ? node.positional : node.kind === "list" ? node.items : []).find(
    ({ kind }) => kind === "string",
  );

/** `Field(…)` and `...` mark a required field. */
function fieldDefault(call: Call): Expression | undefined {
  const written = call.positional[0] ?? option(call, "default")?.value;
  if (written) return written.kind === "other" ? undefined : written;
  const factory = option(call, "default_factory")?.value;
  return factory?.kind === "function" ? factory.results[0] : factory;
}
