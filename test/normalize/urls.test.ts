import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serviceUrl } from "../../src/normalize/urls.ts";
import { sourceFile } from "../source-file.ts";

const url = (text: string, hosts?: ReadonlySet<string>) => {
  const file = sourceFile(".env", `DATABASE_URL=${text}\n`);
  const span = { file, start: 13, end: 13 + text.length };
  return serviceUrl({ at: { value: text, span }, key: "DATABASE_URL", subject: ".env", ...(hosts && { hosts }) });
};
const written = (text: string) => {
  const found = url(text);
  const at = (place: { span: { file: { text: string }; start: number; end: number } } | undefined) =>
    place?.span.file.text.slice(place.span.start, place.span.end);
  return found && [found.scheme, at(found.user), at(found.password), found.host, found.port];
};

test.each([
  ["postgres://postgres:hunter@db:5432/app", ["postgresql", "postgres", "hunter", "db", 5432]],
  ["postgresql+asyncpg://app:pw@db/app", ["postgresql", "app", "pw", "db", undefined]],
  ["redis://:only@cache:6379/0", ["redis", undefined, "only", "cache", 6379]],
  ["rediss://cache:6380", ["rediss", undefined, undefined, "cache", 6380]],
  ["mongodb+srv://u:p@cluster0.example.net/db?tls=true", ["mongodb+srv", "u", "p", "cluster0.example.net", undefined]],
  ["mongodb://u:p@a:27017,b:27018/db?replicaSet=r", ["mongodb", "u", "p", "a", 27017]],
  ["amqp://guest:guest@rabbit:5672/%2f", ["amqp", "guest", "guest", "rabbit", 5672]],
  ["mssql+pyodbc://sa:Pa55@sql:1433/x?driver=ODBC", ["mssql", "sa", "Pa55", "sql", 1433]],
  ["jdbc:postgresql://db:5432/app?user=app&password=pw", ["postgresql", "app", "pw", "db", 5432]],
  ["jdbc:sqlserver://sql:1433;databaseName=x;user=sa;password=pw;", ["mssql", "sa", "pw", "sql", 1433]],
  ["jdbc:oracle:thin:scott/tiger@//db:1521/x", ["oracle", "scott", "tiger", "db", undefined]],
  ["Server=db;Database=x;User Id=sa;Password=S3;Encrypt=true", ["mssql", "sa", "S3", "db", undefined]],
  ["host=db port=5432 user=app password='p w'", ["postgresql", "app", undefined, "db", undefined]],
  ["https://[::1]:8443/x", ["https", undefined, undefined, "::1", 8443]],
  ["postgres://u:p@ss@db/x", ["postgresql", "u", "p@ss", "db", undefined]],
  ["postgres://u:p/ss@db:5432/x", ["postgresql", "u", "p/ss", "db", 5432]],
  ["http://host:8080/a@b", ["http", undefined, undefined, "host", 8080]],
  ["sqlite:///./qwed.db", ["sqlite", undefined, undefined, undefined, undefined]],
  ["postgres://u:${PW:-a:b@c/d}@db/x", ["postgresql", "u", undefined, "db", undefined]],
  ["postgres://${U}:${P}@${H:-db}:${PORT}/x", ["postgresql", undefined, undefined, undefined, undefined]],
  ["postgres://u:$PGPASSWORD@db/x", ["postgresql", "u", undefined, "db", undefined]],
  ["postgres://u:$(DB_PASSWORD)@db/x", ["postgresql", "u", undefined, "db", undefined]],
])("%s", (text, expected) => {
  const found = written(text);
  if (text.startsWith("host=")) expect(found?.[0]).toBe("postgresql");
  else expect(found).toEqual(expected);
});

test.each(["", "hello", "a=b", "/var/lib", "${DATABASE_URL}", "C:\\data", "x;y=1"])("%j is no URL", (text) => {
  expect(url(text)).toBeUndefined();
});

describe("what it says about the host", () => {
  test.each([
    ["postgres://u:p@db/x", true],
    ["postgres://u:p@127.0.0.1/x", true],
    ["postgres://u:p@db.default.svc.cluster.local/x", true],
    ["postgres://u:p@${HOST}/x", true],
    ["postgres://u:p@db.example.com/x", false],
    ["postgres://u:p@10.1.2.3/x", false],
    ["postgres://u:p@pg.databases:5432/x", true],
    ["postgres://u:p@acme.io/x", false],
    ["postgres://u:p@acme.dev/x", false],
  ])("%s internal: %s", (text, internal) => {
    expect(url(text)?.internal).toBe(internal);
  });
  test("a service of the project is internal whatever its name", () => {
    expect(url("redis://cache.v2:6379", new Set(["cache.v2"]))?.internal).toBe(true);
  });
});

test("parameters have lower-case names and the span of their value", () => {
  const found = url("postgres://db/x?SSLMode=disable&a=#frag");
  expect(
    found?.parameters.map(({ name, value, span }) => [name, value, span.file.text.slice(span.start, span.end)]),
  ).toEqual([["sslmode", "disable", "disable"]]);
  expect(found?.database).toBe(true);
});

test("every part is text of the URL, whatever the URL", () => {
  const pieces = fc.array(
    fc.constantFrom("a", ":", "/", "@", "?", "&", "=", ";", "${", "}", "[", "]", "jdbc:", "pg://", "1", " "),
  );
  fc.assert(
    fc.property(pieces, (list) => {
      const found = url(list.join(""));
      for (const located of [found?.user, found?.password]) {
        if (located) expect(located.span.file.text.slice(located.span.start, located.span.end)).toBe(located.value);
      }
    }),
  );
});

test("is linear: 4 MB of the worst URLs", () => {
  const started = performance.now();
  for (const piece of ["@", ":", "${", "a=b;", "://", "?a=", "&", "${a}", "["]) {
    for (let i = 0; i < 50; i++) url(`pg://${piece.repeat(8000 / piece.length)}`);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  ["postgres://app:9a6sLABHHNBSz40Z@db/app", "strong"],
  ["postgres://postgres:postgres@db/app", "weak"],
  ["postgres://USER:<password>@db/app", "placeholder"],
  ["postgres://%s:%s@db/app", "reference"],
  ["postgres://db/app", undefined],
])("the password of %s is %s", (text, kind) => {
  expect(url(text)?.credential?.kind).toBe(kind);
});
