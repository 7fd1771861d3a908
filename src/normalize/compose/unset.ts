/** Variables that a project refers to and nothing sets (Compose Specification, 12-interpolation). */
import type { EnvFile, Located, Presence, Span, UnsetVariable } from "../../model.ts";
import { folderOf } from "../paths.ts";
import type { Mapping, Node } from "./node.ts";

/** Names that the shell, Compose or the machine that builds sets by itself. */
const GIVEN =
  /^(HOME|USER|LOGNAME|PATH|PWD|SHELL|TMPDIR|LANG|TERM|HOSTNAME|DISPLAY|CI|(XDG|COMPOSE|DOCKER|BUILDKIT|GITHUB|CI|RUNNER)_\w+)$/;

interface Surroundings {
  readonly main: string;
  readonly envPaths: readonly string[];
  readonly envFiles: readonly EnvFile[];
  readonly presence: (path: string) => Presence | undefined;
}

/**
 * One entry a name, in the order written. Nothing where the project's `.env` cannot be seen (git ignores it, or an
 * example of it names the variable), or another environment file of the folder sets the name: it may be handed over
 * with `--env-file`.
 */
export function unsetVariables(tree: Mapping, surroundings: Surroundings): readonly UnsetVariable[] {
  const { main, envPaths, envFiles, presence } = surroundings;
  const folders = new Set(["", folderOf(main), ...envPaths.map(folderOf)]);
  const near = envFiles.filter(({ file }) => folders.has(folderOf(file.path)));
  const seen = envPaths.some((path) => near.some(({ file }) => file.path === path));
  if (!seen && envPaths.some((path) => presence(path) !== "missing")) return [];

  const examples = new Map<string, Span>();
  const elsewhere = new Set<string>();
  for (const { file, live, variables } of near) {
    for (const { name } of variables) {
      if (!live) examples.set(name.value, name.span);
      else if (!envPaths.includes(file.path)) elsewhere.add(name.value);
    }
  }
  const uses = new Map<string, Use[]>();
  for (const use of unsetIn(tree)) {
    const name = use.name.value;
    if (GIVEN.test(name) || elsewhere.has(name) || (!seen && examples.has(name))) continue;
    const of = uses.get(name);
    if (of) of.push(use);
    else uses.set(name, [use]);
  }
  return [...uses].map(([variable, [first, ...others]]) => {
    const { name, subject } = first!;
    const handedOn = [first!, ...others].every((use) => use.handedOn);
    const example = examples.get(variable);
    const places = others.map(({ name }) => name.span);
    return { name, subject, project: main, others: places, handedOn, ...(example && { example }) };
  });
}

interface Use {
  readonly name: Located<string>;
  readonly subject: string;
  readonly handedOn: boolean;
}

/** Every reference to an unset variable in what is left after merging, each place once. */
function unsetIn(tree: Mapping): readonly Use[] {
  const result = new Map<string, Use>();
  const visited = new Set<Node>();
  const visit = (node: Node, subject: string, environment: boolean): void => {
    if (visited.has(node)) return;
    visited.add(node);
    if (node.kind === "sequence") for (const item of node.items) visit(item, subject, environment);
    else if (node.kind === "mapping") {
      for (const [key, { value }] of node.entries) visit(value, subject, environment || key === "environment");
    } else if (node.value.from === "variable") {
      const handedOn = environment && /^(?:[^=]*=)?\$(?:\w+|\{\w+\})$/.test(node.raw);
      for (const { name, span, unset } of node.value.references) {
        const place = `${span.file.path}\0${span.start}`;
        if (unset && !result.has(place)) result.set(place, { name: { value: name, span }, subject, handedOn });
      }
    }
  };
  for (const [section, { value }] of tree.entries) {
    if (section.startsWith("x-")) continue;
    if (value.kind !== "mapping") visit(value, "", false);
    else {
      const one = section.replace(/s$/, "");
      for (const [name, entry] of value.entries) visit(entry.value, `${one} ${name}`, false);
    }
  }
  return [...result.values()];
}
