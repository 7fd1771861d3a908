import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/env-file-in-history",
    title: ".env file was committed once and is still in the history",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/secret-management"],
    why: `
Removing a file from git does not remove it from the history: every clone still has it. The history is read only with
\`--history\`.`,
    remedy: `
Change every secret that was in the file first. Then rewrite the history, if the repository may be rewritten.

\`\`\`bash
git filter-repo --invert-paths --path .env
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/538.html",
      "https://docs.github.com/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository",
    ],
    sameInEveryStage: true,
  },

  check(model, report) {
    const present = new Set(model.files.filter(({ git }) => git === "tracked").map(({ path }) => path));
    const anchor = model.files.find(({ path }) => path.endsWith(".gitignore")) ?? model.files[0];
    if (!anchor) return;
    for (const { path, commit } of model.history) {
      if (present.has(path)) continue;

      report({
        at: { file: model.files.find((file) => file.path === path) ?? anchor, start: 0, end: 0 },
        subject: path,
        message: `${path} is in the history since commit ${commit.slice(0, 10)}`,
        snippet: `git filter-repo --invert-paths --path ${path}`,
      });
    }
  },
});
