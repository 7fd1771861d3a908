/** Dockerfiles → build stages, images, variables and ports: who a stage runs as, what it starts from, what it takes in. */
import type {
  Blank,
  BuildStage,
  ImageReference,
  Instruction,
  Located,
  OverwrittenVariable,
  Port,
  SourceFile,
  Variable,
} from "../../model.ts";
import type { DockerfileInstruction, DockerfileStage, DockerfileTree, Word } from "../../parse/dockerfile.ts";
import type { IgnoreTree } from "../../parse/ignore.ts";
import type { Parsed } from "../../parse/index.ts";
import type { Facts } from "../facts.ts";
import { imageReference, type Product, productOf } from "../images.ts";
import { folderOf } from "../paths.ts";
import { beyond, digits } from "../port-numbers.ts";
import { variable } from "../variable.ts";
import { accountOf } from "./account.ts";
import { copiedEnvFiles, ignoreOf } from "./env-files.ts";
import { resolve, type Scope, scopeIn, valueOfWord, variableIn } from "./scope.ts";
import { copiedImages } from "./sources.ts";
import { impliedUser, userBlank } from "./user.ts";

export { inContext } from "./env-files.ts";

/**
 * `stages` in order of files and stages; `images` are those that come from a registry, as a base or
 * by `COPY --from`; `variables` and `ports` are
 * those written in the files, each once. A stage's own `variables` and `ports` leave out what it inherits (`parent`).
 * The build context is taken to be the folder of the Dockerfile: `inContext` knows better where a service builds it.
 */
export function dockerfiles(input: {
  readonly dockerfile: readonly Parsed<DockerfileTree>[];
  readonly ignore: readonly Parsed<IgnoreTree>[];
  readonly files: readonly SourceFile[];
}): Facts {
  const stages: BuildStage[] = [];
  const globals: Variable[] = [];
  for (const { file, tree } of input.dockerfile) {
    const folder = folderOf(file.path);
    const ignore = ignoreOf(file.path, folder, input.ignore);
    const scope = argumentsOf(file, tree, globals);
    const earlier = new Map<string, Built>();
    for (const stage of tree.stages) {
      const built = buildStage(stage, { file, tree, globals: scope, earlier });
      earlier.set((stage.name?.value ?? String(stage.index)).toLowerCase(), built);
      stages.push({ ...built.stage, copiedEnvFiles: copiedEnvFiles(built.stage, folder, ignore, input.files) });
    }
  }
  return {
    stages,
    images: stages.flatMap(({ image, instructions, subject }) => [
      ...(image ? [image] : []),
      ...copiedImages(instructions, subject),
    ]),
    variables: [...globals, ...stages.flatMap(({ variables }) => variables)],
    ports: stages.flatMap(({ ports }) => ports),
    overwritten: stages.flatMap(overwritten),
    roles: input.dockerfile.map(({ file }) => ({ file, role: "Dockerfile" })),
  };
}

/** Variables that the same stage sets again before any instruction could have used the first value. */
function overwritten({ variables, instructions }: BuildStage): readonly OverwrittenVariable[] {
  const own = variables.filter(({ origin }) => origin === "dockerfile-env");
  const uses = instructions.filter(({ keyword }) => !/^(?:ENV|LABEL|EXPOSE|VOLUME|STOPSIGNAL)$/.test(keyword));
  const last = new Map<string, Variable>();
  const found: OverwrittenVariable[] = [];
  for (const variable of own) {
    const { name, value } = variable;
    const before = last.get(name.value);
    last.set(name.value, variable);
    if (!before) continue;
    const builds =
      value.value.from === "variable" && value.value.references.some((reference) => reference.name === name.value);
    const used = uses.some(({ span }) => span.start > before.name.span.start && span.start < name.span.start);
    if (builds || used) continue;
    found.push({
      variable: before,
      by: name,
      same: textOf(before) !== undefined && textOf(before) === textOf(variable),
    });
  }
  return found;
}

const textOf = ({ value: { value } }: Variable): string | undefined =>
  value.from === "literal" ? value.text : undefined;

/** A stage and what later stages inherit from it. */
interface Built {
  readonly stage: BuildStage;
  readonly scope: Scope;
  /** What the first stage of the line starts from; absent: nothing. */
  readonly image: ImageReference | undefined;
  readonly product?: Product;
}

interface Surroundings {
  readonly file: SourceFile;
  readonly tree: DockerfileTree;
  /** ARGs before the first FROM. */
  readonly globals: Scope;
  readonly earlier: ReadonlyMap<string, Built>;
}

/** ARGs of the global scope, whose variables are added to `variables`. */
function argumentsOf(file: SourceFile, tree: DockerfileTree, variables: Variable[]): Scope {
  const first = tree.stages[0]?.from;
  const scope = scopeIn();
  for (const instruction of tree.instructions) {
    if (instruction === first) break;
    if (instruction.keyword !== "ARG") continue;
    for (const each of declared(instruction, file.path, scope, tree.escape)) variables.push(each);
    declare(instruction, scope, undefined, tree.escape);
  }
  return scope;
}

