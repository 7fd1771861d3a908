import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/near-miss-name",
    title: "Variable name differs by a typo or prefix from the one that the source reads",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
The value that somebody set never arrives: the source runs on its default. Where that default is \`*\`, \`true\` or a key from a
tutorial, the deployment is open although its configuration says it is closed. It is reported only where nothing sets the name
that is read and nothing reads the name that is set.`,
    remedy: `
Use the name that the source reads.

\`\`\`yaml
environment:
  CORS_ORIGINS: https://app.example.com
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://12factor.net/config"],
  },

  check(model, report) {
    for (const { variable, meant } of model.unread) {
      if (!meant) continue;
      const { name, subject } = variable;
      report({
        at: name,
        subject,
        message: `${name.value} is set, but the source reads ${meant.value}`,
        related: [{ at: meant, message: `${meant.value} is read here` }],
      });
    }
  },
});
