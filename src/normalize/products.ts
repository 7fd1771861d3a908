/** What well-known published images are. Data only; `images.ts` reads it. */
import type { Product } from "./images.ts";

type Row = readonly [
  name: string,
  user: Product["user"],
  ports: readonly number[],
  /** Repositories without registry, separated by blanks. */
  repositories: string,
];

const DATASTORES: readonly Row[] = [
  [
    "postgres",
    "drops",
    [5432],
    "postgres postgis/postgis timescale/timescaledb pgvector/pgvector ankane/pgvector tensorchord/pgvecto-rs supabase/postgres citusdata/citus kartoza/postgis imresamu/postgis apache/age paradedb/paradedb",
  ],
  [
    "postgres",
    "non-root",
    [5432],
    "timescale/timescaledb-ha cloudnative-pg/postgresql bitnami/postgresql bitnamilegacy/postgresql bitnami/postgresql-repmgr percona/percona-distribution-postgresql",
  ],
  ["pgbouncer", undefined, [6432, 5432], "edoburu/pgbouncer bitnami/pgbouncer pgbouncer/pgbouncer"],
  ["mysql", "drops", [3306], "mysql mysql/mysql-server container-registry.oracle.com/mysql/community-server"],
  ["mysql", "non-root", [3306], "percona percona/percona-server bitnami/mysql bitnamilegacy/mysql"],
  ["mariadb", "drops", [3306], "mariadb"],
  ["mariadb", "non-root", [3306], "bitnami/mariadb bitnamilegacy/mariadb bitnami/mariadb-galera"],
  ["mongo", "drops", [27017], "mongo mongodb/mongodb-community-server percona/percona-server-mongodb"],
  ["mongo", "non-root", [27017], "bitnami/mongodb bitnamilegacy/mongodb"],
  ["redis", "drops", [6379], "redis valkey/valkey eqalpha/keydb dragonflydb/dragonfly"],
  [
    "redis",
    "root",
    [6379],
    "redis/redis-stack redis/redis-stack-server redislabs/redismod redislabs/rejson redislabs/redisearch",
  ],
  ["redis", "non-root", [6379], "bitnami/redis bitnamilegacy/redis bitnami/valkey bitnami/keydb bitnami/redis-cluster"],
  ["memcached", "non-root", [11211], "memcached bitnami/memcached"],
  ["elasticsearch", "non-root", [9200, 9300], "elasticsearch elasticsearch/elasticsearch bitnami/elasticsearch"],
  ["opensearch", "non-root", [9200, 9600], "opensearchproject/opensearch bitnami/opensearch"],
  ["solr", "non-root", [8983], "solr bitnami/solr"],
  ["meilisearch", "root", [7700], "getmeili/meilisearch"],
  ["typesense", undefined, [8108], "typesense/typesense"],
  ["cassandra", "drops", [9042, 7000, 7199], "cassandra"],
  ["cassandra", undefined, [9042, 7000, 7199], "scylladb/scylla bitnami/cassandra"],
  ["couchdb", "drops", [5984], "couchdb apache/couchdb"],
  ["couchbase", undefined, [8091, 11210], "couchbase couchbase/server"],
  ["clickhouse", "drops", [8123, 9000], "clickhouse clickhouse/clickhouse-server yandex/clickhouse-server"],
  [
    "mssql",
    "non-root",
    [1433],
    "mssql/server mssql/rhel/server azure-sql-edge mssql-server-linux microsoft/mssql-server-linux",
  ],
  [
    "oracle",
    "non-root",
    [1521],
    "gvenzl/oracle-free gvenzl/oracle-xe database/free database/express database/enterprise",
  ],
  ["cockroachdb", "root", [26257, 8080], "cockroachdb/cockroach"],
  ["yugabytedb", "root", [5433, 9042], "yugabytedb/yugabyte"],
  ["tidb", "root", [4000], "pingcap/tidb"],
  ["rabbitmq", "drops", [5672, 15672], "rabbitmq"],
  ["rabbitmq", "non-root", [5672, 15672], "bitnami/rabbitmq bitnamilegacy/rabbitmq"],
  ["activemq", undefined, [61616, 8161], "apache/activemq-classic apache/activemq-artemis rmohr/activemq"],
  [
    "kafka",
    "non-root",
    [9092],
    "apache/kafka apache/kafka-native confluentinc/cp-kafka confluentinc/cp-server confluentinc/confluent-local bitnami/kafka bitnamilegacy/kafka redpandadata/redpanda vectorized/redpanda",
  ],
  ["kafka", "root", [9092], "wurstmeister/kafka"],
  ["nats", "root", [4222, 8222], "nats"],
  ["mosquitto", "drops", [1883], "eclipse-mosquitto"],
  ["pulsar", "non-root", [6650, 8080], "apachepulsar/pulsar"],
  ["zookeeper", "drops", [2181], "zookeeper"],
  ["zookeeper", "non-root", [2181], "confluentinc/cp-zookeeper bitnami/zookeeper bitnamilegacy/zookeeper"],
  ["etcd", "root", [2379, 2380], "coreos/etcd etcd-development/etcd etcd"],
  ["etcd", "non-root", [2379, 2380], "bitnami/etcd bitnamilegacy/etcd"],
  ["consul", "drops", [8500], "consul hashicorp/consul"],
  ["vault", "drops", [8200], "vault hashicorp/vault"],
  ["vault", "non-root", [8200], "openbao/openbao"],
  ["minio", "root", [9000, 9001], "minio/minio minio"],
  ["minio", "non-root", [9000, 9001], "bitnami/minio bitnamilegacy/minio"],
  ["seaweedfs", "root", [9333, 8333], "chrislusf/seaweedfs"],
  ["qdrant", "root", [6333, 6334], "qdrant/qdrant"],
  ["weaviate", "root", [8080, 50051], "semitechnologies/weaviate weaviate/weaviate"],
  ["milvus", "root", [19530, 9091], "milvusdb/milvus"],
  ["chroma", "root", [8000], "chromadb/chroma chroma-core/chroma"],
  ["vespa", "non-root", [8080, 19071], "vespaengine/vespa"],
  ["neo4j", "drops", [7474, 7687], "neo4j"],
  ["arangodb", undefined, [8529], "arangodb arangodb/arangodb"],
  ["dgraph", "root", [8080, 9080], "dgraph/dgraph dgraph/standalone"],
  ["surrealdb", undefined, [8000], "surrealdb/surrealdb"],
  ["influxdb", "drops", [8086], "influxdb"],
  ["questdb", "drops", [9000, 8812], "questdb/questdb"],
  ["victoriametrics", "root", [8428], "victoriametrics/victoria-metrics"],
  ["registry", "root", [5000], "registry distribution/distribution"],
];

