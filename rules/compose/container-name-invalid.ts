import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/container-name-invalid",
    title: "Container name breaks the engine's naming rule",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
The engine refuses the name when it creates the container, so the service never starts, and a deployment that replaces
containers one by one stops halfway.`,
    remedy: `
A name begins with a letter or digit and goes on with letters, digits, \`_\`, \`.\` and \`-\`; two characters at least.
Without \`container_name\` Compose makes a name that is always valid.

\`\`\`yaml
services:
  api:
    container_name: qwed-api
\`\`\``,
    fix: "none",
    sameAs: { dclint: ["service-container-name-regex"] },
    references: ["https://docs.docker.com/reference/compose-file/services/#container_name"],
  },

  check(model, report) {
    for (const { name, subject, containerName } of model.containers) {
      if (!containerName || VALID.test(containerName.value)) continue;
      report({
        at: containerName,
        subject,
        message: `container name of ${name.value} ${defect(containerName.value)}`,
      });
    }
  },
});

/** moby: `names.RestrictedNamePattern`. */
const VALID = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

function defect(name: string): string {
  if (/^.$/u.test(name)) return "has one character alone";
  const [wrong] = /[^a-zA-Z0-9_.-]/u.exec(name) ?? [];
  return wrong === undefined ? `begins with "${name[0]}"` : `holds ${wrong === " " ? "a space" : `"${wrong}"`}`;
}
