/** Top-level networks and secrets of a project (Compose Specification, 06-networks, 09-secrets). */
import type { Container, Located, Network, SecretStore } from "../../model.ts";
import { within } from "../paths.ts";
import { at, flag, get, type Mapping, type Node, text } from "./node.ts";

/**
 * Networks that are declared, and the default one where a service uses it undeclared: its span is the `services` key.
 */
export function networks(project: Mapping, containers: readonly Container[]): readonly Network[] {
  const members = new Map<string, string[]>();
  for (const { subject, networks } of containers) {
    for (const { value } of networks) {
      const of = members.get(value);
      if (of) of.push(subject);
      else members.set(value, [subject]);
    }
  }
  const network = (name: Located<string>, internal: boolean | undefined): Network => ({
    name,
    ...(internal !== undefined && { internal }),
    format: "compose",
    members: members.get(name.value) ?? [],
  });
  const node = get(project, "networks");
  const declared = node?.kind === "mapping" ? [...node.entries.values()] : [];
  const services = project.entries.get("services")?.key;
  const undeclared = members.has("default") && !declared.some(({ key }) => key.value === "default");
  return [
    ...(undeclared && services ? [network({ value: "default", span: services.span, implied: true }, false)] : []),
    ...declared.map(({ key, value }) => network(key, isInternal(value))),
  ];
}

/** Unknown where somebody else made the network. */
function isInternal(network: Node): boolean | undefined {
  const [internal, external] = [get(network, "internal"), get(network, "external")];
  if (external && (external.kind === "mapping" || flag(external) !== false)) return undefined;
  return internal ? flag(internal) : false;
}

/** Secrets by where they come from; a secret that names no source is left out. */
export function secrets(project: Mapping): readonly SecretStore[] {
  const node = get(project, "secrets");
  if (node?.kind !== "mapping") return [];
  return [...node.entries.values()].flatMap(({ key, value }): SecretStore[] => {
    const store = { name: key, subject: `secret ${key.value}`, format: "compose" as const, variables: [] };
    const file = get(value, "file");
    if (file) {
      const written = text(file);
      const path = written === undefined ? undefined : (within(file.source.folder, written) ?? written);
      return [{ ...store, holds: "file", ...(path !== undefined && { path: at(file, path) }) }];
    }
    if (get(value, "environment")) return [{ ...store, holds: "environment" }];
    return get(value, "external") || get(value, "driver") ? [{ ...store, holds: "external" }] : [];
  });
}
