/** ConfigMaps and Secrets: what they hold, and whether it is written here. */
import type { EnvValue, Located, SecretStore, Variable } from "../../model.ts";
import { entries, text, type YamlEntry } from "../../parse/yaml.ts";
import { variable } from "../variable.ts";
import type { Named } from "./directory.ts";
import { field, locate, place, type Resource } from "./resource.ts";
import { locatedValue } from "./value.ts";

/** One key of a ConfigMap or Secret. */
export interface StoredEntry {
  readonly key: Located<string>;
  readonly value: Located<EnvValue>;
}

/** A ConfigMap or Secret that the project writes, as containers look it up. */
export interface Store extends Named {
  readonly kind: "ConfigMap" | "Secret";
  readonly subject: string;
  readonly entries: ReadonlyMap<string, StoredEntry>;
  /** More keys than these may come from elsewhere: files of a generator, encrypted or empty objects filled in later. */
  readonly open?: true;
  /** Entries that are variables of the model. */
  readonly variables: ReadonlyMap<string, Variable>;
}

/**
 * Entries of `data` that read as variables: names as an environment has them, dashes allowed, with one line of text.
 * `app.properties: |` is a file.
 */
const isVariable = (name: string, { value }: YamlEntry): boolean =>
  /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !(value.kind === "scalar" && value.text.trimEnd().includes("\n"));

export function configMap(resource: Resource): Store {
  const written = entries(field(resource.root, "data")).filter(({ value }) => value.kind === "scalar");
  const stored = new Map(written.map((entry) => [entry.key.text, storedEntry(resource, entry)]));
  const names = new Set(written.filter((entry) => isVariable(entry.key.text, entry)).map(({ key }) => key.text));
  return store(resource, "ConfigMap", stored, (name) => names.has(name));
}

/** `stringData` wins over `data`, as when the API server merges them (core/v1 Secret). */
export function secret(resource: Resource): Store {
  const stored = new Map<string, StoredEntry>();
  for (const entry of entries(field(resource.root, "data"))) stored.set(entry.key.text, decodedEntry(resource, entry));
  for (const entry of entries(field(resource.root, "stringData"))) {
    stored.set(entry.key.text, storedEntry(resource, entry));
  }
  return store(resource, "Secret", stored, () => true);
}

const storedEntry = (resource: Resource, { key, value }: YamlEntry): StoredEntry => ({
  key: locate(resource, key, key.text),
  value: locatedValue(resource, value),
});

/** The span is the base64 text as written, the value what it decodes to. Templates and text that is no base64 stay. */
function decodedEntry(resource: Resource, entry: YamlEntry): StoredEntry {
  const plain = storedEntry(resource, entry);
  const encoded = text(entry.value)?.replaceAll(/\s/g, "") ?? "";
  if (plain.value.value.from !== "literal" || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return plain;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  return { ...plain, value: { ...plain.value, value: { from: "literal", text: decoded } } };
}

/** A store of `resource` with those entries. `isVariable` chooses the keys that become variables of the model. */
export function store(
  resource: Pick<Resource, "name" | "namespace" | "folder">,
  kind: Store["kind"],
  stored: ReadonlyMap<string, StoredEntry>,
  isVariable: (name: string) => boolean,
  open = stored.size === 0,
): Store {
  const subject = `${kind} ${resource.name.value}`.trim();
  const variables = new Map<string, Variable>();
  for (const [name, { key, value }] of stored) {
    if (!isVariable(name)) continue;
    const origin = kind === "Secret" ? "secret" : "config-map";
    variables.set(name, variable({ name: key, value, origin, phase: "run", subject }));
  }
  return {
    kind,
    name: resource.name.value,
    namespace: resource.namespace,
    folder: resource.folder,
    subject,
    entries: stored,
    variables,
    ...(open && { open }),
  };
}

/** Custom resources that stand for a Secret whose values are elsewhere, and where they name the Secret they make. */
const REFERENCES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ExternalSecret: [["spec", "target", "name"]],
  ClusterExternalSecret: [["spec", "externalSecretName"]],
  SecretProviderClass: [],
  VaultStaticSecret: [["spec", "destination", "name"]],
  VaultDynamicSecret: [["spec", "destination", "name"]],
  VaultPKISecret: [["spec", "destination", "name"]],
  OnePasswordItem: [],
  InfisicalSecret: [["spec", "managedSecretReference", "secretName"]],
  DopplerSecret: [["spec", "managedSecret", "name"]],
};

/** The Secrets of the project: with values, sealed, or kept outside. Absent for any other kind. */
export function secretStore(resource: Resource, held: Store | undefined): SecretStore | undefined {
  const { name, subject, kind, root } = resource;
  const base = { name, subject, format: "kubernetes", variables: [] } as const;
  if (kind === "SealedSecret") return { ...base, holds: "sealed" };
  if (Object.hasOwn(REFERENCES, kind)) {
    const target = REFERENCES[kind]!.flatMap((path) => field(root, ...path) ?? [])[0];
    const named = text(target);
    return {
      ...base,
      ...(target && named && { name: { value: named, span: place(resource, target) } }),
      holds: "external",
    };
  }
  if (kind !== "Secret" || !held) return undefined;
  if (isEncrypted(resource, held)) return { ...base, holds: "sealed" };
  if (!held.entries.size) return { ...base, holds: "external" };
  return { ...base, holds: "values", variables: [...held.variables.values()] };
}

/** SOPS keeps its metadata under `sops` and writes each value as `ENC[…]`. */
const isEncrypted = ({ root }: Resource, { entries }: Store): boolean =>
  field(root, "sops") !== undefined &&
  [...entries.values()].every(({ value }) => value.value.from === "literal" && value.value.text.startsWith("ENC["));
