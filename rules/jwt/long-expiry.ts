import {
  defineRule,
  durationWords,
  type Edit,
  type Located,
  replace,
  rewritten,
  type TokenPolicy,
} from "../../src/rule.ts";

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

      const short = shortened(policy, lifetime);
      report({
        at: lifetime,
        subject: policy.subject,
        message: `${policy.key} keeps access tokens alive for ${durationWords(lifetime.value)}`,
        severity: lifetime.value > 24 * HOUR ? "high" : undefined,
        snippet: short ? rewritten([short], model.sensitive) : inMinutes(policy),
        fix: short ? { title: "30 minutes", safety: "safe", edits: [short] } : undefined,
      });
    }
  },
});

/** 30 minutes as this policy writes durations; absent where its unit cannot hold them. */
function shortened({ unit, syntax }: TokenPolicy, { span }: Located<number>): Edit | undefined {
  const { file, start, end } = span;
  switch (unit) {
    case "milliseconds":
      return replace(span, String(LIMIT * 1000));
    case "seconds":
      return replace(span, String(LIMIT));
    case "minutes":
      return replace(span, String(LIMIT / MINUTE));
    case "text":
      return replace(span, /^p/i.test(file.text.slice(start, end)) ? "PT30M" : "30m");
    case "hours":
    case "days": {
      const argument = `${unit}=`;
      const from = start - argument.length;
      return syntax === "python" && file.text.slice(from, start) === argument
        ? replace({ file, start: from, end }, "minutes=30")
        : undefined;
    }
    default:
      return undefined;
  }
}

/** A name that promises hours or days, made one that can hold 30 minutes. */
function inMinutes({ key, syntax, lifetime }: TokenPolicy): string | undefined {
  const name = key.replace(/_(?:hours?|days?)$/i, (unit) => (unit === unit.toUpperCase() ? "_MINUTES" : "_minutes"));
  if (name === key) return undefined;
  return lifetime?.span.file.language === "yaml"
    ? `${name}: "30"`
    : `${name}${syntax === "environment" ? "=" : " = "}30`;
}
