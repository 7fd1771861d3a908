import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { rules } from "../rules/index.ts";
import type { Discovered } from "../src/discover/index.ts";
import { created, restated } from "../src/discover/restate.ts";
import { repair } from "../src/repair.ts";
import { type Span, spanOf } from "../src/rule.ts";
import { ASPECTS, covers } from "./fix-aspects.ts";
import { counts, repaired, survives, TODAY, unreadable } from "./fix-claims.ts";
import { aspectOf, differing, factsOf } from "./model-facts.ts";
import { sourceFile } from "./source-file.ts";
import { alias, anchored, type Choose, choices, type Fields, type Tree, yamlOf } from "./yaml-styles.ts";

const projectOf = (files: Readonly<Record<string, string>>): Discovered => ({
  files: Object.entries(files).map(([path, text]) => sourceFile(path, text)),
  skipped: [],
  git: false,
  history: [],
  root: `${process.cwd()}/test`,
  notices: [],
  met: Object.keys(files).length,
  presence: () => undefined,
});

const ruleOf = (id: string) => rules.find(({ meta }) => meta.id === id)!;

/** Findings of the rule that are left. */
async function holds(id: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const rule = ruleOf(id);
  const { before, after, changes, declined } = await repaired(projectOf(files), rule);
  const own = ({ findings }: typeof before) => findings.filter((finding) => finding.rule.meta.id === id);
  expect(unreadable(before), "what is written is YAML").toEqual([]);
  expect(own(before).length).toBeGreaterThan(0);
  expect(declined).toEqual([]);
  expect(own(after).filter(({ fix }) => fix)).toEqual([]);
  expect(unreadable(after)).toEqual([]);
  const had = counts(before.findings);
  expect([...counts(after.findings)].filter(([key, many]) => many > (had.get(key) ?? 0))).toEqual([]);
  expect((await repaired(after.project as Discovered, rule)).changes, "a second run changes nothing").toEqual([]);
  for (const change of changes) if (!change.made) survives(change);

  const facts = differing(factsOf(before.model), factsOf(after.model));
  const rows = ASPECTS[id] ?? [];
  expect(facts.filter((fact) => !rows.some((row) => covers(row, aspectOf(fact))))).toEqual([]);
  const reported = new Set(
    own(before).flatMap(({ subject, related }) =>
      [subject, ...related.map(({ at }) => textOf(spanOf(at)))].map(lastWord),
    ),
  );
  const meant = new Set(facts.filter((fact) => reported.has(ownerOf(fact))).map(withoutOwner));
  const silent = facts.filter(
    (fact) => ownerOf(fact) && !reported.has(ownerOf(fact)) && !meant.has(withoutOwner(fact)),
  );
  expect(silent, "facts of containers that nothing was found in").toEqual([]);
  for (const { before: was, after: now, made } of changes)
    if (!made && /\.ya?ml$/.test(was.path)) sameButFor(reported, was.text, now.text);
  return own(after).map(({ subject }) => subject);
}

const textOf = ({ file, start, end }: Span): string => file.text.slice(start, end);

/** "service api" → "api", "Deployment web / container api" → "api". */
const lastWord = (subject: string): string => subject.split(" ").at(-1)!;

const OWNER = /\[(service \w+|\w+ \w+ \/ container \w+)/;

/** Name of the service or container that a fact is about, else "". */
const ownerOf = (fact: string): string => lastWord(OWNER.exec(fact)?.[1] ?? "");

/** A value that is written once for several is the same fact of each. */
const withoutOwner = (fact: string): string => fact.replace(/\[[^\]]*\]/, "[]");

/**
 * Read by another parser: services and containers that nothing was found in have the data they had, but for a value that
 * is written once for them and for one that something was found in.
 */
function sameButFor(reported: ReadonlySet<string>, before: string, after: string): void {
  const [was, now] = [ownersOf(before), ownersOf(after)];
  expect([...now.keys()]).toEqual([...was.keys()]);
  const differences = (name: string): readonly string[] => {
    const [old, fresh] = [leavesOf(was.get(name)), leavesOf(now.get(name))];
    return [...new Set([...old.keys(), ...fresh.keys()])]
      .filter((path) => old.get(path) !== fresh.get(path))
      .map((path) => `${path}: ${old.get(path)} → ${fresh.get(path)}`);
  };
  const meant = new Set([...reported].flatMap(differences));
  for (const name of was.keys()) {
    if (reported.has(name)) continue;
    const own = differences(name);
    const replaced = own.some((difference) => !difference.includes(": undefined → "));
    const silent = own.filter((difference) => !replaced || !meant.has(difference));
    expect(silent, `${name}, which nothing was found in`).toEqual([]);
  }
}

