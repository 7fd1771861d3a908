/** The user of a stage, and where another `USER` would be written. */
import type { Account, Blank, Located } from "../../model.ts";
import type { DockerfileInstruction, DockerfileStage } from "../../parse/dockerfile.ts";

/**
 * What the base decides: "root" and "non-root" are implied at the image of FROM; an entry point that gives up root by
 * itself, or a base that cannot be seen, leaves the user unknown.
 */
export function impliedUser(
  stage: DockerfileStage,
  base: string,
  blank: Blank | undefined,
): Located<string> | undefined {
  if (base !== "root" && base !== "non-root") return undefined;
  return { value: base, span: stage.image.span, implied: true, ...(base === "root" && blank && { blank }) };
}

/** Instructions that no build step runs in: a USER before them changes nothing but the user that the image runs as. */
const PASSIVE: ReadonlySet<string> = new Set([
  ...["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "ENV", "STOPSIGNAL", "MAINTAINER"],
]);

/**
 * How a USER for `account` would be written, with the RUN that makes it: in the place of `last`, the last USER of the stage,
 * where no step follows it; else as a line before CMD or ENTRYPOINT where nothing is built after them, with the comments
 * above it staying where they are; else as a line behind the last instruction.
 */
export function userBlank(
  { instructions }: DockerfileStage,
  last: DockerfileInstruction | undefined,
  { create }: Account,
): Blank | undefined {
  const lastStep = instructions.findLastIndex(({ keyword }) => !PASSIVE.has(keyword) && keyword !== "USER");
  const start = instructions.slice(lastStep + 1).find(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  const end = instructions.at(-1)?.span;
  if (!end) return undefined;
  const { file } = end;
  const { text } = file;
  const lines = (indent: string) => `${create === undefined ? "" : `RUN ${create}\n${indent}`}USER `;
  if (last && instructions.indexOf(last) > lastStep) {
    const indent = text.slice(lineStart(text, last.span.start), last.span.start);
    return { span: last.span, before: lines(indent), after: "" };
  }
  if (!start) {
    // A continuation that nothing follows would swallow the new line.
    if (/^[ \t]*[\\`]/.test(text.slice(end.end, end.end + 200))) return undefined;
    return { span: { file, start: end.end, end: end.end }, before: `\n${lines("")}`, after: "" };
  }
  let line = lineStart(text, start.span.start);
  const indent = text.slice(line, start.span.start);
  for (let above = lineStart(text, line - 1); above < line; above = lineStart(text, line - 1)) {
    if (!/^[ \t]*#/.test(text.slice(above, line))) break;
    line = above;
  }
  return { span: { file, start: line, end: line }, before: indent + lines(indent), after: "\n" };
}

const lineStart = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);
