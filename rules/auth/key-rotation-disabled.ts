import { defineRule, replace, rewritten, type Span } from "../../src/rule.ts";

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
        snippet: rewritten([replace(at.span, monthly(key, at.span))], model.sensitive),
      });
    }
  },
});

const ON: Readonly<Record<string, string>> = { false: "true", False: "True", FALSE: "TRUE", no: "yes", off: "on" };

/** 30 days as this variable writes them, or its switch on. */
function monthly(key: string, { file, start, end }: Span): string {
  const written = file.text.slice(start, end);
  if (ON[written]) return ON[written];
  if (!/^-?\d+$/.test(written)) return "30d";
  if (/hours?$/i.test(key)) return String((30 * DAY) / 3600);
  if (/minutes?$/i.test(key)) return String((30 * DAY) / 60);
  if (/seconds?$/i.test(key)) return String(30 * DAY);
  return /(enabled?|rotation)$/i.test(key) ? "1" : "30";
}
