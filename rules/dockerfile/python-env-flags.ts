import { type BuildStage, defineRule } from "../../src/rule.ts";

const FLAGS: ReadonlySet<string> = new Set(["PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"]);

export default defineRule({
  meta: {
    id: "dockerfile/python-env-flags",
    title: "Python image sets neither PYTHONDONTWRITEBYTECODE nor PYTHONUNBUFFERED",
    severity: "info",
    presets: ["strict"],
    guides: ["qca/python-environment"],
    why: `
Without \`PYTHONUNBUFFERED\` the last log lines before a crash stay in a buffer and are lost; \`PYTHONDONTWRITEBYTECODE\`
keeps \`.pyc\` files out of layers and read-only filesystems.`,
    remedy: `
\`\`\`dockerfile
ENV PYTHONDONTWRITEBYTECODE=1
ENV PYTHONUNBUFFERED=1
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED"],
  },

  check(model, report) {
    for (const stage of model.stages) {
      if (!stage.final || stage.runtime !== "python") continue;
      const from = stage.instructions.find(({ keyword }) => keyword === "FROM");
      const line = lineage(stage, model.stages);
      if (!from || line.some(({ variables }) => variables.some(({ name }) => FLAGS.has(name.value)))) continue;

      const lines = [...FLAGS].map((flag) => `ENV ${flag}=1`).join("\n");
      report({
        at: from.arguments[0] ?? from.keywordSpan,
        subject: stage.subject,
        message: `${stage.subject} sets neither ${[...FLAGS].join(" nor ")}`,
        snippet: lines,
        fix: {
          title: "set both flags",
          safety: "safe",
          edits: [{ span: { ...from.span, start: from.span.end }, text: `\n${lines}` }],
        },
      });
    }
  },
});

/** The stage and those it continues, which are earlier ones of its file. */
function lineage(stage: BuildStage, stages: readonly BuildStage[]): readonly BuildStage[] {
  const line = [stage];
  for (let index = stages.indexOf(stage) - 1; index >= 0 && stages[index]!.file === stage.file; index--) {
    if (stages[index]!.name.value === line.at(-1)!.parent) line.push(stages[index]!);
  }
  return line;
}