/** Services and containers by name, as plain data. */
function ownersOf(text: string): ReadonlyMap<string, unknown> {
  const owners = new Map<string, unknown>();
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ""), { merge: true });
  for (const document of "empty" in documents ? [] : documents) {
    expect(document.errors).toEqual([]);
    const data = document.toJS();
    for (const [name, service] of Object.entries(data?.services ?? {})) owners.set(name, service);
    for (const container of data?.spec?.template?.spec?.containers ?? []) owners.set(container.name, container);
  }
  return owners;
}

/** Scalars of plain data by their paths. */
function leavesOf(data: unknown, path = ""): ReadonlyMap<string, unknown> {
  if (typeof data !== "object" || data === null) return new Map([[path, data]]);
  return new Map(Object.entries(data).flatMap(([key, value]) => [...leavesOf(value, `${path}.${key}`)]));
}

// ── Compose ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Known defects of a service, by the rule that finds them. Nothing else is wrong with it that the rule would find. */
const SERVICES: Readonly<Record<string, readonly Fields[]>> = {
  "compose/log-rotation-missing": [
    {},
    { logging: { driver: "json-file" } },
    { logging: { driver: "json-file", options: { "max-file": "3" } } },
  ],
  "container/run-as-root": [{ user: "root" }, { user: "0" }, { user: "0:0" }],
  "network/app-port-exposed": [
    { ports: ["8000:8000"] },
    { ports: ["9000:9000", "8000:8000/tcp"] },
    { ports: [{ target: 8000, published: "8000" }] },
  ],
  "auth/debug-enabled": [{ environment: { DEBUG: "true" } }, { environment: ["DEBUG=true", "A=1"] }],
  "logging/verbose-level": [{ environment: { A: "1", LOG_LEVEL: "debug" } }, { environment: ["LOG_LEVEL=DEBUG"] }],
  "jwt/long-expiry": [
    { environment: { ACCESS_TOKEN_EXPIRE_MINUTES: "10080" } },
    { environment: ["A=1", "ACCESS_TOKEN_EXPIRE_MINUTES=10080"] },
  ],
  "container/non-root-not-enforced": [{ image: "python:3.11.8-slim" }],
  "container/unhardened": [
    {},
    { security_opt: ["label:disable"] },
    { image: "redis:7.2.4" },
    { image: "nginx:1.27.3", tmpfs: ["/run"], cap_add: ["NET_BIND_SERVICE"] },
  ],
  "network/database-port-exposed": [
    { image: "postgres:16.4", ports: ["5432:5432"] },
    { image: "postgres:16.4", ports: ["127.0.0.1:1:1", "5432:5432"], expose: ["1"] },
  ],
  "secrets/in-env-literal": [
    { environment: { DB_PASSWORD: "u7Hd92kQpx81LmZ0" } },
    { environment: ["A=1", "DB_PASSWORD=u7Hd92kQpx81LmZ0"] },
  ],
  "tls/plain-upstream-url": [
    { environment: { SCORING_API_URL: "http://scoring.acme.io/v2" } },
    { environment: ["SCORING_API_URL=http://scoring.acme.io/v2"] },
  ],
};

/** What a service may say besides. */
const BESIDES: readonly Fields[] = [
  { restart: "always" },
  { healthcheck: { test: ["CMD", "true"], interval: "10s" } },
  { labels: { "com.example.a": "b, c" } },
  { depends_on: ["other"], restart: "always" },
  { deploy: { resources: { limits: { cpus: "1" } } } },
  { command: "set -e\nrun # a: b\n\n", entrypoint: ["sh", "-c"] },
  { restart: anchored("policy", "always"), labels: ["a=b", anchored("label", "c=d")] },
  { stop_grace_period: "5s", extra_hosts: ["a:10.0.0.1"] },
];

const IMAGE = { image: "registry.acme.io/shop/api:1.2.3" };
const SAFE: Fields = { image: "registry.acme.io/shop/other:2.0.0", logging: { driver: "local" }, user: "1000" };

