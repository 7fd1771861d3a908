import { describe, expect, test } from "vitest";
import type { EnvValue, Located, Settings, Span, Variable } from "../../src/model.ts";
import { envFiles } from "../../src/normalize/env-files.ts";
import { environment } from "../../src/normalize/environment.ts";
import { variable } from "../../src/normalize/variable.ts";
import { parseDotenv } from "../../src/parse/dotenv.ts";
import { sourceFile } from "../source-file.ts";

const read = (text: string, path = ".env"): readonly Variable[] => {
  const file = sourceFile(path, text);
  return envFiles([{ file, tree: parseDotenv(file) }]).flatMap(({ variables }) => variables);
};
const facts = (text: string) => environment(read(text));
const at = ({ file, start, end }: Span): string => file.text.slice(start, end);
const written = (list: readonly Located<unknown>[] = []) => list.map(({ span }) => at(span));

const bind = (
  subject: string,
  name: string,
  value: Located<EnvValue>,
  origin: Variable["origin"] = "compose",
): Variable =>
  variable({
    name: { value: name, span: value.span },
    value,
    origin,
    phase: origin.endsWith("arg") ? "build" : "run",
    subject,
  });
const literal = (text: string): Located<EnvValue> => {
  const file = sourceFile("compose.yaml", text);
  return { value: { from: "literal", text }, span: { file, start: 0, end: text.length } };
};

describe("CORS", () => {
  test.each([
    ["CORS_ALLOWED_ORIGINS=*", ["*"]],
    ["ALLOWED_ORIGINS=https://a.example,https://b.example", ["https://a.example", "https://b.example"]],
    ["CORS_ORIGINS=https://a.example https://b.example", ["https://a.example", "https://b.example"]],
    ['BACKEND_CORS_ORIGINS=["http://localhost","*"]', ["http://localhost", "*"]],
    ['BACKEND_CORS_ORIGINS=\'["https://a.example", "null"]\'', ["https://a.example", "null"]],
    ["QWED_CORS_ORIGINS='*'", ["*"]],
    ["CORS_ORIGIN_WHITELIST=https://a.example", ["https://a.example"]],
    ["Cors__AllowedOrigins__0=https://a.example", ["https://a.example"]],
    ["ACCESS_CONTROL_ALLOW_ORIGIN=*", ["*"]],
    ["CORS=*", ["*"]],
    ["CORS_ALLOW_ALL_ORIGINS=True", ["True"]],
    ["DJANGO_ALLOWED_HOSTS=app.example,*", ["*"]],
    ["CORS_ORIGINS=https://a.example,${EXTRA}", ["https://a.example"]],
  ])("%s", (text, expected) => {
    expect(facts(text).cors?.map(({ origins }) => written(origins))).toEqual([expected]);
  });
  test.each([
    "FRONTEND_URL=*",
    "CSRF_ALLOWED_ORIGINS=*",
    "CORS_ENABLED=true",
    "CORS=true",
    "CORS_ALLOW_ALL_ORIGINS=false",
    "CORS_ORIGINS=",
    "ALLOWED_HOSTS=localhost,.example.com",
  ])("%s is no policy", (text) => {
    expect(facts(text).cors).toEqual([]);
  });
  test("credentials, methods and headers of the same subject join", () => {
    const [policy] =
      facts("CORS_ORIGINS=*\nCORS_ALLOW_CREDENTIALS=true\nCORS_ALLOW_METHODS=GET,*\nCORS_ALLOW_HEADERS=*\n").cors ?? [];
    expect(policy).toMatchObject({
      key: "CORS_ORIGINS",
      subject: ".env",
      syntax: "environment",
      credentials: { value: true },
    });
    expect([policy?.methods, policy?.headers].map(written)).toEqual([["GET", "*"], ["*"]]);
    const apart = environment([
      bind("service a", "CORS_ORIGINS", literal("*")),
      bind("service b", "CORS_ALLOW_CREDENTIALS", literal("true")),
    ]);
    expect(apart.cors?.map(({ credentials }) => credentials)).toEqual([undefined]);
  });
  test("true reflects the caller, a pattern is a pattern", () => {
    expect(facts("CORS_ORIGIN=true").cors).toMatchObject([{ origins: [], reflected: { value: true } }]);
    expect(facts("CORS_ALLOW_ORIGIN_REGEX=.*").cors).toMatchObject([{ origins: [], pattern: { value: ".*" } }]);
  });
});

