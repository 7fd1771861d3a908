import { defineRule, ignoreCommand, ignoreLines } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/env-file-not-ignored",
    title: ".env file is present and no .gitignore rule keeps it out",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/secret-management"],
    why: `
The next \`git add .\` commits it, every clone has it from then on, and the history keeps it after it was removed.`,
    remedy: `
\`\`\`bash
echo ".env" >> .gitignore
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/538.html"],
  },

  check(model, report) {
    const ignoreLine = ignoreLines(model.files);
    for (const { file, live, variables } of model.envFiles) {
      const [first] = variables;
      if (!live || !first || file.git !== "untracked") continue;

      report({
        at: first.name,
        subject: file.path,
        message: `${file.path} is not tracked yet and no .gitignore rule keeps it out`,
        snippet: ignoreCommand(file.path),
        fix: {
          title: `ignore ${file.path}`,
          safety: "safe",
          edits: [],
          additions: [ignoreLine(file.path)],
        },
      });
    }
  },
});
