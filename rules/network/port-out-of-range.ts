import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/port-out-of-range",
    title: "Port number lies outside 0 to 65535",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
No such port exists: the file is refused when it is applied, or the number is cut off and another port is opened than
the one that firewalls and proxies were set up for.`,
    remedy: `
Write the number that the process listens on.

\`\`\`dockerfile
EXPOSE 8000
\`\`\``,
    fix: "none",
    sameAs: { kics: ["dockerfile/unix_ports_out_of_range"], trivy: ["DS-0008"], hadolint: ["DL3011"] },
    references: ["https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml"],
  },

  check(model, report) {
    for (const { outOfRange, owner, subject } of model.ports) {
      if (!outOfRange) continue;
      const name = subject.startsWith("stage ") ? subject : owner;
      report({ at: outOfRange, subject, message: `${name} names port ${outOfRange.value}, above 65535` });
    }
  },
});
