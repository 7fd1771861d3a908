/**
 * 3  MEANING: trees → one Deployment. Each normalizer contributes lists; facts that need two files are joined here and
 * nowhere else, so that no rule joins anything.
 */
import type { Container, Deployment, EnvFile, EnvValue, HistoryEntry, Located, Presence, Settings } from "../model.ts";
import type { Trees } from "../parse/index.ts";
import { joinBuilds } from "./builds.ts";
import { commands, workersOf } from "./commands.ts";
import { credentialOf } from "./credentials.ts";
import { envFiles, overwritten } from "./env-files.ts";
import { envReaders } from "./env-readers.ts";
import { environment } from "./environment.ts";
import type { Facts } from "./facts.ts";
import { withProducts } from "./port-products.ts";
import { providerKeys } from "./provider-keys.ts";
import { sensitive } from "./sensitive.ts";
import { suppressions } from "./suppressions.ts";

type envGraph = typeof import("./env-graph.ts")["envGraph"];

export interface NormalizeOptions {
  readonly git: boolean;
  readonly history: readonly HistoryEntry[];
  /** What is at a path below the root of the run; undefined: nobody looked there. Absent: nobody looked at all. */
  readonly presence?: ((path: string) => Presence | undefined) | undefined;
}

/** Trees → model. Normalizers of languages that are absent are not even loaded. */
export async function normalize(trees: Trees, options: NormalizeOptions): Promise<Deployment> {
  const { files, yaml } = trees;
  const envs = envFiles(trees.dotenv);
  const docker = trees.dockerfile.length ? await import("./dockerfile/index.ts") : undefined;
  const images = docker?.dockerfiles(trees) ?? {};
  const services = yaml.length
    ? (await import("./compose/index.ts")).compose({ yaml, envFiles: envs, files, presence: options.presence })
    : {};
  const cluster = yaml.length ? (await import("./kubernetes/index.ts")).kubernetes({ yaml, files }) : {};
  const { containers: joined, stages: built } = joinBuilds(
    [...(services.containers ?? []), ...(cluster.containers ?? [])],
    images.stages ?? [],
  );
  const containers = joined.map(withWorkers);
  const stages = docker ? docker.inContext(built, containers, trees) : built;
  const known = envReaders(usedBy(envs, containers), files, composeReaders(containers));
  const deployed: Facts[] = [
    { envFiles: known, variables: envs.flatMap(({ variables }) => variables), overwritten: overwritten(envs) },
    { ...images, stages: [] },
    { ...services, containers: [] },
    { ...cluster, containers: [] },
    cluster.objects?.length ? { fieldFaults: (await import("./kubernetes/fields.ts")).fieldFaults(yaml) } : {},
    { containers, stages },
    files.some(({ path }) => MAY_BE_CI.test(path)) ? (await import("./ci.ts")).pipelines({ yaml, files }) : {},
    commands(containers, stages),
  ];
  if (hasProxies(trees, containers))
    deployed.push((await import("./proxy/index.ts")).proxies({ ...trees, containers }));

  const variables = deployed.flatMap((facts) => facts.variables ?? []);
  const dropped = new Set(stages.flatMap(({ shipped, variables }) => (shipped ? [] : variables)));
  const running = variables.filter((variable) => !dropped.has(variable));
  deployed.push(environment(running, containers), { providerKeys: providerKeys(files, variables) });
  if (trees.script.length) {
    deployed.push((await import("./source/index.ts")).source({ script: trees.script, variables }));
    await joinEnvironments(deployed, { files, containers, stages, envFiles: known, variables });
  }
  const model = withProducts(combine(trees, deployed, options));
  return { ...model, suppressions: suppressions(files), sensitive: sensitive(model) };
}

/** Puts what the deployment gives to source in the place of what source reads. */
async function joinEnvironments(facts: Facts[], parts: Omit<Parameters<envGraph>[0], "reads">): Promise<void> {
  const at = facts.findIndex(({ reads }) => reads?.length);
  if (at < 0) return;
  const { envGraph } = await import("./env-graph.ts");
  facts[at] = { ...facts[at], ...envGraph({ ...parts, reads: facts[at]!.reads ?? [] }) };
}

/** Compose files and the services in them: beside such a file Compose reads `.env`. */
function composeReaders(containers: readonly Container[]): {
  readonly services: ReadonlyMap<string, Located<string>>;
  readonly folders: ReadonlyMap<string, Located<string>>;
} {
  const services = new Map<string, Located<string>>();
  const folders = new Map<string, Located<string>>();
  for (const { format, subject, name, project } of containers) {
    if (format !== "compose") continue;
    if (!services.has(subject)) services.set(subject, name);
    const folder = project?.slice(0, Math.max(0, project.lastIndexOf("/")));
    if (folder !== undefined && !folders.has(folder)) folders.set(folder, name);
  }
  return { services, folders };
}

