/** .gitignore and .dockerignore: patterns with their places. */
import type { Located, Problem, SourceFile } from "../model.ts";

export interface IgnoreTree {
  readonly patterns: readonly Located<string>[];
  readonly problems: readonly Problem[];
}

/** Comments and blank lines are left out; order matters and is kept. Never throws. */
export function parseIgnore(file: SourceFile): IgnoreTree {
  const patterns: Located<string>[] = [];
  for (const { 0: line, index } of file.text.matchAll(/^.*$/gm)) {
    const value = line.replace(/^\uFEFF/, "").trimEnd();
    if (value && !value.startsWith("#")) {
      patterns.push({
        value,
        span: { file, start: index + line.indexOf(value), end: index + line.indexOf(value) + value.length },
      });
    }
  }
  return { patterns, problems: [] };
}
