import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/placeholder-left",
    title: "Placeholder was never replaced in a live file",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/environment-placeholders"],
    why: `
Either the deployment does not work, or it works with a value that stands in the public template. Example files hold
placeholders by purpose and are not judged.`,
    remedy: `
\`\`\`bash
API_SECRET_KEY=$(openssl rand -base64 48)
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/1392.html"],
    yieldsTo: ["jwt/weak-secret"],
  },

  check(model, report) {
    for (const { credential, name, subject, origin, phase } of model.variables) {
      if (credential?.kind !== "placeholder" || phase === "build" || origin === "ci") continue;
      const { file } = name.span;
      if (file.stage === "example" || file.stage === "test") continue;

      report({
        at: credential.span,
        subject,
        message: `${name.value} still holds the placeholder of its template`,
        severity: origin === "secret" ? "low" : undefined,
        snippet: origin === "env-file" ? `${name.value}=` : undefined,
      });
    }
  },
});
