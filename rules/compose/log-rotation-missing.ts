import { composeService, defineRule, fill } from "../../src/rule.ts";

const LOGGING = `logging:
  driver: json-file
  options:
    max-size: "10m"
    max-file: "3"`;

export default defineRule({
  meta: {
    id: "compose/log-rotation-missing",
    title: "Service logs without a size limit",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/log-rotation"],
    why: `
Docker's default \`json-file\` driver never rotates. A chatty service, or an attacker who makes it chatty, fills the disk
of the host and stops everything on it.`,
    remedy: `
\`\`\`yaml
services:
  api:
    logging:
      driver: json-file
      options:
        max-size: "10m"
        max-file: "3"
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://docs.docker.com/engine/logging/configure/"],
  },

  check(model, report) {
    for (const { format, name, subject, logRotation } of model.containers) {
      if (format !== "compose" || logRotation?.value !== false || logRotation.span.file.stage !== "production")
        continue;

      report({
        at: logRotation,
        subject,
        message: `${name.value} writes its log without a size limit`,
        snippet: composeService(name.value, LOGGING),
        fix: logRotation.blank && {
          title: "rotate the log",
          safety: "safe",
          edits: [fill(logRotation.blank, "10m")],
        },
      });
    }
  },
});