const PROXIES: readonly Row[] = [
  ["nginx", "root", [80, 443], "nginx nginx/nginx-ingress openresty/openresty fholzer/nginx-brotli"],
  [
    "nginx",
    "non-root",
    [8080, 8443],
    "nginxinc/nginx-unprivileged nginx/nginx-unprivileged bitnami/nginx bitnamilegacy/nginx bitnami/openresty",
  ],
  [
    "nginx",
    "root",
    [80, 443],
    "jwilder/nginx-proxy nginxproxy/nginx-proxy jc21/nginx-proxy-manager linuxserver/swag linuxserver/nginx",
  ],
  ["ingress-nginx", "non-root", [80, 443], "ingress-nginx/controller"],
  ["traefik", "root", [80, 443, 8080], "traefik traefik/traefik"],
  ["caddy", "root", [80, 443], "caddy lucaslorentz/caddy-docker-proxy"],
  ["haproxy", "non-root", [80, 443], "haproxy haproxytech/haproxy-alpine bitnami/haproxy"],
  ["envoy", "drops", [10000], "envoyproxy/envoy"],
  ["httpd", "root", [80, 443], "httpd"],
  ["httpd", "non-root", [8080, 8443], "bitnami/apache bitnamilegacy/apache"],
  ["kong", "non-root", [8000, 8443, 8001], "kong kong/kong kong/kong-gateway bitnami/kong"],
  ["apisix", "non-root", [9080, 9443], "apache/apisix"],
  ["tyk", undefined, [8080], "tykio/tyk-gateway"],
  ["krakend", "non-root", [8080], "krakend devopsfaith/krakend krakend/krakend"],
  ["varnish", "non-root", [80, 8443], "varnish"],
  ["squid", "drops", [3128], "ubuntu/squid sameersbn/squid"],
  ["oauth2-proxy", "non-root", [4180], "oauth2-proxy/oauth2-proxy"],
  ["cloudflared", "non-root", [], "cloudflare/cloudflared"],
];

