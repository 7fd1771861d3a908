import { composeService, defineRule, fill } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/override-keeps-published-port",
    title: "Override binds a port to one address, but the base file still publishes it on every interface",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
Compose appends the ports of an override to those of the base file. The port that the override meant to close is still
published on every interface, past the host's firewall, and the file that says otherwise is the one that people read.`,
    remedy: `
Replace the list with \`!override\`, or take the port out of the base file.

\`\`\`yaml
services:
  db:
    ports: !override
      - "127.0.0.1:5432:5432"
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: [
      "https://docs.docker.com/reference/compose-file/merge/#replace-value",
      "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ],
  },

  check(model, report) {
    for (const { kept, owner, subject, replaces } of model.overrides) {
      for (const { port, base } of kept) {
        report({
          at: port,
          subject,
          message: `${owner} is still published on every interface by ${base.span.file.path}`,
          related: [{ at: base, message: "this port is kept beside the override's" }],
          snippet: composeService(
            owner,
            `ports: !override\n${kept.map(({ port }) => `  - "${port.value}"`).join("\n")}`,
          ),
          fix: replaces && {
            title: "replace the ports of the base file",
            safety: "safe",
            edits: [fill(replaces, "!override")],
          },
        });
      }
    }
  },
});
