import {
  composeService,
  defineRule,
  keptForTheHost,
  keptInside,
  openAt,
  type Port,
  portNumber,
  unpublished,
} from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/database-port-exposed",
    title: "Database, cache or broker port is published",
    severity: "critical",
    presets: ["recommended"],
    guides: ["qwed/firewall-database", "qca/private-networks"],
    why: `
A published port of a data store is one password away from all its data, and Docker publishes past the host's firewall:
\`ufw\` rules do not apply to it. Containers of one Compose project reach each other without any published port.`,
    remedy: `
Remove the port, or keep it inside the project with \`expose\`; bind it to the loopback address where a tool on the host
needs it. In Kubernetes use a \`ClusterIP\` Service.

\`\`\`yaml
services:
  db:
    expose:
      - "5432"
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/668.html",
      "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ],
  },

  check(model, report) {
    for (const port of model.ports) {
      if (port.reach !== "world" || port.productKind === "console") continue;
      const known = port.productKind === "datastore" ? port.product : undefined;
      const byNumber = port.via === "hostNetwork" ? undefined : STORES.get(port.target ?? port.published ?? -1);
      if (!known && !byNumber) continue;

      const number = portNumber(port);
      // Whoever develops looks into the store with tools on the host.
      const inside = port.span.file.stage === "production" || port.via === "hostNetwork";
      report({
        at: port.span,
        subject: port.subject,
        message: known
          ? `${port.owner} publishes ${known} port ${number} ${openAt(port)}`
          : `${port.owner} publishes port ${number}, the default of ${byNumber}, ${openAt(port)}`,
        snippet: port.format === "compose" && inside ? composeService(port.owner, exposed(port)) : unpublished(port),
        fix: inside ? keptInside(port) : keptForTheHost(port),
      });
    }
  },
});

const exposed = (port: Port): string =>
  `${port.via === "hostNetwork" ? "# instead of network_mode: host\n" : ""}expose:\n  - "${portNumber(port)}${port.protocol === "tcp" ? "" : `/${port.protocol}`}"`;

/** Default ports of data stores, for images whose name says nothing. */
const STORES: ReadonlyMap<number, string> = new Map([
  [1433, "SQL Server"],
  [1521, "Oracle"],
  [2379, "etcd"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
  [5672, "AMQP"],
  [5984, "CouchDB"],
  [6379, "Redis"],
  [7687, "Neo4j"],
  [9042, "Cassandra"],
  [9092, "Kafka"],
  [9200, "Elasticsearch"],
  [9300, "Elasticsearch"],
  [11211, "Memcached"],
  [27017, "MongoDB"],
]);
