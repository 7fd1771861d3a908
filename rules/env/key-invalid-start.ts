import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/key-invalid-start",
    title: "Line or key starts with a character that is not allowed",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
A name begins with a letter or an underscore (POSIX, 8.1). Shells cannot set any other, Compose refuses the whole file for
some, and the engines that accept them give the process a variable that no program can name. An indented line is reported as
low: engines skip the blanks, tools that work on lines do not.`,
    remedy: `
\`\`\`bash
S3_BUCKET=reports
\`\`\``,
    fix: "unsafe",
    sameAs: { "dotenv-linter": ["LeadingCharacter"] },
    references: ["https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html"],
  },

  check(model, report) {
    for (const { file, lines } of model.envFiles) {
      const taken = new Set(lines.map(({ name }) => name.value));
      for (const { name, blanks, separator } of lines) {
        const { indent } = blanks;
        if (indent) {
          report({
            at: indent,
            subject: file.path,
            message: `Line of ${name.value} starts with white space`,
            severity: "low",
            fix: { title: "remove the white space", safety: "safe", edits: [{ span: indent, text: "" }] },
          });
        }
        const wrong = /^[^A-Za-z_]+/.exec(name.value)?.[0];
        if (!wrong || !separator) continue;
        const span = { file, start: name.span.start, end: name.span.start + wrong.length };
        const digits = /\d+$/.exec(wrong)?.[0];
        const rest = `${digits ? `_${digits}` : ""}${name.value.slice(wrong.length)}`;
        const free = /^\w+$/.test(rest) && !taken.has(rest);
        taken.add(rest);
        report({
          at: span,
          subject: file.path,
          message: `${name.value} starts with ${/\d/.test(wrong[0]!) ? "a digit" : JSON.stringify(wrong[0])}`,
          fix: free
            ? {
                title: `rename it to ${rest}`,
                safety: "unsafe",
                edits: [{ span, text: digits ? `_${digits}` : "" }],
              }
            : undefined,
        });
      }
    }
  },
});
