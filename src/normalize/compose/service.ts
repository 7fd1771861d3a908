/** One service → one container, and what belongs to it. */
import type { Build, Container, ImageReference, Located, OverwrittenVariable, Problem, Variable } from "../../model.ts";
import { imageReference, productOf } from "../images.ts";
import { within } from "../paths.ts";
import { words } from "./command.ts";
import { buildArguments, environment, environmentFiles, overwritten, received } from "./environment.ts";
import { hardening } from "./hardening.ts";
import type { Sight } from "./load.ts";
import { missingPaths } from "./missing.ts";
import { at, type Entry, get, type Mapping, type Node, pairs, type Scalar, text, texts, written } from "./node.ts";
import { exposedPorts, hostNetworkPorts, publishedPorts } from "./ports.ts";
import { mounts } from "./volumes.ts";

export interface Service {
  readonly container: Container;
  /** Written in the Compose file: environment and build arguments. */
  readonly variables: readonly Variable[];
  readonly overwritten: readonly OverwrittenVariable[];
}

export const subjectOf = (name: string): string => `service ${name}`;

/** What a service of a project amounts to. `volumes` are the project's. */
export function service(
  name: Located<string>,
  service: Mapping,
  project: Sight & { readonly volumes: Node | undefined },
  problems: Problem[],
): Service {
  const subject = subjectOf(name.value);
  const image = imageOf(service, subject);
  const product = image?.known ? productOf(image) : undefined;
  const own = environment(service, subject);
  const build = buildOf(get(service, "build"));
  const mode = get(service, "network_mode");
  const networkMode = text(mode);
  const named = get(service, "container_name");
  const containerName = text(named);
  const missing = missingPaths(service, build, project);
  const mounted = mounts(service, subject, project.volumes);
  const container: Container = {
    name,
    subject,
    format: "compose",
    role: "main",
    kind: "service",
    workload: subject,
    ...(image && { image }),
    ...(build && { build }),
    ...(named && containerName !== undefined && { containerName: at(named, containerName) }),
    ...(missing.length && { missing }),
    ...(product && { product: product.name }),
    productKind: product?.kind ?? "application",
    ...hardening({ name, service, image, product, mounts: mounted }),
    ...(mode && networkMode !== undefined && { networkMode: at(mode, networkMode) }),
    networks: networksOf(name, service),
    ports: portsOf(
      service,
      { subject, owner: name.value, ...(product && { product: product.name }) },
      product,
      problems,
    ),
    mounts: mounted,
    variables: received(service, own, project.envFiles),
    environmentFrom: environmentFiles(service, project.envFiles),
    command: [...words(get(service, "entrypoint")), ...words(get(service, "command"))],
    checks: [checkOf(words(get(service, "healthcheck", "test")))],
    profiles: texts(get(service, "profiles")).map(({ value }) => value),
    labels: [...labels(get(service, "labels")), ...labels(get(service, "deploy", "labels"))],
  };
  return {
    container,
    variables: [...own, ...buildArguments(service, subject)],
    overwritten: overwritten(service, subject),
  };
}

/** The command of a health check, without the word that says how it is run (Compose Specification: `healthcheck`). */
const checkOf = (test: readonly Located<string>[]): readonly Located<string>[] =>
  /^(?:CMD|CMD-SHELL|NONE)$/.test(test[0]?.value ?? "") ? test.slice(1) : test;

function imageOf(service: Mapping, subject: string): ImageReference | undefined {
  const node = get(service, "image");
  if (node?.kind !== "scalar" || node.empty) return undefined;
  return imageReference({ reference: at(node, written(node)), known: tagIsKnown(node), subject, format: "compose" });
}

/** `${REGISTRY}/app:1.2` has a known tag though its registry is not. */
const tagIsKnown = (image: Scalar): boolean =>
  text(image) !== undefined || (image.raw.includes("/") && !/[${}]/.test(image.raw.slice(image.raw.lastIndexOf("/"))));

/** Absent where nothing is built, or the build context or its Dockerfile is inline, a URL, unknown or out of sight. */
function buildOf(node: Node | undefined): Build | undefined {
  if (!node || get(node, "dockerfile_inline")) return undefined;
  const context = node.kind === "scalar" ? node : get(node, "context");
  const folder = seen((context ?? node).source.folder, context, ".");
  const dockerfile = folder === undefined ? undefined : seen(folder, get(node, "dockerfile"), "Dockerfile");
  if (folder === undefined || dockerfile === undefined) return undefined;
  const chosen = get(node, "target");
  const target = text(chosen);
  const elsewhere = chosen !== undefined && chosen.span.file.stage !== "production";
  return {
    context: folder,
    dockerfile,
    ...(target && { target }),
    ...(elsewhere && (context ?? node).span.file.stage === "production" && { notForProduction: true as const }),
  };
}

/** The path that `node` names, or `otherwise` where nothing is written. Its folder is that of the file that names it. */
function seen(folder: string, node: Node | undefined, otherwise: string): string | undefined {
  if (!node) return within(folder, otherwise);
  const path = text(node);
  return path === undefined ? undefined : within(folder, path);
}

/** A service that names no network is on the project's default one, unless its mode replaces networks. */
function networksOf(name: Located<string>, service: Mapping): readonly Located<string>[] {
  if (get(service, "network_mode")) return [];
  const named = [...pairs(get(service, "networks")).values()].map(({ key }) => key);
  if (named.length || service.partial) return named;
  return [{ value: "default", span: name.span, implied: true }];
}

function portsOf(
  service: Mapping,
  owner: Parameters<typeof publishedPorts>[1],
  product: { readonly ports: readonly number[] } | undefined,
  problems: Problem[],
) {
  const exposed = exposedPorts(get(service, "expose"), owner);
  const published = publishedPorts(service, owner, problems);
  const mode = get(service, "network_mode");
  return mode && text(mode) === "host"
    ? hostNetworkPorts(mode, owner, product?.ports ?? [], [...published, ...exposed])
    : [...published, ...exposed];
}

const labels = (node: Node | undefined): Container["labels"] =>
  [...pairs(node).values()].flatMap(({ key, value }: Entry) =>
    value.kind === "scalar" ? [{ name: key, value: at(value, written(value)) }] : [],
  );
