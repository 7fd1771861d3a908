import { defineRule, replace } from "../../src/rule.ts";

const SHORTEST = 12;

export default defineRule({
  meta: {
    id: "auth/weak-password-policy",
    title: "Minimum password length is below 12 or the policy is switched off",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/password-length"],
    why: `
Short passwords fall to guessing and reuse. The QWED guide asks for at least 12 characters with upper and lower case,
numbers and special characters.`,
    remedy: `
\`\`\`bash
PASSWORD_MIN_LENGTH=12
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/521.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.passwordMinLength) {
      if (at.value >= SHORTEST) continue;

      report({
        at,
        subject,
        message: `${key} accepts passwords of ${at.value} characters`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=${SHORTEST}` : undefined,
        fix: { title: `at least ${SHORTEST} characters`, safety: "safe", edits: [replace(at.span, String(SHORTEST))] },
      });
    }
    for (const { at, subject, key } of model.settings.passwordPolicy) {
      if (at.value) continue;

      report({ at, subject, message: `${key} switches the password policy off` });
    }
  },
});
