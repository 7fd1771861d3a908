import { defineRule, type EnvLine, replace, type Variable } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/missing-dollar-escape",
    title: "A $ inside a secret is swallowed by interpolation",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Docker Compose takes \`$word\` for a reference and \`$$\` for one \`$\`, in its files and in the \`.env\` files it reads. The secret
that is deployed is shorter and weaker than the one that is written, or the login fails and nobody sees why. Single quotes keep
a value in a \`.env\` file as it is; in a Compose file \`$$\` is the only way to write a dollar sign.`,
    remedy: `
\`\`\`bash
DB_PASSWORD='pa$word'
\`\`\`

\`\`\`yaml
environment:
  DB_PASSWORD: "pa$$word"
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://docs.docker.com/reference/compose-file/interpolation/"],
  },

  check(model, report) {
    for (const { file, lines, variables, readBy } of model.envFiles) {
      const compose = readBy.find(({ dialect }) => dialect === "compose");
      if (!compose) continue;
      const secrets = new Map(variables.map((variable) => [variable.name.span.start, variable]));
      for (const line of lines) {
        const secret = secrets.get(line.name.span.start);
        if (!line.dollars.length || !secret || !isSecret(secret)) continue;
        report({
          at: line.value,
          subject: file.path,
          message: `${line.name.value} holds a $ that Docker Compose does not keep`,
          related: [{ at: compose.at, message: "Docker Compose reads the file for this" }],
          snippet: `${line.name.value}='…'`,
          fix: inSingleQuotes(line),
        });
      }
    }
    for (const variable of model.variables) {
      if (variable.origin !== "compose" || !isSecret(variable)) continue;
      const lost = swallowed(variable);
      if (!lost.length) continue;
      report({
        at: variable.value,
        subject: variable.subject,
        message: `${variable.name.value} holds a $ that Docker Compose takes for a reference`,
        fix: {
          title: "write $$",
          safety: "safe",
          edits: lost.map((span) => ({ span: { ...span, end: span.start + 1 }, text: "$$" })),
        },
      });
    }
  },
});

const isSecret = ({ credential }: Variable): boolean =>
  (credential?.kind === "strong" || credential?.kind === "weak" || credential?.kind === "provider") &&
  credential.purpose !== "url";

/** Bare references in the middle of a value that nothing sets and that do not look like the name of a variable. */
function swallowed({ value: { value, span } }: Variable) {
  if (value.from !== "variable") return [];
  return value.references.flatMap(({ name, span: at, value: known }) => {
    const { text } = at.file;
    const bare = text[at.start] === "$" && text[at.start + 1] !== "{";
    const glued = /[A-Za-z0-9]/.test(text[at.start - 1] ?? "");
    const named = /^[A-Z][A-Z0-9_]*$/.test(name) && (name.includes("_") || !glued);
    return bare && !known && !named && at.start > span.start ? [at] : [];
  });
}

/** A `$$` is an escape already, or a mistake: only its author knows. */
function inSingleQuotes({ quote, value }: EnvLine) {
  const { file, start, end } = value;
  const text = file.text.slice(start, end);
  if (/['\\]|\$\$/.test(text)) return undefined;
  const around = quote === "none" ? 0 : 1;
  const span = { file, start: start - around, end: end + around };
  return { title: "write it in single quotes", safety: "safe" as const, edits: [replace(span, `'${text}'`)] };
}
