import type { Language, SourceFile } from "../src/model.ts";

const LANGUAGES: readonly (readonly [RegExp, Language])[] = [
  [/\.(ya?ml|json)$/, "yaml"],
  [/(^|\/)(Dockerfile|Containerfile)[^/]*$|\.Dockerfile$/, "dockerfile"],
  [/\.py$/, "python"],
  [/\.[cm]?[jt]sx?$/, "javascript"],
  [/\.conf$/, "nginx"],
  [/(^|\/)Caddyfile$/, "caddyfile"],
  [/\.toml$/, "toml"],
  [/ignore$/, "ignore"],
];

/** A file as discovery would hand it over; the language follows from the name, `.env` files are the rest. */
export const sourceFile = (path: string, text: string, overrides: Partial<SourceFile> = {}): SourceFile => ({
  path,
  text,
  language: LANGUAGES.find(([pattern]) => pattern.test(path))?.[1] ?? "dotenv",
  git: "unknown",
  stage: "production",
  ...overrides,
});
