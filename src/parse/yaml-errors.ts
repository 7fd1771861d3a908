/** Every error of a broken YAML file, by the `yaml` package: slow and thorough, loaded only when a file is broken. */
import { type Document, parseAllDocuments, visit } from "yaml";
import type { Problem, SourceFile, Span } from "../model.ts";

/** Past this many errors in one part of a file the rest are echoes of the first. */
const MOST = 20;
/** Larger parts get one plain error: `yaml` needs seconds for megabytes. */
const LARGEST = 200_000;

/** Problems of one range that `parseYaml` could not read; at least one. Never throws. */
export function explainYaml(broken: Span): readonly Problem[] {
  const { file, start, end } = broken;
  const plain: Problem = { kind: "unreadable", span: { file, start, end: start }, message: "not valid YAML" };
  if (end - start > LARGEST) return [plain];
  try {
    const documents = parseAllDocuments(file.text.slice(start, end), {
      uniqueKeys: false,
      logLevel: "silent",
      prettyErrors: false,
    });
    const errors =
      "empty" in documents
        ? []
        : documents.flatMap((document) => document.errors.map((error) => opened(error, document)));
    if (errors.length === 0) return [plain];
    return errors.slice(0, MOST).map(({ message, from, to }) => ({
      kind: "unreadable",
      span: visible(file, start + from, start + Math.min(to, from + 80)),
      message: `not valid YAML: ${message.split("\n")[0]}`,
    }));
  } catch {
    return [plain];
  }
}

/** A range that a reader can see: what follows its blanks on the line, else the last character before it. */
function visible(file: SourceFile, from: number, to: number): Span {
  const { text } = file;
  let start = from;
  while (text[start] === " " || text[start] === "\t") start++;
  if (start < text.length && !/[\r\n]/.test(text[start]!)) return { file, start, end: Math.max(start + 1, to) };
  let end = from;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return { file, start: Math.max(0, end - 1), end };
}

/** An error's message and range; a quote that is never closed is marked where it opens, not at the end of the file. */
function opened(
  { message, pos: [from, to] }: Document["errors"][number],
  document: Document,
): { readonly message: string; readonly from: number; readonly to: number } {
  if (!/^Missing closing ["']/.test(message)) return { message, from, to };
  let start = from;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith("QUOTE") && range && range[0] <= from) start = range[0];
    },
  });
  return {
    message: message.replace(/^Missing closing (["'])quote/, "the quote $1 is never closed"),
    from: start,
    to: start + 1,
  };
}
