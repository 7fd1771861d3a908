import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BuildStage, Container, Located, Span } from "../../src/model.ts";
import { commands, workersOf } from "../../src/normalize/commands.ts";
import { shellWords } from "../../src/normalize/commands-words.ts";
import { variable } from "../../src/normalize/variable.ts";
import { sourceFile } from "../source-file.ts";

const at = ({ file, start, end }: Span): string => file.text.slice(start, end);

/** A command line as Compose splits it. */
const line = (text: string): readonly Located<string>[] => {
  const file = sourceFile("compose.yaml", text);
  return shellWords({ value: text, span: { file, start: 0, end: text.length } });
};
const container = (command: readonly Located<string>[], variables: Container["variables"] = []): Container => {
  const file = sourceFile("compose.yaml", "api");
  return {
    name: { value: "api", span: { file, start: 0, end: 3 } },
    subject: "service api",
    format: "compose",
    role: "main",
    kind: "service",
    workload: "service api",
    productKind: "application",
    capabilitiesAdded: [],
    capabilitiesDropped: [],
    networks: [],
    ports: [],
    mounts: [],
    variables,
    command,
    profiles: [],
    labels: [],
  };
};
const stage = (keyword: string, text: string, final = true): BuildStage => {
  const words = line(text);
  const span = { file: sourceFile("Dockerfile", text), start: 0, end: text.length };
  return {
    name: { value: "0", span },
    subject: "stage 0",
    file: span.file,
    final,
    ranBy: [],
    shipped: true,
    ports: [],
    variables: [],
    instructions: [{ keyword, span, keywordSpan: span, text, arguments: words, flags: [], json: false }],
    copiedEnvFiles: [],
  };
};
const read = (text: string) => commands([container(line(text))], []);
const credentials = (text: string) =>
  read(text).commandCredentials?.map(({ option, span, kind }) => [option, at(span), kind]);

describe("credentials", () => {
  test.each([
    ["redis-server --requirepass Zt4Kq81L", ["--requirepass", "Zt4Kq81L", "strong"]],
    ["redis-server --requirepass=changeme", ["--requirepass", "changeme", "weak"]],
    ["app --password 'Zt4 Kq81L'", ["--password", "Zt4 Kq81L", "strong"]],
    ['app --api-key="Zt4Kq81L" --port 80', ["--api-key", "Zt4Kq81L", "strong"]],
    ["mysqladmin ping -uroot -pZt4Kq81L", ["-p", "Zt4Kq81L", "strong"]],
    ["redis-cli -a Zt4Kq81L ping", ["-a", "Zt4Kq81L", "strong"]],
    ["curl -u admin:Zt4Kq81L http://x", ["-u", "Zt4Kq81L", "strong"]],
    ["sh -c 'PGPASSWORD=Zt4Kq81L psql -h db'", ["PGPASSWORD", "Zt4Kq81L", "strong"]],
    ['sh -c "sleep 1 && app --token Zt4Kq81L; echo"', ["--token", "Zt4Kq81L", "strong"]],
    ["kubectl create secret generic s --from-literal=password=Zt4Kq81L", ["--from-literal", "Zt4Kq81L", "strong"]],
    ["docker run -e DB_PASSWORD=Zt4Kq81L app", ["DB_PASSWORD", "Zt4Kq81L", "strong"]],
    ["java -Dspring.datasource.password=Zt4Kq81L -jar app.jar", ["-Dspring.datasource.password", "Zt4Kq81L", "strong"]],
    ["pg_dump postgres://u:Zt4Kq81L@db/x", ["pg_dump", "Zt4Kq81L", "strong"]],
    ["app --dsn postgres://u:postgres@db/x", ["--dsn", "postgres", "weak"]],
    ["curl -H 'Authorization: Bearer Zt4Kq81LmWv0'", ["Authorization", "Zt4Kq81LmWv0", "strong"]],
  ])("%s", (text, expected) => {
    expect(credentials(text)).toEqual([expected]);
  });
  test.each([
    "redis-server --requirepass ${REDIS_PASSWORD}",
    "redis-server --requirepass $REDIS_PASSWORD --appendonly yes",
    "app --password-file /run/secrets/pw",
    "app --password",
    "app --token-ttl 900",
    "ssh -p 22 host",
    "mysql -p",
    "redis-cli ping",
    "docker build --secret id=token,src=./token .",
    "app --database-url postgres://u@db/x",
    "curl -u $USER:$PASS http://x",
    "npm run dev --prefix web",
  ])("%s carries none", (text) => {
    expect(credentials(text)).toEqual([]);
  });
  test("steps of a build and health checks", () => {
    const found = commands(
      [],
      [
        stage("RUN", "pip install x && app login --password Zt4Kq81L", false),
        stage("HEALTHCHECK", "CMD redis-cli -a Zt4Kq81L ping"),
      ],
    );
    expect(found.commandCredentials?.map(({ option, subject, format }) => [option, subject, format])).toEqual([
      ["--password", "stage 0", "dockerfile"],
      ["-a", "stage 0", "dockerfile"],
    ]);
  });
});

