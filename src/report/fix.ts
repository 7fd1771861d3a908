/** Fixes for programs: the edits as they are written, and none that would show a secret. */
import { appended, writtenEdits } from "../fix.ts";
import type { SourceFile } from "../model.ts";
import type { Addition, Edit, Fix } from "../rule.ts";
import { lineSpan, positionOf } from "./lines.ts";
import { type Mask, withoutSecrets } from "./mask.ts";

/**
 * The fix as edits alone, as the engine would write them: line ends of the file, sorted by place, additions at the end of
 * their files, a file that is not there yet as an empty one. Undefined where it could not be made, where it adds something
 * private, and where its text repeats a secret that stands on the lines it touches: then it is only made in place.
 */
export function shownFix(fix: Fix | undefined, mask: Mask): Fix | undefined {
  const written = fix && writtenEdits(fix);
  if (!written || fix.additions?.some((addition) => addition.private)) return undefined;
  const edits = [...written, ...additionEdits(fix.additions ?? [])];
  const near = edits.map(({ span: { file, start, end } }) => ({
    file,
    start: lineSpan(file, positionOf(file, start).line).start,
    end: lineSpan(file, positionOf(file, end).line).end,
  }));
  const secret = edits.some(({ text }) => withoutSecrets(mask, near, text) !== text);
  const { title, safety, command } = fix;
  return secret ? undefined : { title, safety, edits, command };
}

/** One edit a file, at its end. */
function additionEdits(additions: readonly Addition[]): readonly Edit[] {
  const byPath = new Map<string, Addition[]>();
  for (const addition of additions) byPath.set(addition.path, [...(byPath.get(addition.path) ?? []), addition]);
  return [...byPath].map(([path, added]) => {
    const file = added[0]!.file ?? absent(path);
    const end = file.text.length;
    return { span: { file, start: end, end }, text: appended(file.text, added) };
  });
}

const absent = (path: string): SourceFile => ({
  path,
  text: "",
  language: "ignore",
  git: "unknown",
  stage: "production",
});
