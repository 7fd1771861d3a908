import { defineRule } from "../../src/rule.ts";

const FLAGS = ["PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"] as const;

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
      if (!stage.final || stage.runtime !== "python" || !stage.image) continue;
      const missing = FLAGS.filter((flag) => !stage.variables.some(({ name }) => name.value === flag));
      if (missing.length < FLAGS.length) continue;

      const lines = missing.map((flag) => `ENV ${flag}=1`).join("\n");
      const from = stage.instructions.find(({ keyword }) => keyword === "FROM");
      report({
        at: stage.image.reference,
        subject: stage.subject,
        message: `Python stage sets neither ${FLAGS[0]} nor ${FLAGS[1]}`,
        snippet: lines,
        fix: from && {
          title: "set both flags",
          safety: "safe",
          edits: [{ span: { ...from.span, start: from.span.end }, text: `\n${lines}` }],
        },
      });
    }
  },
});
