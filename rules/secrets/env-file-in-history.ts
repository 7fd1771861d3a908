import { defineRule, type HistoryEntry, type SourceFile, shellPath } from "../../src/rule.ts";

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
    const files = new Map(model.files.map((file) => [file.path, file]));
    const anchor = model.files.find(({ path }) => path.endsWith(".gitignore")) ?? model.files[0];
    const places = new Map<SourceFile, HistoryEntry[]>();
    for (const entry of model.history) {
      const file = files.get(entry.path) ?? anchor;
      if (!file || files.get(entry.path)?.git === "tracked") continue;
      const others = places.get(file);
      if (others) others.push(entry);
      else places.set(file, [entry]);
    }
    for (const [file, entries] of places) {
      const [first] = entries;
      if (!first) continue;

      report({
        at: { file, start: 0, end: 0 },
        subject: entries.length === 1 ? first.path : undefined,
        message:
          entries.length === 1
            ? `${first.path} is in the history since commit ${short(first)}`
            : `${entries.length} removed .env files are in the history. They are ${entries.map((entry) => `${entry.path} (${short(entry)})`).join(", ")}`,
        snippet: `git filter-repo --invert-paths ${entries.map(({ path }) => `--path ${shellPath(path)}`).join(" ")}`,
      });
    }
  },
});

const short = ({ commit }: HistoryEntry): string => commit.slice(0, 10);
