/** Images that a stage takes files from without starting from them. */
import type { ImageReference, Instruction } from "../../model.ts";
import { imageReference } from "../images.ts";

/**
 * Images of `COPY --from` (Dockerfile reference, "COPY --from"). A bare name may be a context that only the build names
 * (`--build-context`, `additional_contexts`), so what has neither host, tag nor digest is left out; variables do not
 * expand there.
 */
export const copiedImages = (instructions: readonly Instruction[], subject: string): readonly ImageReference[] =>
  instructions.flatMap(({ keyword, flags }) =>
    keyword === "COPY" ? flags.flatMap((flag) => (flag.name === "from" ? imageOf(flag, subject) : [])) : [],
  );

function imageOf({ value, span }: Instruction["flags"][number], subject: string): readonly ImageReference[] {
  const start = span.end - value.length;
  if (!/[/:@]/.test(value) || /[$]/.test(value) || span.file.text.slice(start, span.end) !== value) return [];
  const reference = { value, span: { ...span, start } };
  return [imageReference({ reference, known: true, subject, format: "dockerfile" })];
}