function buildStage(stage: DockerfileStage, { file, tree, globals, earlier }: Surroundings): Built {
  const { escape: escaping } = tree;
  const { index, image, instructions } = stage;
  const name: Located<string> = stage.name ?? { value: String(index), span: image.span, implied: true };
  const subject = `stage ${name.value}`;

  const resolved = resolve(image, globals, escaping);
  const parent = resolved === undefined ? undefined : earlier.get(resolved.toLowerCase());
  const named = parent?.stage.name.implied ? undefined : parent;
  const base =
    named || resolved?.toLowerCase() === "scratch"
      ? undefined
      : imageReference({
          reference: { value: resolved ?? image.raw, span: image.span },
          known: resolved !== undefined && resolved !== "",
          subject,
          format: "dockerfile",
        });
  const product = named ? named.product : base?.known ? productOf(base) : undefined;

  const scope = scopeIn(named?.scope);
  let user: { readonly at: Located<string> | undefined; readonly by: DockerfileInstruction } | undefined;
  const users: string[] = [];
  const variables: Variable[] = [];
  const ports: Port[] = [];
  for (const instruction of instructions) {
    const [first] = instruction.arguments;
    switch (instruction.keyword) {
      case "ARG":
      case "ENV":
        for (const each of declared(instruction, subject, scope, escaping)) variables.push(each);
        declare(instruction, scope, globals, escaping);
        break;
      case "USER":
        if (first) user = { at: locatedUser(first, scope, escaping), by: instruction };
        if (user?.at) users.push(user.at.value);
        break;
      case "EXPOSE":
        for (const word of instruction.arguments) {
          const port = exposed(word, scope, escaping);
          if (port) ports.push({ ...port, subject, owner: name.value, ...(product && { product: product.name }) });
        }
        break;
    }
  }

  const account = accountOf(instructions, users, {
    image: named ? named.image : base,
    product,
    scratch: named ? named.image === undefined : base === undefined,
    inherited: named?.stage.account,
  });
  // Many hosts let root alone open ports below 1024.
  const opensLow = ports.some(({ target }) => target !== undefined && target < 1024);
  const blank = account && !opensLow ? userBlank(stage, user?.by, account) : undefined;
  const inherited = named?.stage.user;
  const explicit = user ? user.at : inherited && !inherited.implied ? inherited : undefined;
  const effective =
    user || explicit
      ? explicit && written(explicit, blank)
      : impliedUser(stage, named ? (inherited?.value ?? "unknown") : (product?.user ?? baseUser(resolved)), blank);
  return {
    scope,
    image: named ? named.image : base,
    ...(product && { product }),
    stage: {
      name,
      subject,
      file,
      final: index === tree.stages.length - 1,
      ranBy: [],
      shipped: false,
      ...(base && { image: base satisfies ImageReference }),
      ...(named && { parent: named.stage.name.value }),
      ...(effective && { user: effective }),
      ...(account && { account }),
      ports,
      variables,
      instructions: instructions.map(plain),
      ...(product?.runtime !== undefined && { runtime: product.runtime }),
      ...(product?.family && { family: product.family }),
      copiedEnvFiles: [],
    },
  };
}

/** Without what only this layer needs. */
const plain = ({ pairs: _, arguments: words, ...rest }: DockerfileInstruction): Instruction => ({
  ...rest,
  arguments: words.map(({ value, span }) => ({ value, span })),
});

/** As the stage that it ends in has it: what is written there decides. */
const written = ({ value, span }: Located<string>, blank: Blank | undefined): Located<string> => ({
  value,
  span,
  ...(blank && { blank }),
});

/** Nothing but what the stage brings is in `scratch`, and nobody but root. */
const baseUser = (image: string | undefined): "root" | "unknown" =>
  image?.toLowerCase() === "scratch" ? "root" : "unknown";

function locatedUser(word: Word, scope: Scope, escaping: string): Located<string> | undefined {
  const value = resolve(word, scope, escaping)?.trim();
  return value ? { value, span: word.span } : undefined;
}

// ── Variables ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Variables of one ENV or ARG. All its values see the scope before it. */
function declared(
  { keyword, pairs }: DockerfileInstruction,
  subject: string,
  scope: Scope,
  escaping: string,
): readonly Variable[] {
  return pairs.flatMap(({ name, value }) => {
    if (!name.value || (keyword === "ENV" && !value)) return [];
    return variable({
      name: { value: name.value, span: name.span },
      value: value
        ? { value: valueOfWord(value, scope, escaping), span: value.span }
        : { value: { from: "host" }, span: name.span },
      origin: keyword === "ENV" ? "dockerfile-env" : "dockerfile-arg",
      phase: keyword === "ENV" ? "run" : "build",
      subject,
    });
  });
}

/** Adds what one ENV or ARG sets. A bare ARG takes the default that the global scope gives the name. */
function declare(
  { keyword, pairs }: DockerfileInstruction,
  scope: Scope,
  globals: Scope | undefined,
  escaping: string,
): void {
  const values = pairs.map(({ name, value }) => {
    if (!value) return (globals && variableIn(globals, name.value)) ?? "unknown";
    const resolved = resolve(value, scope, escaping);
    return resolved === undefined ? "unknown" : { value: resolved, span: value.span };
  });
  const into = keyword === "ENV" ? scope.env : scope.args;
  pairs.forEach(({ name }, index) => {
    into.set(name.value, values[index]!);
  });
}

// ── Ports ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const PORT = /^(\d{1,9})(?:-(\d{1,9}))?(?:\/(tcp|udp|sctp))?$/i;

function exposed(word: Word, scope: Scope, escaping: string): Omit<Port, "subject" | "owner"> | undefined {
  const match = PORT.exec(resolve(word, scope, escaping) ?? "");
  if (!match) return undefined;
  const [, target, targetEnd, protocol] = match;
  const large = beyond(targetEnd ? `${target}-${targetEnd}` : target!);
  if (large !== undefined) {
    const outOfRange = { value: large, span: digits(word.span, large) };
    return { span: word.span, format: "dockerfile", via: "expose", protocol: "tcp", outOfRange, reach: "unknown" };
  }
  return {
    span: word.span,
    format: "dockerfile",
    via: "expose",
    target: Number(target),
    ...(targetEnd && { targetEnd: Number(targetEnd) }),
    protocol: (protocol?.toLowerCase() ?? "tcp") as Port["protocol"],
    reach: "internal",
  };
}
