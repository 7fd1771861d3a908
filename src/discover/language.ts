/** Which files are looked at, by name, and which of them are worth parsing, by a cheap look at their text. */
import type { Language } from "../model.ts";

export interface Candidate {
  readonly language: Language;
  /** The name alone says what it is: it is parsed whatever it holds, and said to be skipped if it can not be read. */
  readonly named: boolean;
  /** Worth parsing only if its text matches. */
  readonly content?: RegExp;
}

const MEBIBYTE = 1 << 20;

/** Largest file that is read, in bytes. */
export const limitOf = (language: Language): number =>
  language === "python" || language === "javascript" ? 2 * MEBIBYTE : 5 * MEBIBYTE;

/** A key that Compose, Kubernetes, Traefik, Kustomize or Helm files have. */
const YAML =
  /(?:^|[\s{,])["']?(?:services|apiVersion|entryPoints|routers|middlewares|certificatesResolvers|kustomization)["']?\s*:/;
const JSON_MANIFEST = /"apiVersion"/;
const NGINX =
  /^[ \t]*(?:(?:server|http|upstream|location|events|map)\b[^\n;{}]*\{|(?:add_header|more_set_headers|ssl_protocols|proxy_set_header|limit_req|client_max_body_size)[ \t][^\n;]*;)/m;
const TRAEFIK = /^[ \t]*\[+(?:http|tcp|udp|entryPoints|providers|certificatesResolvers|tls|api)\b/m;

const named = (language: Language): Candidate => ({ language, named: true });
const scanned = (language: Language, content?: RegExp): Candidate =>
  content ? { language, named: false, content } : { language, named: false };

/** Tables and plain comparisons instead of patterns: compiling those would cost a small run more than all its reading. */
const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const each = (names: string, found: Candidate): (readonly [string, Candidate])[] =>
  names.split(" ").map((name) => [name, found] as const);

/** By the whole name, in lower case. */
const NAMES = new Map([
  ...each(".gitignore .dockerignore", named("ignore")),
  ...each("dockerfile containerfile", named("dockerfile")),
  ...each("caddyfile", named("caddyfile")),
  ...each(".env .flaskenv env.example env.sample env.template env.dist env.default env.defaults", named("dotenv")),
  ...each("renovate.json renovate.json5 .renovaterc .renovaterc.json", named("yaml")),
]);

/** By what stands before the first separator, in lower case. */
const STEMS = new Map([
  ...each("dockerfile containerfile", named("dockerfile")),
  ...each("caddyfile", named("caddyfile")),
  ...each(".env", named("dotenv")),
]);

/** By what stands behind the last dot, in lower case. */
const EXTENSIONS = new Map([
  ...each("py", scanned("python")),
  ...each("js cjs mjs jsx ts cts mts tsx", scanned("javascript")),
  ...each("yml yaml", scanned("yaml", YAML)),
  ...each("json", scanned("yaml", JSON_MANIFEST)),
  ...each("toml", scanned("toml", TRAEFIK)),
  ...each("dockerfile containerfile", named("dockerfile")),
  ...each("dockerignore", named("ignore")),
  ...each("env", named("dotenv")),
  ...each("caddyfile", named("caddyfile")),
  ...each("nginx conf template", scanned("nginx", NGINX)),
]);

const CODE = words("py js cjs mjs jsx ts cts mts tsx");
/** Never configuration, whatever the rest of the name. */
const PROSE = words("md txt rst map lock");
const LOCKS = words("package-lock.json npm-shrinkwrap.json pnpm-lock.yaml");
const PIPELINES = words(
  ".travis.yml .drone.yml .woodpecker.yml azure-pipelines.yml bitbucket-pipelines.yml cloudbuild.yaml buildspec.yml",
);
const CHARTS = words("kustomization chart");

/** Undefined: no name of a file that this tool knows. `path` is relative to the root of the run. */
export function candidate(path: string): Candidate | undefined {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf("/") + 1);
  const known = NAMES.get(name);
  if (known) return known;
  const dot = name.lastIndexOf(".");
  const extension = dot < 0 ? "" : name.slice(dot + 1);
  if (PROSE.has(extension) || LOCKS.has(name)) return undefined;
  if (extension === "dockerignore") return named("ignore");
  if (CODE.has(extension)) return isGenerated(name, dot) ? undefined : EXTENSIONS.get(extension);
  if (extension === "yml" || extension === "yaml" || extension === "json") {
    return isNamedYaml(lower, name, dot) ? named("yaml") : EXTENSIONS.get(extension);
  }
  const stem = STEMS.get(name.slice(0, name.slice(1).search(/[._-]/) + 1));
  if (stem) return stem;
  if (name.includes(".env.")) return named("dotenv");
  if (name.startsWith("nginx") && extension === "conf") return named("nginx");
  return EXTENSIONS.get(extension) ?? (dot < 0 && inNginxFolder(lower) ? scanned("nginx", NGINX) : undefined);
}

/** Minified code and type declarations. */
const isGenerated = (name: string, dot: number): boolean => name.endsWith(".min", dot) || name.endsWith(".d", dot);

function isNamedYaml(path: string, name: string, dot: number): boolean {
  const stem = name.slice(0, dot);
  if (stem.startsWith("compose") || stem.startsWith("docker-compose")) return true;
  if (name.endsWith(".json")) return false;
  return (
    CHARTS.has(stem) ||
    stem.startsWith("values") ||
    stem.startsWith("traefik") ||
    stem.endsWith(".gitlab-ci") ||
    stem.startsWith(".gitlab-ci") ||
    stem === ".pre-commit-config" ||
    stem === "action" ||
    PIPELINES.has(name) ||
    path.endsWith(".circleci/config.yml") ||
    [".github/workflows/", ".gitlab/ci/", ".buildkite/", ".woodpecker/"].some((folder) => isBelow(path, folder)) ||
    (isBelow(path, ".github/") && stem === "dependabot")
  );
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(folder) || path.includes(`/${folder}`);

const inNginxFolder = (path: string): boolean =>
  ["nginx/", "sites-available/", "sites-enabled/"].some((folder) => isBelow(path, folder));

/** Is it an environment file? Those are read even where git ignores them: they are what is deployed. */
export const isEnvironmentFile = (found: Candidate): boolean => found.language === "dotenv";

const BY_CONTENT: readonly (readonly [RegExp, Language])[] = [
  [/^\s*[{[]|^---\s*$|^\s*["']?(?:apiVersion|kind|services|version|name)["']?\s*:/m, "yaml"],
  [/^\s*(?:ARG[^\n]*\s+)?FROM\s+\S+/im, "dockerfile"],
  [NGINX, "nginx"],
  [/^#!.*\bpython|^\s*(?:import|from)\s+[\w.]+/m, "python"],
  [/^#!.*\bnode|^\s*(?:const|let|import|export)\s/m, "javascript"],
  [/^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=/m, "dotenv"],
];

/** The language of a file that was named on the command line, whatever its name. */
export const languageOf = (path: string, text: string): Language | undefined =>
  candidate(path)?.language ?? BY_CONTENT.find(([pattern]) => pattern.test(text))?.[1];

/** Folders that hold code or data of others, never the project's own deployment. */
const FOREIGN = new Map([
  [".git", undefined],
  [".hg", undefined],
  [".svn", undefined],
  [".jj", undefined],
  ["node_modules", undefined],
  ["bower_components", undefined],
  ["__pycache__", undefined],
  [".terraform", undefined],
  [".tox", undefined],
  [".nox", undefined],
  [".mypy_cache", undefined],
  [".pytest_cache", undefined],
  [".ruff_cache", undefined],
  [".yarn", undefined],
  [".pnpm-store", undefined],
  [".venv", undefined],
  ["venv", undefined],
  ["site-packages", undefined],
  ["vendor", "code of others"],
]);

/** Undefined: it is walked. `reason` is there where a person might have expected a look into it. */
export const foreignFolder = (name: string): { readonly reason: string | undefined } | undefined =>
  FOREIGN.has(name) ? { reason: FOREIGN.get(name) } : undefined;