/** How others take part in what the service says. */
const SHARING: Readonly<Record<string, (web: Fields, besides: Fields) => Fields>> = {
  alone: (web, besides) => ({ services: { web: { ...web, ...besides } } }),
  reversed: (web, besides) => ({ services: { web: { ...besides, ...web } } }),
  "beside another": (web, besides) => ({ services: { other: SAFE, web: { ...web, ...besides } } }),
  "merged from above": (web, besides) => ({
    "x-common": anchored("c", besides),
    services: { web: { "<<": alias("c"), ...web }, other: { "<<": alias("c"), ...SAFE } },
  }),
  "a list of merges": (web, besides) => ({
    "x-common": anchored("c", besides),
    "x-more": anchored("d", { tty: false }),
    services: { web: { ...web, "<<": [alias("c"), alias("d")] }, other: { "<<": [alias("d")], ...SAFE } },
  }),
  "all of it merged": (web, besides) => ({
    "x-common": anchored("c", { ...web, ...besides }),
    services: {
      web: { "<<": alias("c") },
      other: { "<<": alias("c"), ...SAFE, environment: {}, ports: ["127.0.0.1:1:1"] },
    },
  }),
  "merged into another": (web, besides) => ({
    services: { web: anchored("web", { ...web, ...besides }), worker: { "<<": alias("web"), ...SAFE, tty: true } },
  }),
  "extended by another": (web, besides) => ({
    services: { web: { ...web, ...besides }, worker: { extends: { service: "web" }, ...SAFE } },
  }),
  "extends another": (web, besides) => ({
    services: { other: { image: SAFE.image!, ...besides }, web: { extends: { service: "other" }, ...web } },
  }),
  "an alias of it": (web, besides) => ({
    services: { web: anchored("web", { ...web, ...besides }), worker: alias("web") },
  }),
  "parts used elsewhere": (web, besides) => {
    const parts = Object.entries(web).filter(([, of]) => typeof of === "object");
    return {
      services: {
        web: {
          ...web,
          ...Object.fromEntries(parts.map(([key, of]) => [key, anchored(key, of)])),
          ...besides,
        },
        worker: { ...SAFE, ...Object.fromEntries(parts.map(([key]) => [key, alias(key)])) },
      },
    };
  },
};

/** They repair what they know to be harmless and leave the rest to a person. */
const PARTLY: ReadonlySet<string> = new Set(["container/unhardened"]);

const RUNS = { numRuns: 12, seed: 20260115 };
const choosing = fc.array(fc.nat(999), { maxLength: 60 });

describe.each(Object.keys(SERVICES))("%s in Compose", (id) => {
  test.each(Object.keys(SHARING))("%s", async (how) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SERVICES[id]!),
        fc.constantFrom(...BESIDES),
        choosing,
        async (web, besides, numbers) => {
          const text = yamlOf([SHARING[how]!({ ...IMAGE, ...web }, besides)], choices(numbers));
          const left = await holds(id, { "compose.yaml": text });
          if (!PARTLY.has(id) && /^(alone|reversed|beside)/.test(how)) expect(left, text).toEqual([]);
        },
      ),
      RUNS,
    );
  });
});

// ── Kubernetes ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Known defects of a container, by the rule that finds them. */
const CONTAINERS: Readonly<Record<string, readonly Fields[]>> = {
  "container/run-as-root": [
    { securityContext: { runAsUser: 0 } },
    { securityContext: { privileged: false, runAsUser: 0 } },
  ],
  "container/non-root-not-enforced": [
    {},
    { securityContext: null },
    { securityContext: {} },
    { securityContext: { privileged: false } },
    { securityContext: { runAsNonRoot: false } },
    { securityContext: { runAsNonRoot: null } },
  ],
  "container/unhardened": [
    {},
    { securityContext: null },
    { securityContext: { privileged: false } },
    { securityContext: { capabilities: { add: ["CHOWN"] } } },
    { image: "nginx:1.27.3" },
    { image: "redis:7.4.1", volumeMounts: [{ name: "data", mountPath: "/data" }], securityContext: null },
  ],
  "auth/debug-enabled": [{ env: [{ name: "DEBUG", value: "true" }] }],
  "logging/verbose-level": [
    {
      env: [
        { name: "A", value: "1" },
        { name: "LOG_LEVEL", value: "debug" },
      ],
    },
  ],
  "jwt/long-expiry": [{ env: [{ name: "ACCESS_TOKEN_EXPIRE_MINUTES", value: "10080" }] }],
  "secrets/in-env-literal": [{ env: [{ name: "DB_PASSWORD", value: "u7Hd92kQpx81LmZ0" }] }],
};

