import { defineRule, replace, rewritten } from "../../src/rule.ts";

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
Log the method, path, status and duration; mask the rest before it reaches the log.

\`\`\`bash
LOG_REQUEST_BODY=false
\`\`\`

\`\`\`nginx
log_format main '$remote_addr "$request" $status $body_bytes_sent $request_time';
\`\`\`

Caddy leaves credentials out unless \`log_credentials\` is set, Traefik unless a header's mode is \`keep\`.`,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/532.html",
      "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
    ],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.bodyLogging) {
      if (!at.value || at.span.file.stage !== "production") continue;

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const instead = written.startsWith("$") ? "-" : QUIET[written.toLowerCase()];
      report({
        at,
        subject,
        message: written.startsWith("$")
          ? `the log format keeps ${key}`
          : `${key} puts request bodies or credentials into the log`,
        snippet: instead === undefined ? undefined : rewritten([replace(at.span, instead)], model.sensitive),
      });
    }
  },
});

const QUIET: Readonly<Record<string, string>> = { true: "false", "1": "0", yes: "no", on: "off", keep: "drop" };
