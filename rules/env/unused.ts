import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/unused",
    title: "Deployment sets a variable that nothing in the project reads",
    severity: "info",
    presets: ["strict"],
    guides: [],
    why: `
It is left over from something that was removed or renamed, or it was meant for a program that never looks at it. A credential
among them is handed to a process that does not need it. Names that platforms and libraries read by themselves are not
reported, and neither is a project whose source takes the environment as a whole.`,
    remedy: `
Remove the variable, or accept it with a reason if a library reads it.`,
    fix: "none",
    sameAs: {},
    references: ["https://12factor.net/config"],
  },

  check(model, report) {
    for (const { variable, meant } of model.unread) {
      if (meant) continue;
      const { name, subject, credential } = variable;
      report({
        at: name,
        subject,
        message: `${name.value} is set and nothing in the project reads it`,
        severity: credential && credential.kind !== "empty" ? "low" : undefined,
      });
    }
  },
});