const CONSOLES: readonly Row[] = [
  ["pgadmin", "non-root", [80], "dpage/pgadmin4"],
  ["adminer", "non-root", [8080], "adminer"],
  ["phpmyadmin", "root", [80], "phpmyadmin phpmyadmin/phpmyadmin"],
  ["cloudbeaver", undefined, [8978], "dbeaver/cloudbeaver"],
  ["mongo-express", undefined, [8081], "mongo-express"],
  ["redis-commander", "non-root", [8081], "rediscommander/redis-commander"],
  ["redisinsight", "non-root", [5540, 8001], "redis/redisinsight redislabs/redisinsight"],
  ["grafana", "non-root", [3000], "grafana/grafana grafana/grafana-oss grafana/grafana-enterprise bitnami/grafana"],
  ["prometheus", "non-root", [9090], "prom/prometheus prometheus/prometheus bitnami/prometheus"],
  ["alertmanager", "non-root", [9093], "prom/alertmanager prometheus/alertmanager bitnami/alertmanager"],
  ["pushgateway", "non-root", [9091], "prom/pushgateway"],
  [
    "jaeger",
    "non-root",
    [16686, 14268, 4317, 4318],
    "jaegertracing/all-in-one jaegertracing/jaeger jaegertracing/jaeger-query",
  ],
  ["zipkin", "non-root", [9411], "openzipkin/zipkin openzipkin/zipkin-slim"],
  ["kibana", "non-root", [5601], "kibana kibana/kibana bitnami/kibana"],
  ["opensearch-dashboards", "non-root", [5601], "opensearchproject/opensearch-dashboards"],
  ["portainer", "root", [9000, 9443], "portainer/portainer-ce portainer/portainer-ee portainer/portainer"],
  ["flower", "non-root", [5555], "mher/flower"],
  ["kafka-ui", "non-root", [8080], "provectuslabs/kafka-ui kafbat/kafka-ui"],
  ["kafdrop", undefined, [9000], "obsidiandynamics/kafdrop"],
  ["redpanda-console", "non-root", [8080], "redpandadata/console vectorized/console"],
  ["akhq", undefined, [8080], "tchiotludo/akhq"],
  ["kubernetes-dashboard", "non-root", [8443, 9090], "kubernetesui/dashboard"],
  ["cadvisor", "root", [8080], "google/cadvisor cadvisor/cadvisor"],
  ["netdata", "root", [19999], "netdata/netdata"],
  ["dozzle", "root", [8080], "amir20/dozzle"],
  [
    "jupyter",
    "non-root",
    [8888],
    "jupyter/base-notebook jupyter/minimal-notebook jupyter/scipy-notebook jupyter/datascience-notebook jupyter/tensorflow-notebook jupyter/pyspark-notebook jupyter/all-spark-notebook quay.io/jupyter/base-notebook",
  ],
  ["mailhog", "non-root", [1025, 8025], "mailhog/mailhog"],
  ["mailpit", "root", [1025, 8025], "axllent/mailpit"],
  ["swagger-ui", "root", [8080], "swaggerapi/swagger-ui"],
  ["metabase", "drops", [3000], "metabase/metabase"],
  ["superset", "non-root", [8088], "apache/superset"],
  ["airflow", "non-root", [8080], "apache/airflow bitnami/airflow"],
  ["mlflow", "root", [5000], "mlflow/mlflow"],
  ["attu", undefined, [3000], "zilliz/attu"],
  ["filebrowser", undefined, [80], "filebrowser/filebrowser"],
  ["webmin", undefined, [10000], "johanp/webmin"],
  ["code-server", undefined, [8080], "codercom/code-server linuxserver/code-server"],
];

