/** Who runs which source with which environment: what source needs and lacks, and what it is given and never reads. */
import type {
  BuildStage,
  Container,
  EnvFile,
  EnvRead,
  Located,
  SourceFile,
  UnreadVariable,
  Variable,
} from "../model.ts";
import { isForeign, mistaken } from "./env-names.ts";
import { loadsEnvFile } from "./env-readers.ts";
import { folderOf } from "./paths.ts";

interface Parts {
  readonly files: readonly SourceFile[];
  readonly containers: readonly Container[];
  readonly stages: readonly BuildStage[];
  readonly envFiles: readonly EnvFile[];
  readonly variables: readonly Variable[];
  readonly reads: readonly EnvRead[];
}

/** `reads` with `missingIn`, and the variables that no source reads. Silent wherever something cannot be seen. */
export function envGraph(parts: Parts): {
  readonly reads: readonly EnvRead[];
  readonly unread: readonly UnreadVariable[];
} {
  const source = parts.files.filter(({ language }) => language === "python" || language === "javascript");
  if (source.length === 0 || parts.reads.length === 0) return { reads: parts.reads, unread: [] };
  const homes = homesOf(parts, source);
  const mentions = once(() => mentionsIn(source));
  const unread = unreadVariables(parts, homes, mentions);
  const meant = new Set(unread.map(({ meant }) => meant));
  const optional = new Set(parts.reads.filter(({ required }) => !required).map(({ name }) => name.value));
  const reads = parts.reads.map((read) => {
    const { name, required, providedBy } = read;
    if (isForeign(name.value)) return { ...read, foreign: true as const };
    if (!required || providedBy.length || optional.has(name.value) || mentions().provided.has(name.value)) return read;
    if (meant.has(name) || !isApplication(name.span.file)) return read;
    const runners = runnersOf(name.span.file, homes);
    if (runners.length === 0 || !runners.every(({ closed }) => closed)) return read;
    return {
      ...read,
      missingIn: runners.map(({ container }) => ({ subject: container.subject, name: container.name })),
    };
  });
  return { reads, unread };
}

/** The result of the first call, which is made only if somebody asks. */
function once<T>(compute: () => T): () => T {
  let known: { readonly result: T } | undefined;
  return () => {
    known ??= { result: compute() };
    return known.result;
  };
}

/** Source that an application runs, and no script, test, migration or configuration of a tool beside it. */
const isApplication = ({ path, stage }: SourceFile): boolean =>
  stage === "production" &&
  !/(?:^|\/)(?:scripts?|tools?|bin|bench|benchmarks?|migrations?|alembic|seeds?|\.github|ci|hack|utils\/dev|sdk|cli|packages)\//i.test(
    path,
  ) &&
  !/(?:^|\/)(?:setup|conftest|noxfile|fabfile|tasks|manage|seed)\.py$|\.config\.[cm]?[jt]s$|\.stories\.[jt]sx?$/.test(
    path,
  );

// ── Who runs what ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Runner {
  readonly container: Container;
  /** Folder of the source that its image holds; "" is the root. */
  readonly home: string;
  /** Its whole environment is known. */
  readonly closed: boolean;
}

/** Runtimes whose source is read here. */
const READ: ReadonlySet<string> = new Set(["python", "node", "bun", "deno"]);

/**
 * A container runs the source in its build context, or beside the Dockerfile of its stage. Where the project builds
 * nothing, its one application in Kubernetes runs what source there is. A stage that nobody runs gets an environment
 * from whoever starts it, so it tells nothing.
 */
function homesOf({ containers, stages, envFiles }: Parts, source: readonly SourceFile[]): readonly Runner[] {
  const loaders = once(() => source.filter((file) => loadsEnvFile(file)));
  const folders = new Set(source.flatMap(({ path }) => ancestors(path)));
  const deployed = containers.filter(
    ({ format, productKind }) => format !== "dockerfile" && productKind === "application",
  );
  const closed = (container: Container, home: string, stage: BuildStage | undefined): boolean =>
    (container.environmentFrom ?? []).every(({ found }) => found) &&
    !container.command.some(({ value }) => /\.sh$|^\.?\/?(?:docker-)?entrypoint/.test(value)) &&
    (stage?.copiedEnvFiles ?? []).every(({ file }) => file !== undefined) &&
    (envFiles.some((env) => env.live && isAbove(folderOf(env.file.path), home)) ||
      !loaders().some((file) => isAbove(home, file.path)));
  const built = deployed.flatMap((container): Runner[] => {
    const stage =
      stages.find(
        ({ ranBy, file }) =>
          ranBy.includes(container.subject) && (!container.build || file.path === container.build.dockerfile),
      ) ?? undefined;
    if (!stage && !container.build) return [];
    if (stage?.runtime !== undefined && !READ.has(stage.runtime)) return [];
    const beside = folderOf(container.build?.dockerfile ?? stage?.file.path ?? "");
    const context = container.build?.context ?? beside;
    const home = isAbove(context, beside) && folders.has(beside) ? beside : context;
    return [{ container, home, closed: closed(container, home, stage) }];
  });
  const alone = deployed.filter(({ format, role }) => format === "kubernetes" && role === "main");
  const [only] = alone;
  return built.length || stages.length || !only || alone.length > 1
    ? built
    : [{ container: only, home: "", closed: closed(only, "", undefined) }];
}

/** Those whose home is the nearest above the file. */
function runnersOf(file: SourceFile, homes: readonly Runner[]): readonly Runner[] {
  const above = homes.filter(({ home }) => isAbove(home, file.path));
  const nearest = Math.max(...above.map(({ home }) => home.length));
  return above.filter(({ home }) => home.length === nearest);
}

