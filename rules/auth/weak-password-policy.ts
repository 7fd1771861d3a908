import { defineRule, type Edit, replace, rewritten, type Span } from "../../src/rule.ts";

const SHORTEST = 12;

export default defineRule({
  meta: {
    id: "auth/weak-password-policy",
    title: "Minimum password length is below 12 or the policy is switched off",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/password-length"],
    why: `
Short passwords fall to guessing and reuse. The QWED guide asks for at least 12 characters with upper and lower case,
numbers and special characters.`,
    remedy: `
\`\`\`bash
PASSWORD_MIN_LENGTH=12
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/521.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.passwordMinLength) {
      if (at.value >= SHORTEST) continue;

      const edit = at.implied ? withOptions(at.span) : replace(at.span, String(SHORTEST));
      report({
        at,
        subject,
        message: key.includes(" ")
          ? `Passwords of ${at.value} characters are accepted`
          : `${key} accepts passwords of ${at.value} characters`,
        snippet: rewritten([edit], model.sensitive),
        fix: { title: `at least ${SHORTEST} characters`, safety: "safe", edits: [edit] },
      });
    }
    for (const { at, subject, key } of model.settings.passwordPolicy) {
      if (at.value) continue;

      const on = ON[at.span.file.text.slice(at.span.start, at.span.end)];
      report({
        at,
        subject,
        message: `${key} switches the password policy off`,
        snippet: on && rewritten([replace(at.span, on)], model.sensitive),
      });
    }
  },
});

/** Django's MinimumLengthValidator asks for 8 where nothing is written. */
const withOptions = ({ file, end }: Span): Edit =>
  replace({ file, start: end + 1, end: end + 1 }, `, "OPTIONS": {"min_length": ${SHORTEST}}`);

/** The opposite, in the same spelling: some switches are on for the policy, others are on against it. */
const ON: Readonly<Record<string, string>> = {
  false: "true",
  False: "True",
  FALSE: "TRUE",
  "0": "1",
  no: "yes",
  off: "on",
  none: "strict",
  true: "false",
  True: "False",
  TRUE: "FALSE",
  "1": "0",
  yes: "no",
};
