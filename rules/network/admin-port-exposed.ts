import { composeService, defineRule, type Port } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/admin-port-exposed",
    title: "Admin or telemetry console is published",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/firewall-public-access"],
    why: `
Consoles are built for administrators: pgAdmin runs SQL, Portainer and the Docker API start containers, Grafana,
Prometheus and Jaeger show what flows through the system. Many come with a default password or with none.`,
    remedy: `
Bind the port to the loopback address and reach it through an SSH tunnel or a VPN, or put it behind a proxy that
authenticates.

\`\`\`yaml
services:
  grafana:
    ports:
      - "127.0.0.1:3000:3000"
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/668.html"],
  },

  check(model, report) {
    for (const port of model.ports) {
      if (port.reach !== "world" || port.via === "hostNetwork") continue;
      const byPort = CONSOLES.get(port.target ?? -1);
      const product =
        port.productKind === "console"
          ? port.product
          : isShared(port) && port.product === undefined
            ? undefined
            : byPort;
      if (!product) continue;

      report({
        at: port.span,
        subject: port.subject,
        message: `${port.owner} publishes the ${product} console on every interface`,
        snippet: snippet(port),
      });
    }
  },
});

/** Ports that belong to a console whatever the image is called. */
const CONSOLES: ReadonlyMap<number, string> = new Map([
  [2375, "Docker API"],
  [2376, "Docker API"],
  [4040, "Spark"],
  [5050, "pgAdmin"],
  [5555, "Flower"],
  [5601, "Kibana"],
  [8081, "admin"],
  [9000, "Portainer"],
  [9090, "Prometheus"],
  [9093, "Alertmanager"],
  [15672, "RabbitMQ"],
  [16686, "Jaeger"],
]);

/** Numbers that applications use as often as consoles do: only a known image decides. */
const isShared = ({ target }: Port): boolean => target !== undefined && [4040, 5050, 8081, 9000, 9090].includes(target);

function snippet({ format, owner, published, target }: Port): string {
  return format === "compose"
    ? composeService(owner, `ports:\n  - "127.0.0.1:${published ?? target}:${target}"`)
    : `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${owner}\nspec:\n  type: ClusterIP`;
}
