import { defineRule, type RateLimit, replace, rewritten } from "../../src/rule.ts";

/** More requests a minute than this limit nothing: 100 times the guide's default. */
const MOST_PER_MINUTE = 10_000;

/** The same where nobody says what they are counted over. */
const MOST_OVER_ANY_TIME = 100_000;

export default defineRule({
  meta: {
    id: "ratelimit/disabled",
    title: "Rate limit is switched off or limits nothing",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/rate-limiting", "qca/rate-limiting"],
    why: `
Without a limit one client guesses passwords and keys, empties the budget at the LLM provider and crowds out everyone
else. QWED's default is 100 requests a minute for each API key; a hundred times as many limit nothing.`,
    remedy: `
\`\`\`bash
export RATE_LIMIT_REQUESTS_PER_MINUTE=50
export RATE_LIMIT_WINDOW_SECONDS=60
\`\`\`

nginx only counts while \`limit_req_dry_run\` is on, and Traefik limits nothing with an \`average\` of 0.

\`\`\`nginx
limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;
limit_req zone=api burst=20 nodelay;
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/770.html"],
  },

  check(model, report) {
    for (const limit of model.rateLimits) {
      const { subject, key, enabled, requests, window } = limit;
      const off = enabled?.value === false ? enabled : undefined;
      const at = off ?? uselessCount(limit);
      if (at?.span.file.stage !== "production") continue;

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const switched = off !== undefined && SWITCH.test(key);
      const instead = switched ? OPPOSITE[written.toLowerCase()] : window === 1 ? "10" : "100";
      report({
        at,
        subject,
        message: switched || !requests ? `${key} switches the rate limit off` : counted(limit),
        snippet: instead && !at.implied ? rewritten([replace(at.span, instead)], model.sensitive) : undefined,
      });
    }
  },
});

/** The count, where nobody reaches it or it is 0. */
function uselessCount({ requests, window }: RateLimit): RateLimit["requests"] {
  if (!requests) return undefined;
  const most = window === undefined ? MOST_OVER_ANY_TIME : (MOST_PER_MINUTE * window) / 60;
  return requests.value > most || requests.value <= 0 ? requests : undefined;
}

function counted({ key, requests, window }: RateLimit): string {
  const count = requests?.value ?? 0;
  if (count <= 0) return `${key} sets no limit`;
  return window === undefined
    ? `${key} allows ${count} requests`
    : `${key} allows ${Math.round((count * 60) / window)} requests a minute`;
}

/** Keys that decide whether there is a limit, not how large it is. */
const SWITCH = /enable|disable|active|skip|dry_?run|(^|_)(use|no)_/i;

const OPPOSITE: Readonly<Record<string, string>> = {
  true: "false",
  false: "true",
  "1": "0",
  "0": "1",
  yes: "no",
  no: "yes",
  on: "off",
  off: "on",
};
