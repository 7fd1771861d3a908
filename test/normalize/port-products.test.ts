import { expect, test } from "vitest";
import type { Container } from "../../src/model.ts";
import { withProducts } from "../../src/normalize/port-products.ts";
import { deployment } from "../deployment.ts";
import { project } from "./compose-project.ts";

const kinds = (container: Container) =>
  withProducts(deployment({ containers: [container], ports: container.ports })).ports.map(
    ({ target, product, productKind }) => `${target} ${product ?? "?"} ${productKind}`,
  );

test.each([
  ["image: rabbitmq:4", "5672", "rabbitmq datastore"],
  ["image: rabbitmq:4-management", "15672", "rabbitmq console"],
  ["image: neo4j:5", "7474", "neo4j console"],
  ["image: kong:3.8", "8000", "kong proxy"],
  ["image: kong:3.8", "8001", "kong console"],
  ["image: docker:27-dind", "2376", "docker console"],
  ["image: grafana/grafana:11.3.1", "3000", "grafana console"],
  ["image: acme/api:1", "15672", "? application"],
  ["image: traefik:v3.2", "8080", "traefik proxy"],
  ["image: traefik:v3.2\n    command: --api.insecure=true", "8080", "traefik console"],
  ["image: traefik:v3.2\n    command: [--api.insecure]", "80", "traefik proxy"],
  [
    "image: traefik:v3.2\n    command: [--api.insecure=true, '--entrypoints.web.address=:8080']",
    "8080",
    "traefik proxy",
  ],
  [
    "image: traefik:v3.2\n    command: [--api.insecure=true, '--entryPoints.traefik.address=:8080']",
    "8080",
    "traefik console",
  ],
])("%s, port %s: %s", (image, port, expected) => {
  const { service } = project(`services:\n  web:\n    ${image}\n    ports: ["${port}:${port}"]\n`);
  expect(kinds(service("web"))).toEqual([`${port} ${expected}`]);
});

test.each([
  ["", "world"],
  ["command: redis-server --appendonly yes", "world"],
  ["command: redis-server --bind 127.0.0.1", "unknown"],
  ["command: [redis-server, --bind=localhost]", "unknown"],
])("on the host's network, %s: %s", (command, expected) => {
  const { service } = project(`services:\n  web:\n    image: redis:7.4.1\n    network_mode: host\n    ${command}\n`);
  const container = service("web");
  const { ports } = withProducts(deployment({ containers: [container], ports: container.ports }));
  expect(ports.map(({ target, reach }) => [target, reach])).toEqual([[6379, expected]]);
});
