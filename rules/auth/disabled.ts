import { defineRule, replace, rewritten } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "auth/disabled",
    title: "Authentication is switched off",
    severity: "critical",
    presets: ["recommended"],
    guides: ["qca/authentication"],
    why: `
Somebody switched the lock off, usually to get a first start working: \`trust\` authentication, an empty password, an
anonymous administrator, \`AUTH_ENABLED=false\`. Whoever reaches the service owns it.`,
    remedy: `
Switch authentication on and give it a credential from the environment.

\`\`\`yaml
environment:
  POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/306.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.authentication) {
      if (at.value) continue;

      const on = ON[at.span.file.text.slice(at.span.start, at.span.end)];
      report({
        at,
        subject,
        message: `${key} switches authentication off`,
        snippet: on && rewritten([replace(at.span, on)], model.sensitive),
      });
    }
  },
});

/** The opposite, in the same spelling: some switches are on for authentication, others are on against it. */
const ON: Readonly<Record<string, string>> = {
  true: "false",
  True: "False",
  TRUE: "FALSE",
  "1": "0",
  yes: "no",
  on: "off",
  false: "true",
  False: "True",
  FALSE: "TRUE",
  "0": "1",
  no: "yes",
  off: "on",
  trust: "scram-sha-256",
};
