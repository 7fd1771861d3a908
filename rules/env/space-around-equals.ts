import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/space-around-equals",
    title: "White space stands next to the equals sign",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Compose and the dotenv libraries skip the blanks, a shell that sources the file runs the name as a command, and
\`docker run --env-file\` refuses a blank before the sign and makes one behind it part of the value. The same file then means
three things.`,
    remedy: `
\`\`\`bash
LOG_LEVEL=INFO
\`\`\``,
    fix: "safe",
    sameAs: { "dotenv-linter": ["SpaceCharacter"] },
    references: ["https://docs.docker.com/reference/cli/docker/container/run/#env"],
  },

  check(model, report) {
    for (const { file, lines } of model.envFiles) {
      for (const { name, separator, blanks } of lines) {
        const { before, after } = blanks;
        const first = before ?? after;
        if (!separator || !first) continue;
        const sides = before && after ? "on both sides of" : before ? "before" : "behind";
        const sign = file.text[separator.start];
        if (sign === ":" && !before) continue;
        report({
          at: { file, start: first.start, end: (after ?? separator).end },
          subject: file.path,
          message: `${name.value} has white space ${sides} its ${sign === ":" ? "colon" : "equals sign"}`,
          fix: {
            title: "remove the white space",
            safety: "safe",
            edits: [before, after].flatMap((blank) => (blank ? [{ span: blank, text: "" }] : [])),
          },
        });
      }
    }
  },
});
