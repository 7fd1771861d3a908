/** Compose files → containers, ports, mounts, networks, secrets, images and variables. */
import type { EnvFile, Presence, Problem, SourceFile, Span, UnsetVariable } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { YamlDocument, YamlTree } from "../../parse/yaml.ts";
import type { Facts } from "../facts.ts";
import { type Loaded, load, type Sight } from "./load.ts";
import { get, type Mapping } from "./node.ts";
import { isCompose, isDefault, type Project, projectsOf, serviceNames } from "./projects.ts";
import { networks, secrets } from "./resources.ts";
import { checkSchema } from "./schema.ts";
import { type Service, service } from "./service.ts";
import { unsetVariables } from "./unset.ts";

export { isCompose } from "./projects.ts";

/**
 * What the Compose projects of a run amount to. Values come from the files, their `.env` and defaults, never from the
 * process environment; what a project refers to outside the given files is unknown. A service that an overlay changes
 * is there twice, once without it; ports, mounts and variables are listed once for each place.
 * Total: what cannot be read becomes a problem at its place.
 */
export function compose(input: {
  readonly yaml: readonly Parsed<YamlTree>[];
  readonly envFiles: readonly EnvFile[];
  readonly files: readonly SourceFile[];
  /** What is at a path below the root; absent or undefined: nobody looked there. */
  readonly presence?: ((path: string) => Presence | undefined) | undefined;
}): Facts {
  const documents = new Map<string, readonly YamlDocument[]>();
  for (const { file, tree } of input.yaml) if (tree.documents.length) documents.set(file.path, tree.documents);
  const paths = [...documents].flatMap(([path, of]) => (of.some(isCompose) ? [path] : []));
  if (paths.length === 0) return {};

  const envFiles = new Map(input.envFiles.map((envFile) => [envFile.file.path, envFile]));
  const sight: Sight = {
    documents: (path) => documents.get(path),
    envFiles: (path) => envFiles.get(path),
    presence: input.presence ?? (() => undefined),
  };
  const problems: Problem[] = [];
  const projects = independent(
    projectsOf(paths, sight).map((project) => ({ project, ...load(project, sight, problems) })),
  );
  const read = new Set(projects.flatMap(({ read }) => [...read]));
  const unknownKeys = [...read].flatMap((path) =>
    (documents.get(path) ?? []).flatMap((document) => checkSchema(document, problems)),
  );
  const facts = projects.flatMap(({ project, tree }) =>
    tree ? [understand({ project, tree, envFiles: input.envFiles }, sight, problems)] : [],
  );
  const containers = facts.flatMap(({ services }) => services.map(({ container }) => container));
  const pulled = containers.flatMap(({ image, build }) => (image && !build ? [image] : []));
  const variables = facts.flatMap(({ services }) => services.flatMap(({ variables }) => variables));
  return {
    containers,
    ports: once(
      containers.flatMap(({ ports }) => ports),
      ({ span, subject, target }) => [span, `${subject} ${target}`],
    ),
    mounts: once(
      containers.flatMap(({ mounts }) => mounts),
      ({ span, subject }) => [span, subject],
    ),
    variables: once(variables, ({ name, subject, phase }) => [name.span, `${subject} ${phase}`]),
    overwritten: once(
      facts.flatMap(({ services }) => services.flatMap(({ overwritten }) => overwritten)),
      ({ variable: { name, subject } }) => [name.span, subject],
    ),
    images: once(pulled, ({ reference, subject }) => [reference.span, subject]),
    networks: once(
      facts.flatMap(({ networks }) => networks),
      ({ name }) => [name.span, name.value],
    ),
    secrets: once(
      facts.flatMap(({ secrets }) => secrets),
      ({ name }) => [name.span, name.value],
    ),
    unknownKeys,
    unsetVariables: once(
      facts.flatMap(({ unset }) => unset),
      ({ name }) => [name.span, name.value],
    ),
    overrides: once(
      projects.flatMap(({ overrides }) => overrides),
      ({ attribute, base }) => [attribute.span, `${base.file.path} ${base.start}`],
    ),
    problems: once(problems, ({ span, message }) => [span, message]),
    roles: input.yaml.flatMap(({ file }) => (read.has(file.path) ? [{ file, role: "Compose" }] : [])),
  };
}

/** What `key` tells apart, the first of each: projects that share a file say the same about it. */
function once<T>(all: readonly T[], key: (item: T) => readonly [Span, string]): readonly T[] {
  const seen = new Map<string, T>();
  for (const item of all) {
    const [{ file, start, end }, detail] = key(item);
    const place = `${file.path}\0${start}\0${end}\0${detail}`;
    if (!seen.has(place)) seen.set(place, item);
  }
  return [...seen.values()];
}

/** Without the files that another project includes, or extends if they are not what Compose would run by itself. */
function independent<T extends Loaded & { readonly project: Project }>(projects: readonly T[]): readonly T[] {
  const users = new Map<string, T[]>();
  for (const loaded of projects) {
    for (const path of loaded.read) {
      const part = loaded.included.has(path) || !isDefault(path);
      if (!part || loaded.project.paths.includes(path)) continue;
      const of = users.get(path);
      if (of) of.push(loaded);
      else users.set(path, [loaded]);
    }
  }
  const dropped = new Set<T>();
  for (const loaded of projects) {
    const { overlay, paths } = loaded.project;
    const of = users.get(overlay ?? paths[0] ?? "") ?? [];
    if (of.some((user) => !dropped.has(user))) dropped.add(loaded);
  }
  return projects.filter((loaded) => !dropped.has(loaded));
}

interface Understood {
  readonly services: readonly Service[];
  readonly networks: ReturnType<typeof networks>;
  readonly secrets: ReturnType<typeof secrets>;
  readonly unset: readonly UnsetVariable[];
}

interface Whole {
  readonly project: Project;
  readonly tree: Mapping;
  readonly envFiles: readonly EnvFile[];
}

function understand({ project, tree, envFiles }: Whole, sight: Sight, problems: Problem[]): Understood {
  const written = get(tree, "services");
  const changed = project.overlay === undefined ? undefined : serviceNames(project.overlay, sight);
  const services = (written?.kind === "mapping" ? [...written.entries.values()] : []).flatMap(({ key, value }) =>
    value.kind === "mapping" && (!changed || changed.has(key.value))
      ? [service(key, value, { volumes: get(tree, "volumes"), ...sight }, problems)]
      : [],
  );
  const main = project.paths[0];
  const of = main === undefined ? {} : { project: main };
  const variant = project.overlay === undefined ? {} : { overlay: project.overlay };
  const containers = services.map(({ container }) => container);
  return {
    services: services.map((each) => ({ ...each, container: { ...each.container, ...of, ...variant } })),
    networks: networks(tree, containers).map((network) => ({ ...network, ...of })),
    secrets: secrets(tree),
    unset: main === undefined ? [] : unsetVariables(tree, { ...project, main, envFiles, presence: sight.presence }),
  };
}
