import { composeService, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/merge-conflict",
    title: "Override changes nothing because the base list is appended, not replaced",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `
Compose merges lists and maps: what an override leaves out stays. Whoever wrote a shorter list meant to take something
away, a port, a mount or a capability, and it is still there.`,
    remedy: `
\`!override\` replaces what the earlier file says, \`!reset\` removes it.

\`\`\`yaml
services:
  api:
    volumes: !override
      - data:/var/lib/qwed
    ports: !reset []
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/reference/compose-file/merge/#reset-value"],
  },

  check(model, report) {
    for (const { attribute, base, ineffective, items, owner, subject } of model.overrides) {
      if (!ineffective) continue;
      const lines = items?.map((item) => `  - ${JSON.stringify(item)}`).join("\n");
      report({
        at: attribute,
        subject,
        message: `${attribute.value} of ${owner} changes nothing, because Compose merges lists and maps`,
        related: [{ at: base, message: "what stands here stays in force" }],
        snippet: composeService(
          owner,
          lines ? `${attribute.value}: !override\n${lines}` : `${attribute.value}: !reset null`,
        ),
      });
    }
  },
});
