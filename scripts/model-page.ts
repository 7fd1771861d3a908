/** `docs/model.md`: every field of the model, from the docstrings of `src/model.ts` and `src/model/`. */

interface Field {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

const HEAD = `# The model, field by field

\`qwed-harden model --format json\` prints what the tool thinks the deployment is: one object with the lists of
[\`Deployment\`](#deployment) below. In that output

- a \`Span\` is a text \`file:line:column-line:column\`: lines and columns from 1, columns in UTF-16 code units, the end exclusive;
- a \`SourceFile\` is its path, but in \`files\`, where it is an object without its text;
- a \`Located<T>\` is an object with \`value\` and \`span\`; \`implied: true\` says that nobody wrote the value, and the span is what leaves it out;
- a field that is not there is unknown: an unresolved \`\${X}\`, an image that cannot be seen, a template;
- every secret is \`••••\`, whatever its length.
`;

/** Markdown: one chapter a module with its first comment as introduction, one section a type, in the order given. */
export const modelPage = (
  modules: readonly { readonly title: string; readonly source: string }[],
  header: string,
): string =>
  `${[`<!-- ${header} -->`, HEAD, ...modules.map(({ title, source }) => chapter(title, source))].join("\n").trimEnd()}\n`;

function chapter(title: string, source: string): string {
  const lines = source.split("\n");
  const head = lines.findIndex((line) => line.trimEnd().endsWith("*/"));
  const out: string[] = [`## ${title}\n`, `${comment(lines.slice(0, head + 1))}\n`];
  let doc = "";
  for (let i = head + 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (line === "") doc = "";
    if (line.startsWith("/**")) {
      const end = lines.findIndex((candidate, at) => at >= i && candidate.trimEnd().endsWith("*/"));
      doc = comment(lines.slice(i, end + 1));
      i = end;
    } else if (line.startsWith("export interface ")) {
      const end = lines.findIndex((candidate, at) => at > i && candidate === "}");
      out.push(
        `### ${/^export interface (\w+)/.exec(line)![1]}\n`,
        ...(doc ? [`${doc}\n`] : []),
        ...table(fields(lines.slice(i + 1, end))),
      );
      doc = "";
      i = end;
    } else if (/^export type \w/.test(line)) {
      const blank = lines.findIndex((candidate, at) => at > i && candidate === "");
      const end = (blank < 0 ? lines.length : blank) - 1;
      const text = lines.slice(i, end + 1).map((part) => part.replace(/^export /, ""));
      out.push(
        `### ${/^export type (\w+)/.exec(line)![1]}\n`,
        ...(doc ? [`${doc}\n`] : []),
        `\`\`\`ts\n${text.join("\n")}\n\`\`\`\n`,
      );
      doc = "";
      i = end;
    }
  }
  return out.join("\n");
}

const comment = (lines: readonly string[]): string =>
  lines
    .map((line) => line.replace(/^\s*\/?\*+\/?\s?/, "").replace(/\s*\*\/$/, ""))
    .join("\n")
    .trim();

function fields(lines: readonly string[]): readonly Field[] {
  const found: Field[] = [];
  let doc: string[] = [];
  let inComment = false;
  for (const line of lines) {
    const trimmed = line.trim();
    if (inComment || trimmed.startsWith("/**")) {
      doc.push(trimmed);
      inComment = !trimmed.endsWith("*/");
      continue;
    }
    const field = /^readonly (\w+\??): (.+);$/.exec(trimmed);
    if (field) found.push({ name: field[1]!, type: field[2]!, text: comment(doc).replace(/\n/g, " ") });
    if (trimmed) doc = [];
  }
  return found;
}

const table = (rows: readonly Field[]): readonly string[] => [
  "| Field | Type | What it says |",
  "|---|---|---|",
  ...rows.map(
    ({ name, type, text }) => `| \`${name}\` | ${linked(type.replaceAll("readonly ", ""))} | ${cell(text)} |`,
  ),
  "",
];

/** A type of the model leads to its section. */
const linked = (type: string): string => {
  const name = /^(?:Located<)?([A-Z]\w+)(?:>|\[\]|$)/.exec(type)?.[1];
  return name ? `[\`${cell(type)}\`](#${name.toLowerCase()})` : `\`${cell(type)}\``;
};

const cell = (text: string): string => text.replaceAll("|", "\\|");