describe("values that come by reference", () => {
  const reference = (
    text: string,
    name: string,
    rest: { fallback?: string; value?: Located<string> },
  ): Located<EnvValue> => {
    const file = sourceFile("compose.yaml", text);
    const span = { file, start: 0, end: text.length };
    const start = text.indexOf(":-") + 2;
    const fallback =
      rest.fallback === undefined
        ? {}
        : { fallback: { value: rest.fallback, span: { file, start, end: start + rest.fallback.length } } };
    return {
      value: {
        from: "variable",
        text,
        references: [{ name, span, ...fallback, ...(rest.value && { value: rest.value }) }],
      },
      span,
    };
  };
  test("a fallback is judged where it is written", () => {
    const value = reference("${CORS_ORIGINS:-*}", "CORS_ORIGINS", { fallback: "*" });
    const [policy] = environment([bind("service api", "CORS_ORIGINS", value)]).cors ?? [];
    expect(policy?.origins[0]?.span).toMatchObject({ start: 16, end: 17 });
  });
  test("what a .env gives is judged once, at its line", () => {
    const [line] = read("CORS_ORIGINS=*\n");
    const value = reference("${CORS_ORIGINS:-https://a.example}", "CORS_ORIGINS", {
      fallback: "https://a.example",
      value: { value: "*", span: line!.value.span },
    });
    const { cors } = environment([line!, bind("service api", "CORS_ORIGINS", value)]);
    expect(cors?.map(({ subject, origins }) => [subject, origins[0]?.span])).toEqual([[".env", line!.value.span]]);
  });
  test("what nothing gives is unknown", () => {
    const found = environment([bind("service api", "DEBUG", reference("${DEBUG}", "DEBUG", {}))]);
    expect(found.settings).toEqual({});
  });
});

describe("tokens", () => {
  test.each([
    ["JWT_ACCESS_TOKEN_EXPIRE_MINUTES=60", "access", 3600, "minutes"],
    ["ACCESS_TOKEN_EXPIRE_MINUTES=30", "access", 1800, "minutes"],
    ["QWED_JWT_EXPIRATION_HOURS=24", "access", 86_400, "hours"],
    ["JWT_EXPIRES_IN=7d", "access", 604_800, "text"],
    ["JWT_EXPIRATION=3600000", "access", 3600, "milliseconds"],
    ["REFRESH_TOKEN_EXPIRE_DAYS=90", "refresh", 7_776_000, "days"],
    ["TOKEN_TTL=900", "access", 900, "seconds"],
  ])("%s", (text, kind, seconds, unit) => {
    expect(facts(text).tokens).toMatchObject([{ kind, lifetime: { value: seconds }, unit, key: text.split("=")[0] }]);
  });
  test.each([
    "PASSWORD_RESET_TOKEN_EXPIRE_HOURS=48",
    "EMAIL_TOKEN_TTL=900",
    "MAX_TOKENS=900",
    "JWT_EXPIRATION=30",
    "CACHE_TTL=900",
  ])("%s says nothing", (text) => {
    expect(facts(text).tokens).toEqual([]);
  });
  test("algorithms", () => {
    expect(facts("JWT_ALGORITHM=none").tokens?.map(({ algorithms }) => written(algorithms))).toEqual([["none"]]);
    expect(facts("JWT_ALGORITHMS=HS256,RS256").tokens?.map(({ algorithms }) => written(algorithms))).toEqual([
      ["HS256", "RS256"],
    ]);
    expect(facts("ALGORITHM=quicksort").tokens).toEqual([]);
  });
  test("a signing secret that is written out, with what it is", () => {
    const [token] = facts('JWT_SECRET_KEY="changeme"').tokens ?? [];
    expect(token).toMatchObject({ secret: { value: "changeme" }, credential: { kind: "weak" } });
    expect(at(token!.secret!.span)).toBe("changeme");
    expect(facts("JWT_SECRET_KEY=${JWT_SECRET_KEY}").tokens).toEqual([]);
  });
});

