import { defineRule, type OverwrittenVariable, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/key-duplicate",
    title: "Same variable is defined twice; only one value survives",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
The last definition wins, and a person who reads or changes the first is misled: a switch that was turned off above stays on
below. Two lines with the same value are reported as low.`,
    remedy: `
Keep one definition.

\`\`\`bash
LOG_LEVEL=INFO
\`\`\``,
    fix: "unsafe",
    sameAs: {
      "kube-linter": ["duplicate-env-var"],
      "kube-score": ["environment-variable-key-duplication"],
      kubescape: ["C-0295"],
      "dotenv-linter": ["DuplicatedKey"],
    },
    references: [
      "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
    ],
  },

  check(model, report) {
    for (const overwritten of model.overwritten) {
      const { variable, by, same } = overwritten;
      report({
        at: by,
        subject: variable.subject,
        message: `${by.value} is defined twice, ${same ? "each time with the same value" : "so its first value is lost"}`,
        severity: same ? "low" : undefined,
        related: [{ at: variable.name, message: `${by.value} is defined here first` }],
        fix: fixOf(overwritten),
      });
    }
  },
});

/** A definition is a line of its own in a `.env` file alone. */
const fixOf = ({ variable: { name, value, origin } }: OverwrittenVariable) =>
  origin === "env-file"
    ? {
        title: `remove the first ${name.value}`,
        safety: "unsafe" as const,
        edits: [{ span: linesOf(name.span, value.span), text: "" }],
      }
    : undefined;

/** From the start of the line of `first` to the start of the line behind `last`. */
function linesOf(first: Span, last: Span): Span {
  const { file } = first;
  const behind = file.text.indexOf("\n", last.end);
  return {
    file,
    start: file.text.lastIndexOf("\n", first.start - 1) + 1,
    end: behind < 0 ? file.text.length : behind + 1,
  };
}
