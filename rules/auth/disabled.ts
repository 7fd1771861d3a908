import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "auth/disabled",
    title: "Authentication is switched off",
    severity: "critical",
    presets: ["recommended"],
    guides: ["qca/authentication"],
    why: `
Somebody switched the lock off, usually to get a first start working: \`trust\` authentication, an empty password, an
anonymous administrator, \`AUTH_ENABLED=false\`. Whoever reaches the service owns it.`,
    remedy: `
Switch authentication on and give it a credential from the environment.

\`\`\`yaml
environment:
  POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/306.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.authentication) {
      if (at.value) continue;

      report({ at, subject, message: `${key} switches authentication off` });
    }
  },
});