describe("rate limits", () => {
  test.each([
    ["RATE_LIMIT_REQUESTS_PER_MINUTE=50\nRATE_LIMIT_WINDOW_SECONDS=60", { requests: { value: 50 }, window: 60 }],
    ["RATE_LIMIT_PER_MINUTE=100", { requests: { value: 100 }, window: 60 }],
    ["RATE_LIMIT=10/second", { requests: { value: 10 }, window: 1 }],
    ['RATELIMIT_DEFAULT="200 per day;50 per hour"', { requests: { value: 200 }, window: 86_400 }],
    ["THROTTLE_LIMIT=10\nTHROTTLE_TTL=60000", { requests: { value: 10 }, window: 60 }],
    ["QWED_RATE_LIMIT_PER_KEY=0", { requests: { value: 0 }, enabled: { value: false } }],
    ["RATE_LIMIT_ENABLED=false", { key: "RATE_LIMIT_ENABLED", enabled: { value: false } }],
    ["DISABLE_RATE_LIMITING=1", { enabled: { value: false } }],
    ["RATE_LIMIT_MAX=5\nRATE_LIMIT_ENABLED=false", { key: "RATE_LIMIT_ENABLED", enabled: { value: false } }],
    ["RATE_LIMIT_MAX=0\nRATE_LIMIT_ENABLED=true", { key: "RATE_LIMIT_MAX", enabled: { value: false } }],
    ["RATE_LIMIT=off", { enabled: { value: false } }],
    ["RATELIMIT_STORAGE_URL=memory://", { storage: { value: "memory" } }],
    [
      "RATE_LIMIT_MAX=5\nRATE_LIMIT_STORAGE_URI=redis://cache:6379",
      { requests: { value: 5 }, storage: { value: "shared" } },
    ],
  ])("%s", (text, expected) => {
    expect(facts(text).rateLimits).toMatchObject([expected]);
  });
});

describe("switches and numbers", () => {
  const cases: Readonly<
    Record<string, Partial<{ readonly [K in keyof Settings]: Settings[K][number]["at"]["value"] }>>
  > = {
    "DEBUG=true": { debug: true },
    "FLASK_DEBUG=1": { debug: true },
    "DJANGO_DEBUG=False": { debug: false },
    "NODE_ENV=development": { debug: true },
    "NODE_ENV=production": { debug: false },
    "ASPNETCORE_ENVIRONMENT=Development": { debug: true },
    "UVICORN_RELOAD=true": { debug: true },
    "AUTH_ENABLED=false": { authentication: false },
    "DISABLE_AUTH=true": { authentication: false },
    "MYSQL_ALLOW_EMPTY_PASSWORD=yes": { authentication: false },
    "POSTGRES_HOST_AUTH_METHOD=trust": { authentication: false },
    "xpack.security.enabled=false": { authentication: false },
    "DISABLE_SECURITY_PLUGIN=true": { authentication: false },
    "NEO4J_AUTH=none": { authentication: false },
    "AUTH_MODE=none": { authentication: false },
    "GF_AUTH_ANONYMOUS_ENABLED=true\nGF_AUTH_ANONYMOUS_ORG_ROLE=Admin": { authentication: false },
    "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=true": { authentication: false },
    "KEY_ROTATION_ENABLED=false": { keyRotation: 0 },
    "API_KEY_ROTATION_DAYS=365": { keyRotation: 31_536_000 },
    "PASSWORD_MIN_LENGTH=8": { passwordMinLength: 8 },
    "PASSWORD_POLICY_ENABLED=false": { passwordPolicy: false },
    "PASSWORD_REQUIRE_SPECIAL=false": { passwordPolicy: false },
    "BCRYPT_ROUNDS=4": { passwordHash: "bcrypt" },
    "HASH_ALGORITHM=SHA-1": { passwordHash: "sha1" },
    "LOG_LEVEL=debug": { logLevel: "DEBUG" },
    "LOGLEVEL=10": { logLevel: "DEBUG" },
    "RUST_LOG=warn,app=debug": { logLevel: "WARNING" },
    "LOG_REQUEST_BODY=true": { bodyLogging: true },
    "LOG_HEADERS=1": { bodyLogging: true },
    "MAX_REQUEST_SIZE=10MB": { requestSize: 10_485_760 },
    "MAX_CONTENT_LENGTH=0": { requestSize: 0 },
    "CLIENT_MAX_BODY_SIZE=500m": { requestSize: 524_288_000 },
    "DB_POOL_SIZE=20": { poolSize: 20 },
    "SQLALCHEMY_POOL_SIZE=-1": { poolSize: 0 },
    "DB_MAX_OVERFLOW=-1": { poolSize: 0 },
  };
  test.each(Object.entries(cases))("%s", (text, expected) => {
    const { settings = {} } = facts(text);
    expect(Object.fromEntries(Object.entries(settings).map(([topic, list]) => [topic, list?.[0]?.at.value]))).toEqual(
      expected,
    );
    for (const list of Object.values(settings))
      for (const { at: place } of list ?? []) expect(text).toContain(`=${at(place.span)}`);
  });
  test.each([
    "GF_AUTH_ANONYMOUS_ENABLED=true",
    "LDAP_AUTH_ENABLED=false",
    "LOG_DEBUG=true",
    "DEBUG=app:*",
    "NODE_ENV=test",
    "AUTH_MODE=oidc",
    "LOG_LEVEL=loud",
    "LOG_MAX_FILE_SIZE=10MB",
    "PASSWORD_HASH=$2b$12$abcdefghijklmnopqrstuv",
  ])("%s says nothing", (text) => {
    expect(facts(text).settings).toEqual({});
  });
  test("a hash has its cost", () => {
    expect(facts("BCRYPT_ROUNDS=4").settings?.passwordHash?.[0]?.cost).toBe(4);
  });
});