const BESIDES_CONTAINERS: readonly Fields[] = [
  { imagePullPolicy: "Always" },
  { ports: [{ containerPort: 8080, name: "http" }] },
  { args: ["--a", "b: c"], resources: { limits: { cpu: "1" } } },
  { command: ["/bin/sh", "-c", "exec a # b"] },
  { args: ["set -e\nrun # a: b\n"], workingDir: "/srv" },
];

const HARDENED: Fields = {
  image: "registry.acme.io/shop/proxy:2.0.0",
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};

const deployment = (containers: readonly Tree[], pod: Fields = {}): Fields => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { ...pod, containers } },
  },
});

const SERVICE: Fields = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
};

/** Documents of one file, and how others take part in what the container says. */
const MANIFESTS: Readonly<Record<string, (api: Fields) => readonly Fields[]>> = {
  alone: (api) => [deployment([{ name: "api", ...api }])],
  "name last": (api) => [deployment([{ ...api, name: "api" }])],
  "beside others, between documents": (api) => [
    SERVICE,
    deployment(
      [
        { name: "proxy", ...HARDENED },
        { name: "api", ...api },
      ],
      { volumes: [{ name: "data", emptyDir: {} }] },
    ),
    { ...SERVICE, metadata: { name: "other" } },
  ],
  "merged into another": (api) => [
    deployment([
      anchored("api", { name: "api", ...api }),
      { "<<": alias("api"), name: "worker", ...HARDENED, env: [] },
    ]),
  ],
  "parts used elsewhere": (api) => {
    const parts = Object.entries(api).filter(([, of]) => typeof of === "object" && of !== null);
    return [
      deployment([
        { name: "api", ...api, ...Object.fromEntries(parts.map(([key, of]) => [key, anchored(key, of)])) },
        { name: "worker", ...HARDENED, ...Object.fromEntries(parts.map(([key]) => [key, alias(key)])) },
      ]),
    ];
  },
  "an alias of it": (api) => [
    deployment([anchored("api", { name: "api", ...api })]),
    {
      ...deployment([]),
      spec: {
        template: { spec: { initContainers: [anchored("b", { name: "b", ...HARDENED })], containers: [alias("b")] } },
      },
    },
  ],
};

describe.each(Object.keys(CONTAINERS))("%s in Kubernetes", (id) => {
  test.each(Object.keys(MANIFESTS))("%s", async (how) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CONTAINERS[id]!),
        fc.constantFrom(...BESIDES_CONTAINERS),
        choosing,
        async (api, besides, numbers) => {
          const text = yamlOf(MANIFESTS[how]!({ ...IMAGE, ...besides, ...api }), choices(numbers));
          const left = await holds(id, { "web.yaml": text });
          if (!PARTLY.has(id) && /^(alone|name|beside)/.test(how)) expect(left, text).toEqual([]);
        },
      ),
      RUNS,
    );
  });

  test("as JSON, in one line and in many", async () => {
    for (const api of CONTAINERS[id]!) {
      const json = deployment([{ name: "api", ...IMAGE, ...api }]);
      for (const indentation of [undefined, 2, "\t"]) {
        const { changes } = await repaired(
          projectOf({ "web.json": JSON.stringify(json, undefined, indentation) }),
          ruleOf(id),
        );
        for (const { after } of changes) expect(() => JSON.parse(after.text), after.text).not.toThrow();
      }
    }
  });
});

