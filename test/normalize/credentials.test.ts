import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnvValue, Located, Reference, Span } from "../../src/model.ts";
import { credentialOf } from "../../src/normalize/credentials.ts";
import { sourceFile } from "../source-file.ts";

const place = (text: string, part = text): Span => {
  const file = sourceFile(".env", text);
  const start = text.indexOf(part);
  return { file, start, end: start + part.length };
};
const literal = (text: string): Located<EnvValue> => ({ value: { from: "literal", text }, span: place(text) });
const variable = (text: string, references: readonly Reference[]): Located<EnvValue> => ({
  value: { from: "variable", text, references },
  span: place(text),
});
const fallback = (text: string, name: string, value: string): Located<EnvValue> =>
  variable(text, [{ name, span: place(text, `\${${name}:-${value}}`), fallback: { value, span: place(text, value) } }]);
const judged = (name: string, value: Located<EnvValue>) => {
  const found = credentialOf(name, value);
  return found && [found.kind, found.span.file.text.slice(found.span.start, found.span.end)];
};

describe("names that promise nothing", () => {
  test.each([
    ["AUTH_MODE", "none"],
    ["TOKEN_TTL", "900"],
    ["PASSWORD_MIN_LENGTH", "8"],
    ["GOPASS_VERSION", "1.8.5"],
    ["public_key", "Zm9vYmFyYmF6cXV4"],
    ["keyword", "Zm9vYmFyYmF6cXV4"],
    ["monkey", "Zm9vYmFyYmF6cXV4"],
    ["MAX_TOKENS", "4096"],
    ["TOKENIZER", "cl100k_base"],
    ["secretName", "gocd-ssh"],
    ["POSTGRES_PASSWORD_FILE", "/run/secrets/pg"],
    ["JWT_ALGORITHM", "HS256"],
    ["API_KEY_HEADER", "X-Api-Key"],
    ["SECRET_PATH", "kv/data/app"],
    ["PASSWORD_POLICY", "strict"],
    ["CLIENT_ID", "0oa1b2c3d4"],
    ["API_URL", "https://api.example.com"],
    ["ALLOW_EMPTY_PASSWORD", "yes"],
    ["CACHE_KEY", "users"],
    ["PAD_TOKEN", "[PAD]"],
    ["POSTGRES_USER", "postgres"],
    ["password_validation.py", "def check(password):\n  return len(password) > 12"],
    ["__proto__", "x"],
    ["", "secret"],
  ])("%s=%s", (name, text) => {
    expect(credentialOf(name, literal(text))).toBeUndefined();
  });
});

