import type { Located, SourceFile, Variable } from "../../src/model.ts";
import type { Facts } from "../../src/normalize/facts.ts";
import { source } from "../../src/normalize/source/index.ts";
import { parseJavascript } from "../../src/parse/javascript.ts";
import { parsePython } from "../../src/parse/python.ts";
import { sourceFile } from "../source-file.ts";

/** Facts of a small project, given as path → text. */
export function factsOf(files: Readonly<Record<string, string>>, variables: readonly Variable[] = []): Facts {
  const script = Object.entries(files).map(([path, text]) => {
    const file = sourceFile(path, text, { stage: /test/.test(path) ? "test" : "production" });
    return { file, tree: file.language === "python" ? parsePython(file) : parseJavascript(file) };
  });
  return source({ script, variables });
}

/** A variable that a deployment sets. */
export function variable(
  name: string,
  value: string,
  file: SourceFile = sourceFile(".env", `${name}=${value}`),
): Variable {
  return {
    name: { value: name, span: { file, start: 0, end: name.length } },
    value: { value: { from: "literal", text: value }, span: { file, start: name.length + 1, end: file.text.length } },
    origin: "env-file",
    phase: "run",
    subject: file.path,
  };
}

/** The text that a place covers. */
export const at = (located: Located<unknown> | undefined): string | undefined =>
  located?.span.file.text.slice(located.span.start, located.span.end);

/** Value and covered text, as one word where they are the same. */
export function shown(located: Located<unknown> | undefined): string | undefined {
  if (!located) return undefined;
  const text = at(located);
  const value = String(located.value);
  return `${value === text ? value : `${value} «${text}»`}${located.implied ? " implied" : ""}`;
}

/** What a fix of the missing value would leave in the file. */
export function filled(located: Located<unknown> | undefined, text: string): string | undefined {
  const blank = located?.blank;
  if (!blank) return undefined;
  const { file, start, end } = blank.span;
  return file.text.slice(0, start) + blank.before + text + blank.after + file.text.slice(end);
}
