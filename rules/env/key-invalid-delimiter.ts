import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/key-invalid-delimiter",
    title: "Key has a character other than letters, digits and underscore",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
No shell can set or read such a name, so it vanishes in every entry point script and in \`docker run -e\`. For a blank or any
sign but \`.\`, \`-\` and brackets Docker Compose refuses the whole file, which is reported as high where Compose reads it.`,
    remedy: `
\`\`\`bash
QWED_API_URL=https://api.example.com
\`\`\``,
    fix: "unsafe",
    sameAs: { "dotenv-linter": ["IncorrectDelimiter"] },
    references: ["https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html"],
  },

  check(model, report) {
    for (const { file, lines, readBy } of model.envFiles) {
      const taken = new Set(lines.map(({ name }) => name.value));
      const compose = readBy.find(({ dialect }) => dialect === "compose");
      for (const { name, separator } of lines) {
        const start = name.value.search(/[A-Za-z_]/);
        const at = start < 0 ? -1 : name.value.slice(start).search(/[^A-Za-z0-9_]/) + start;
        if (at < start || at < 0 || !separator) continue;
        const refused = compose && /[^\p{L}\p{N}_.[\]-]/u.test(name.value);
        const sign = name.value[at]!;
        const renamed = name.value.slice(start).replace(/[^A-Za-z0-9_]+/g, "_");
        const free = !taken.has(renamed);
        taken.add(renamed);
        report({
          at: { file, start: name.span.start + at, end: name.span.start + at + 1 },
          subject: file.path,
          message: `${name.value} has ${/\s/.test(sign) ? "white space" : JSON.stringify(sign)} in its name${refused ? ", so Docker Compose refuses the file" : ""}`,
          severity: refused ? "high" : undefined,
          related: refused ? [{ at: compose.at, message: "Docker Compose reads the file for this" }] : [],
          fix: free
            ? {
                title: "write underscores",
                safety: "unsafe",
                edits: [
                  {
                    span: { file, start: name.span.start + start, end: name.span.end },
                    text: renamed,
                  },
                ],
              }
            : undefined,
        });
      }
    }
  },
});
