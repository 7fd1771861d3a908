import { defineRule, fromOutside } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/required-missing",
    title: "Source reads a variable with no default and no deployment provides it",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
The program stops where it reads the variable, at start or, worse, at the first request that needs it. It is reported only where
the whole environment of the container that runs this source can be seen: no \`env_file\` or \`envFrom\` from outside the project,
no entry point script, no \`.env\` that is loaded and not there.`,
    remedy: `
\`\`\`yaml
environment:
  JWT_SECRET_KEY: \${JWT_SECRET_KEY:?set JWT_SECRET_KEY in .env}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://12factor.net/config"],
  },

  check(model, report) {
    for (const { name, missingIn = [] } of model.reads) {
      const [first] = missingIn;
      if (!first) continue;
      report({
        at: name,
        subject: first.subject,
        message: `${name.value} is read without a default and nothing sets it`,
        related: missingIn.map((container) => ({
          at: container.name,
          message: `${container.subject} runs without it`,
        })),
        snippet: fromOutside({
          name,
          origin: first.subject.startsWith("service ") ? "compose" : "kubernetes",
          subject: first.subject,
        }),
      });
    }
  },
});
