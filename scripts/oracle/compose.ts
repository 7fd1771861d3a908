/** The model of every Compose project beside what compose-go makes of the same files. */
import { dirname, join, relative, resolve } from "node:path";
import { discover } from "../../src/discover/index.ts";
import type { Container, Deployment, EnvValue, Mount, Port, SourceFile } from "../../src/model.ts";
import { isCompose, projectsOf } from "../../src/normalize/compose/projects.ts";
import { envFiles } from "../../src/normalize/env-files.ts";
import { parse } from "../../src/parse/index.ts";
import { understand } from "../../src/run.ts";
import { type Answer, ask, type Service, withRequired } from "./compose-go.ts";
import type { Comparison } from "./run.ts";

interface Case {
  /** Absolute folder that paths start at. */
  readonly root: string;
  readonly files: readonly string[];
  readonly overlay: string | undefined;
  readonly model: Deployment;
}

/** Compares all Compose files below the folders. `program` is the built oracle. */
export async function compare(program: string, folders: readonly string[]): Promise<Comparison> {
  const cases = (await Promise.all(folders.map(casesOf))).flat();
  const requests = cases.map(({ root, files }) => ({ directory: root, files }));
  const answers = ask(program, withRequired(program, requests));
  const services = answers.reduce((count, answer) => count + Object.keys(answer.services ?? {}).length, 0);
  const differences = cases.flatMap((each, index) =>
    differencesOf(each, answers[index]!).map(
      (text) => `${relative(".", each.root)}: ${each.files.join(" + ")}: ${text}`,
    ),
  );
  return { compared: `${cases.length} Compose projects with ${services} services`, differences };
}

async function casesOf(folder: string): Promise<readonly Case[]> {
  const project = discover([folder], { cwd: process.cwd(), openRepository: () => undefined });
  const projects = await composeProjects(project.files);
  if (!projects.length) return [];
  const model = await understand(project);
  return projects.map(({ paths, overlay }) => ({ root: resolve(folder), files: paths, overlay, model }));
}

/** The Compose projects among files, each with the paths it consists of. */
export async function composeProjects(files: readonly SourceFile[]): Promise<ReturnType<typeof projectsOf>> {
  const trees = await parse(files);
  const documents = new Map(trees.yaml.map(({ file, tree }) => [file.path, tree.documents]));
  const paths = [...documents].flatMap(([path, of]) => (of.some(isCompose) ? [path] : []));
  if (paths.length === 0) return [];
  const envs = new Map(envFiles(trees.dotenv).map((env) => [env.file.path, env]));
  const sight = {
    documents: (path: string) => documents.get(path),
    envFiles: (path: string) => envs.get(path),
    presence: () => undefined,
  };
  return projectsOf(paths, sight);
}

function differencesOf({ root, files, overlay, model }: Case, answer: Answer): readonly string[] {
  if (answer.error !== undefined) return refused(answer.error, files, model);
  const containers = model.containers.filter((each) => each.project === files[0] && each.overlay === overlay);
  const differences: string[] = [];
  const differ = (what: string, mine: readonly string[], theirs: readonly string[]) => {
    const [a, b] = [mine, theirs].map((list) => [...new Set(list)].sort());
    if (!same(a!, b!)) differences.push(`${what}: model ${JSON.stringify(a)}, compose-go ${JSON.stringify(b)}`);
  };
  const services = Object.entries(answer.services ?? {});
  const expected =
    overlay === undefined ? services : services.filter(([name]) => containers.some((each) => each.name.value === name));
  if (!model.containers.some(({ project }) => project === files[0])) return [];
  differ(
    "services",
    containers.map(({ name }) => name.value),
    expected.map(([name]) => name),
  );
  for (const container of containers) {
    const service = answer.services?.[container.name.value];
    if (!service) continue;
    const { subject } = container;
    const image = container.image?.reference.value;
    differ(
      `${subject}: image`,
      image === undefined ? [] : [image.replaceAll(/\$\{[^}]*\}|\$\w+/g, ANY)],
      service.image ? [service.image] : [],
    );
    differ(`${subject}: environment`, ownEnvironment(container), environmentOf(service));
    differ(`${subject}: ports`, container.ports.flatMap(portOf), (service.ports ?? []).map(publishedOf));
    differ(
      `${subject}: volumes`,
      container.mounts.flatMap((mount) => mountOf(mount, root, dirname(files[0]!))),
      volumesOf(service),
    );
    differ(
      `${subject}: networks`,
      container.networks.map(({ value }) => value),
      Object.keys(service.networks ?? {}),
    );
    differ(`${subject}: build`, buildOf(container, root), container.build ? theirBuild(service) : []);
    differ(
      `${subject}: container_name`,
      container.containerName ? [container.containerName.value] : [],
      service.container_name && container.containerName ? [service.container_name] : [],
    );
  }
  if (overlay === undefined) {
    const own = <T extends { readonly project?: string; readonly format: string }>(list: readonly T[]) =>
      list.filter(({ format, project }) => format === "compose" && (project ?? files[0]) === files[0]);
    differ(
      "networks",
      own(model.networks)
        .filter(({ members, name }) => members.length || !name.implied)
        .map(({ name }) => name.value),
      Object.keys(answer.networks ?? {}),
    );
    const stores = model.secrets.filter(
      ({ format, name }) => format === "compose" && files.includes(name.span.file.path),
    );
    differ(
      "secrets",
      stores.map(({ name }) => name.value),
      Object.keys(answer.secrets ?? {}),
    );
  }
  return differences;
}

