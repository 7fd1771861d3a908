import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/in-command-line",
    title: "Secret is passed as a command-line argument",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/openai-api-key-exposure"],
    why: `
Arguments show in the process list of the container and of the host, in \`docker inspect\` and in crash reports.`,
    remedy: `
Pass the secret in the environment or as a file, and let the program read it from there.

\`\`\`yaml
command: ["sh", "-c", "exec redis-server --requirepass \\"$$REDIS_PASSWORD\\""]
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/214.html"],
    yieldsTo: ["secrets/provider-key"],
  },

  check(model, report) {
    for (const { subject, option, span, kind, format } of model.commandCredentials) {
      if (kind !== "strong" && kind !== "weak" && kind !== "provider") continue;

      report({
        at: span,
        subject,
        message: `${option} carries a secret that ${format === "dockerfile" ? "stays in the image" : "shows in the process list"}`,
      });
    }
  },
});
