import { defineRule, replace, rewritten } from "../../src/rule.ts";

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
\`\`\`

\`\`\`yaml
nginx.ingress.kubernetes.io/proxy-body-size: 10m
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/770.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.requestSize) {
      if (at.value > 0 && at.value <= LIMIT) continue;

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const limit = limitAs(key, written);
      const edit = limit === undefined ? undefined : replace(at.span, limit);
      const name = key.slice(key.lastIndexOf("/") + 1);
      report({
        at,
        subject,
        message:
          at.value === 0
            ? `${name} puts no limit on requests`
            : `${name} lets requests grow to ${/\d\s?[a-z]+$/i.test(written) ? written : size(at.value)}`,
        snippet: edit && rewritten([edit], model.sensitive),
        fix: edit && { title: "10 MB", safety: "unsafe", edits: [edit] },
      });
    }
  },
});

const size = (bytes: number): string =>
  bytes >= 1024 * MEBIBYTE ? `${Math.round(bytes / (1024 * MEBIBYTE))} GiB` : `${Math.round(bytes / MEBIBYTE)} MiB`;

/** The guide's 10 MB as this key writes sizes; absent where its unit cannot hold them. */
function limitAs(key: string, written: string): string | undefined {
  if (key === "client_max_body_size" || key.includes("proxy-body-size")) return "10m";
  if (!/^-?\d+$/.test(written)) return "10MB";
  const unit = /_(kb|mb|gb)$/i.exec(key)?.[1]?.toLowerCase();
  if (unit === "gb") return undefined;
  return unit === "mb" ? "10" : unit === "kb" ? "10240" : String(10 * MEBIBYTE);
}
