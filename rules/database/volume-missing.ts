import { type Container, composeService, defineRule, kubernetesContainer } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "database/volume-missing",
    title: "Database has no volume and loses its data with its container",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/backups"],
    why: `
\`docker compose down\`, or a node that drains, and the data is gone or left in a volume without a name that nothing finds
again. Caches and brokers are not reported, nor is a container that runs a client such as \`psql\`.`,
    remedy: `
\`\`\`yaml
services:
  db:
    volumes:
      - db-data:/var/lib/postgresql/data
volumes:
  db-data:
\`\`\`

In Kubernetes a \`StatefulSet\` with \`volumeClaimTemplates\`, or a \`persistentVolumeClaim\`; an \`emptyDir\` goes with its pod.`,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/engine/storage/volumes/"],
  },

  check(model, report) {
    for (const container of model.containers) {
      const { product = "", productKind, subject, name, image, role, format, kind } = container;
      const [path] = DATA.get(product) ?? [];
      if (!path || productKind !== "datastore" || role !== "main" || ENDS.has(format) || ENDS.has(kind)) continue;
      const at = image?.reference ?? name;
      if (at.span.file.stage === "test" || isKept(container)) continue;

      report({
        at,
        subject,
        message: `${name.value} has no volume for its data: nothing lasting is mounted at ${path}`,
        snippet: format === "compose" ? composeVolume(name.value, path) : claim(name.value, path),
      });
    }
  },
});

/** Images that nobody runs here, and workloads that end. */
const ENDS: ReadonlySet<string> = new Set(["dockerfile", "Job", "CronJob"]);

const composeVolume = (name: string, path: string): string =>
  `${composeService(name, `volumes:\n  - ${name}-data:${path}`)}\nvolumes:\n  ${name}-data:`;

const claim = (name: string, path: string): string =>
  `${kubernetesContainer(name, `volumeMounts:\n  - name: data\n    mountPath: ${path}`)}
volumes:
  - name: data
    persistentVolumeClaim:
      claimName: ${name}-data`;

/** Something that outlives the container is mounted where the image, a variable or an option puts the data. */
function isKept({ product = "", mounts, variables, command }: Container): boolean {
  const lasting = mounts.filter(({ kind }) => kind !== "tmpfs" && kind !== "ephemeral" && kind !== "config");
  const named = [
    ...command.map(({ value }) => value),
    ...variables.flatMap(({ name, value: { value } }) =>
      /DATA|DIR|PATH|HOME|STORAGE/i.test(name.value) && value.from === "literal" ? value.text : [],
    ),
  ];
  return lasting.some(
    ({ target }) =>
      DATA.get(product)?.some((path) => covers(target, path)) || named.some((text) => isNamed(target, text)),
  );
}

/** A mount of the data folder, of a folder above it, or of a part of it. */
const covers = (target: string, path: string): boolean =>
  `${path}/`.startsWith(`${target.replace(/\/$/, "")}/`) || `${target}/`.startsWith(`${path}/`);

/** `/pgdata` in `/pgdata/main` or `--dbpath=/pgdata`; a file is no place for data. */
const isNamed = (target: string, text: string): boolean =>
  /^\/[^.]+$/.test(target) && text.includes(target.replace(/\/$/, ""));

/** Where images keep what must not be lost, the official one first. Caches and brokers are left out. */
const DATA: ReadonlyMap<string, readonly string[]> = new Map([
  ["postgres", ["/var/lib/postgresql/data", "/var/lib/postgresql", "/bitnami/postgresql", "/home/postgres/pgdata"]],
  ["mysql", ["/var/lib/mysql", "/bitnami/mysql"]],
  ["mariadb", ["/var/lib/mysql", "/bitnami/mariadb"]],
  ["mongo", ["/data/db", "/bitnami/mongodb"]],
  ["mssql", ["/var/opt/mssql"]],
  ["oracle", ["/opt/oracle/oradata"]],
  ["couchdb", ["/opt/couchdb/data"]],
  ["clickhouse", ["/var/lib/clickhouse"]],
  ["cassandra", ["/var/lib/cassandra", "/bitnami/cassandra", "/var/lib/scylla"]],
  ["elasticsearch", ["/usr/share/elasticsearch/data", "/bitnami/elasticsearch"]],
  ["opensearch", ["/usr/share/opensearch/data", "/bitnami/opensearch"]],
  ["neo4j", ["/data"]],
  ["influxdb", ["/var/lib/influxdb2", "/var/lib/influxdb"]],
  ["qdrant", ["/qdrant/storage"]],
]);
