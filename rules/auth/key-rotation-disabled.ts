import { defineRule } from "../../src/rule.ts";

const DAY = 24 * 60 * 60;
const LIMIT = 90 * DAY;

export default defineRule({
  meta: {
    id: "auth/key-rotation-disabled",
    title: "Key rotation is off or rarer than every 90 days",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/api-key-rotation"],
    why: `
A key that leaked unnoticed works until it is rotated. The QWED guide asks for regular rotation and for old keys to be
revoked right after the rotation window.`,
    remedy: `
\`\`\`bash
KEY_ROTATION_ENABLED=true
KEY_ROTATION_DAYS=30
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/324.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.keyRotation) {
      if (at.value > 0 && at.value <= LIMIT) continue;

      report({
        at,
        subject,
        message:
          at.value === 0
            ? `${key} switches key rotation off`
            : `${key} rotates keys every ${Math.round(at.value / DAY)} days`,
        snippet:
          at.value === 0
            ? `${key}=${at.span.file.text.slice(at.span.start, at.span.end) === "0" ? "1" : "true"}`
            : `${key}=${/DAYS/i.test(key) ? "30" : "30d"}`,
      });
    }
  },
});
