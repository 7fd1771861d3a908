import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "parse/unreadable",
    title: "File could not be parsed, so it was not checked",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
What cannot be read cannot be checked, and the engine that reads it later may refuse it too. A linter that passes such a
file in silence reports a green build for nothing. The rest of the project is checked all the same.`,
    remedy: `
Correct the place that is marked. A file that is no deployment configuration goes into \`ignore\` of the configuration.`,
    fix: "none",
    sameAs: {},
    references: ["https://yaml.org/spec/1.2.2/"],
    sameInEveryStage: true,
  },

  check(model, report) {
    for (const { kind, span, message } of model.problems) {
      if (kind === "unreadable") report({ at: span, subject: span.file.path, message });
    }
  },
});
