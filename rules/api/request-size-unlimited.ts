import { defineRule } from "../../src/rule.ts";

const MEBIBYTE = 1024 * 1024;
const LIMIT = 100 * MEBIBYTE;

export default defineRule({
  meta: {
    id: "api/request-size-unlimited",
    title: "Request size is unlimited or larger than 100 MB",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/input-length", "qca/environment-request-size"],
    why: `
One client can fill memory and disk with a few large requests, and an LLM service pays for every byte it passes on.`,
    remedy: `
Set the largest request that a real client sends; the QCA guide takes 10 MB.

\`\`\`bash
MAX_REQUEST_SIZE=10MB
\`\`\`

\`\`\`nginx
client_max_body_size 10m;
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/770.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.requestSize) {
      if (at.value > 0 && at.value <= LIMIT) continue;

      report({
        at,
        subject,
        message: at.value === 0 ? `${key} puts no limit on requests` : `${key} lets requests grow to ${size(at.value)}`,
        snippet: limit(key),
      });
    }
  },
});

const size = (bytes: number): string =>
  bytes >= 1024 * MEBIBYTE ? `${Math.round(bytes / (1024 * MEBIBYTE))} GiB` : `${Math.round(bytes / MEBIBYTE)} MiB`;

function limit(key: string): string {
  if (key === "client_max_body_size") return "client_max_body_size 10m;";
  if (key === "max_size") return "request_body {\n  max_size 10MB\n}";
  if (key.includes("proxy-body-size")) return `${key}: 10m`;
  if (key.includes("maxRequestBodyBytes")) return `${key}: ${10 * MEBIBYTE}`;
  return /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=10MB` : `${key}: ${10 * MEBIBYTE}`;
}
