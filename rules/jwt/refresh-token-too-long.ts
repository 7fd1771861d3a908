import { defineRule, durationWords, replace, rewritten } from "../../src/rule.ts";

const DAY = 24 * 60 * 60;
const LIMIT = 30 * DAY;

export default defineRule({
  meta: {
    id: "jwt/refresh-token-too-long",
    title: "Refresh token lives longer than 30 days",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/refresh-tokens"],
    why: `
A stolen refresh token makes new access tokens until it expires: a short access token behind a refresh token of a year
protects nobody.`,
    remedy: `
Keep refresh tokens for days, rotate them on use, and revoke the family when an old one comes back.

\`\`\`bash
REFRESH_TOKEN_EXPIRE_DAYS=7
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/613.html",
      "https://datatracker.ietf.org/doc/html/rfc9700#section-4.14",
    ],
  },

  check(model, report) {
    for (const { kind, lifetime, fallback, subject, key, unit } of model.tokens) {
      if (kind !== "refresh" || !lifetime || lifetime.value <= LIMIT || fallback?.providedBy.length) continue;

      const week = AMOUNTS[unit ?? "text"];
      report({
        at: lifetime,
        subject,
        message: `${key} keeps refresh tokens alive for ${durationWords(lifetime.value)}`,
        snippet: week && rewritten([replace(lifetime.span, week)], model.sensitive),
      });
    }
  },
});

/** Seven days in the unit of the variable. */
const AMOUNTS: Readonly<Record<string, string>> = {
  milliseconds: String(7 * DAY * 1000),
  seconds: String(7 * DAY),
  minutes: String((7 * DAY) / 60),
  hours: String(7 * 24),
  days: "7",
  text: "7d",
};
