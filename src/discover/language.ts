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
const NGINX = /^[ \t]*(?:server|http|upstream|location|events|map)\b[^\n;{}]*\{/m;
const TRAEFIK = /^[ \t]*\[+(?:http|tcp|udp|entryPoints|providers|certificatesResolvers|tls|api)\b/m;

type Row = readonly [name: RegExp, Candidate | undefined];
const named = (language: Language): Candidate => ({ language, named: true });
const scanned = (language: Language, content?: RegExp): Candidate =>
  content ? { language, named: false, content } : { language, named: false };

/** The first row whose pattern matches the path decides. Patterns see the whole path below the root of the run. */
const ROWS: readonly Row[] = [
  [
    /(?:^|\/)(?:package-lock|npm-shrinkwrap|composer\.lock|pnpm-lock|yarn\.lock)[^/]*$|\.(?:min\.[cm]?js|d\.[cm]?ts|map|lock|md|txt)$/i,
    undefined,
  ],
  [/(?:^|\/)(?:\.gitignore|\.dockerignore|[^/]+\.dockerignore)$/, named("ignore")],
  [/\.py$/, scanned("python")],
  [/\.[cm]?[jt]sx?$/, scanned("javascript")],
  [/(?:^|\/)(?:docker-)?compose[^/]*\.(?:ya?ml|json)$/i, named("yaml")],
  [/(?:^|\/)\.github\/(?:workflows\/[^/]+|dependabot)\.ya?ml$|(?:^|\/)\.gitlab-ci[^/]*\.ya?ml$/i, named("yaml")],
  [
    /(?:^|\/)(?:\.travis|\.drone|azure-pipelines|bitbucket-pipelines|\.circleci\/config|\.woodpecker|cloudbuild|buildspec)\.ya?ml$/i,
    named("yaml"),
  ],
  [/(?:^|\/)(?:kustomization|chart|values[^/]*|traefik[^/]*)\.ya?ml$/i, named("yaml")],
  [/(?:^|\/)(?:renovate\.json5?|\.renovaterc(?:\.json)?)$/, named("yaml")],
  [/\.ya?ml$/i, scanned("yaml", YAML)],
  [/\.json$/i, scanned("yaml", JSON_MANIFEST)],
  [/\.toml$/i, scanned("toml", TRAEFIK)],
  [/(?:^|\/)(?:dockerfile|containerfile)(?:[._-][^/]*)?$|\.(?:dockerfile|containerfile)$/i, named("dockerfile")],
  [/(?:^|\/)\.env(?:[._-][^/]*)?$|\.env(?:\.[^/]*)?$|(?:^|\/)\.flaskenv$/i, named("dotenv")],
  [/(?:^|\/)env\.(?:example|sample|template|dist|defaults?)$/i, named("dotenv")],
  [/(?:^|\/)nginx[^/]*\.conf$/i, named("nginx")],
  [
    /(?:^|\/)(?:sites-available|sites-enabled|nginx)\/[^/.]+$|\.nginx$|\.conf(?:\.template)?$|\.template$/i,
    scanned("nginx", NGINX),
  ],
  [/(?:^|\/)caddyfile(?:[._-][^/]*)?$|\.caddyfile$/i, named("caddyfile")],
];

/** Undefined: no name of a file that this tool knows. `path` is relative to the root of the run. */
export function candidate(path: string): Candidate | undefined {
  return ROWS.find(([name]) => name.test(path))?.[1];
}

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
