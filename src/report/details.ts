/** A finding as lines of plain text, for formats whose readers show text as it stands. */
import type { Finding } from "../check.ts";
import type { Span } from "../model.ts";
import { spanOf } from "../rule.ts";
import { positionOf } from "./lines.ts";
import type { ReportInput } from "./report.ts";
import { visible, visibleLines } from "./visible.ts";

/** Path from the root of the repository, where the reader of a pipeline's report looks for files. */
export const repositoryPath = ({ file }: Span, { repositoryPrefix }: Pick<ReportInput, "repositoryPrefix">): string =>
  repositoryPrefix + file.path;

/** "services/api/compose.yaml:27:10", with every character visible. */
export function placeText(span: Span, input: Pick<ReportInput, "repositoryPrefix">): string {
  const { line, column } = positionOf(span.file, span.start);
  return `${visible(repositoryPath(span, input))}:${line}:${column}`;
}

/** "service db publishes port 5432 on every interface (service db)": the subject only where it is not the file. */
export const sentence = ({ message, subject, span }: Finding): string =>
  visible(subject && subject !== span.file.path ? `${message} (${subject})` : message);

/** What there is to know beyond the sentence: notes with their places, the snippet, where to read on. Lines without line ends. */
export const details = ({ related, snippet, rule }: Finding, input: Pick<ReportInput, "repositoryPrefix">) => [
  ...related.map(({ at, message }) => `note: ${visible(message)} (${placeText(spanOf(at), input)})`),
  ...(snippet === undefined
    ? []
    : ["write instead:", ...visibleLines(snippet).map((line) => (line ? `  ${line}` : ""))]),
  `see: qwed-harden explain ${rule.meta.id}`,
];
