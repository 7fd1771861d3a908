import { defineRule, replace } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "logging/verbose-level",
    title: "Log level is DEBUG or TRACE in a deployment",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/openai-api-key-exposure", "qca/logging-level"],
    why: `
At this level libraries log whole requests, headers and SQL with its parameters: keys and personal data reach the log.
Files for development, tests and examples are not judged.`,
    remedy: `
\`\`\`bash
LOG_LEVEL=INFO
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/532.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.logLevel) {
      if (!VERBOSE.has(at.value.toUpperCase()) || at.span.file.stage !== "production") continue;

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const level = written === written.toLowerCase() ? "info" : "INFO";
      report({
        at,
        subject,
        message: `${key} logs at level ${at.value.toUpperCase()}`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=${level}` : `${key} ${level}`,
        fix: VERBOSE.has(written.toUpperCase())
          ? { title: "log at level INFO", safety: "unsafe", edits: [replace(at.span, level)] }
          : undefined,
      });
    }
  },
});

const VERBOSE: ReadonlySet<string> = new Set(["DEBUG", "TRACE", "ALL", "SILLY", "VERBOSE", "FINEST", "NOTSET"]);
