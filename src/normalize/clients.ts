/** Data store images that are run for the tools in them: `psql`, `mysqldump`, `redis-cli`. */
import type { Container } from "../model.ts";

const CLIENTS = new Set([
  ...["psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_isready", "pg_basebackup", "pgbench", "createdb", "dropdb"],
  ...["mysql", "mysqldump", "mysqladmin", "mysqlsh", "mariadb", "mariadb-dump", "mariadb-admin", "mariadb-backup"],
  ...["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"],
  ...["redis-cli", "valkey-cli", "redis-benchmark", "cqlsh", "clickhouse-client", "influx", "cypher-shell", "etcdctl"],
  ...["kafka-topics", "kafka-configs", "kafka-console-consumer", "kafka-console-producer", "rabbitmqadmin"],
]);
const SHELLS = new Set(["sh", "bash", "ash", "dash"]);
const SERVERS = new Set([
  ...["docker-entrypoint.sh", "postgres", "pg_ctl", "mysqld", "mysqld_safe", "mariadbd", "mongod", "redis-server"],
  ...["valkey-server", "cassandra", "clickhouse-server", "influxd", "neo4j", "etcd", "rabbitmq-server", "run.sh"],
]);

/** Words of a script that are looked at. */
const MOST_WORDS = 1000;

/**
 * True if the command runs a client: by its first word, or a shell whose script calls one and starts no server. Servers
 * count at the start of a command alone (`-U postgres` names a user).
 */
export function runsClient(command: Container["command"]): boolean {
  const [first = "", ...rest] = command.map(({ value }) => value);
  if (CLIENTS.has(program(first))) return true;
  if (!SHELLS.has(program(first))) return false;
  const commands = rest
    .join(" ")
    .split(/[;\n|&(]+|\b(?:do|then|until|while|if|exec|else)\s/, MOST_WORDS)
    .map((text) =>
      program(
        text
          .trim()
          .replace(/^(?:-\w+|!)\s+/, "")
          .split(/\s/, 1)[0] ?? "",
      ),
    );
  return commands.some((word) => CLIENTS.has(word)) && !commands.some((word) => SERVERS.has(word));
}

/** Name of the program: without folder and ending. */
const program = (word: string): string => word.slice(word.lastIndexOf("/") + 1).replace(/^(kafka-[\w-]+)\.sh$/, "$1");