describe("kinds of literals", () => {
  const cases: Readonly<Record<string, readonly (readonly [name: string, text: string])[]>> = {
    empty: [
      ["DB_PASSWORD", ""],
      ["DB_PASSWORD", "   "],
      ["OPENAI_API_KEY", "EMPTY"],
      ["API_KEY", "none"],
      ["DATABASE_URL", ""],
    ],
    reference: [
      ["DB_PASSWORD", "${DB_PASSWORD}"],
      ["DB_PASSWORD", "$DB_PASSWORD"],
      ["DB_PASSWORD", "$(DB_PASSWORD)"],
      ["DB_PASSWORD", "{{ .Values.password }}"],
      ["DATABASE_PASSWORD", "/run/secrets/db-password"],
      ["SSH_PRIVATE_KEY", "~/.ssh/id_rsa"],
      ["TLS_PRIVATE_KEY", "server.key"],
      ["API_KEY", "vault:secret/data/app#key"],
      ["API_KEY", "op://vault/item/field"],
      ["API_KEY", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app"],
      ["API_KEY", "projects/p/secrets/s/versions/1"],
      ["API_KEY", "ENC[AES256_GCM,data:abc,iv:def]"],
      ["API_KEY", "https://keys.example.com/get"],
      ["DB_PASSWORD", "true"],
      ["ACCESS_TOKEN", "3600"],
      ["secretKey", "db-password"],
      ["DATABASE_URL", "sqlite:///./qwed.db"],
      ["REDIS_URL", "redis://redis:6379/0"],
      ["DATABASE_URL", "postgres://u:${DB_PASS}@db/x"],
      ["SIGNING_KEY", "-----BEGIN PUBLIC KEY-----\nMIIB"],
    ],
    placeholder: [
      ["API_KEY", "<your-key>"],
      ["API_KEY", "your-api-key-here"],
      ["API_KEY", "PLACEHOLDER"],
      ["API_TOKEN", "00000000-0000-0000-0000-000000000000"],
      ["API_KEY", "REDACTED"],
      ["API_KEY", "xxx"],
      ["API_KEY", "***"],
      ["API_KEY", "TODO"],
      ["API_KEY", "insert-key"],
      ["OPENAI_API_KEY", "sk-..."],
      ["OPENAI_API_KEY", "sk-your-key-here"],
      ["OPENAI_API_KEY", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
      ["AZURE_OPENAI_API_KEY", "__REPLACE_WITH_AZURE_OPENAI_API_KEY__"],
      ["DATABASE_URL", "__REPLACE_WITH_DATABASE_URL__"],
      ["POSTGRES_PASSWORD", "complex_secure_password"],
      ["API_SECRET_KEY", "very_long_random_secret_key_256_bits"],
      ["JWT_SECRET_KEY", "another_long_random_secret_key"],
      ["SECURITY_SALT", "random_salt_for_hashing"],
      ["SECRET_KEY", "change-this-in-production"],
      ["SA_PASSWORD", "yourStrong(!)Password"],
    ],
    weak: [
      ["JWT_SECRET", "secret"],
      ["JWT_SECRET", "changeme"],
      ["JWT_SECRET", "change_me"],
      ["POSTGRES_PASSWORD", "postgres"],
      ["POSTGRES_PASSWORD", "mysecretpassword"],
      ["GF_SECURITY_ADMIN_PASSWORD", "grafana"],
      ["DB_PASSWORD", "123456"],
      ["DB_PASSWORD", "admin123"],
      ["DB_PASSWORD", "P@ssw0rd!"],
      ["DB_PASSWORD", "hunter2"],
      ["SECRET_KEY", "my-secret-key"],
      ["MINIO_SECRET_KEY", "minioadmin"],
      ["SESSION_SECRET", "keyboard cat"],
      ["SECRET_KEY", "django-insecure-8h!x2#k9q@zt4"],
      ["MYSQL_ROOT_PASSWORD", "somewordpress"],
      ["NEO4J_AUTH", "neo4j/password"],
    ],
    strong: [
      ["DB_PASSWORD", "whalehello"],
      ["JWT_SECRET", "b8Kx2mQ9vLr4TnWz7YpC"],
      ["DB_PASSWORD", "correct-horse-battery-staple"],
      ["SECRET_KEY_BASE", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
      ["API_KEY_SECRET", "/9j/4AAQSkZJRgABAQ+ZZ=="],
      ["TLS", "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"],
    ],
    provider: [
      ["OPENAI_API_KEY", "sk-proj-Zt4Kq81LmWv0XyRb27NdPfQs9uHcJg3E"],
      ["WHATEVER", "ghp_Zt4Kq81LmWv0XyRb27NdPfQs9uHcJg3Ea1b2"],
      ["AWS_SECRET_ACCESS_KEY", "q7Rk2LmZt84Kq81LmWv0XyRb27NdPfQs9uHcJg3E"],
    ],
  };
  test.each(Object.entries(cases).flatMap(([kind, list]) => list.map(([name, text]) => [name, text, kind] as const)))(
    "%s=%j is %s",
    (name, text, kind) => {
      expect(credentialOf(name, literal(text))?.kind).toBe(kind);
    },
  );
});

describe("spans", () => {
  test.each([
    ["DATABASE_URL", literal("postgres://postgres:postgres@db:5432/x"), ["weak", "postgres"]],
    ["SOME_ENDPOINT", literal("amqp://svc:Zt4Kq81LmWv0@mq"), ["strong", "Zt4Kq81LmWv0"]],
    [
      "ConnectionStrings__Db",
      literal("Server=db;User Id=sa;Password=Your_password123"),
      ["placeholder", "Your_password123"],
    ],
    ["NEO4J_AUTH", literal("neo4j/Zt4Kq81L"), ["strong", "Zt4Kq81L"]],
    ["DB_PASSWORD", literal("hunter2"), ["weak", "hunter2"]],
    ["DB_PASSWORD", fallback("${DB_PASS:-hunter2}", "DB_PASS", "hunter2"), ["weak", "hunter2"]],
    ["DB_PASSWORD", fallback("${DB_PASS:-}", "DB_PASS", ""), ["reference", "${DB_PASS:-}"]],
    ["DATABASE_URL", fallback("postgres://u:${PW:-hunter2}@db", "PW", "hunter2"), ["weak", "hunter2"]],
    [
      "DATABASE_URL",
      fallback("postgres://${USER:-app}@db", "USER", "app"),
      ["reference", "postgres://${USER:-app}@db"],
    ],
    [
      "REDIS_URL",
      fallback("${REDIS_URL:-redis://redis:6379}", "REDIS_URL", "redis://redis:6379"),
      ["reference", "${REDIS_URL:-redis://redis:6379}"],
    ],
    [
      "DATABASE_URL",
      fallback("${U:-postgres://a:Zt4Kq81L@db}", "U", "postgres://a:Zt4Kq81L@db"),
      ["strong", "Zt4Kq81L"],
    ],
    [
      "DATABASE_URL",
      variable("postgres://u:Zt4Kq81L@db/${DB}", [{ name: "DB", span: place("${DB}") }]),
      ["strong", "Zt4Kq81L"],
    ],
  ] as const)("%s %#", (name, value, expected) => {
    expect(judged(name, value)).toEqual(expected);
  });

  test("what a .env gives a reference is judged there", () => {
    const text = "${DB_PASS:-hunter2}";
    const given = { value: "postgres", span: place("postgres") };
    const reference = {
      name: "DB_PASS",
      span: place(text),
      fallback: { value: "hunter2", span: place(text, "hunter2") },
      value: given,
    };
    expect(credentialOf("DB_PASSWORD", variable(text, [reference]))?.kind).toBe("reference");
  });
});

test("secrets, config maps and the host are references", () => {
  const from = (value: EnvValue) => ({ value, span: place("x") });
  const secret = (store: "kubernetes" | "config-map") =>
    from({ from: "secret", secret: { store, name: "s", key: "k" } });
  expect(credentialOf("ANY", secret("kubernetes"))?.kind).toBe("reference");
  expect(credentialOf("ANY", secret("config-map"))).toBeUndefined();
  expect(credentialOf("DB_PASSWORD", secret("config-map"))?.kind).toBe("reference");
  expect(credentialOf("DB_PASSWORD", from({ from: "host" }))?.kind).toBe("reference");
  expect(credentialOf("HOME", from({ from: "host" }))).toBeUndefined();
});

test.each([
  ["JWT_SECRET_KEY", "signing-secret"],
  ["APP_SECRET_KEY", "signing-secret"],
  ["STRIPE_SECRET_KEY", "api-key"],
  ["AWS_SECRET_KEY", "api-key"],
  ["jwtSecret", "signing-secret"],
  ["spring.datasource.password", "password"],
  ["API_KEY_SECRET", "secret"],
  ["OPENAI_KEY", "api-key"],
  ["DB_PASSWORD_PROD", "password"],
  ["VAULT_SECRET_ID", "secret"],
  ["BACKEND_ENCRYPTION_KEY", "encryption-key"],
  ["SECURITY_SALT", "salt"],
])("%s promises a %s", (name, purpose) => {
  expect(credentialOf(name, literal("Zt4Kq81LmWv0"))?.purpose).toBe(purpose);
});

test("is total, and its span lies in the value", () => {
  const names = fc.constantFrom("DB_PASSWORD", "DATABASE_URL", "NEO4J_AUTH", "X", "secretKey");
  const texts = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom("a", ":", "/", "@", "${", "}", "://", "Password=", ";", "sk-", "x", "1", "\n"))
      .map((all) => all.join("")),
  );
  fc.assert(
    fc.property(names, texts, (name, text) => {
      const found = credentialOf(name, literal(text));
      if (found) expect(found.span.start >= 0 && found.span.end <= text.length).toBe(true);
    }),
  );
});

test("is linear: long values of every kind", () => {
  const started = performance.now();
  for (const piece of ["a", "xX", "<a", "password", "a-", "0", "/a", "${", "your", "=;"]) {
    for (const length of [128, 8000, 1_000_000])
      credentialOf("DB_PASSWORD", literal(piece.repeat(length / piece.length)));
  }
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  ['{"auths":{"registry.example.com":{"auth":"Y2k6OWE2c0xBQkhI"}}}', ".dockerconfigjson", "strong"],
  ['{"type":"service_account","private_key":"<your-key>"}', "GOOGLE_CREDENTIALS", "placeholder"],
  ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SECRET_ACCESS_KEY", "placeholder"],
  ["ghp_000000000000000000000000000000000000", "GITHUB_TOKEN", "placeholder"],
  ["<path:secret/data/app#jwt>", "JWT_SECRET", "reference"],
  ["%(password)s", "DB_PASSWORD", "reference"],
])("%s in %s is %s", (text, name, kind) => {
  expect(credentialOf(name, literal(text))?.kind).toBe(kind);
});
