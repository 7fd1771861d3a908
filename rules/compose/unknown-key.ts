import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/unknown-key",
    title: "Key is not part of the Compose Specification",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Compose refuses a file with a key that it does not know; older releases passed over it. Either way the setting that was
meant, a limit or a hardening option, is not in force. Keys that begin with \`x-\` are free.`,
    remedy: `
Correct the key, move it to the section it belongs to, or give it the prefix \`x-\` if it is a fragment of your own.

\`\`\`yaml
x-defaults: &defaults
  restart: unless-stopped
services:
  api:
    <<: *defaults
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json",
      "https://docs.docker.com/reference/compose-file/extension/",
    ],
  },

  check(model, report) {
    for (const { key, subject, path, suggestion, name } of model.unknownKeys) {
      const parent = path.slice(0, Math.max(0, path.length - key.value.length - 1));
      const where = [subject, parent].filter(Boolean).join(" ") || "the file";
      report({
        at: key,
        subject: subject || key.span.file.path,
        message: name
          ? `"${clip(key.value)}" is no name for an entry of ${clip(where)}: letters, digits, ".", "_" and "-" are`
          : `${clip(where)} has the unknown key "${clip(key.value)}"${suggestion ? `, close to "${suggestion}"` : ""}`,
      });
    }
  },
});

const clip = (text: string): string => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