/** compose-go refuses the project: the model has something to say about it, too. */
function refused(error: string, files: readonly string[], model: Deployment): readonly string[] {
  const told =
    model.problems.some(({ span }) => files.includes(span.file.path)) ||
    model.unknownKeys.some(({ key }) => files.includes(key.span.file.path)) ||
    model.ports.some(({ outOfRange, span }) => outOfRange && files.includes(span.file.path));
  return told ? [] : [`compose-go refuses it: ${error.replaceAll(/\s+/g, " ")}`];
}

/** Stands for a part that the model does not know: an unset variable, which compose-go takes for an empty text. */
const ANY = "\u0000";

const same = (mine: readonly string[], theirs: readonly string[]): boolean => {
  if (mine.length !== theirs.length) return false;
  const rest = new Set(theirs);
  const holes = (item: string) => item.split(ANY).length;
  const open = mine.filter((item) => !rest.delete(item)).sort((a, b) => holes(a) - holes(b));
  return open.every((item) => {
    const pattern = new RegExp(
      `^${item
        .split(ANY)
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
      "s",
    );
    const found = item.includes(ANY) ? [...rest].find((other) => pattern.test(other)) : undefined;
    return found !== undefined && rest.delete(found);
  });
};

const textOf = (value: EnvValue): string =>
  value.from === "literal" ? value.text : value.from === "variable" ? (value.resolved ?? ANY) : ANY;

const ownEnvironment = ({ variables }: Container): string[] =>
  variables.flatMap(({ name, value, origin }) =>
    origin === "compose" ? [`${name.value}=${textOf(value.value)}`] : [],
  );

const environmentOf = ({ environment = {} }: Service): string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value ?? ""}`);

/** Ranges of one length are a port each in compose-go. */
function portOf(port: Port): string[] {
  if (port.via !== "ports") return [];
  const {
    target,
    targetEnd = target,
    published,
    publishedEnd,
    host = port.reach === "unknown" ? ANY : "",
    protocol,
  } = port;
  if (target === undefined) return [`${host}:${ANY}/${protocol}`];
  return Array.from({ length: (targetEnd ?? target) - target + 1 }, (_, i) => {
    const outside =
      published === undefined
        ? port.reach === "unknown"
          ? ANY
          : ""
        : targetEnd === target && publishedEnd !== undefined
          ? `${published}-${publishedEnd}`
          : published + i;
    return `${host}:${outside}:${target + i}/${protocol}`;
  });
}

const publishedOf = ({
  host_ip = "",
  published = "",
  target,
  protocol,
}: NonNullable<Service["ports"]>[number]): string => `${host_ip}:${published}:${target}/${protocol}`;

function mountOf({ kind, source, path, target, readOnly }: Mount, root: string, folder: string): string[] {
  const where =
    source === undefined
      ? ""
      : kind === "bind"
        ? path === undefined
          ? absolute(source, join(root, folder))
          : resolve(root, path)
        : source;
  return [`${kind} ${where} ${target}${readOnly && kind !== "secret" && kind !== "config" ? " read-only" : ""}`];
}

const absolute = (path: string, folder: string): string =>
  /^(?:~|[A-Za-z]:\\)/.test(path) ? ANY : resolve(folder, path);

const volumesOf = ({ volumes = [], tmpfs = [], secrets = [], configs = [] }: Service): string[] => [
  ...volumes.map(
    ({ type, source = "", target, read_only }) =>
      `${type} ${type === "bind" ? resolve(source) : source} ${target}${read_only ? " read-only" : ""}`,
  ),
  ...tmpfs.map((target) => `tmpfs  ${target.split(":", 1)[0]}`),
  ...secrets.map(({ source, target }) => `secret ${source} ${resolve("/run/secrets", target ?? source)}`),
  ...configs.map(({ source, target }) => `config ${source} ${resolve("/", target ?? source)}`),
];

const buildOf = ({ build }: Container, root: string): string[] =>
  build ? [[resolve(root, build.context), resolve(root, build.dockerfile), build.target ?? ""].join(" ")] : [];

function theirBuild({ build }: Service): string[] {
  if (!build?.context) return [];
  return [[build.context, resolve(build.context, build.dockerfile ?? "Dockerfile"), build.target ?? ""].join(" ")];
}
