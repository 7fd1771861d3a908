import { defineRule } from "../../src/rule.ts";

const LIMIT = 30 * 60;

export default defineRule({
  meta: {
    id: "jwt/expiry-unset",
    title: "Default token lifetime exceeds 30 minutes and the deployment does not override it",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/session-management"],
    why: `
The default of the source is what runs: no environment of this project sets the variable, and a stolen token works for as
long as that default says.`,
    remedy: `
\`\`\`bash
export JWT_ACCESS_TOKEN_EXPIRE_MINUTES=30
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/613.html"],
  },

  check(model, report) {
    const deployed = model.containers.find(
      ({ productKind, format }) => productKind === "application" && format !== "dockerfile",
    );
    for (const { kind, lifetime, fallback, subject, unit } of model.tokens) {
      if (kind !== "access" || !fallback || !lifetime || lifetime.value <= LIMIT || fallback.providedBy.length)
        continue;

      const variable = fallback.variable.value;
      report({
        at: lifetime,
        subject,
        message: `${variable} is set nowhere, so access tokens live for ${Math.round(lifetime.value / 60)} minutes`,
        related: deployed ? [{ at: deployed.name, message: `${deployed.subject} does not set ${variable}` }] : [],
        snippet: AMOUNTS[unit ?? "text"] && `${variable}=${AMOUNTS[unit ?? "text"]}`,
      });
    }
  },
});

/** 30 minutes in the unit of the variable; hours and days cannot hold them. */
const AMOUNTS: Readonly<Record<string, string>> = {
  milliseconds: "1800000",
  seconds: "1800",
  minutes: "30",
  text: "30m",
};
