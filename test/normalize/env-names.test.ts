import { describe, expect, test } from "vitest";
import { isForeign, mistaken } from "../../src/normalize/env-names.ts";

describe("names that were likely written for one another", () => {
  test.each([
    ["QWED_CORS_ORIGINS", "CORS_ORIGINS"],
    ["CORS_ORIGINS", "QWED_CORS_ORIGINS"],
    ["CORS_ORGINS", "CORS_ORIGINS"],
    ["CORS_ALLOW_ORIGINS", "CORS_ALLOWED_ORIGINS"],
    ["CORSORIGINS", "CORS_ORIGINS"],
    ["JWT_SERCET_KEY", "JWT_SECRET_KEY"],
    ["jwt_secrte_key", "JWT_SECRET_KEY"],
  ])("%s for %s", (written, wanted) => expect(mistaken(written, wanted)).toBeGreaterThan(0));

  test.each([
    ["CORS_ORIGINS", "CORS_ORIGINS"],
    ["QUEUE_1", "QUEUE_2"],
    ["POOL_MIN_SIZE", "POOL_MAX_SIZE"],
    ["TEST_DATABASE_DSN", "DATABASE_DSN"],
    ["DB_HOST", "HOST"],
    ["APP_NAME", "NAME"],
    ["DB_HOST", "DB_PORT"],
    ["UPSTREAM_HTTP_URL", "UPSTREAM_HTTPS_URL"],
    ["REPORT_DIR", "REPORT_LEVEL"],
    ["ABCD", "ABCE"],
    ["A".repeat(201), "A".repeat(200)],
  ])("not %s for %s", (written, wanted) => expect(mistaken(written, wanted)).toBeUndefined());
});

test.each([
  "PATH",
  "PORT",
  "AWS_REGION",
  "KUBERNETES_SERVICE_HOST",
  "PYTHONPATH",
  "PGHOST",
  "NODE_ENV",
  "OTEL_SERVICE_NAME",
])("%s belongs to others", (name) => expect(isForeign(name)).toBe(true));
test.each(["JWT_SECRET_KEY", "CORS_ORIGINS", "QWED_API_KEY", "REPORT_DIR"])("%s belongs to the project", (name) =>
  expect(isForeign(name)).toBe(false),
);
