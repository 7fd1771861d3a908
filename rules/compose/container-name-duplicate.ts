import { type Container, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/container-name-duplicate",
    title: "Two services use one container name",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
A name is unique on a host. Compose refuses the project, or the engine refuses the second container, so one of the two
services is not running. Services of profiles that are never active together may share a name.`,
    remedy: `
Give each service its own name, or leave \`container_name\` out: then the services can be scaled, too.

\`\`\`yaml
services:
  api:
    container_name: qwed-api
  worker:
    container_name: qwed-worker
\`\`\``,
    fix: "none",
    sameAs: { dclint: ["no-duplicate-container-names"] },
    references: ["https://docs.docker.com/reference/compose-file/services/#container_name"],
  },

  check(model, report) {
    const users = new Map<string, Container[]>();
    for (const container of model.containers) {
      const { containerName, name, project, subject } = container;
      if (!containerName || project === undefined) continue;
      const key = `${project}\0${containerName.value}`;
      const earlier = users.get(key) ?? [];
      users.set(key, earlier);
      const first = earlier.find((other) => other.subject !== subject && together(other, container));
      if (earlier.length < MOST_USERS) earlier.push(container);
      if (!first?.containerName) continue;
      report({
        at: containerName,
        subject,
        message: `${name.value} has the container name of ${first.name.value}`,
        related: [{ at: first.containerName, message: `${first.name.value} is named so here` }],
      });
    }
  },
});

/** Users of one name that later ones are compared with. */
const MOST_USERS = 100;

/** Both may run at once: no overlay stands for another, and profiles do not keep them apart. */
const together = (a: Container, b: Container): boolean =>
  (a.overlay === b.overlay || a.overlay === undefined || b.overlay === undefined) &&
  (a.profiles.length === 0 || b.profiles.length === 0 || a.profiles.some((profile) => b.profiles.includes(profile)));
