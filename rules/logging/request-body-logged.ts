import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "logging/request-body-logged",
    title: "Authorization headers or request bodies are written to the log",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/llm06-data-minimization"],
    why: `
Logs are copied, kept and read by more people than the database. Tokens in them are live credentials, and prompts sent to an
LLM service hold personal data.`,
    remedy: `
Log the method, path, status and duration; mask the rest before it reaches the log.`,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/532.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.bodyLogging) {
      if (!at.value || at.span.file.stage !== "production") continue;

      report({
        at,
        subject,
        message: `${key} writes request bodies or credentials to the log`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=false` : undefined,
      });
    }
  },
});
