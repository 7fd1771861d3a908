/** The environment of a container: `env`, `envFrom` and the ConfigMaps and Secrets they name. */
import type {
  Blank,
  EnvironmentSource,
  EnvValue,
  Located,
  OverwrittenVariable,
  SecretRef,
  Variable,
} from "../../model.ts";
import { boolean, items, text, type YamlMapping, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { isJson } from "../blanks.ts";
import { variable } from "../variable.ts";
import type { Directory, Named } from "./directory.ts";
import { field, locate, place, type Resource } from "./resource.ts";
import type { Store } from "./stores.ts";
import { locatedValue } from "./value.ts";

export interface Environment {
  /** What the process sees; the objects of a ConfigMap or Secret are those of its store. */
  readonly all: readonly Variable[];
  /** Those of `all`, and those of `env` that a later entry replaces, that are no store's. */
  readonly own: readonly Variable[];
  readonly from: readonly EnvironmentSource[];
  readonly overwritten: readonly OverwrittenVariable[];
}

interface Scope {
  readonly resource: Resource;
  readonly subject: string;
  readonly stores: Directory<Store>;
  /** Secrets of the project whose keys are kept outside: sealed, or made by an operator. */
  readonly kept: Directory<Named>;
}

/**
 * `env` wins over `envFrom`, a later source of `envFrom` over an earlier one, a later entry of `env` over an earlier
 * (Kubernetes API, EnvFromSource). A reference to an object that the project does not write stays a reference.
 */
export function environment(scope: Scope, container: YamlNode): Environment {
  const own: Variable[] = [];
  const literals = new Map<string, Located<string>>();
  const written: Variable[] = [];
  for (const entry of items(field(container, "env"))) {
    const found = envEntry(scope, entry, literals);
    if (!found) continue;
    written.push(found.variable);
    if (!found.stored) own.push(found.variable);
    const { value, name } = found.variable;
    if (value.value.from === "literal") literals.set(name.value, { ...value, value: value.value.text });
    else literals.delete(name.value);
  }

  const last = new Map(written.map((variable) => [variable.name.value, variable]));
  const overwritten = written.flatMap((variable): OverwrittenVariable[] => {
    const by = last.get(variable.name.value)!;
    return by === variable ? [] : [{ variable, by: by.name, same: sameValue(variable.value.value, by.value.value) }];
  });

  const names = new Set(written.map(({ name }) => name.value));
  const inherited = new Map<string, Variable>();
  for (const source of items(field(container, "envFrom"))) {
    const prefix = text(field(source, "prefix")) ?? "";
    for (const stored of storeOf(scope, source)?.variables.values() ?? []) {
      const name = prefix + stored.name.value;
      if (names.has(name)) continue;
      const given = prefix
        ? bind(scope, { ...stored.name, value: name }, stored.value, stored.origin).variable
        : stored;
      inherited.set(name, given);
      if (given !== stored) own.push(given);
    }
  }
  const from = items(field(container, "envFrom")).flatMap((source) => sourceOf(scope, source) ?? []);
  return { all: [...inherited.values(), ...written], own, from, overwritten };
}

const sameValue = (a: EnvValue, b: EnvValue): boolean =>
  a.from === "literal" && b.from === "literal" && a.text === b.text;

interface Found {
  readonly variable: Variable;
  /** It is the store's own object. */
  readonly stored: boolean;
}

const bind = (scope: Scope, name: Located<string>, value: Located<EnvValue>, origin: Variable["origin"]): Found => ({
  variable: variable({ name, value, origin, phase: "run", subject: scope.subject }),
  stored: false,
});

function envEntry(scope: Scope, entry: YamlNode, known: ReadonlyMap<string, Located<string>>): Found | undefined {
  const { resource } = scope;
  const nameNode = field(entry, "name");
  const written = text(nameNode);
  if (!nameNode || !written || entry.kind !== "mapping") return undefined;
  const name = locate(resource, nameNode, written);
  const value = field(entry, "value");
  if (value) {
    const found = bind(scope, name, locatedValue(resource, value, known), "kubernetes");
    const reference = inPlaceOfValue(resource, entry);
    return reference ? { ...found, variable: { ...found.variable, reference } } : found;
  }

  for (const [key, kind] of KEY_REFERENCES) {
    const reference = field(entry, "valueFrom", key);
    if (reference?.kind !== "mapping") continue;
    return keyReference(scope, name, kind, reference);
  }
  const path =
    field(entry, "valueFrom", "fieldRef", "fieldPath") ?? field(entry, "valueFrom", "resourceFieldRef", "resource");
  if (path)
    return bind(
      scope,
      name,
      { value: filledIn(text(path) ?? "", place(resource, path)), span: place(resource, path) },
      "kubernetes",
    );
  return bind(scope, name, { value: { from: "literal", text: "" }, span: name.span }, "kubernetes");
}

/** From the key `value` to the end of what it holds. */
function inPlaceOfValue(resource: Resource, { written, flow }: YamlMapping): Blank | undefined {
  const found = written.find(({ key }) => key.text === "value");
  if (found?.value.kind !== "scalar" || found.alias || found.merged || found.value.style === "block") return undefined;
  const quote = ({ style }: YamlScalar): number => (style === "plain" ? 0 : 1);
  const { file, start: name } = place(resource, found.key);
  if (isJson(file)) return undefined;
  const start = name - quote(found.key);
  const end = place(resource, found.value).end + quote(found.value);
  const blank = { span: { file, start, end }, before: "", after: "" };
  return flow ? blank : { ...blank, indent: " ".repeat(start - (file.text.lastIndexOf("\n", start - 1) + 1)) };
}

const filledIn = (name: string, span: Variable["value"]["span"]): EnvValue => ({
  from: "variable",
  text: name,
  references: [{ name, span }],
});

const KEY_REFERENCES = [
  ["secretKeyRef", "Secret"],
  ["configMapKeyRef", "ConfigMap"],
] as const;

function keyReference(scope: Scope, name: Located<string>, kind: Store["kind"], reference: YamlNode): Found {
  const { resource, stores } = scope;
  const [store, key] = [text(field(reference, "name")) ?? "", text(field(reference, "key")) ?? ""];
  const held = kind === "ConfigMap" ? stores(kind, store, resource) : undefined;
  const same = held?.variables.get(key);
  if (same && key === name.value) return { variable: same, stored: true };
  const entry = held?.entries.get(key);
  if (entry) return bind(scope, name, entry.value, "config-map");
  const missing = missingOf(scope, kind, store, key);
  const at = (missing === "object" ? field(reference, "name") : undefined) ?? field(reference, "key") ?? reference;
  const secret: SecretRef = {
    store: kind === "Secret" ? "kubernetes" : "config-map",
    name: store,
    key,
    ...(missing && { missing }),
    ...(boolean(field(reference, "optional")) && { optional: true }),
  };
  return bind(
    scope,
    name,
    {
      value: { from: "secret", secret },
      span: place(resource, at),
    },
    "kubernetes",
  );
}

/** Names that cannot be known before deployment, and objects that every cluster has, are never missing. */
function missingOf(
  { resource, stores, kept }: Scope,
  kind: Store["kind"],
  name: string,
  key?: string,
): "object" | "key" | undefined {
  if (!name || /[${}]/.test(name) || name === "kube-root-ca.crt") return undefined;
  const held = stores(kind, name, resource);
  if (kind === "Secret" && kept(kind, name, resource)) return undefined;
  if (!held) return "object";
  return key === undefined || key === "" || /[${}]/.test(key) || held.open || held.entries.has(key) ? undefined : "key";
}

const SOURCES = [
  ["configMapRef", "ConfigMap"],
  ["secretRef", "Secret"],
] as const;

function sourceOf(scope: Scope, source: YamlNode): EnvironmentSource | undefined {
  for (const [key, kind] of SOURCES) {
    const reference = field(source, key);
    const node = field(reference, "name");
    const name = text(node);
    if (!node || name === undefined) continue;
    const held = scope.stores(kind, name, scope.resource);
    return {
      kind: kind === "Secret" ? "secret" : "config-map",
      name: locate(scope.resource, node, name),
      found: held !== undefined && !held.open,
      ...(missingOf(scope, kind, name) && { missing: true }),
      ...(boolean(field(reference, "optional")) && { optional: true }),
    };
  }
  return undefined;
}

function storeOf({ stores, resource }: Scope, source: YamlNode): Store | undefined {
  for (const [key, kind] of SOURCES) {
    const name = text(field(source, key, "name"));
    if (name !== undefined && field(source, key)?.kind === "mapping") return stores(kind, name, resource);
  }
  return undefined;
}
