import { defineRule, replace, rewritten } from "../../src/rule.ts";

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
\`\`\`

\`\`\`yaml
env:
  - name: LOG_LEVEL
    value: INFO
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/532.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.logLevel) {
      if (!VERBOSE.has(at.value) || at.span.file.stage !== "production") continue;

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const edit = /^\w+$/.test(written) ? replace(at.span, quieter(written)) : undefined;
      report({
        at,
        subject,
        message: `${key} sets log level ${at.value}`,
        snippet: edit && rewritten([edit], model.sensitive),
        fix: edit && { title: "log at level INFO", safety: "unsafe", edits: [edit] },
      });
    }
  },
});

const VERBOSE: ReadonlySet<string> = new Set(["DEBUG", "TRACE"]);

/** INFO in the same spelling: Python's number, else upper, capitalized or lower case. */
function quieter(written: string): string {
  if (/^\d+$/.test(written)) return "20";
  if (written === written.toUpperCase()) return "INFO";
  return written[0] === written[0]?.toUpperCase() ? "Info" : "info";
}