// ── Whole files ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Known defects of other objects, by the rule that finds them: path and documents. */
const FILES: Readonly<Record<string, readonly (readonly [path: string, ...documents: readonly Fields[]])[]>> = {
  "network/app-port-exposed": [
    [
      "web.yaml",
      deployment([{ name: "api", ...HARDENED, ports: [{ containerPort: 8080 }] }]),
      { ...SERVICE, spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port: 8080, nodePort: 30080 }] } },
    ],
    [
      "web.yaml",
      {
        ...SERVICE,
        spec: { selector: { app: "web" }, ports: [{ nodePort: 30080, port: 8080 }], type: "LoadBalancer" },
      },
      deployment([{ name: "api", ...HARDENED, ports: [{ containerPort: 8080, protocol: "TCP" }] }]),
    ],
    ["web.yaml", deployment([{ name: "api", ...HARDENED, ports: [{ containerPort: 8080, hostPort: 8080 }] }])],
  ],
  "k8s/api-version-deprecated": [
    [
      "job.yaml",
      SERVICE,
      { apiVersion: "batch/v1beta1", kind: "CronJob", metadata: { name: "a" }, spec: { schedule: "0 3 * * *" } },
    ],
  ],
  "cors/wildcard-methods": [
    [
      "ingress.yaml",
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: {
          name: "web",
          annotations: {
            "nginx.ingress.kubernetes.io/enable-cors": "true",
            "nginx.ingress.kubernetes.io/cors-allow-origin": "https://app.acme.io",
            "nginx.ingress.kubernetes.io/cors-allow-methods": "*",
          },
        },
        spec: { ingressClassName: "nginx", rules: [{ host: "api.acme.io", http: { paths: [] } }] },
      },
    ],
  ],
  "secrets/missing-dollar-escape": [
    ["compose.yaml", { services: { api: { ...IMAGE, environment: { DB_PASSWORD: "Kq9x$wLm27Rt" } } } }],
    ["compose.yaml", { services: { api: { ...IMAGE, environment: ["DB_PASSWORD=Kq9x$wLm27Rt"] } } }],
  ],
  "cors/insecure-origin": [
    [
      "compose.yaml",
      { services: { api: { ...IMAGE, environment: { CORS_ORIGINS: "https://a.acme.io,http://b.acme.io" } } } },
    ],
    ["compose.yaml", { services: { api: { ...IMAGE, environment: ['CORS_ORIGINS=["http://b.acme.io"]'] } } }],
  ],
  "tls/database-connection-plain": [
    [
      "compose.yaml",
      {
        services: { api: { ...IMAGE, environment: { DATABASE_URL: "postgresql://app@db.acme.io/a?sslmode=disable" } } },
      },
    ],
  ],
};

/** They leave to a person what they would have to tear comments out of. */
const DECLINING: ReadonlySet<string> = new Set(["network/app-port-exposed"]);

test.each(Object.keys(FILES))("%s in whole files", async (id) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FILES[id]!), choosing, async ([path, ...documents], numbers) => {
      const text = yamlOf(documents, choices(numbers));
      const left = await holds(id, { [path]: text });
      if (!DECLINING.has(id) || !numbers.length) expect(left, text).toEqual([]);
    }),
    { ...RUNS, numRuns: 40, examples: FILES[id]!.map((file): [typeof file, number[]] => [file, []]) },
  );
});

// ── Files of lines ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Known defects of files that are read line by line: path, lines, and the mark of their comments. */
const LINES: Readonly<Record<string, readonly { readonly path: string; readonly lines: readonly string[] }[]>> = {
  "container/non-root-not-enforced": [
    { path: "Dockerfile", lines: ["FROM python:3.11.8-slim", "COPY . /app", 'CMD ["uvicorn", "main:app"]'] },
    { path: "Dockerfile", lines: ["FROM node:22.12.0-slim", "COPY . /app", "ENTRYPOINT node \\", "  /app/server.js"] },
  ],
  "container/run-as-root": [
    { path: "Dockerfile", lines: ["FROM python:3.11.8-slim", "USER root", 'CMD ["uvicorn", "main:app"]'] },
  ],
  "dockerfile/python-env-flags": [
    { path: "Dockerfile", lines: ["FROM python:3.11.8-slim AS run", "USER 1000", 'CMD ["uvicorn", "main:app"]'] },
  ],
  "auth/debug-enabled": [
    { path: ".env", lines: ["A=1", "DEBUG=true", "B=2"] },
    { path: "Dockerfile", lines: ["FROM python:3.11.8-slim", "ENV FLASK_DEBUG=1", "USER 1000"] },
  ],
  "env/space-around-equals": [{ path: ".env", lines: ["A = 1", "B= 2", "export C =3"] }],
  "env/key-duplicate": [{ path: ".env", lines: ["LEVEL=1", "B=2", "LEVEL=1"] }],
  "env/quotes-missing": [{ path: ".env", lines: ["A=1", "TITLE=a b c"] }],
  "jwt/long-expiry": [{ path: ".env", lines: ["ACCESS_TOKEN_EXPIRE_MINUTES=10080", 'JWT_EXPIRES_IN="7d"'] }],
  "headers/missing": [
    {
      path: "nginx.conf",
      lines: [
        "server {",
        "  listen 443 ssl;",
        "  server_name a.acme.io;",
        "  location / {",
        "    proxy_pass http://a;",
        "  }",
        "}",
      ],
    },
    {
      path: "nginx.conf",
      lines: [
        "server {",
        "  listen 443 ssl;",
        "  location / {",
        "    add_header A b;",
        "    proxy_pass http://a;",
        "  }",
        "}",
      ],
    },
  ],
  "tls/weak-protocol": [
    {
      path: "nginx.conf",
      lines: ["server {", "  listen 443 ssl;", "  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;", "}"],
    },
  ],
  "api/request-size-unlimited": [
    { path: "nginx.conf", lines: ["server {", "  listen 443 ssl;", "  client_max_body_size 0;", "}"] },
  ],
};

