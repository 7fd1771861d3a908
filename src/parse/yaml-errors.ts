/** Every error of a broken YAML file, by the `yaml` package: slow and thorough, loaded only when a file is broken. */
import { parseAllDocuments } from "yaml";
import type { Problem, Span } from "../model.ts";

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
    const errors = "empty" in documents ? [] : documents.flatMap((document) => document.errors);
    if (errors.length === 0) return [plain];
    return errors.slice(0, MOST).map(({ message, pos: [from, to] }) => ({
      kind: "unreadable",
      span: { file, start: start + from, end: start + Math.max(from, Math.min(to, from + 80)) },
      message: `not valid YAML: ${message.split("\n")[0]}`,
    }));
  } catch {
    return [plain];
  }
}
