import { type Container, composeService, defineRule, type Port } from "../../src/rule.ts";

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
    const key = (project: string | undefined, subject: string) => `${project}\0${subject}`;
    const named = new Map<string, Container[]>();
    for (const container of model.containers) {
      const name = key(container.project, container.subject);
      named.set(name, [...(named.get(name) ?? []), container]);
    }
    for (const { name, format, members, project } of model.networks) {
      if (format !== "compose") continue;
      const attached = members.flatMap((subject) => named.get(key(project, subject)) ?? []);
      const of = (kind: Container["productKind"]) => attached.filter(({ productKind }) => productKind === kind);
      const [store, ...others] = of("datastore");
      const [application] = of("application");
      const proxy = of("proxy").find(({ ports }) => ports.some(isOpen));
      if (!store || !application || !proxy) continue;

      const on = (container: Container) =>
        container.networks.find(({ value }) => value === name.value) ?? container.name;
      report({
        at: on(store),
        subject: store.subject,
        message: `${store.name.value} shares a network with ${proxy.name.value}, which faces the outside`,
        related: [
          { at: proxy.ports.find(isOpen)!.span, message: `${proxy.name.value} publishes this port` },
          ...others.map((other) => ({ at: on(other), message: `${other.name.value} is on this network too` })),
        ],
        snippet: [
          composeService(proxy.name.value, "networks: [frontend]"),
          `  ${application.name.value}:\n    networks: [frontend, backend]`,
          `  ${store.name.value}:\n    networks: [backend]`,
          "networks:\n  frontend:\n  backend:\n    internal: true",
        ].join("\n"),
      });
    }
  },
});

const isOpen = ({ reach }: Port): boolean => reach === "world";
