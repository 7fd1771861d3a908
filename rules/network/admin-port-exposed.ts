import { defineRule, keptForTheHost, openAt, type Port, unpublished } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/admin-port-exposed",
    title: "Admin or telemetry console is published",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/firewall-public-access"],
    why: `
Consoles are built for administrators: pgAdmin runs SQL, Portainer and the Docker API start containers, Grafana,
Prometheus and Jaeger show what flows through the system. Many come with a default password or with none. The Docker API
is root on its host for whoever reaches it: critical.`,
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
      if (port.reach !== "world" || !PUBLISHES.has(port.via)) continue;
      const what = consoleAt(port);
      if (!what) continue;

      report({
        at: port.span,
        subject: port.subject,
        message: `${port.owner} publishes ${what} ${openAt(port)}`,
        severity: what === DOCKER ? "critical" : undefined,
        snippet: unpublished(port),
        fix: keptForTheHost(port),
      });
    }
  },
});

/** An Ingress may ask who is calling; the others cannot. */
const PUBLISHES: ReadonlySet<Port["via"]> = new Set(["ports", "hostPort", "NodePort", "LoadBalancer"]);

const DOCKER = "the Docker API";

/** Ports that consoles and debuggers and nothing else listen on by default, for images whose name says nothing. */
const CONSOLES: ReadonlyMap<number, string> = new Map([
  [5555, "Flower"],
  [5601, "Kibana"],
  [9093, "Alertmanager"],
  [9229, "the Node.js inspector"],
  [15672, "RabbitMQ's console"],
  [16686, "Jaeger"],
]);

/** Telemetry and mail go in or out here: of the product, but no console. */
const DATA: ReadonlySet<number> = new Set([
  ...[1025, 4317, 4318, 6831, 6832, 14250, 14268],
  ...[3100, 3200, 8222, 9100, 9121, 9187],
]);

function consoleAt({ target, published, product, productKind }: Port): string | undefined {
  const number = target ?? published ?? -1;
  if (number === 2375 || number === 2376) return DOCKER;
  if (productKind === "console") return DATA.has(number) ? `${product} port ${number}` : `the ${product} console`;
  const name = productKind === undefined || productKind === "application" ? CONSOLES.get(number) : undefined;
  return name && `port ${number}, the default of ${name},`;
}
