/** Joins images built here with the containers that run them: user, command, health check and environment of the stage. */
import type { BuildStage, Container, ImageReference, Instruction, Located } from "../model.ts";
import { runsClient } from "./clients.ts";
import { productOf } from "./images.ts";

export interface Built {
  /** Containers with what their stage decides, and one container for each final stage that nobody runs. */
  readonly containers: readonly Container[];
  readonly stages: readonly BuildStage[];
}

/**
 * A container that says nothing about its user runs as the `USER` of the stage it is built from; an explicit user wins.
 * A container runs an image built here if it names the build, or an image that another container names and builds.
 * A stage that only an override for development chooses says nothing about what production runs: it is not joined.
 * Where nothing else tells, a project's only Dockerfile is taken as the image of its Kubernetes applications.
 */
export function joinBuilds(containers: readonly Container[], stages: readonly BuildStage[]): Built {
  const byFile = new Map<string, BuildStage[]>();
  for (const stage of stages) {
    const of = byFile.get(stage.file.path);
    if (of) of.push(stage);
    else byFile.set(stage.file.path, [stage]);
  }
  const byTarget = new Map<string, BuildStage>();
  const targetKey = (dockerfile: string, target: string) => `${dockerfile}\0${target.toLowerCase()}`;
  for (const stage of stages.toReversed()) byTarget.set(targetKey(stage.file.path, stage.name.value), stage);
  const stageNamed = (dockerfile: string, target?: string): BuildStage | undefined => {
    const of = byFile.get(dockerfile);
    if (target === undefined) return of?.findLast(({ final }) => final);
    return byTarget.get(targetKey(dockerfile, target)) ?? of?.[Number(target)];
  };

  const builtHere = new Map<string, BuildStage>();
  for (const { build, image } of containers) {
    const stage = build && stageNamed(build.dockerfile, build.target);
    if (stage && image) builtHere.set(nameOf(image), stage);
  }
  const only =
    byFile.size === 1 && !containers.some(({ build }) => build) ? stages.find(({ final }) => final) : undefined;

  const lineOf = lineage(stages);
  const ranBy = new Map<BuildStage, string[]>();
  const joined = containers.map((container) => {
    const { build, image, format, productKind } = container;
    if (build?.notForProduction) return container;
    const stage = build
      ? stageNamed(build.dockerfile, build.target)
      : ((image && builtHere.get(nameOf(image))) ??
        (format === "kubernetes" && productKind === "application" ? only : undefined));
    if (!stage) return container;
    const users = ranBy.get(stage);
    if (users) users.push(container.subject);
    else ranBy.set(stage, [container.subject]);
    return withStage(container, lineOf(stage));
  });

  const shipped = new Set(stages.filter((stage) => stage.final || ranBy.has(stage)).flatMap((stage) => lineOf(stage)));
  const known = stages.map((stage) => ({ ...stage, ranBy: ranBy.get(stage) ?? [], shipped: shipped.has(stage) }));
  const unused = known.filter(({ final, ranBy }) => final && ranBy.length === 0);
  const all = [...joined, ...unused.map((stage) => asContainer(stage, lineOf(stage)))];
  return { containers: all.map(withoutStore), stages: known };
}

/** What is run for a client alone stores nothing. */
const withoutStore = (container: Container): Container =>
  container.productKind === "datastore" && runsClient(container.command)
    ? { ...container, productKind: "other" }
    : container;

const nameOf = ({ registry, repository }: ImageReference): string => `${registry ?? ""}/${repository}`;

/** A stage and those it continues, nearest first. At least one. */
type Line = readonly [BuildStage, ...BuildStage[]];

/** Stages that continue one another farther than anybody writes. */
const LONGEST = 100;

function lineage(stages: readonly BuildStage[]): (stage: BuildStage) => Line {
  const named = new Map<string, BuildStage>();
  const key = ({ file }: BuildStage, name: string) => `${file.path}\0${name}`;
  for (const stage of stages.toReversed()) named.set(key(stage, stage.name.value), stage);
  return (stage) => {
    const line: [BuildStage, ...BuildStage[]] = [stage];
    for (let at: BuildStage | undefined = stage; at && line.length < LONGEST; ) {
      at = at.parent === undefined ? undefined : named.get(key(at, at.parent));
      if (!at || line.includes(at)) break;
      line.push(at);
    }
    return line;
  };
}

function withStage(container: Container, line: Line): Container {
  const [stage] = line;
  const base = line.at(-1)?.image;
  const product = base && productOf(base);
  const service = product?.kind === "datastore" || product?.kind === "proxy" || product?.kind === "console";
  const user = container.user && !container.user.implied ? container.user : (stage.user ?? container.user);
  const healthcheck =
    container.healthcheck && !container.healthcheck.implied
      ? container.healthcheck
      : (healthOf(line) ?? container.healthcheck);
  const own = new Set(container.variables.map(({ name }) => name.value));
  const inherited = line.flatMap(({ variables }) =>
    variables.filter(({ name, origin }) => origin === "dockerfile-env" && !own.has(name.value)),
  );
  return {
    ...container,
    ...(product && (service || product.kind === "application") && { product: product.name, productKind: product.kind }),
    ...(user && { user }),
    ...(healthcheck && { healthcheck }),
    command: container.command.length ? container.command : commandOf(line),
    variables: [...container.variables, ...inherited],
  };
}

function asContainer(stage: BuildStage, line: Line): Container {
  return withStage(
    {
      name: stage.name,
      subject: stage.subject,
      format: "dockerfile",
      role: "main",
      kind: "stage",
      workload: stage.subject,
      productKind: "application",
      capabilitiesAdded: [],
      capabilitiesDropped: [],
      networks: [],
      ports: stage.ports,
      mounts: [],
      variables: [],
      command: [],
      profiles: [],
      labels: [],
      ...(stage.image && { image: stage.image }),
    },
    line,
  );
}

const last = (line: readonly BuildStage[], keyword: string): Instruction | undefined => {
  for (const { instructions } of line) {
    const found = instructions.findLast((instruction) => instruction.keyword === keyword);
    if (found) return found;
  }
  return undefined;
};

const commandOf = (line: readonly BuildStage[]): readonly Located<string>[] => [
  ...(last(line, "ENTRYPOINT")?.arguments ?? []),
  ...(last(line, "CMD")?.arguments ?? []),
];

function healthOf(line: readonly BuildStage[]): Located<boolean> | undefined {
  const instruction = last(line, "HEALTHCHECK");
  return (
    instruction && { value: instruction.arguments[0]?.value.toUpperCase() !== "NONE", span: instruction.keywordSpan }
  );
}
