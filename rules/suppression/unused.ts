import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "suppression/unused",
    title: "Suppression comment matches no finding",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `A comment that silences nothing today silences the next mistake on its line tomorrow, without anybody having looked
at it. It is left over from something that has been fixed or moved, or it names a rule that does not exist.`,
    remedy: `Remove the comment, or correct the name of the rule. \`qwed-harden rules\` lists them all.`,
    fix: "safe",
    sameAs: {},
    references: [],
    sameInEveryStage: true,
  },
  // What a comment matched is known only once findings are: the pipeline reports this when it applies suppressions.
  check() {},
});
