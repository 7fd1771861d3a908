import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/build-context-missing",
    title: "Build context or Dockerfile does not exist",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
The image cannot be built, so what runs is an image that somebody built earlier or pushed under the same name, without
the fixes that were made since.`,
    remedy: `
Correct \`context\`, which is relative to the Compose file, or \`dockerfile\`, which is relative to the context.

\`\`\`yaml
services:
  api:
    build:
      context: ./api
      dockerfile: Dockerfile
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/reference/compose-file/build/"],
  },

  check(model, report) {
    for (const { name, subject, missing = [] } of model.containers) {
      for (const { kind, path } of missing) {
        if (kind === "env-file") continue;
        const what = kind === "dockerfile" ? "the Dockerfile" : "the folder";
        report({
          at: path,
          subject,
          message: `${name.value} is built from ${what} ${path.value}, which does not exist`,
        });
      }
    }
  },
});
