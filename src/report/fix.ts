/** Fixes for programs: the edits as they are written, and none that would show a secret. */
import { writtenEdits } from "../fix.ts";
import type { Fix } from "../rule.ts";
import { lineSpan, positionOf } from "./lines.ts";
import { type Mask, withoutSecrets } from "./mask.ts";

/**
 * The fix with the edits as the engine would write them (line ends of the file, sorted by place). Undefined where it could
 * not be applied, or where its text repeats a secret that stands on the lines it touches: then it is only made in place.
 */
export function shownFix(fix: Fix | undefined, mask: Mask): Fix | undefined {
  const edits = fix && writtenEdits(fix);
  if (!edits) return undefined;
  const near = edits.map(({ span: { file, start, end } }) => ({
    file,
    start: lineSpan(file, positionOf(file, start).line).start,
    end: lineSpan(file, positionOf(file, end).line).end,
  }));
  const secret = edits.some(({ text }) => withoutSecrets(mask, near, text) !== text);
  return secret ? undefined : { ...fix, edits };
}
