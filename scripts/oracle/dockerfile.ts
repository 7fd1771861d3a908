/** Stages of every Dockerfile beside what BuildKit's own parser and expander make of it. */
import { relative, resolve } from "node:path";
import { discover } from "../../src/discover/index.ts";
import type { BuildStage, EnvValue } from "../../src/model.ts";
import { understand } from "../../src/run.ts";
import { ask, type Dockerfile, type Text } from "./buildkit.ts";
import type { Comparison } from "./run.ts";

interface Case {
  /** Absolute. */
  readonly path: string;
  readonly stages: readonly BuildStage[];
  /** The model says that something is wrong in the file. */
  readonly told: boolean;
}

/** Compares all Dockerfiles below the folders. `program` is the built oracle. */
export async function compare(program: string, folders: readonly string[]): Promise<Comparison> {
  const cases = (await Promise.all(folders.map(casesOf))).flat();
  const answers = ask(
    program,
    cases.map(({ path }) => path),
  );
  const stages = answers.reduce((count, answer) => count + (answer.stages?.length ?? 0), 0);
  const differences = cases.flatMap((each, index) =>
    differencesOf(each, answers[index]!).map((text) => `${relative(".", each.path)}: ${text}`),
  );
  return { compared: `${cases.length} Dockerfiles with ${stages} stages`, differences };
}

async function casesOf(folder: string): Promise<readonly Case[]> {
  const project = discover([folder], { cwd: process.cwd(), openRepository: () => undefined });
  const model = await understand(project);
  return project.files
    .filter(({ language }) => language === "dockerfile")
    .map((file) => ({
      path: resolve(folder, file.path),
      stages: model.stages.filter((stage) => stage.file.path === file.path),
      told: model.problems.some(({ span }) => span.file.path === file.path),
    }));
}

function differencesOf({ stages, told }: Case, answer: Dockerfile): readonly string[] {
  if (answer.error !== undefined) return told ? [] : [`BuildKit refuses it: ${answer.error.replaceAll(/\s+/g, " ")}`];
  const theirs = answer.stages ?? [];
  const names = [stages.map(({ name }) => name.value.toLowerCase()), theirs.map(({ name }) => name.toLowerCase())];
  if (names[0]!.join() !== names[1]!.join()) return [`stages: model ${names[0]}, BuildKit ${names[1]}`];
  return stages.flatMap((mine, index) => {
    const their = theirs[index]!;
    const written = mine.user?.implied ? undefined : mine.user?.value;
    const environment = new Map(
      mine.variables.flatMap(({ name, value, origin }) =>
        origin === "dockerfile-env" ? [[name.value, textOf(value.value)]] : [],
      ),
    );
    return [
      ...differ(`${mine.subject}: base`, baseOf(mine), their.base),
      ...differ(`${mine.subject}: user`, written, their.user),
      ...[...new Set([...environment.keys(), ...Object.keys(their.env)])].flatMap((name) =>
        differ(`${mine.subject}: ${name}`, environment.get(name), their.env[name], environment.has(name)),
      ),
      ...exposed(mine, their.expose),
    ];
  });
}

/** What is unknown here may be anything there; what is known there may only be unknown here if a variable is in it. */
function differ(what: string, mine: string | undefined, their: Text | undefined, there = true): readonly string[] {
  const same = mine === undefined ? their === undefined || (their.unknown && there) : mine === their?.value;
  return same ? [] : [`${what}: model ${JSON.stringify(mine)}, BuildKit ${JSON.stringify(their?.value)}`];
}

const textOf = (value: EnvValue): string | undefined =>
  value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;

/** The stage it continues, or its image as far as it is known. Only `scratch` is none. */
function baseOf({ parent, image }: BuildStage): string | undefined {
  const reference = parent?.toLowerCase() ?? image?.reference.value ?? "scratch";
  return reference.includes("$") ? undefined : reference;
}

function exposed({ subject, ports }: BuildStage, theirs: readonly Text[]): readonly string[] {
  const mine = ports.flatMap(({ via, target, targetEnd, protocol }) =>
    via === "expose" && target !== undefined
      ? [`${target}${targetEnd === undefined ? "" : `-${targetEnd}`}/${protocol}`]
      : [],
  );
  const their = theirs
    .filter(({ unknown, value }) => !unknown && !value.split(/[-/]/).some((number) => Number(number) > 65_535))
    .map(({ value }) => (value.includes("/") ? value.toLowerCase() : `${value}/tcp`));
  const [a, b] = [mine, their].map((list) => [...new Set(list)].sort().join(" "));
  return a === b ? [] : [`${subject}: expose: model ${a}, BuildKit ${b}`];
}
