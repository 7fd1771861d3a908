import { edited, writtenEdits } from "../src/fix.ts";
import type { Located } from "../src/model.ts";
import { fill } from "../src/rule.ts";

/** The text of the file with `text` written where the value is missing, as a fix writes it; "no blank" without a place. */
export function filled({ blank }: Pick<Located<unknown>, "blank">, text: string): string {
  if (!blank) return "no blank";
  const edits = writtenEdits({ title: "", safety: "safe", edits: [fill(blank, text)] });
  return edited(blank.span.file.text, edits ?? []);
}
