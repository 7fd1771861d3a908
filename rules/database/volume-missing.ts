import { composeService, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "database/volume-missing",
    title: "Database keeps its data in the container and loses it with it",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/backups"],
    why: `
The next \`docker compose up\` with a new image, or the next node that drains, throws the data away. Caches are not
reported.`,
    remedy: `
\`\`\`yaml
services:
  db:
    volumes:
      - db-data:/var/lib/postgresql/data
volumes:
  db-data:
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/engine/storage/volumes/"],
  },

  check(model, report) {
    for (const { product, subject, name, image, mounts, role, format, kind } of model.containers) {
      const path = product === undefined ? undefined : DATA[product];
      if (!path || role !== "main" || format === "dockerfile" || kind === "Job" || kind === "CronJob") continue;
      const at = image?.reference ?? name;
      if (at.span.file.stage === "test" || mounts.some((mount) => keeps(mount.target, path) && mount.kind !== "tmpfs"))
        continue;

      report({
        at,
        subject,
        message: `${name.value} keeps its data in the container: nothing is mounted at ${path}`,
        snippet:
          format === "compose"
            ? `${composeService(name.value, `volumes:\n  - ${name.value}-data:${path}`)}\nvolumes:\n  ${name.value}-data:`
            : `volumeMounts:\n  - name: data\n    mountPath: ${path}`,
      });
    }
  },
});

/** A mount of the data folder, of a folder above it, or of a part of it. */
const keeps = (target: string, path: string): boolean =>
  `${path}/`.startsWith(`${target.replace(/\/$/, "")}/`) || `${target}/`.startsWith(`${path}/`);

/** Where the official images keep what must not be lost. */
const DATA: Readonly<Record<string, string>> = {
  postgres: "/var/lib/postgresql",
  timescale: "/var/lib/postgresql",
  mysql: "/var/lib/mysql",
  mariadb: "/var/lib/mysql",
  mongo: "/data/db",
  mssql: "/var/opt/mssql",
  couchdb: "/opt/couchdb/data",
  clickhouse: "/var/lib/clickhouse",
  cassandra: "/var/lib/cassandra",
  elasticsearch: "/usr/share/elasticsearch/data",
  opensearch: "/usr/share/opensearch/data",
  neo4j: "/data",
  influxdb: "/var/lib/influxdb",
  qdrant: "/qdrant/storage",
};