test("URLs, whatever names them", () => {
  const { urls } = facts(
    "DATABASE_URL=postgres://u:Zt4K@db.example.com/x?sslmode=disable\nPORT=8000\nCORS_ORIGINS=https://a.example\n",
  );
  expect(urls).toMatchObject([
    { key: "DATABASE_URL", scheme: "postgresql", host: "db.example.com", internal: false, subject: ".env" },
  ]);
});

test("PGSSLMODE holds for URLs beside it that say nothing about TLS", () => {
  const { urls } = facts(
    "PGSSLMODE=require\nA_URL=postgres://db.acme.io/x\nB_URL=postgres://db.acme.io/x?sslmode=disable\nC_URL=redis://c.acme.io\n",
  );
  expect(urls?.map(({ key, parameters }) => [key, parameters.map(({ name, value }) => `${name}=${value}`)])).toEqual([
    ["A_URL", ["sslmode=require"]],
    ["B_URL", ["sslmode=disable"]],
    ["C_URL", []],
  ]);
});

test("CI and builds decide nothing", () => {
  expect(
    environment([
      bind("build", "DEBUG", literal("true"), "ci"),
      bind("stage a", "DEBUG", literal("true"), "dockerfile-arg"),
    ]).settings,
  ).toEqual({});
});

test("services of two projects are not joined, whatever their name", () => {
  const of = (path: string, name: string, text: string): Variable => {
    const file = sourceFile(path, text);
    const span = { file, start: 0, end: text.length };
    return bind("service api", name, { value: { from: "literal", text }, span });
  };
  const found = environment([
    of("a/compose.yaml", "CORS_ORIGINS", "*"),
    of("b/compose.yaml", "CORS_CREDENTIALS", "true"),
  ]);
  expect(found.cors?.map(({ credentials }) => credentials)).toEqual([undefined]);
});

test("is linear: 100,000 variables of one subject", () => {
  const file = sourceFile("compose.yaml", "*".repeat(200_000));
  const many = (name: (at: number) => string): Variable[] =>
    Array.from({ length: 50_000 }, (_, at) =>
      bind("service api", name(at), { value: { from: "literal", text: "*" }, span: { file, start: at, end: at + 1 } }),
    );
  const started = performance.now();
  environment([...many((at) => `A${at}_CORS_ORIGINS`), ...many((at) => `B${at}_CORS_CREDENTIALS`)]);
  environment([...many((at) => `RATE_LIMIT_X${at}`), ...many(() => "GF_AUTH_ANONYMOUS_ENABLED")]);
  expect(performance.now() - started).toBeLessThan(8000);
});
