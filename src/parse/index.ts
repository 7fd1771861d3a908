/** 2  SYNTAX: files → trees. Parsers are loaded only for languages that are present. Nothing here knows a meaning. */
import type { Problem, SourceFile } from "../model.ts";
import type { CaddyTree } from "./caddyfile.ts";
import type { DockerfileTree } from "./dockerfile.ts";
import type { DotenvTree } from "./dotenv.ts";
import type { IgnoreTree } from "./ignore.ts";
import type { NginxTree } from "./nginx.ts";
import type { ScriptTree } from "./script.ts";
import type { TomlTree } from "./toml.ts";
import type { YamlTree } from "./yaml.ts";

/** A file and what its parser made of it. */
export interface Parsed<Tree> {
  readonly file: SourceFile;
  readonly tree: Tree;
}

export interface Trees {
  readonly files: readonly SourceFile[];
  readonly yaml: readonly Parsed<YamlTree>[];
  readonly dotenv: readonly Parsed<DotenvTree>[];
  readonly dockerfile: readonly Parsed<DockerfileTree>[];
  /** Python, JavaScript and TypeScript. */
  readonly script: readonly Parsed<ScriptTree>[];
  readonly nginx: readonly Parsed<NginxTree>[];
  readonly caddyfile: readonly Parsed<CaddyTree>[];
  readonly toml: readonly Parsed<TomlTree>[];
  readonly ignore: readonly Parsed<IgnoreTree>[];
  readonly problems: readonly Problem[];
}

type Tree = { readonly problems: readonly Problem[] };

/** Every parser is total: what it cannot read becomes a `Problem`, never an exception. */
export async function parse(files: readonly SourceFile[]): Promise<Trees> {
  const problems: Problem[] = [];
  const each = <T extends Tree>(of: readonly SourceFile[], parser: (file: SourceFile) => T): Parsed<T>[] =>
    of.map((file) => {
      const tree = parser(file);
      for (const problem of tree.problems) problems.push(problem);
      return { file, tree };
    });
  const of = (language: SourceFile["language"]) => files.filter((file) => file.language === language);
  const when = async <T extends Tree>(
    language: SourceFile["language"],
    load: () => Promise<(file: SourceFile) => T>,
  ): Promise<Parsed<T>[]> => {
    const present = of(language);
    return present.length ? each(present, await load()) : [];
  };

  const yaml = await when("yaml", async () => (await import("./yaml.ts")).parseYaml);
  const broken = yaml.flatMap(({ tree }) => tree.broken);
  if (broken.length) {
    const { explainYaml } = await import("./yaml-errors.ts");
    for (const part of broken) for (const problem of explainYaml(part)) problems.push(problem);
  }
  return {
    files,
    yaml,
    dotenv: await when("dotenv", async () => (await import("./dotenv.ts")).parseDotenv),
    dockerfile: await when("dockerfile", async () => (await import("./dockerfile.ts")).parseDockerfile),
    script: [
      ...(await when("python", async () => (await import("./python.ts")).parsePython)),
      ...(await when("javascript", async () => (await import("./javascript.ts")).parseJavascript)),
    ],
    nginx: await when("nginx", async () => (await import("./nginx.ts")).parseNginx),
    caddyfile: await when("caddyfile", async () => (await import("./caddyfile.ts")).parseCaddyfile),
    toml: await when("toml", async () => (await import("./toml.ts")).parseToml),
    ignore: await when("ignore", async () => (await import("./ignore.ts")).parseIgnore),
    problems,
  };
}
