/** Which `.env` files COPY and ADD bring into an image. */
import type { BuildStage, Container, Instruction, SourceFile, Span } from "../../model.ts";
import type { IgnoreTree } from "../../parse/ignore.ts";
import type { Parsed } from "../../parse/index.ts";
import { covers, ignoring } from "./patterns.ts";

/**
 * Files that COPY or ADD takes from the build context into a stage, one a file and source, in order. `contextFolder` is
 * relative to the root of the run ("" is the root itself). Where no live `.env` can be seen in the context, a source that
 * would bring `.env` in is still listed, without a file, if the project shows that it uses one.
 */
export function copiedEnvFiles(
  stage: Pick<BuildStage, "instructions">,
  contextFolder: string,
  ignore: Parsed<IgnoreTree> | undefined,
  files: readonly SourceFile[],
): BuildStage["copiedEnvFiles"] {
  const sources = stage.instructions.flatMap(sourcesOf);
  if (!sources.length) return [];
  const { live, used } = envFilesOf(files);
  const prefix = contextFolder === "" || contextFolder === "." ? "" : `${contextFolder.replace(/\/$/, "")}/`;
  const ignored = ignoring(ignore?.tree.patterns.map(({ value }) => value) ?? []);

  const inContext = live.filter(({ path }) => path.startsWith(prefix));
  const candidates: readonly { readonly path: string; readonly file?: SourceFile }[] = inContext.length
    ? inContext.map((file) => ({ path: file.path, file }))
    : used
      ? [{ path: `${prefix}.env` }]
      : [];
  const sent = candidates.filter(({ path }) => !ignored(path.slice(prefix.length)));
  return sources.flatMap(({ at, source, excluded }) =>
    sent
      .filter(({ path }) => covers(source, path.slice(prefix.length)) && !excluded(path.slice(prefix.length)))
      .map((candidate) => ({ at, ...candidate, ignoreFile: ignore?.file.path ?? `${prefix}.dockerignore` })),
  );
}

/** Stages of Dockerfiles that a service builds, with what COPY and ADD bring in from the context that service names. */
export function inContext(
  stages: readonly BuildStage[],
  containers: readonly Container[],
  { ignore, files }: { readonly ignore: readonly Parsed<IgnoreTree>[]; readonly files: readonly SourceFile[] },
): readonly BuildStage[] {
  const contexts = new Map(
    containers.flatMap(({ build }) => (build ? [[build.dockerfile, build.context] as const] : [])),
  );
  return stages.map((stage) => {
    const { path } = stage.file;
    const context = contexts.get(path);
    if (context === undefined) return stage;
    return { ...stage, copiedEnvFiles: copiedEnvFiles(stage, context, ignoreOf(path, context, ignore), files) };
  });
}

interface Source {
  readonly at: Span;
  readonly source: string;
  /** By `--exclude`. */
  readonly excluded: (path: string) => boolean;
}

function sourcesOf({ keyword, flags, arguments: words }: Instruction): readonly Source[] {
  if ((keyword !== "COPY" && keyword !== "ADD") || flags.some(({ name }) => name === "from")) return [];
  const excluded = ignoring(flags.filter(({ name }) => name === "exclude").map(({ value }) => value));
  return words
    .slice(0, -1)
    .filter(({ value }) => !/^[a-z][a-z0-9+.-]*:\/\/|^git@|^\d*<<|\$/i.test(value))
    .map(({ value, span }) => ({ at: span, source: value, excluded }));
}

/**
 * The `.dockerignore` of a build: `<Dockerfile>.dockerignore` beside the Dockerfile replaces that of the context
 * (BuildKit).
 */
export function ignoreOf(
  dockerfile: string,
  contextFolder: string,
  trees: readonly Parsed<IgnoreTree>[],
): Parsed<IgnoreTree> | undefined {
  const own = `${dockerfile}.dockerignore`;
  const shared = contextFolder === "" || contextFolder === "." ? ".dockerignore" : `${contextFolder}/.dockerignore`;
  const of = (path: string) => trees.find(({ file }) => file.path === path);
  return of(own) ?? of(shared);
}

interface EnvFilesOf {
  readonly live: readonly SourceFile[];
  /** The project has a `.env`, an example of one, or keeps one out of git. */
  readonly used: boolean;
}

/** Every stage of every Dockerfile asks the same list. */
const known = new WeakMap<readonly SourceFile[], EnvFilesOf>();

function envFilesOf(files: readonly SourceFile[]): EnvFilesOf {
  const before = known.get(files);
  if (before) return before;
  const env = files.filter(({ language }) => language === "dotenv");
  const result = {
    live: env.filter(({ stage }) => stage !== "example"),
    used: env.length > 0 || files.some(({ path, text }) => /(?:^|\/)\.gitignore$/.test(path) && IGNORES_ENV.test(text)),
  };
  known.set(files, result);
  return result;
}

const IGNORES_ENV = /^(?:\*\*)?\/?(?:\.env\*?|\*\.env|\.env\.\*)[ \t]*\r?$/m;
