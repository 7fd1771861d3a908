/** What a port leads to: the product of the container behind it, and whether it manages that product. */
import type { Container, Deployment, Port, ProductKind } from "../model.ts";

/** Ports that manage or watch a product, by the defaults of its image. Products that are consoles have no rows. */
const MANAGEMENT: Readonly<Record<string, readonly number[]>> = {
  activemq: [8161],
  caddy: [2019],
  cockroachdb: [8080],
  couchbase: [8091, 18091],
  docker: [2375, 2376],
  "docker-socket-proxy": [2375],
  envoy: [9901],
  haproxy: [8404],
  kong: [8001, 8002, 8444],
  loki: [3100],
  minio: [9001],
  nats: [8222],
  neo4j: [7473, 7474],
  "node-exporter": [9100],
  "postgres-exporter": [9187],
  rabbitmq: [15671, 15672],
  "redis-exporter": [9121],
  tempo: [3200],
};

/**
 * The model with `product` and `productKind` of every port: containers hold the very ports that the flat list does,
 * Services name their product. Where the number is one that manages the product, the kind is `console`.
 */
export function withProducts(model: Deployment): Deployment {
  const behind = new Map(model.containers.flatMap((container) => container.ports.map((port) => [port, container])));
  const kinds = new Map(model.containers.map(({ product, productKind }) => [product, productKind]));
  const ports = model.ports.map((port) => {
    const container = behind.get(port);
    const product = container?.product ?? port.product;
    const kind = container?.productKind ?? (port.product === undefined ? undefined : kinds.get(port.product));
    const productKind: ProductKind | undefined = manages(port, product, container) ? "console" : kind;
    return {
      ...port,
      ...(product && { product }),
      ...(productKind && { productKind }),
      ...(port.via === "hostNetwork" && container && staysHome(container) && { reach: "unknown" as const }),
    };
  });
  return { ...model, ports };
}

function manages({ target }: Port, product: string | undefined, container: Container | undefined): boolean {
  if (target === undefined || product === undefined) return false;
  if (product === "traefik") return target === 8080 && container !== undefined && hasDashboard(container);
  return Object.hasOwn(MANAGEMENT, product) && MANAGEMENT[product]!.includes(target);
}

/** `--bind 127.0.0.1`, `-c listen_addresses=localhost`: on the host's network it listens where the command says. */
const staysHome = ({ command }: Container): boolean =>
  command.some(({ value }) => /(?:^|[=\s/,])(?:127\.\d+\.\d+\.\d+|localhost|::1)(?:$|[:,\s])/.test(value));

/** `--api.insecure` serves API and dashboard on 8080, unless that is an entry point for traffic (Traefik, "API"). */
const hasDashboard = ({ command }: Container): boolean =>
  command.some(({ value }) => /^--api\.insecure(=true)?$/i.test(value)) &&
  !command.some(({ value }) => /^--entrypoints\.(?!traefik\.)[^.]+\.address=.*:8080(\/tcp)?$/i.test(value));
