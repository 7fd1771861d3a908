import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "suppression/without-reason",
    title: "Suppression comment gives no reason",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `A suppression is a decision to live with a risk. Without its reason nobody can tell later whether the decision still
holds, who took it, or whether it was meant to quiet a build in a hurry.`,
    remedy: `Write the reason behind two dashes, and an end date where there is one:

\`\`\`yaml
# qwed-harden-ignore image/unpinned-tag -- rebuilt nightly from our own mirror until=2027-01-31
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [],
    sameInEveryStage: true,
  },
  check({ suppressions }, report) {
    for (const { span, rules, reason } of suppressions) {
      if (reason !== undefined) continue;
      const what = rules.map(({ value }) => value).join(", ");
      report({ at: span, subject: span.file.path, message: `suppression${what && ` of ${what}`} gives no reason` });
    }
  },
});
