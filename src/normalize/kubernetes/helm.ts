/** `values.yaml` of a Helm chart: what it says without being rendered. */
import type { Located, SourceFile, Variable } from "../../model.ts";
import { entries, items, text, type YamlNode, type YamlScalar } from "../../parse/yaml.ts";
import { folderOf } from "../paths.ts";
import { variable } from "../variable.ts";
import { field, literal, locate, type Resource } from "./resource.ts";
import { locatedValue } from "./value.ts";

const NAME = /(?:^|\/)values(?:[.-][^/]*)?\.ya?ml$/;

/** Folders that hold a `Chart.yaml`. */
export const chartFolders = (files: readonly SourceFile[]): ReadonlySet<string> =>
  new Set(files.filter(({ path }) => /(?:^|\/)Chart\.ya?ml$/.test(path)).map(({ path }) => folderOf(path)));

/** True for `Chart.yaml` and the values files beside it. */
export const isHelm = ({ path }: SourceFile, charts: ReadonlySet<string>): boolean =>
  charts.has(folderOf(path)) && (NAME.test(path) || /(?:^|\/)Chart\.ya?ml$/.test(path));

export const isValues = ({ path }: SourceFile, charts: ReadonlySet<string>): boolean =>
  charts.has(folderOf(path)) && NAME.test(path);

/**
 * Variables of a values file: entries of environments (`env: {NAME: value}`, `- name: NAME` with `value:`) under their
 * own names, and every other scalar that is a credential, under its dotted path. Names of Secrets and empty values,
 * which wait for the installer, are references.
 */
export function helmValues(file: SourceFile, root: YamlNode): Variable[] {
  const where = { file } as Resource;
  const found: Variable[] = [];
  const add = (name: Located<string>, value: YamlScalar, always: boolean) => {
    if (value.text === "") return;
    const made = variable({
      name,
      value: locatedValue(where, value),
      origin: "config-map",
      phase: "run",
      subject: file.path,
    });
    const kind = made.credential?.kind;
    if (always || (kind !== undefined && kind !== "empty" && kind !== "reference")) found.push(made);
  };

  const visit = (node: YamlNode, path: string, environment: boolean, depth: number) => {
    if (depth > DEEPEST) return;
    if (node.kind === "sequence") {
      for (const item of items(node)) visit(item, path, false, depth + 1);
      return;
    }
    const [name, value] = [field(node, "name"), field(node, "value")];
    const pair = node.kind === "mapping" && name !== undefined && ENVIRONMENT_NAME.test(text(name) ?? "");
    if (pair && value?.kind === "scalar") add(locate(where, name, literal(name) ?? ""), value, true);
    for (const entry of entries(node)) {
      const key = entry.key.text;
      const dotted = path ? `${path}.${key}` : key;
      if (entry.value.kind !== "scalar") visit(entry.value, dotted, ENVIRONMENT.test(key), depth + 1);
      else if (environment && ENVIRONMENT_NAME.test(key)) add(locate(where, entry.key, key), entry.value, true);
      else if (!pair && !REFERENCE.test(dotted)) add(locate(where, entry.key, dotted), entry.value, false);
    }
  };
  visit(root, "", false, 0);
  return found;
}

const DEEPEST = 64;
const ENVIRONMENT = /^(?:extra)?env(?:ironment|vars?)?(?:variables)?$/i;
/** Names of Secrets and of keys in them, as charts call them. */
const REFERENCE = /(?:^|\.)existing|secret_?(?:name|ref|key)s?(?:\.|$)|passwordkey$/i;
const ENVIRONMENT_NAME = /^[A-Z_][A-Z0-9_]*$/;