function withWorkers(container: Container): Container {
  const workers = workersOf(container);
  return workers ? { ...container, workers } : container;
}

/** Dot files and folders of other tools, and the names of pipelines without a dot; `ci.ts` knows them exactly. */
const MAY_BE_CI =
  /(^|\/)\.(?!env|gitignore|dockerignore)|pipelines|gitlab-ci|cloudbuild|buildspec|appveyor|renovate|sonar/;

/** Keys of Traefik's file provider and static configuration. */
const TRAEFIK = /(?:^|[\s{,])["']?(?:routers|middlewares|entryPoints)["']?\s*:/;

/** Proxy files, or containers whose labels and arguments configure Traefik. */
const hasProxies = ({ nginx, caddyfile, toml, files }: Trees, containers: readonly Container[]): boolean =>
  nginx.length + caddyfile.length + toml.length > 0 ||
  containers.some(
    ({ product, labels }) => product === "traefik" || labels.some(({ name }) => name.value.startsWith("traefik.")),
  ) ||
  files.some(({ language, text }) => language === "yaml" && TRAEFIK.test(text));

/** Whose environment an env file fills: containers hold the very variables of the files they load. */
function usedBy(envs: readonly EnvFile[], containers: readonly Container[]): readonly EnvFile[] {
  const users = new Map<object, string[]>();
  for (const { variables, subject } of containers) {
    for (const variable of variables) users.set(variable, [...(users.get(variable) ?? []), subject]);
  }
  return envs.map((env) => ({
    ...env,
    usedBy: [...new Set(env.variables.flatMap((variable) => users.get(variable) ?? []))],
  }));
}

const literal = ({ value, span }: Located<string>): Located<EnvValue> => ({
  value: { from: "literal", text: value },
  span,
});

/** A name that says what the key of a call that signs is. */
const SIGNING_SECRET = "JWT_SECRET";

const SETTINGS: { readonly [K in keyof Settings]: true } = {
  debug: true,
  authentication: true,
  keyRotation: true,
  passwordMinLength: true,
  passwordPolicy: true,
  passwordHash: true,
  logLevel: true,
  bodyLogging: true,
  requestSize: true,
  poolSize: true,
};

function combine(trees: Trees, facts: readonly Facts[], { git, history }: NormalizeOptions): Deployment {
  const all = <K extends keyof Facts>(key: K) =>
    facts.flatMap((fact) => (fact[key] ?? []) as readonly unknown[]) as unknown as NonNullable<Facts[K]> &
      readonly never[];
  const byPipelines = new Set(all("variables").flatMap(({ origin, name }) => (origin === "ci" ? name.value : [])));
  const tokens = all("tokens").map((policy) => {
    if (!policy.secret || policy.credential) return policy;
    const value = literal(policy.secret);
    const credential = credentialOf(policy.key, value) ?? credentialOf(SIGNING_SECRET, value);
    return credential ? { ...policy, credential } : policy;
  });
  const settings = Object.fromEntries(
    Object.keys(SETTINGS).map((key) => [
      key,
      facts.flatMap((fact) => (fact.settings?.[key as keyof Settings] ?? []) as readonly unknown[]),
    ]),
  ) as unknown as Settings;
  return {
    files: trees.files,
    problems: [...trees.problems, ...all("problems")],
    roles: all("roles"),
    git,
    history,
    containers: all("containers"),
    stages: all("stages"),
    images: all("images"),
    ports: all("ports"),
    mounts: all("mounts"),
    networks: all("networks"),
    secrets: all("secrets"),
    unknownKeys: all("unknownKeys"),
    unsetVariables: all("unsetVariables").filter(({ name }) => !byPipelines.has(name.value)),
    overrides: all("overrides"),
    objects: all("objects"),
    fieldFaults: all("fieldFaults"),
    envFiles: all("envFiles"),
    variables: all("variables"),
    reads: all("reads"),
    overwritten: all("overwritten"),
    unread: all("unread"),
    providerKeys: all("providerKeys"),
    credentialLiterals: all("credentialLiterals"),
    commandCredentials: all("commandCredentials"),
    urls: all("urls"),
    cors: all("cors"),
    tokens,
    rateLimits: all("rateLimits"),
    settings,
    edges: all("edges"),
    applications: all("applications"),
    pipelines: all("pipelines"),
    suppressions: all("suppressions"),
    sensitive: all("sensitive"),
  };
}
