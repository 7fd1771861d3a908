import { defineRule, replace, type TokenPolicy } from "../../src/rule.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const LIMIT = 30 * MINUTE;

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

Add refresh tokens where sessions have to last longer.`,
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

      const short = inUnit(policy);
      report({
        at: lifetime,
        subject: policy.subject,
        message: `${policy.key} keeps access tokens alive for ${words(lifetime.value)}`,
        severity: lifetime.value > 24 * HOUR ? "high" : undefined,
        snippet:
          short && `${policy.key}${{ environment: "=", python: " = ", javascript: ": " }[policy.syntax]}${short}`,
        fix: short ? { title: "30 minutes", safety: "safe", edits: [replace(lifetime.span, short)] } : undefined,
      });
    }
  },
});

/** 30 minutes as this policy writes durations; absent where its unit cannot hold them. */
function inUnit({ unit, syntax }: TokenPolicy): string | undefined {
  switch (unit) {
    case "milliseconds":
      return String(LIMIT * 1000);
    case "seconds":
      return String(LIMIT);
    case "minutes":
      return String(LIMIT / MINUTE);
    case "text":
      return syntax === "python" ? undefined : "30m";
    default:
      return undefined;
  }
}

function words(seconds: number): string {
  const [amount, unit] =
    seconds % (24 * HOUR) === 0
      ? [seconds / (24 * HOUR), "day"]
      : seconds % HOUR === 0
        ? [seconds / HOUR, "hour"]
        : [Math.round(seconds / MINUTE), "minute"];
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