/** Applications that people run as they are published. */
const APPLICATIONS: readonly Row[] = [
  ["wordpress", "root", [80], "wordpress"],
  ["nextcloud", "root", [80], "nextcloud"],
  ["drupal", "root", [80], "drupal"],
  ["joomla", "root", [80], "joomla"],
  ["ghost", "drops", [2368], "ghost"],
  ["gitea", "drops", [3000, 22], "gitea/gitea"],
  ["gitlab", "root", [80, 443, 22], "gitlab/gitlab-ce gitlab/gitlab-ee"],
  ["jenkins", "non-root", [8080, 50000], "jenkins/jenkins jenkins"],
  ["sonarqube", "non-root", [9000], "sonarqube"],
  ["nexus", "non-root", [8081], "sonatype/nexus3"],
  ["keycloak", "non-root", [8080], "keycloak/keycloak jboss/keycloak bitnami/keycloak"],
  ["n8n", "non-root", [5678], "n8nio/n8n n8n-io/n8n"],
  ["ollama", "root", [11434], "ollama/ollama"],
  ["open-webui", "root", [8080], "open-webui/open-webui"],
  ["litellm", "root", [4000], "berriai/litellm"],
  ["vllm", "root", [8000], "vllm/vllm-openai"],
  ["langfuse", "non-root", [3000], "langfuse/langfuse"],
  ["pihole", "root", [80, 53], "pihole/pihole"],
  ["plex", undefined, [32400], "linuxserver/plex plexinc/pms-docker"],
];

/** Agents and tools beside an application. */
const OTHERS: readonly Row[] = [
  ["logstash", "non-root", [5044, 9600], "logstash logstash/logstash"],
  ["filebeat", undefined, [], "beats/filebeat elastic/filebeat"],
  ["fluentd", "drops", [24224], "fluentd fluent/fluentd"],
  ["fluent-bit", "root", [2020], "fluent/fluent-bit"],
  ["vector", "root", [8686], "timberio/vector"],
  ["loki", "non-root", [3100], "grafana/loki"],
  ["promtail", "root", [9080], "grafana/promtail"],
  ["tempo", "non-root", [3200], "grafana/tempo"],
  ["otel-collector", "non-root", [4317, 4318], "otel/opentelemetry-collector otel/opentelemetry-collector-contrib"],
  ["node-exporter", "non-root", [9100], "prom/node-exporter prometheus/node-exporter"],
  ["postgres-exporter", "non-root", [9187], "prometheuscommunity/postgres-exporter"],
  ["redis-exporter", "non-root", [9121], "oliver006/redis_exporter"],
  ["minio-client", "root", [], "minio/mc"],
  ["certbot", "root", [], "certbot/certbot"],
  ["watchtower", "root", [], "containrrr/watchtower"],
  ["docker", "root", [2375, 2376], "docker"],
  ["docker-socket-proxy", "root", [2375], "tecnativa/docker-socket-proxy linuxserver/socket-proxy"],
  ["pause", "non-root", [], "pause"],
  ["curl", "non-root", [], "curlimages/curl"],
  ["kubectl", "non-root", [], "bitnami/kubectl"],
];

export const PRODUCTS: ReadonlyMap<string, Product> = new Map(
  (
    [
      ["datastore", DATASTORES],
      ["proxy", PROXIES],
      ["console", CONSOLES],
      ["application", APPLICATIONS],
      ["other", OTHERS],
    ] as const
  ).flatMap(([kind, rows]) =>
    rows.flatMap(([name, user, ports, repositories]) =>
      repositories.split(" ").map((repository) => [repository, { name, kind, ports, ...(user && { user }) }] as const),
    ),
  ),
);

export interface Base {
  readonly name: string;
  readonly user: "root" | "non-root";
  readonly family?: NonNullable<Product["family"]>;
  readonly runtime?: string;
}

type BaseRow = readonly [runtime: string | undefined, user: Base["user"], family: Base["family"], repositories: string];

