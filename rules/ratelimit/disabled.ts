import { defineRule } from "../../src/rule.ts";

/** More requests a minute than this limit nothing: 100 times the guide's default. */
const MOST_PER_MINUTE = 10_000;

export default defineRule({
  meta: {
    id: "ratelimit/disabled",
    title: "Rate limit is switched off or limits nothing",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/rate-limiting", "qca/rate-limiting"],
    why: `
Without a limit one client guesses passwords and keys, empties the budget at the LLM provider and crowds out everyone
else. QWED's default is 100 requests a minute for each API key.`,
    remedy: `
\`\`\`bash
export RATE_LIMIT_REQUESTS_PER_MINUTE=50
export RATE_LIMIT_WINDOW_SECONDS=60
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/770.html"],
  },

  check(model, report) {
    for (const { subject, key, enabled, requests, window } of model.rateLimits) {
      const perMinute = requests && (requests.value * 60) / (window ?? 60);
      const off = enabled?.value === false ? enabled : undefined;
      const useless =
        requests && perMinute !== undefined && (perMinute > MOST_PER_MINUTE || requests.value <= 0)
          ? requests
          : undefined;
      const at = off ?? useless;
      if (at?.span.file.stage !== "production") continue;

      report({
        at,
        subject,
        message: off
          ? `${key} switches the rate limit off`
          : useless && useless.value <= 0
            ? `${key} sets no limit`
            : `${key} allows ${Math.round(perMinute ?? 0)} requests a minute`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=${off ? "true" : "100"}` : undefined,
      });
    }
  },
});
