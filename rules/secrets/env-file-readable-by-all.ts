import { defineRule, shellPath } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/env-file-readable-by-all",
    title: ".env file with secrets is readable by every user of the machine",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `
Any account and any compromised service on the machine can read the secrets. Only the account that starts the deployment needs
the file. It is silent where the system has no permission bits.`,
    remedy: `
\`\`\`bash
chmod 600 .env
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/732.html"],
  },

  check(model, report) {
    for (const { file, live, variables } of model.envFiles) {
      if (!live || file.mode === undefined || (file.mode & 0o004) === 0) continue;
      const secret = variables.find(({ credential }) => /^(?:weak|strong|provider)$/.test(credential?.kind ?? ""));
      if (!secret) continue;
      report({
        at: secret.name,
        subject: file.path,
        message: `${file.path} holds secrets and every user of the machine can read it`,
        snippet: `chmod 600 ${shellPath(file.path)}`,
      });
    }
  },
});
