/** `.env` files → variables. A live file is what a deployment loads; examples and templates are told apart. */
import type { EnvFile, EnvValue, Located, OverwrittenVariable, Span, Variable } from "../model.ts";
import type { DotenvEntry, DotenvTree } from "../parse/dotenv.ts";
import type { Parsed } from "../parse/index.ts";
import { documented, envLines } from "./env-lines.ts";
import { interpolate } from "./interpolation.ts";
import { variable } from "./variable.ts";

/**
 * One `EnvFile` a file, in order; `usedBy` is left empty for the join. Duplicated keys stay, the last one counts.
 * Values are read as Compose reads an `env_file`, without its refusals: single quotes and backticks are literal, a name
 * alone is taken from whoever starts the process.
 */
export function envFiles(dotenv: readonly Parsed<DotenvTree>[]): readonly EnvFile[] {
  return dotenv.map(({ file, tree }) => {
    const known = new Map<string, Located<string>>();
    const variables = tree.entries.map((entry): Variable => {
      const value = envValue(entry, known);
      const text = value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;
      if (text === undefined) known.delete(entry.key.value);
      else known.set(entry.key.value, { value: text, span: entry.raw.span });
      return variable({
        name: entry.key,
        value: { value, span: entry.raw.span },
        origin: "env-file",
        phase: "run",
        subject: file.path,
      });
    });
    return {
      file,
      live: file.stage !== "example",
      variables,
      usedBy: [],
      readBy: [],
      lines: envLines(tree),
      documented: documented(tree),
    };
  });
}

/** Variables of each file that a later line of the same file replaces. */
export const overwritten = (envs: readonly EnvFile[]): readonly OverwrittenVariable[] =>
  envs.flatMap(({ variables }) => {
    const last = new Map(variables.map((variable) => [variable.name.value, variable]));
    return variables.flatMap((variable) => {
      const by = last.get(variable.name.value)!;
      return by === variable ? [] : [{ variable, by: by.name, same: sameText(variable.value.value, by.value.value) }];
    });
  });

const sameText = (a: EnvValue, b: EnvValue): boolean =>
  (a.from === "literal" || a.from === "variable") && a.from === b.from && a.text === b.text;

function envValue(entry: DotenvEntry, known: ReadonlyMap<string, Located<string>>): EnvValue {
  if (entry.separator === "none") return { from: "host" };
  if (entry.quote === "single" || entry.quote === "backtick" || !refers(entry.value, known)) {
    return { from: "literal", text: entry.value };
  }
  const { raw, value } = entry;
  const exact = raw.value === value;
  const span = (from: number, to: number): Span =>
    exact ? { ...raw.span, start: raw.span.start + from, end: raw.span.start + to } : raw.span;
  return interpolate(value, span, (name) => known.get(name));
}

/**
 * Whether `$` means a reference here. `${NAME}` and a value that is nothing but `$NAME` do. A bare `$NAME` inside other
 * text does only if the file has set that name: `pa$word` is a password to everything but Compose, and calling it a
 * reference would hide it.
 */
function refers(value: string, known: ReadonlyMap<string, Located<string>>): boolean {
  if (!value.includes("$")) return false;
  if (value.includes("${") || /^\$[A-Za-z_]\w*$/.test(value)) return true;
  for (const [, name] of value.matchAll(/\$([A-Za-z_]\w*)/g)) if (known.has(name!)) return true;
  return false;
}
