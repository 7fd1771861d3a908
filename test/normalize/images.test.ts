import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { imageReference, productOf } from "../../src/normalize/images.ts";
import { sourceFile } from "../source-file.ts";

const reference = (text: string, known = true) => {
  const file = sourceFile("compose.yaml", text);
  const span = { file, start: 0, end: text.length };
  return imageReference({ reference: { value: text, span }, known, subject: "service a", format: "compose" });
};
const parts = (text: string, known = true) => {
  const { registry, repository, tag, digest, known: sure } = reference(text, known);
  return { registry, repository, tag, digest, known: sure };
};

describe("imageReference", () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  test.each([
    ["postgres", { repository: "postgres", known: true }],
    ["postgres:16", { repository: "postgres", tag: "16", known: true }],
    ["docker.io/library/postgres:16", { repository: "postgres", tag: "16", known: true }],
    ["library/redis", { repository: "redis", known: true }],
    ["qwedai/qwed-verification:6.0.0", { repository: "qwedai/qwed-verification", tag: "6.0.0", known: true }],
    ["localhost:5000/app", { registry: "localhost:5000", repository: "app", known: true }],
    ["localhost/app:1", { registry: "localhost", repository: "app", tag: "1", known: true }],
    [`ghcr.io/a/b/c:v1@${digest}`, { registry: "ghcr.io", repository: "a/b/c", tag: "v1", digest, known: true }],
    [`nginx@${digest}`, { repository: "nginx", digest, known: true }],
    ["app:", { repository: "app", known: true }],
    ["", { repository: "", known: true }],
  ])("%s", (text, expected) => {
    expect(parts(text)).toEqual({ registry: undefined, tag: undefined, digest: undefined, ...expected });
  });

  test.each([
    ["app:${TAG}", { repository: "app", known: false }],
    [
      "${IMAGE:-registry.example.com:5000/app:1}",
      { repository: "${IMAGE:-registry.example.com:5000/app:1}", known: false },
    ],
    ["${REGISTRY}/app:1.2", { repository: "${REGISTRY}/app", tag: "1.2", known: true }],
    ["$REGISTRY/app:$TAG", { repository: "$REGISTRY/app", known: false }],
    ["${HOST}:5000/app:1", { repository: "app", tag: "1", known: true }],
  ])("never splits inside a reference: %s", (text, expected) => {
    expect(parts(text, false)).toEqual({ registry: undefined, tag: undefined, digest: undefined, ...expected });
  });

  test("is total", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(":", "/", "@", "${", "}", "a", ".", "$", "{{")).map((all) => all.join("")),
        (text) => {
          expect(typeof reference(text).repository).toBe("string");
        },
      ),
    );
  });
});

describe("productOf", () => {
  const product = (text: string) => productOf(reference(text));
  test.each([
    ["postgres:16", { name: "postgres", kind: "datastore", user: "drops" }],
    ["pgvector/pgvector:pg16", { name: "postgres", kind: "datastore", user: "drops" }],
    ["public.ecr.aws/docker/library/postgres:16", { name: "postgres", kind: "datastore", user: "drops" }],
    ["bitnami/postgresql:16", { name: "postgres", kind: "datastore", user: "non-root" }],
    ["valkey/valkey:8", { name: "redis", kind: "datastore", user: "drops" }],
    [
      "docker.elastic.co/elasticsearch/elasticsearch:8.13.0",
      { name: "elasticsearch", kind: "datastore", user: "non-root" },
    ],
    ["mcr.microsoft.com/mssql/server:2022-latest", { name: "mssql", kind: "datastore", user: "non-root" }],
    ["qdrant/qdrant:v1.9-unprivileged", { name: "qdrant", kind: "datastore", user: "non-root" }],
    ["nginx:alpine", { name: "nginx", kind: "proxy", user: "root", family: "alpine" }],
    ["nginxinc/nginx-unprivileged:1.27", { name: "nginx", kind: "proxy", user: "non-root" }],
    ["grafana/grafana:10.2.2", { name: "grafana", kind: "console", user: "non-root" }],
    ["dpage/pgadmin4:latest", { name: "pgadmin", kind: "console", user: "non-root" }],
    ["python:3.11-slim", { name: "python", kind: "application", user: "root", runtime: "python", family: "debian" }],
    ["node:20-alpine", { name: "node", kind: "application", user: "root", runtime: "node", family: "alpine" }],
    ["eclipse-temurin:21-jre", { runtime: "java", kind: "application", user: "root" }],
    ["registry.access.redhat.com/ubi9/ubi-minimal:9.4", { kind: "application", user: "root", family: "rpm" }],
    [
      "mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled",
      { runtime: "dotnet", user: "non-root", family: "distroless" },
    ],
    ["gcr.io/distroless/static:nonroot", { family: "distroless", user: "non-root" }],
    ["gcr.io/distroless/python3-debian12", { family: "distroless", user: "root", runtime: "python" }],
    ["cgr.dev/chainguard/python:latest", { family: "distroless", user: "non-root", runtime: "python" }],
    ["bitnami/spark", { kind: "application", user: "non-root" }],
  ])("%s", (text, expected) => {
    expect(product(text)).toMatchObject(expected);
  });

  test("a copy of a product under another owner is that product with an unknown user", () => {
    expect(product("ghcr.io/acme/postgres:1")).toEqual({ name: "postgres", kind: "datastore", ports: [5432] });
  });

  test.each(["acme/api:1", "qwedai/qwed-verification:6.0.0", "acme/python", "constructor", "__proto__", ""])(
    "%s is unknown",
    (text) => {
      expect(product(text)).toBeUndefined();
    },
  );
});