/** The same lines, with comments, empty lines and blanks where the language takes them, as any editor saves them. */
function linesOf(path: string, lines: readonly string[], choose: Choose): string {
  const nginx = path.endsWith(".conf");
  const written = lines.flatMap((line, i) => {
    const margin = /^\s*/.exec(line)![0];
    const before = [[], [], [], [`${margin}# note`], [""], ["#", `${margin}# a=b {`]][choose(6)]!;
    const inside = lines[i - 1]?.endsWith("\\");
    const tail = line.endsWith("\\")
      ? ""
      : (nginx ? ["", "", " # note", "  ", "\t# {"] : ["", "", "", "", ""])[choose(5)]!;
    return [...(inside ? [] : before), line + tail];
  });
  const text = `${written.join("\n")}${choose(6) === 5 ? "" : "\n"}`;
  return (choose(8) === 7 ? "\ufeff" : "") + (choose(3) === 2 ? text.replaceAll("\n", "\r\n") : text);
}

test.each(Object.keys(LINES))("%s in files of lines", async (id) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...LINES[id]!), choosing, async ({ path, lines }, numbers) => {
      const text = linesOf(path, lines, choices(numbers));
      expect(await holds(id, { [path]: text }), text).toEqual([]);
    }),
    { ...RUNS, numRuns: 40 },
  );
});

// ── All rules at once ───────────────────────────────────────────────────────────────────────────────────────────────

const everything = (project: Discovered) =>
  repair(project, { rules, today: TODAY, safety: "unsafe", created: created(project), restated });

const defects = (of: Readonly<Record<string, readonly Fields[]>>) =>
  fc.subarray(Object.values(of).flat(), { minLength: 1, maxLength: 6 }).map((all): Fields => Object.assign({}, ...all));

test.each([
  ["compose.yaml", defects(SERVICES), (how: string, all: Fields) => [SHARING[how]!({ ...IMAGE, ...all }, {})], SHARING],
  ["web.yaml", defects(CONTAINERS), (how: string, all: Fields) => MANIFESTS[how]!({ ...IMAGE, ...all }), MANIFESTS],
] as const)("all rules at once: %s", async (path, some, documents, ways) => {
  await fc.assert(
    fc.asyncProperty(some, fc.constantFrom(...Object.keys(ways)), choosing, async (all, how, numbers) => {
      const text = yamlOf(documents(how, all), choices(numbers));
      const { before, after, changes, declined } = await everything(projectOf({ [path]: text }));
      expect(declined, text).toEqual([]);
      expect(unreadable(before)).toEqual(expect.arrayContaining(unreadable(after)));
      expect(after.findings.filter(({ fix }) => fix).map(({ message }) => message)).toEqual([]);
      for (const change of changes) if (!change.made) survives(change);
      expect((await everything(after.project as Discovered)).changes, "a second run changes nothing").toEqual([]);
    }),
    { ...RUNS, numRuns: 80 },
  );
});

// ── What went wrong once ────────────────────────────────────────────────────────────────────────────────────────────

