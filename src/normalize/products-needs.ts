/** What well-known images need of a container that is hardened. Data only; `needsOf` reads it. */
import type { ImageReference } from "../model.ts";

export interface ImageNeeds {
  /** Capabilities that its entry point uses while it is root; none where the image has a user. */
  readonly capabilities: readonly string[];
  /** Folders that it writes to beside its volumes. Absent: not known. */
  readonly folders?: readonly string[];
  /** What is mounted here is turned into files elsewhere when the container starts: then `folders` are not known. */
  readonly generatesFrom?: readonly string[];
}

/** `chown` of its data, then `gosu`, `su-exec` or `setpriv` to a user of its own: docker-entrypoint.sh of each image. */
const GIVES_UP_ROOT = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

/** Opens ports below 1024 and files of the host as root, and serves as a user of its own. */
const WEB_SERVER = ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"];

type Row = readonly [
  capabilities: readonly string[],
  /** Separated by blanks; "" for none. Undefined: not known. */
  folders: string | undefined,
  /** Repositories on Docker Hub, separated by blanks. */
  repositories: string,
];

/** Sources: entry points and documentation of the images ("Running nginx in read-only mode", "Arbitrary --user Notes"). */
const ROWS: readonly Row[] = [
  [
    GIVES_UP_ROOT,
    "/tmp /var/run/postgresql",
    "postgres postgis/postgis timescale/timescaledb pgvector/pgvector ankane/pgvector",
  ],
  [GIVES_UP_ROOT, "/tmp /var/run/mysqld", "mysql"],
  [GIVES_UP_ROOT, "/tmp /run/mysqld", "mariadb"],
  [GIVES_UP_ROOT, "/tmp", "mongo redis valkey/valkey"],
  [GIVES_UP_ROOT, undefined, "rabbitmq"],
  [WEB_SERVER, "/tmp /var/cache/nginx /var/run", "nginx"],
  [[], "/tmp", "nginxinc/nginx-unprivileged nginx/nginx-unprivileged memcached"],
  [["DAC_OVERRIDE", "NET_BIND_SERVICE"], undefined, "caddy traefik"],
  // One program with a user of its own.
  [
    [],
    "",
    "prom/node-exporter prometheuscommunity/postgres-exporter oliver006/redis_exporter oauth2-proxy/oauth2-proxy",
  ],
  [
    [],
    undefined,
    "prom/prometheus prom/alertmanager prom/pushgateway grafana/grafana grafana/grafana-oss grafana/loki grafana/tempo jaegertracing/all-in-one openzipkin/zipkin otel/opentelemetry-collector otel/opentelemetry-collector-contrib",
  ],
];

/** Scripts of nginx's entry point write configuration (docker-nginx, `20-envsubst-on-templates.sh`). */
const NGINX_SOURCES = ["/etc/nginx/templates", "/docker-entrypoint.d"];

const NEEDS: ReadonlyMap<string, ImageNeeds> = new Map(
  ROWS.flatMap(([capabilities, folders, repositories]) =>
    repositories.split(" ").map((repository) => {
      const needs: ImageNeeds = {
        capabilities,
        ...(folders !== undefined && { folders: folders.split(" ").filter((folder) => folder) }),
        ...(repository.includes("nginx") && { generatesFrom: NGINX_SOURCES }),
      };
      return [repository, needs] as const;
    }),
  ),
);

/** Programs with file capabilities, `setuid` or `sudo` inside: they do not start, or lose what they are for, without. */
const GAINS_PRIVILEGES: ReadonlySet<string> = new Set(
  "dpage/pgadmin4 mssql/server mssql/rhel/server azure-sql-edge ingress-nginx/controller vault hashicorp/vault pihole/pihole netdata/netdata google/cadvisor cadvisor/cadvisor codercom/code-server linuxserver/code-server gitlab/gitlab-ce gitlab/gitlab-ee".split(
    " ",
  ),
);

const pathOf = ({ repository }: ImageReference): string => repository.replace(/^(?:docker\/)?library\//, "");

/** Absent where the image is not in the table, or may be another one of that name. */
export function needsOf(image: ImageReference | undefined): ImageNeeds | undefined {
  const official = image?.registry === undefined || image.registry === "public.ecr.aws";
  return image?.known && official ? NEEDS.get(pathOf(image)) : undefined;
}

/** True for an image that `no-new-privileges` or dropped capabilities are known to break, whoever copies it. */
export const gainsPrivileges = (image: ImageReference | undefined): boolean =>
  image !== undefined && GAINS_PRIVILEGES.has(pathOf(image));

/** Folders of `needs` that no mount covers; absent where they are not known. */
export function foldersWithout(
  needs: ImageNeeds,
  mounts: readonly { readonly target: string; readonly readOnly: boolean }[],
): readonly string[] | undefined {
  const { folders, generatesFrom = [] } = needs;
  const targets = mounts.map(({ target }) => target.replace(/\/+$/, "") || "/");
  const generates = generatesFrom.some((folder) => targets.some((target) => isWithin(target, folder)));
  if (generates) return undefined;
  return folders?.filter((folder) => !targets.some((target) => isWithin(folder, target)));
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
