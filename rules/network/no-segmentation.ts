import { composeService, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/no-segmentation",
    title: "Database shares one network with the public side",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/network-segmentation"],
    why: `
Whoever takes over the container that faces the internet talks to the database directly. With a network of its own the
database is reached by the application alone. The finding is about projects that have a proxy, an application and a data
store on one network.`,
    remedy: `
\`\`\`yaml
services:
  proxy:
    networks: [frontend]
  api:
    networks: [frontend, backend]
  db:
    networks: [backend]
networks:
  frontend:
  backend:
    internal: true
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/compose/how-tos/networking/"],
  },

  check(model, report) {
    for (const { format, members, project } of model.networks) {
      if (format !== "compose") continue;
      const attached = model.containers.filter(
        (container) => container.project === project && members.includes(container.subject),
      );
      const publicSide = attached.find(
        ({ productKind, ports }) =>
          productKind !== "datastore" && productKind !== "application" && ports.some(({ reach }) => reach === "world"),
      );
      const application = attached.some(({ productKind }) => productKind === "application");
      const store = attached.find(({ productKind }) => productKind === "datastore");
      if (!publicSide || !application || !store || publicSide.productKind !== "proxy") continue;

      report({
        at: store.networks[0] ?? store.name,
        subject: store.subject,
        message: `${store.name.value} shares a network with ${publicSide.name.value}, which faces the outside`,
        related: [{ at: publicSide.name, message: `${publicSide.name.value} publishes ports` }],
        snippet: `${composeService(store.name.value, "networks: [backend]")}\nnetworks:\n  backend:\n    internal: true`,
      });
    }
  },
});