/** `- ` lines go, `+ ` lines come, the others stay. */
const EXAMPLES: Readonly<Record<string, readonly [id: string, path: string, diff: string]>> = {
  "nothing into an anchored service that another one merges": [
    "compose/log-rotation-missing",
    "compose.yaml",
    `
  services:
    web: &web
      image: acme/api:1.2.3
    worker:
      <<: *web
      tty: true
+     logging:
+       driver: json-file
+       options:
+         max-size: "10m"
+         max-file: "3"
`,
  ],
  "no address into a list of ports that is shared": [
    "network/app-port-exposed",
    "compose.yaml",
    `
  services:
    web:
      image: acme/api:1.2.3
      ports: &ports
        - "8000:8000"
    worker:
      image: acme/api:1.2.3
      x-ports: *ports
`,
  ],
  "no second key beside one that has nothing behind it": [
    "compose/log-rotation-missing",
    "compose.yaml",
    `
  services:
    web:
      image: acme/api:1.2.3
-     logging: # to do
+     logging: # to do
+       driver: json-file
+       options:
+         max-size: "10m"
+         max-file: "3"
      tty: true
`,
  ],
  "levels as deep as those of the siblings, behind what a service is built of": [
    "compose/log-rotation-missing",
    "compose.yaml",
    `
  services:
      web: # the API

          # built here
          build:
              context: .
              # target: debug
+         logging:
+             driver: json-file
+             options:
+                 max-size: "10m"
+                 max-file: "3"
          # reached by the proxy
          networks:
          - front
`,
  ],
  "behind the line that opens the service where nothing else is one line": [
    "compose/log-rotation-missing",
    "compose.yaml",
    `
  services:
    web: # the API
+     logging:
+       driver: json-file
+       options:
+         max-size: "10m"
+         max-file: "3"
      # as the others do
      command: |
        exec serve
`,
  ],
  "nested maps into braces, quoted as the siblings are": [
    "compose/log-rotation-missing",
    "compose.yaml",
    `
  services:
-   web: { "image": "acme/api:1.2.3", }
+   web: { "image": "acme/api:1.2.3", "logging": {"driver": json-file, "options": {"max-size": "10m", "max-file": "3"}}, }
`,
  ],
  "braces of many lines, one entry a line": [
    "container/non-root-not-enforced",
    "pod.json",
    `
  {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": { "name": "web" },
    "spec": {
      "containers": [
        {
          "name": "api",
-         "image": "acme/api:1.2.3"
+         "image": "acme/api:1.2.3",
+         "securityContext": {"runAsNonRoot": true}
        }
      ]
    }
  }
`,
  ],
  "JSON stays JSON, whatever the file is called": [
    "container/unhardened",
    "pod.yaml",
    `
  {
    "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web" },
    "spec": { "containers": [ { "name": "api", "image": "acme/api:1.2.3",
-     "securityContext": {} } ] }
+     "securityContext": {"allowPrivilegeEscalation": false} } ] }
  }
`,
  ],
  "behind the colon of a field without a value": [
    "container/non-root-not-enforced",
    "pod.yaml",
    `
  apiVersion: v1
  kind: Pod
  metadata: { name: web }
  spec:
    containers:
    - name: api
      image: acme/api:1.2.3
      securityContext:
-       runAsNonRoot: # decided later
+       runAsNonRoot: true # decided later
`,
  ],
  "behind an entry of its own line, not between another and its comment": [
    "container/non-root-not-enforced",
    "compose.yaml",
    `
  services:
    web: {
        image: python:3.11.8-slim, # the script
-       restart: always,
+       restart: always,
+       user: "10001",
      }
`,
  ],
  "one more option into a list in brackets, quoted as the others are": [
    "container/unhardened",
    "compose.yaml",
    `
  services:
    web:
-     security_opt: ['label=disable'] # why
+     security_opt: ['label=disable', 'no-new-privileges:true'] # why
      image: acme/api:1.2.3
`,
  ],
};

test.each(Object.keys(EXAMPLES))("%s", async (name) => {
  const [id, path, diff] = EXAMPLES[name]!;
  const lines = diff.replace(/^\n/, "").split("\n");
  const side = (mark: string) =>
    lines
      .filter((line) => !/^[-+]/.test(line) || line.startsWith(mark))
      .map((line) => line.slice(2))
      .join("\n");
  const { after, declined } = await repaired(projectOf({ [path]: side("-") }), ruleOf(id));
  expect(declined).toEqual([]);
  expect(after.project.files.find((file) => file.path === path)!.text).toBe(side("+"));
});
