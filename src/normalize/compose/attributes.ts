/** Which kind of value an attribute takes. A value of another kind is left out and told of, so that no reader meets it. */
import type { Problem } from "../../model.ts";
import type { Entry, Mapping, Node } from "./node.ts";

type Kind = Node["kind"];

const KINDS = (...kinds: readonly Kind[]): ReadonlySet<Kind> => new Set(kinds);
const VALUE = KINDS("scalar");
const MAP = KINDS("mapping");
const LIST = KINDS("sequence");
const MAP_OR_LIST = KINDS("mapping", "sequence");
const VALUE_OR_LIST = KINDS("scalar", "sequence");
const VALUE_OR_MAP = KINDS("scalar", "mapping");

const PROJECT: ReadonlyMap<string, ReadonlySet<Kind>> = new Map([
  ["services", MAP],
  ["networks", MAP],
  ["volumes", MAP],
  ["secrets", MAP],
  ["configs", MAP],
  ["include", LIST],
]);

const SERVICE: ReadonlyMap<string, ReadonlySet<Kind>> = new Map([
  ["annotations", MAP_OR_LIST],
  ["build", VALUE_OR_MAP],
  ["cap_add", LIST],
  ["cap_drop", LIST],
  ["command", VALUE_OR_LIST],
  ["configs", LIST],
  ["container_name", VALUE],
  ["depends_on", MAP_OR_LIST],
  ["deploy", MAP],
  ["entrypoint", VALUE_OR_LIST],
  ["env_file", VALUE_OR_LIST],
  ["environment", MAP_OR_LIST],
  ["expose", LIST],
  ["extends", VALUE_OR_MAP],
  ["healthcheck", MAP],
  ["image", VALUE],
  ["labels", MAP_OR_LIST],
  ["logging", MAP],
  ["mem_limit", VALUE],
  ["network_mode", VALUE],
  ["networks", MAP_OR_LIST],
  ["ports", LIST],
  ["privileged", VALUE],
  ["profiles", LIST],
  ["read_only", VALUE],
  ["scale", VALUE],
  ["secrets", LIST],
  ["security_opt", LIST],
  ["tmpfs", VALUE_OR_LIST],
  ["user", VALUE],
  ["volumes", LIST],
]);

const NAMES: Readonly<Record<Kind, string>> = { scalar: "a single value", mapping: "a mapping", sequence: "a list" };

/** The file without what has a wrong type; each such value is a problem at its place. An empty value is never wrong. */
export function checkTypes(file: Mapping, problems: Problem[]): Mapping {
  const project = checked(file, (name) => PROJECT.get(name), "", problems);
  const services = project.entries.get("services");
  if (services?.value.kind !== "mapping") return project;
  const mappings = checked(services.value, () => MAP, "services: ", problems);
  const entries = new Map<string, Entry>();
  for (const [name, { key, value }] of mappings.entries) {
    if (value.kind !== "mapping") entries.set(name, { key, value });
    else {
      const service = checked(value, (attribute) => SERVICE.get(attribute), `service ${name}: `, problems);
      entries.set(name, { key, value: service });
    }
  }
  const value = { ...mappings, entries };
  return { ...project, entries: new Map(project.entries).set("services", { key: services.key, value }) };
}

function checked(
  mapping: Mapping,
  expected: (name: string) => ReadonlySet<Kind> | undefined,
  subject: string,
  problems: Problem[],
): Mapping {
  const wrong = new Set<string>();
  for (const [name, { value }] of mapping.entries) {
    const kinds = expected(name);
    const empty = value.kind === "scalar" && (value.empty || value.tag === "!reset");
    if (!kinds || kinds.has(value.kind) || empty) continue;
    wrong.add(name);
    const wanted = [...kinds].map((kind) => NAMES[kind]).join(" or ");
    const message = `${subject}"${name}" must be ${wanted}, not ${NAMES[value.kind]}`;
    problems.push({ kind: "unreadable", span: value.span, message });
  }
  if (wrong.size === 0) return mapping;
  return { ...mapping, entries: new Map([...mapping.entries].filter(([name]) => !wrong.has(name))) };
}
