import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "suppression/expired",
    title: "Suppression is past its end date",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `Someone accepted a risk until a date, and the date is over. From then on the comment silences nothing: the finding
it stood for is reported again, and whoever reads the file still believes that it is accepted. An end that is no date
(\`until=next-spring\`) counts as over, because it would last for ever.`,
    remedy: `Fix what was accepted and remove the comment, or accept it again with a new date and a reason that still holds:

\`\`\`yaml
# qwed-harden-ignore network/app-port-exposed -- partner VPN ends here, see ADR 12 until=2027-06-30
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [],
    sameInEveryStage: true,
  },
  // The date is no fact of the deployment: the pipeline reports this when it applies suppressions.
  check() {},
});
