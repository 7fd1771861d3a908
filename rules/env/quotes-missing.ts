import { defineRule, type EnvLine } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/quotes-missing",
    title: "Value with a space is not quoted",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
A shell that sources the file takes the first word as the value and runs the rest as a command. Engines that do accept the
line still cut it at the next \`#\`.`,
    remedy: `
\`\`\`bash
MAIL_FROM="QWED Reports <reports@example.com>"
\`\`\``,
    fix: "safe",
    sameAs: { "dotenv-linter": ["ValueWithoutQuotes"] },
    references: [
      "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
    ],
  },

  check(model, report) {
    for (const { file, lines } of model.envFiles) {
      for (const line of lines) {
        const { name, quote, value } = line;
        const text = file.text.slice(value.start, value.end);
        if (quote !== "none" || !/\s/.test(text) || /^["'`]/.test(text)) continue;
        const quoted = quotedText(line, text);
        report({
          at: value,
          subject: file.path,
          message: `Value of ${name.value} has white space and no quotes`,
          fix: quoted ? { title: "quote it", safety: "safe", edits: [{ span: value, text: quoted }] } : undefined,
        });
      }
    }
  },
});

/** In quotes that change nothing: references need double ones, and these decode what follows a backslash; shells run commands in them. */
function quotedText({ readings }: EnvLine, text: string): string | undefined {
  if (readings) return undefined;
  if (!/["\\`]|\$\(/.test(text)) return `"${text}"`;
  return /['$]/.test(text) ? undefined : `'${text}'`;
}