const isAbove = (folder: string, path: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);

function ancestors(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = folderOf(path); at !== ""; at = folderOf(at)) found.push(at);
  return [...found, ""];
}

// ── What source mentions ────────────────────────────────────────────────────────────────────────────────────────────

interface Mentions {
  /** Every upper-case name in any source: settings are also read by way of tables. */
  readonly words: ReadonlySet<string>;
  /** Names that source sets itself, or asks for before it reads them. */
  readonly provided: ReadonlySet<string>;
  /** Some source takes the environment as a whole. */
  readonly whole: boolean;
}

/** Larger source is generated. In UTF-16 code units. */
const LONGEST = 512 * 1024;

const PROVIDED =
  /(?:environ\[["']|process\.env\.|process\.env\[["'])(\w+)["']?\]?\s*(?:\?\?|\|\|)?=(?![=>])|["'](\w+)["']\s+(?:not\s+)?in\s+(?:os\.environ|process\.env)\b/g;
const WHOLE =
  /(?:\*\*|dict\(|\.\.\.|keys\(|entries\(|copy\()\s*(?:os\.environ|process\.env)|(?:os\.environ|process\.env)(?:\.copy\(|\.items\(|\[[^"'\]])/;

function mentionsIn(source: readonly SourceFile[]): Mentions {
  const [words, provided] = [new Set<string>(), new Set<string>()];
  let whole = false;
  for (const { text } of source) {
    if (text.length > LONGEST) continue;
    for (const [word] of text.matchAll(/[A-Z][A-Z0-9_]{2,}/g)) words.add(word);
    if (!text.includes("env")) continue;
    for (const [, set, asked] of text.matchAll(PROVIDED)) provided.add(set ?? asked!);
    whole ||= WHOLE.test(text);
  }
  return { words, provided, whole };
}

// ── What nobody reads ───────────────────────────────────────────────────────────────────────────────────────────────

const SET_BY_HAND: ReadonlySet<Variable["origin"]> = new Set([
  "env-file",
  "compose",
  "kubernetes",
  "config-map",
  "secret",
]);

/** More comparisons of names than any project needs. */
const COMPARISONS = 200_000;

function unreadVariables(parts: Parts, homes: readonly Runner[], mentions: () => Mentions): readonly UnreadVariable[] {
  const { reads } = parts;
  const readIn = homes.filter(({ home }) => reads.some(({ name }) => isAbove(home, name.span.file.path)));
  const loaded = parts.envFiles.filter(
    ({ live, readBy }) => live && readBy.some(({ dialect }) => dialect !== "compose"),
  );
  if (readIn.length === 0 && loaded.length === 0) return [];
  const used = new Set([...reads.map(({ name }) => name.value.toUpperCase()), ...referenced(parts)]);
  const open = reads.filter(
    ({ name, providedBy }) =>
      providedBy.length === 0 &&
      !isForeign(name.value) &&
      !mentions().provided.has(name.value) &&
      isApplication(name.span.file),
  );
  let comparisons = COMPARISONS;
  const found = new Map<Variable, UnreadVariable>();
  const look = (variable: Variable, inside: (file: SourceFile) => boolean) => {
    const name = variable.name.value;
    if (found.has(variable) || !SET_BY_HAND.has(variable.origin) || isForeign(name)) return;
    if (variable.name.span.file.stage === "example" || variable.name.span.file.stage === "test") return;
    if (used.has(name.toUpperCase()) || mentions().words.has(name) || !/^[A-Za-z_][\w-]*$/.test(name)) return;
    let meant: Located<string> | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const read of open) {
      if (comparisons-- <= 0) break;
      const distance = mistaken(name, read.name.value);
      if (distance === undefined || distance >= least || !inside(read.name.span.file)) continue;
      [meant, least] = [read.name, distance];
    }
    if (meant || !mentions().whole) found.set(variable, { variable, ...(meant && { meant }) });
  };
  for (const { container, home } of readIn) {
    for (const variable of container.variables) look(variable, (file) => isAbove(home, file.path));
  }
  for (const { file: env, variables } of loaded) {
    for (const variable of variables) look(variable, (file) => isAbove(folderOf(env.path), file.path));
  }
  return [...found.values()];
}

/** Names that values, commands and configuration of other languages refer to; `NAME: ${NAME}` only hands it on. */
function referenced({ files, variables, containers }: Parts): readonly string[] {
  return [
    ...variables.flatMap(({ name, value }) =>
      value.value.from === "variable"
        ? value.value.references.flatMap((reference) => (reference.name === name.value ? [] : [reference.name]))
        : [],
    ),
    ...containers.flatMap(({ command }) => command.flatMap(({ value }) => namesIn(value))),
    ...files.flatMap(({ language, text }) => (REFERRING.has(language) ? namesIn(text) : [])),
  ].map((name) => name.toUpperCase());
}

const REFERRING: ReadonlySet<SourceFile["language"]> = new Set(["yaml", "dockerfile", "nginx", "caddyfile", "toml"]);

function namesIn(text: string): readonly string[] {
  if (!text.includes("$") && !text.includes("{")) return [];
  return [...text.matchAll(/(?:\$|\{\$?)[{(]?(?:env\.)?([A-Za-z_]\w*)/g)].flatMap(({ 1: name, index }) =>
    name && !isAssigned(text, name, index) ? [name] : [],
  );
}

/** `NAME: "${`, `NAME=${`, with nothing else between. */
function isAssigned(text: string, name: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - name.length - 4), at).replace(/["'\s]+$/, "");
  return /[:=]$/.test(before) && before.replace(/["'\s]*[:=]$/, "").endsWith(name);
}
