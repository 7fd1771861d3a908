/** The list of rules. */
import type { Rule } from "../rule.ts";
import { type Paint, plain } from "./colors.ts";
import { wrap } from "./visible.ts";

export type RulesFormat = "json" | "markdown" | "pretty";

/** All rules given, by id. Ends with a line end. */
export function rulesReport(
  rules: readonly Rule[],
  format: RulesFormat,
  { paint = plain, width = 100 }: { readonly paint?: Paint; readonly width?: number } = {},
): string {
  const metas = rules.map(({ meta }) => meta).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  switch (format) {
    case "json":
      return `${JSON.stringify(metas, undefined, 2)}\n`;
    case "markdown":
      return [
        "| Rule | Severity | Presets | Fix | What is wrong |",
        "|---|---|---|---|---|",
        ...metas.map(
          ({ id, severity, presets, fix, title }) =>
            `| [\`${id}\`](${id}.md) | ${severity} | ${presets.join(", ")} | ${fix === "none" ? "" : fix} | ${cell(title)} |`,
        ),
        "",
      ].join("\n");
    case "pretty": {
      const widest = Math.max(0, ...metas.map(({ id }) => id.length));
      const head = widest + 2 + 9 + 12;
      const lines = metas.flatMap(({ id, severity, presets, title }) => {
        const start = `${paint.bold(id.padEnd(widest))}  ${paint[severity](severity.padEnd(8))} ${paint.dim((presets[0] ?? "").padEnd(11))} `;
        if (width - head < 30) return [start.trimEnd(), ...wrap(title, width - 4).map((line) => `    ${line}`)];
        return wrap(title, width - head).map((line, i) => (i === 0 ? start + line : " ".repeat(head) + line));
      });
      return `${[...lines, "", paint.dim(`${metas.length} rules. More about one: qwed-harden explain <rule>`)].join("\n")}\n`;
    }
  }
}

/** Safe inside a Markdown table. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