describe("development servers", () => {
  test.each([
    ["uvicorn main:app --reload --host 0.0.0.0", "--reload", "uvicorn --reload"],
    ["poetry run uvicorn main:app --reload", "--reload", "uvicorn --reload"],
    ["flask --app x run --debug", "--debug", "flask --debug"],
    ["flask run", "run", "flask run"],
    ["python -m flask run", "run", "flask run"],
    ["python manage.py runserver 0.0.0.0:8000", "runserver", "python runserver"],
    ["sh -c 'python manage.py migrate && python manage.py runserver'", "runserver", "python runserver"],
    ["npm run dev", "dev", "npm dev"],
    ["npx nodemon app.js", "nodemon", "nodemon"],
    ["php -S 0.0.0.0:80", "-S", "php -S"],
    ["node --inspect=0.0.0.0 app.js", "--inspect=0.0.0.0", "node --inspect=0.0.0.0"],
  ])("%s", (text, word, key) => {
    expect(read(text).settings?.debug?.map((setting) => [setting.at.value, at(setting.at.span), setting.key])).toEqual([
      [true, word, key],
    ]);
  });
  test.each([
    "uvicorn main:app --workers 4",
    "gunicorn app:app",
    "npm start",
    "node server.js",
    "python app.py",
    "celery worker",
    "",
  ])("%j is none", (text) => {
    expect(read(text).settings?.debug).toEqual([]);
  });
  test("only commands that run count", () => {
    const debug = (keyword: string, final: boolean) =>
      commands([], [stage(keyword, "npm run dev", final)]).settings?.debug?.length;
    expect([debug("CMD", true), debug("CMD", false), debug("RUN", true)]).toEqual([1, 0, 0]);
  });
});

describe("authentication", () => {
  test.each([
    ["mongod --noauth", "--noauth"],
    ["code-server --auth none", "--auth"],
    ["code-server --auth=none", "--auth=none"],
    ["jupyter lab --NotebookApp.token=''", "--NotebookApp.token=''"],
    ["redis-server --protected-mode no", "--protected-mode"],
    ["mysqld --skip-grant-tables", "--skip-grant-tables"],
    ["traefik --api.insecure=true", "--api.insecure=true"],
    ["cockroach start-single-node --insecure", "--insecure"],
  ])("%s", (text, word) => {
    expect(read(text).settings?.authentication?.map((setting) => [setting.at.value, at(setting.at.span)])).toEqual([
      [false, word],
    ]);
  });
  test.each([
    "mongod --auth",
    "code-server --auth password",
    "jupyter lab --NotebookApp.token=abc",
    "curl --insecure https://x",
    "traefik --api.insecure=false",
    "redis-server --protected-mode no --requirepass $PASSWORD",
  ])("%s is on", (text) => {
    expect(read(text).settings?.authentication).toEqual([]);
  });
});

test("log level", () => {
  const levels = (text: string) =>
    read(text).settings?.logLevel?.map((setting) => [setting.at.value, at(setting.at.span)]);
  expect(levels("uvicorn main:app --log-level debug")).toEqual([["DEBUG", "debug"]]);
  expect(levels("prometheus --log.level=debug")).toEqual([["DEBUG", "debug"]]);
  expect(levels("app --log-level ${LEVEL}")).toEqual([]);
});

describe("workersOf", () => {
  test.each([
    ["gunicorn -w 4 app:app", 4, "4"],
    ["gunicorn -w4 app:app", 4, "4"],
    ["uvicorn main:app --workers=2", 2, "2"],
    ["sh -c 'migrate && exec gunicorn app:app --workers 3'", 3, "3"],
    ["/venv/bin/gunicorn --workers 8 app", 8, "8"],
  ])("%s", (text, count, word) => {
    const workers = workersOf(container(line(text)));
    expect([workers?.value, workers && at(workers.span)]).toEqual([count, word]);
  });
  test.each(["gunicorn app:app", "gunicorn -w $(nproc) app:app", "make -w 4", "celery -w 4"])("%s: unknown", (text) => {
    expect(workersOf(container(line(text)))).toBeUndefined();
  });
  test.each([
    ["WEB_CONCURRENCY", "4", 4],
    ["GUNICORN_CMD_ARGS", "--bind :80 --workers 5", 5],
    ["WORKERS", "many", undefined],
  ])("%s=%s", (name, text, count) => {
    const span = { file: sourceFile("compose.yaml", text), start: 0, end: text.length };
    const bound = variable({
      name: { value: name, span },
      value: { value: { from: "literal", text }, span },
      origin: "compose",
      phase: "run",
      subject: "service api",
    });
    expect(workersOf(container([], [bound]))?.value).toBe(count);
  });
});

test("is total, and every place is in the command", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "--password",
      "=",
      " ",
      "'",
      '"',
      "\\",
      "a",
      "-p",
      "mysql",
      "&&",
      ";",
      "sh -c ",
      "${",
      "}",
      "Zt4K",
      "\n",
      "--token=",
      "x=",
    ),
  );
  fc.assert(
    fc.property(pieces, (list) => {
      const text = list.join("");
      for (const { span } of read(text).commandCredentials ?? [])
        expect(span.start >= 0 && span.end <= text.length).toBe(true);
    }),
  );
});

test("is linear: 300 kB command lines", () => {
  const started = performance.now();
  for (const piece of ["a ", "'", "--password=a ", "a=b ", "\\", "${a} ", "&& "])
    read(piece.repeat(300_000 / piece.length));
  expect(performance.now() - started).toBeLessThan(5000);
});

test("a health check passes a credential too, and serves nothing", () => {
  const checks = [line("redis-cli -a s3cr3t-pa55 ping"), line("uvicorn main:app --reload")];
  const found = commands([{ ...container([]), checks }], []);
  expect(found.commandCredentials?.map(({ option, span }) => [option, at(span)])).toEqual([["-a", "s3cr3t-pa55"]]);
  expect(found.settings?.debug).toEqual([]);
});
