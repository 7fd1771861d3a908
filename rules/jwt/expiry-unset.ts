import { containerOf, defineRule, durationWords, setFor } from "../../src/rule.ts";
import { LIMIT, shortened } from "../token-lifetimes.ts";

export default defineRule({
  meta: {
    id: "jwt/expiry-unset",
    title: "Default token lifetime exceeds 30 minutes and the deployment does not override it",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/session-management"],
    why: `
The default of the source is what runs: no environment of this project sets the variable, and a stolen token works for as
long as that default says. Above 24 hours the finding is high.`,
    remedy: `
\`\`\`bash
export JWT_ACCESS_TOKEN_EXPIRE_MINUTES=30
\`\`\`

A variable in hours or days cannot hold 30 minutes: let the application read minutes.`,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/613.html"],
  },

  check(model, report) {
    for (const policy of model.tokens) {
      const { kind, lifetime, fallback, subject, unit } = policy;
      if (kind !== "access" || !fallback || !lifetime || lifetime.value <= LIMIT || fallback.providedBy.length)
        continue;

      const variable = fallback.variable.value;
      const amount = AMOUNTS[unit ?? "text"];
      const name = amount ? variable : variable.replace(/_(hours?|days?)$/i, "_MINUTES");
      const deployed = containerOf(lifetime.span.file, model.containers);
      const edit = shortened(policy);
      report({
        at: lifetime,
        subject,
        message: `${variable} is set nowhere, so access tokens live for ${durationWords(lifetime.value)}`,
        severity: lifetime.value > 24 * 60 * 60 ? "high" : undefined,
        related: deployed ? [{ at: deployed.name, message: `${deployed.subject} does not set ${variable}` }] : [],
        snippet: setFor(deployed, name, amount ?? AMOUNTS.minutes!),
        fix: edit && { title: "30 minutes by default", safety: "unsafe", edits: [edit] },
      });
    }
  },
});

/** 30 minutes in the unit of the variable; hours and days cannot hold them, and the variable needs another name. */
const AMOUNTS: Readonly<Record<string, string>> = {
  milliseconds: "1800000",
  seconds: "1800",
  minutes: "30",
  text: "30m",
};
