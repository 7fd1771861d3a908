import { type Container, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "database/backup-missing",
    title: "No backup job for a database in the project",
    severity: "info",
    presets: ["strict"],
    guides: ["qca/backups"],
    why: `
Ransomware, a wrong migration and a lost disk end the same way without a backup. The QCA guide asks for regular encrypted
backups and for recovery that was tested. A backup that runs outside this project cannot be seen from here.`,
    remedy: `
Add a job that dumps the database on a schedule and copies the dump away, encrypted: a \`CronJob\`, or a backup service.`,
    fix: "none",
    sameAs: {},
    references: ["https://cheatsheetseries.owasp.org/cheatsheets/Database_Security_Cheat_Sheet.html"],
  },

  check(model, report) {
    if (model.containers.some(isBackup) || model.objects.some(({ kind }) => BACKUPS.test(kind.value))) return;
    for (const { product = "", productKind, image, name, subject, role } of model.containers) {
      if (productKind !== "datastore" || !DATABASES.has(product) || role !== "main") continue;

      report({
        at: image?.reference ?? name,
        subject,
        message: `${name.value} is a database and nothing in this project backs it up`,
      });
    }
  },
});

const DATABASES: ReadonlySet<string> = new Set([
  ...["postgres", "mysql", "mariadb", "mssql", "oracle", "cockroachdb", "yugabytedb", "tidb"],
  ...["mongo", "couchdb", "couchbase", "cassandra", "neo4j", "arangodb", "influxdb", "clickhouse"],
]);

/** Kinds of operators: CloudNativePG, Percona, Velero, VolSync, snapshots. */
const BACKUPS = /Backup|VolumeSnapshot|^Schedule$|^ReplicationSource$/;

const TOOLS = /backup|pg_dump|pgdump|mysqldump|mongodump|wal-g|walg|pgbackrest|barman|restic|borg|velero|duplicity/i;

const isBackup = ({ name, image, command }: Container): boolean =>
  TOOLS.test(name.value) || TOOLS.test(image?.repository ?? "") || command.some(({ value }) => TOOLS.test(value));
