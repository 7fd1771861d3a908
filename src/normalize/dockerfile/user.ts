/** The user of a stage that names none, and where a `USER` would be written. */
import type { Blank, Located } from "../../model.ts";
import type { DockerfileStage } from "../../parse/dockerfile.ts";

/**
 * What the base decides: "root" and "non-root" are implied at the image of FROM; an entry point that gives up root by
 * itself, or a base that cannot be seen, leaves the user unknown.
 */
export function impliedUser(stage: DockerfileStage, base: string): Located<string> | undefined {
  if (base !== "root" && base !== "non-root") return undefined;
  const blank = base === "root" ? blankOf(stage) : undefined;
  return { value: base, span: stage.image.span, implied: true, ...(blank && { blank }) };
}

/** Instructions that no build step runs in: a USER before them changes nothing but the user that the image runs as. */
const PASSIVE: ReadonlySet<string> = new Set([
  ...["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "ENV", "STOPSIGNAL", "MAINTAINER"],
]);

/**
 * A line before CMD or ENTRYPOINT where nothing is built after them, with the comments above it staying where they are;
 * else a line behind the last instruction.
 */
function blankOf({ instructions }: DockerfileStage): Blank | undefined {
  const lastStep = instructions.findLastIndex(({ keyword }) => !PASSIVE.has(keyword));
  const start = instructions.slice(lastStep + 1).find(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  const last = instructions.at(-1);
  if (!last) return undefined;
  const { file } = last.span;
  const { text } = file;
  const newline = text.slice(0, text.indexOf("\n") + 1).endsWith("\r\n") ? "\r\n" : "\n";
  if (!start) {
    const { end } = last.span;
    // A continuation that nothing follows would swallow the new line.
    if (/^[ \t]*[\\`]/.test(text.slice(end, end + 200))) return undefined;
    return { span: { file, start: end, end }, before: `${newline}USER `, after: "" };
  }
  let line = lineStart(text, start.span.start);
  const indent = text.slice(line, start.span.start);
  for (let above = lineStart(text, line - 1); above < line; above = lineStart(text, line - 1)) {
    if (!/^[ \t]*#/.test(text.slice(above, line))) break;
    line = above;
  }
  return { span: { file, start: line, end: line }, before: `${indent}USER `, after: newline };
}

const lineStart = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);
