import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/key-without-value",
    title: "Key has no equals sign and so no value",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Node's dotenv drops the line, python-dotenv leaves the variable unset, Docker Compose takes the value from whoever starts it.
Nobody gets the empty value that the line suggests. A file that Compose alone reads is silent: there the line is the syntax for
a value from outside.`,
    remedy: `
\`\`\`bash
SENTRY_DSN=
\`\`\``,
    fix: "unsafe",
    sameAs: { "dotenv-linter": ["KeyWithoutValue"] },
    references: ["https://docs.docker.com/reference/compose-file/services/#env_file"],
  },

  check(model, report) {
    for (const { file, lines, readBy } of model.envFiles) {
      if (readBy.length > 0 && readBy.every(({ dialect }) => dialect === "compose")) continue;
      for (const { name, separator } of lines) {
        if (separator) continue;
        report({
          at: name,
          subject: file.path,
          message: `${name.value} has no equals sign and so no value`,
          snippet: `${name.value}=`,
          fix: {
            title: "give it an empty value",
            safety: "unsafe",
            edits: [{ span: { file, start: name.span.end, end: name.span.end }, text: "=" }],
          },
        });
      }
    }
  },
});
