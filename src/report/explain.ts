/** All about one rule. */
import type { Rule } from "../rule.ts";
import { type Paint, plain } from "./colors.ts";
import { wrap } from "./visible.ts";

export interface ExplainOptions {
  readonly paint?: Paint;
  readonly width?: number;
  /** What the guides ask for: text of the controls in `meta.guides`, by id. */
  readonly controls?: ReadonlyMap<string, string>;
  /** Further Markdown, such as the examples of the rule's page. */
  readonly examples?: string;
}

/** Why, what to do, what else is known about it. Ends with a line end. */
export function explainReport(
  { meta }: Rule,
  { paint = plain, width = 100, controls = new Map(), examples }: ExplainOptions = {},
): string {
  const section = (title: string, body: readonly string[]) =>
    body.length ? [`${paint.bold(title)}\n${body.join("\n")}`] : [];
  const list = (entries: readonly string[]) =>
    entries.flatMap((entry) => wrap(entry, width - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`)));
  const label = `${meta.severity}[${meta.id}]: `;
  const [head = label, ...rest] = wrap(label + meta.title, width, 2);
  const fix = { safe: "yes, safe", unsafe: "yes, to be reviewed", none: "by hand" }[meta.fix];
  return `${[
    [
      `${paint[meta.severity](`${meta.severity}[${meta.id}]`)}: ${paint.bold(head.slice(label.length))}`,
      ...rest.map((line) => `  ${paint.bold(line)}`),
    ].join("\n"),
    paint.dim(`presets: ${meta.presets.join(", ")} · fix: ${fix}`),
    ...section("Why", markdown(meta.why, paint, width)),
    ...section("What to do", markdown(meta.remedy, paint, width)),
    ...section("Examples", examples === undefined ? [] : markdown(examples, paint, width)),
    ...section("Asked for by", list(meta.guides.map((id) => (controls.has(id) ? `${id}: ${controls.get(id)}` : id)))),
    ...section(
      "Known elsewhere as",
      list(Object.entries(meta.sameAs).map(([tool, ids]) => `${tool}: ${ids.join(", ")}`)),
    ),
    ...section(
      "References",
      meta.references.map((reference) => `  - ${paint.link(reference, reference)}`),
    ),
    ...section("To silence it", [`  # qwed-harden-ignore ${meta.id} -- why it is accepted until=YYYY-MM-DD`]),
  ].join("\n\n")}\n`;
}

/** Markdown for a terminal: paragraphs and list entries wrapped, code as it stands. */
function markdown(text: string, paint: Paint, width: number): readonly string[] {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let code = false;
  const flush = () => {
    if (paragraph.length) lines.push(...entry(paragraph.join(" "), width - 2));
    paragraph = [];
  };
  for (const line of text.trim().split("\n")) {
    if (line.trimStart().startsWith("```")) {
      flush();
      code = !code;
    } else if (code) lines.push(line ? `    ${paint.good(line)}` : "");
    else if (!line.trim()) {
      flush();
      lines.push("");
    } else {
      if (/^\s*([-*]|\d+\.)\s/.test(line)) flush();
      paragraph.push(line.trim());
    }
  }
  flush();
  return lines;
}

function entry(text: string, width: number): readonly string[] {
  const hanging = /^([-*]|\d+\.)\s+/.exec(text)?.[0].length ?? 0;
  return wrap(text, width - hanging).map((line, i) => (i === 0 ? `  ${line}` : `  ${" ".repeat(hanging)}${line}`));
}