const BASE_ROWS: readonly BaseRow[] = [
  [
    "python",
    "root",
    "debian",
    "python tiangolo/uvicorn-gunicorn-fastapi tiangolo/uvicorn-gunicorn tiangolo/meinheld-gunicorn-flask continuumio/miniconda3 continuumio/anaconda3 condaforge/mambaforge condaforge/miniforge3 astral-sh/uv pytorch/pytorch tensorflow/tensorflow huggingface/transformers-pytorch-gpu",
  ],
  ["python", "root", undefined, "pypy"],
  ["python", "non-root", "debian", "mambaorg/micromamba"],
  ["python", "non-root", "rpm", "ubi8/python-39 ubi8/python-311 ubi9/python-39 ubi9/python-311 ubi9/python-312"],
  ["node", "root", "debian", "node oven/bun denoland/deno cimg/node"],
  ["node", "non-root", "rpm", "ubi8/nodejs-18 ubi8/nodejs-20 ubi9/nodejs-18 ubi9/nodejs-20 ubi9/nodejs-22"],
  ["golang", "root", "debian", "golang"],
  [
    "java",
    "root",
    "debian",
    "openjdk eclipse-temurin maven gradle tomcat azul/zulu-openjdk ibm-semeru-runtimes sapmachine",
  ],
  ["java", "root", "rpm", "amazoncorretto"],
  ["java", "non-root", "debian", "jetty"],
  [
    "java",
    "non-root",
    "rpm",
    "ubi8/openjdk-17 ubi8/openjdk-21 ubi9/openjdk-17 ubi9/openjdk-21 jboss/wildfly wildfly/wildfly",
  ],
  ["ruby", "root", "debian", "ruby"],
  ["php", "root", "debian", "php composer dunglas/frankenphp"],
  ["rust", "root", "debian", "rust lukemathwalker/cargo-chef"],
  [
    "dotnet",
    "root",
    "debian",
    "dotnet/sdk dotnet/aspnet dotnet/runtime dotnet/runtime-deps dotnet/core/sdk dotnet/core/aspnet dotnet/core/runtime",
  ],
  ["elixir", "root", "debian", "elixir hexpm/elixir erlang"],
  ["perl", "root", "debian", "perl"],
  ["haskell", "root", "debian", "haskell"],
  ["swift", "root", "debian", "swift"],
  ["dart", "root", "debian", "dart"],
  ["julia", "root", "debian", "julia"],
  ["r", "root", "debian", "r-base rocker/r-ver rocker/shiny"],
  ["gcc", "root", "debian", "gcc"],
  [
    undefined,
    "root",
    "debian",
    "debian ubuntu buildpack-deps bitnami/minideb nvidia/cuda phusion/baseimage mcr.microsoft.com/playwright playwright playwright/python",
  ],
  [undefined, "root", "alpine", "alpine alpine/git"],
  [undefined, "root", undefined, "busybox scratch"],
  [
    undefined,
    "root",
    "rpm",
    "amazonlinux fedora centos rockylinux rockylinux/rockylinux almalinux oraclelinux redhat/ubi8 redhat/ubi9 redhat/ubi8-minimal redhat/ubi9-minimal ubi8 ubi9 ubi8/ubi ubi9/ubi ubi8/ubi-minimal ubi9/ubi-minimal ubi8-minimal ubi9-minimal opensuse/leap opensuse/tumbleweed photon",
  ],
];

/** Language runtimes and distributions. */
export const BASES: ReadonlyMap<string, Base> = new Map(
  BASE_ROWS.flatMap(([runtime, user, family, repositories]) =>
    repositories.split(" ").map(
      (repository) =>
        [
          repository,
          {
            name: runtime ?? repository.slice(repository.lastIndexOf("/") + 1),
            user,
            ...(family && { family }),
            ...(runtime && { runtime }),
          },
        ] as const,
    ),
  ),
);

/** Runtime that the last segment of a distroless or Chainguard repository names. */
export const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ["python", "python"],
  ["python3", "python"],
  ["node", "node"],
  ["nodejs", "node"],
  ["java", "java"],
  ["jre", "java"],
  ["jdk", "java"],
  ["go", "golang"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["dotnet-runtime", "dotnet"],
  ["aspnet-runtime", "dotnet"],
]);
