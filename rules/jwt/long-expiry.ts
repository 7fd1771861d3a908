import { defineRule, durationWords, rewritten } from "../../src/rule.ts";
import { inMinutes, LIMIT, shortened } from "../token-lifetimes.ts";

const DAY = 24 * 60 * 60;

export default defineRule({
  meta: {
    id: "jwt/long-expiry",
    title: "Access token lives longer than 30 minutes",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/session-management", "qca/environment-token-lifetime"],
    why: `
A stolen access token works until it expires, and nothing can call it back. The QWED guide asks for 15 or 30 minutes with
refresh tokens behind them; above 24 hours the finding is high.`,
    remedy: `
\`\`\`bash
export JWT_ACCESS_TOKEN_EXPIRE_MINUTES=30
\`\`\`

\`\`\`python
expire = datetime.now(timezone.utc) + timedelta(minutes=30)
\`\`\`

\`\`\`javascript
jwt.sign(payload, secret, { expiresIn: "30m" });
\`\`\`

A variable in hours or days cannot hold 30 minutes: let the application read minutes. Add refresh tokens where sessions
have to last longer.`,
    fix: "safe",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/613.html",
      "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
    ],
    yieldsTo: ["jwt/expiry-unset"],
  },

  check(model, report) {
    for (const policy of model.tokens) {
      const { lifetime } = policy;
      if (policy.kind !== "access" || policy.fallback || !lifetime || lifetime.value <= LIMIT) continue;

      const short = shortened(policy);
      report({
        at: lifetime,
        subject: policy.subject,
        message: `${policy.key} keeps access tokens alive for ${durationWords(lifetime.value)}`,
        severity: lifetime.value > DAY ? "high" : undefined,
        snippet: short ? rewritten([short], model.sensitive) : inMinutes(policy.key, lifetime, policy.syntax),
        fix: short ? { title: "30 minutes", safety: "safe", edits: [short] } : undefined,
      });
    }
  },
});
