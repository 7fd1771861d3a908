/** What a file is for, by its name and the folders below the root of the run. */
import type { Stage } from "../model.ts";

const FOLDERS: Readonly<Record<string, Stage>> = {
  ...named("example", "example examples sample samples docs doc demo demos"),
  ...named("test", "test tests __tests__ spec specs e2e fixtures __fixtures__ testdata cypress playwright"),
  ...named("development", "dev development local .devcontainer .vscode"),
};

/** Words between dots, dashes and underscores of a configuration file's name. */
const WORDS: Readonly<Record<string, Stage>> = {
  ...named("example", "example examples sample samples demo"),
  ...named("test", "test tests testing e2e ci"),
  ...named("development", "dev develop development devel override local"),
  ...named("production", "prod production"),
};

/** Words that make an environment file a template and say nothing about other files. */
const TEMPLATES = new Set(["schema", "template", "templates", "tmpl", "tpl", "dist", "default", "defaults"]);

/** Strongest first: an example of a test file is an example. `production` in a name outweighs `local`. */
const ORDER: readonly Stage[] = ["example", "test", "production", "development"];

const SOURCE = /\.(?:py|[cm]?[jt]sx?)$/;
const TEST_SOURCE = /^(?:test_[^/]*|conftest|[^/]*_test)\.py$|\.(?:test|spec|e2e)\.[cm]?[jt]sx?$/;
const ENVIRONMENT = /^\.?env\b|\.env\b/;

/** `path` is relative to the root of the run. Pipelines are production: what they hold, they run. */
export function stageOf(path: string): Stage {
  const segments = path.toLowerCase().split("/");
  if (segments.includes(".github") || segments.at(-1)?.startsWith(".gitlab-ci")) return "production";
  const name = segments.pop() ?? "";
  const found = new Set<Stage>();
  for (const folder of segments) {
    const stage = own(FOLDERS, folder);
    if (stage) found.add(stage);
  }
  if (SOURCE.test(name)) {
    if (TEST_SOURCE.test(name)) found.add("test");
  } else {
    const environment = ENVIRONMENT.test(name);
    for (const word of name.split(/[._-]/)) {
      const stage = own(WORDS, word) ?? (environment && TEMPLATES.has(word) ? "example" : undefined);
      if (stage) found.add(stage);
    }
  }
  return ORDER.find((stage) => found.has(stage)) ?? "production";
}

function named(stage: Stage, names: string): Record<string, Stage> {
  return Object.fromEntries(names.split(" ").map((name) => [name, stage]));
}

const own = (table: Readonly<Record<string, Stage>>, key: string): Stage | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
