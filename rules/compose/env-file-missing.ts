import { composeService, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/env-file-missing",
    title: "Required env_file does not exist",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Compose refuses to start a project whose \`env_file\` is missing. A wrong path is found out at the deployment, or a file
of the same name on the host is taken that nobody reviewed. Files that git ignores or that have an example beside them are
expected to be made on the host and are not reported.`,
    remedy: `
Correct the path, commit an example of the file, or say that it may be missing.

\`\`\`yaml
services:
  api:
    env_file:
      - path: ./api.env
        required: false
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/reference/compose-file/services/#env_file"],
  },

  check(model, report) {
    for (const { name, subject, missing = [] } of model.containers) {
      for (const { kind, path } of missing) {
        if (kind !== "env-file") continue;
        const { file, start, end } = path.span;
        report({
          at: path,
          subject,
          message: `${name.value} loads the env file ${path.value}, which does not exist`,
          snippet: composeService(
            name.value,
            `env_file:\n  - path: ${file.text.slice(start, end)}\n    required: false`,
          ),
        });
      }
    }
  },
});
