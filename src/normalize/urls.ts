/** URLs of services and databases, with the exact places of user, password and host. */
import type { Located, ServiceUrl } from "../model.ts";
import { credentialOf } from "./credentials.ts";
import { holds, passwordOf, type Range, splitUrl, type UrlSyntax, userOf } from "./urls-syntax.ts";
import { parts } from "./written.ts";

/** Protocol of a database → its usual name. */
const DATABASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    postgres: "postgresql",
    postgresql: "postgresql",
    pgsql: "postgresql",
    postgis: "postgresql",
    timescaledb: "postgresql",
    cockroachdb: "cockroachdb",
    redshift: "redshift",
    mysql: "mysql",
    mysql2: "mysql",
    mariadb: "mariadb",
    mssql: "mssql",
    sqlserver: "mssql",
    oracle: "oracle",
    sqlite: "sqlite",
    clickhouse: "clickhouse",
    mongodb: "mongodb",
    "mongodb+srv": "mongodb+srv",
    redis: "redis",
    rediss: "rediss",
    valkey: "redis",
    valkeys: "rediss",
    cassandra: "cassandra",
    couchdb: "couchdb",
    neo4j: "neo4j",
    "neo4j+s": "neo4j+s",
    bolt: "bolt",
    "bolt+s": "bolt+s",
    elasticsearch: "elasticsearch",
    influxdb: "influxdb",
  }),
);

const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|svc|cluster\.local|docker|lan)$/i;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){1,3}|::1|0\.0\.0\.0|::)$/;

/**
 * Reads one text as a URL or connection string. Absent if it is none.
 *
 * `scheme` is lower case, without `jdbc:` and without the driver of a database (`postgresql+asyncpg`); a suffix that
 * says how it is secured stays (`mongodb+srv`, `amqp+ssl`). `user`, `password` and `host` are present only if they are
 * written out. A host that is not written out counts as internal, so that nothing fires on it. `hosts` are the names
 * of this project's services.
 */
export function serviceUrl(input: {
  readonly at: Located<string>;
  readonly key: string;
  readonly subject: string;
  readonly hosts?: ReadonlySet<string>;
}): ServiceUrl | undefined {
  const { at, key, subject, hosts } = input;
  const text = at.value;
  const url = splitUrl(text);
  if (!url) return undefined;
  const scheme = protocol(url);
  const written = (range: Range | undefined): Range | undefined => (range && !holds(text, range) ? range : undefined);
  const spanOf = parts(at.span, text);
  const located = ({ from, to }: Range): Located<string> => ({ value: text.slice(from, to), span: spanOf(from, to) });
  const user = written(userOf(url));
  const password = written(passwordOf(url));
  const credential = password && credentialOf(key, { value: { from: "literal", text }, span: at.span });
  const hostRange = written(url.host);
  const host = hostRange && text.slice(hostRange.from, hostRange.to);
  const portRange = written(url.port);
  const port = portRange && Number(text.slice(portRange.from, portRange.to));
  return {
    at,
    subject,
    key,
    scheme,
    ...(user && { user: located(user) }),
    ...(password && { password: located(password) }),
    ...(credential && { credential }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && Number.isInteger(port) && port <= 65535 && { port }),
    parameters: url.parameters.map(({ name, value }) => ({
      name,
      value: text.slice(value.from, value.to),
      span: spanOf(value.from, value.to),
    })),
    internal: host === undefined || isInternal(host) || (hosts?.has(host) ?? false),
    database: [...DATABASES.values()].includes(scheme),
  };
}

function protocol({ scheme, parameters }: UrlSyntax): string {
  if (scheme === "")
    return parameters.some(({ name }) => name === "host" || name === "hostaddr") ? "postgresql" : "mssql";
  const bare = scheme.replace(/^(?:jdbc|r2dbc):/, "");
  const base = bare.split(/[:+]/, 1)[0] ?? bare;
  return DATABASES.get(bare) ?? DATABASES.get(base) ?? bare;
}

/** Top-level domains: those of countries and the ones that services live under. */
const PUBLIC =
  /\.(?:[a-z]{2}|com|net|org|info|biz|edu|gov|mil|int|dev|app|cloud|tech|online|site|xyz|page|live|space|world|store|shop|run|host|network|systems|software|services|digital|tools|academy|agency|company|email|global|group|health|team|zone)$/i;

/** Two labels without such an end: a Service and its namespace (Kubernetes, "DNS for Services and Pods"). */
const isClusterName = (host: string): boolean => /^[a-z0-9-]+\.[a-z][a-z0-9-]*$/i.test(host) && !PUBLIC.test(host);

const isInternal = (host: string): boolean =>
  !/[.:]/.test(host) || LOOPBACK.test(host) || LOCAL_NAMES.test(host) || isClusterName(host);
