import { describe, expect, it } from "vitest";
import type { Container, Edge, Located, SourceFile, Span, Variable } from "../../src/model.ts";
import { proxies } from "../../src/normalize/proxy/index.ts";
import { parseToml } from "../../src/parse/toml.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";

const cut = ({ file, start, end }: Span) => file.text.slice(start, end);

const place = (file: SourceFile, value: string, from = 0): Located<string> => {
  const start = file.text.indexOf(value, from);
  return { value, span: { file, start, end: start + value.length } };
};

/** A service as the Compose normalizer hands it over, from one `- name=value` line for each label. */
const service = (
  name: string,
  lines: readonly string[],
  more: Partial<Container> & { words?: readonly string[] } = {},
) => {
  const { words = [], ...rest } = more;
  const rows = [...lines, ...words].map((line) => `      - "${line}"\n`).join("");
  const file = sourceFile("compose.yaml", `services:\n  ${name}:\n    labels:\n${rows}`);
  const labels = lines.map((line) => {
    const split = line.indexOf("=");
    const start = file.text.indexOf(`"${line}"`) + 1;
    return {
      name: place(file, line.slice(0, split), start),
      value: place(file, line.slice(split + 1), start + split + 1),
    };
  });
  const container: Container = {
    name: place(file, name),
    subject: `service ${name}`,
    format: "compose",
    role: "main",
    kind: "service",
    workload: `service ${name}`,
    productKind: "application",
    capabilitiesAdded: [],
    capabilitiesDropped: [],
    networks: [],
    ports: [],
    mounts: [],
    variables: [],
    command: words.map((word) => place(file, word)),
    profiles: [],
    labels,
    ...rest,
  };
  return container;
};

const facts = (input: { files?: Readonly<Record<string, string>>; containers?: readonly Container[] }) => {
  const files = Object.entries(input.files ?? {}).map(([path, text]) => sourceFile(path, text));
  return proxies({
    nginx: [],
    caddyfile: [],
    yaml: files.filter(({ language }) => language === "yaml").map((file) => ({ file, tree: parseYaml(file) })),
    toml: files.filter(({ language }) => language === "toml").map((file) => ({ file, tree: parseToml(file) })),
    containers: input.containers ?? [],
  });
};
const edges = (input: Parameters<typeof facts>[0]) => facts(input).edges as readonly Edge[];

const STATIC =
  'entryPoints:\n  web:\n    address: ":80"\n    http:\n      redirections:\n        entryPoint:\n          to: websecure\n          scheme: https\n  websecure:\n    address: ":443"\n    http:\n      tls: {}\n  raw:\n    address: ":8000"\n';

describe("labels", () => {
  it("make a router an edge, joined with the entry points of the project", () => {
    const container = service("api", [
      "traefik.enable=true",
      "traefik.http.routers.api.rule=Host(`a.com`, `b.com`) || Host(`c.com`) && PathPrefix(`/x`)",
      "traefik.http.routers.api.entrypoints=websecure",
    ]);
    const [found] = edges({ files: { "traefik.yml": STATIC }, containers: [container] });
    expect(found).toMatchObject({
      subject: "service api",
      kind: "traefik",
      tls: true,
      redirectsToHttps: true,
      serves: true,
    });
    expect(cut(found!.span)).toMatch(/^Host\(/);
    expect(found!.hosts.map(({ span }) => cut(span))).toEqual(["a.com", "b.com", "c.com"]);
    expect(found!.listens.map(({ port, tls, span }) => [port, tls, cut(span)])).toEqual([[443, true, "websecure"]]);
  });

  it.each<[string, readonly string[], { tls: boolean; redirectsToHttps: boolean; serves: boolean }]>([
    ["plain that redirects", ["entrypoints=web"], { tls: false, redirectsToHttps: true, serves: false }],
    ["plain", ["entrypoints=raw"], { tls: false, redirectsToHttps: false, serves: true }],
    ["own TLS", ["entrypoints=raw", "tls=true"], { tls: true, redirectsToHttps: true, serves: true }],
    [
      "own TLS by resolver",
      ["entrypoints=raw", "tls.certresolver=le"],
      { tls: true, redirectsToHttps: true, serves: true },
    ],
    ["no TLS said", ["entrypoints=raw", "tls=false"], { tls: false, redirectsToHttps: false, serves: true }],
    ["every entry point", [], { tls: true, redirectsToHttps: false, serves: true }],
    ["entry point that is not here", ["entrypoints=other"], { tls: true, redirectsToHttps: true, serves: true }],
  ])("%s", (_, options, expected) => {
    const lines = ["rule=Host(`a.com`)", ...options].map((each) => `traefik.http.routers.r.${each}`);
    expect(edges({ files: { "traefik.yml": STATIC }, containers: [service("api", lines)] })[0]).toMatchObject(expected);
  });

  it("without static configuration say nothing that is not known", () => {
    const router = (entrypoint: string) =>
      edges({
        containers: [
          service("api", [
            "traefik.http.routers.r.rule=Host(`${HOST}`)",
            `traefik.http.routers.r.entrypoints=${entrypoint}`,
          ]),
        ],
      })[0];
    expect(router("websecure")).toMatchObject({ tls: true, listens: [], hosts: [] });
    expect(router("web")).toMatchObject({ tls: false, redirectsToHttps: true, listens: [] });
  });

  it("redirect by a middleware, also through a chain and another service", () => {
    const found = edges({
      files: { "traefik.yml": STATIC },
      containers: [
        service("proxy", [
          "traefik.http.middlewares.https.redirectscheme.scheme=https",
          "traefik.http.middlewares.all.chain.middlewares=https@docker",
        ]),
        service("api", [
          "traefik.http.routers.r.rule=Host(`a.com`)",
          "traefik.http.routers.r.entrypoints=raw",
          "traefik.http.routers.r.middlewares=all",
        ]),
      ],
    });
    expect(found).toMatchObject([{ tls: false, redirectsToHttps: true, serves: false }]);
  });

  it("switched off are none", () => {
    expect(
      edges({ containers: [service("api", ["traefik.enable=false", "traefik.http.routers.r.rule=Host(`a.com`)"])] }),
    ).toEqual([]);
  });

  it("have a place for a middleware behind their own labels", () => {
    const container = service("api", [
      "traefik.http.routers.r.rule=Host(`a.com`)",
      "traefik.http.routers.r.tls=true",
      "traefik.http.services.r.loadbalancer.server.port=80",
    ]);
    const { name, use, define, sign } = edges({ containers: [container] })[0]!.middleware!;
    const { text } = use.span.file;
    expect([name, sign]).toEqual(["r-headers", "="]);
    expect(use.span).toEqual(define.span);
    expect(text.slice(0, use.span.start)).toMatch(/routers\.r\.tls=true"$/);
    expect(use.before + name + use.after).toBe('\n      - "traefik.http.routers.r.middlewares=r-headers"');
    expect(`${define.before}x=1${define.after}`).toBe('\n      - "traefik.http.middlewares.x=1"');
  });

  it("have no place for a middleware whose name is taken, or in flow style", () => {
    const labels = ["traefik.http.routers.r.rule=Host(`a.com`)", "traefik.http.middlewares.r-headers.compress=true"];
    expect(edges({ containers: [service("api", labels)] })[0]!.middleware).toBeUndefined();
    const flow =
      "http: { routers: { r: { rule: Host(`a.com`), service: a } }, services: { a: { loadBalancer: { servers: [{ url: http://a }] } } } }";
    expect(edges({ files: { "dynamic.yml": flow } })[0]!.middleware).toBeUndefined();
  });
});

describe("headers", () => {
  it("come from the middlewares a router uses", () => {
    const [found] = edges({
      files: {
        "dynamic.yml":
          "http:\n  routers:\n    web:\n      rule: Host(`a.com`)\n      middlewares: [secure]\n      tls: {}\n      service: app\n  services:\n    app:\n      loadBalancer:\n        servers:\n          - url: http://app:80\n  middlewares:\n    secure:\n      headers:\n        stsSeconds: 31536000\n        stsIncludeSubdomains: true\n        frameDeny: true\n        contentTypeNosniff: true\n        browserXssFilter: false\n        customResponseHeaders:\n          Permissions-Policy: geolocation=()\n          Server: ''\n",
      },
    });
    expect(found!.subject).toBe("dynamic.yml router web");
    expect(found!.headers.map(({ name, value }) => [name.value, value.value, cut(name.span), cut(value.span)])).toEqual(
      [
        ["Strict-Transport-Security", "max-age=31536000; includeSubDomains", "stsSeconds", "31536000"],
        ["X-Frame-Options", "DENY", "frameDeny", "true"],
        ["X-Content-Type-Options", "nosniff", "contentTypeNosniff", "true"],
        ["Permissions-Policy", "geolocation=()", "Permissions-Policy", "geolocation=()"],
      ],
    );
    expect(found!.upstreams.map(({ value }) => value)).toEqual(["http://app:80"]);
    expect(found!.headersUnknown).toBeUndefined();
  });

  it("of labels is the service that carries them, unless they name another", () => {
    const upstreams = (...labels: readonly string[]) =>
      (
        facts({ containers: [service("api", ["traefik.http.routers.a.rule=Host(`a.com`)", ...labels])] })
          .edges as Edge[]
      )
        .flatMap(({ upstreams }) => upstreams)
        .map(({ span }) => cut(span));
    expect(upstreams()).toEqual(["api"]);
    expect(upstreams("traefik.http.routers.a.service=api@internal")).toEqual([]);
  });

  it("are unknown where a middleware is not here", () => {
    const lines = ["traefik.http.routers.r.rule=Host(`a.com`)", "traefik.http.routers.r.middlewares=secure@file"];
    expect(edges({ containers: [service("api", lines)] })[0]!.headersUnknown).toBe(true);
  });
});

describe("TLS options", () => {
  it("belong to the routers that use them", () => {
    const text =
      "[http.routers.a]\nrule = 'Host(`a.com`)'\n[http.routers.a.tls]\noptions = 'old'\n[http.routers.b]\nrule = 'Host(`b.com`)'\n[http.routers.b.tls]\n[tls.options.old]\nminVersion = \"VersionTLS10\"\ncipherSuites = [\"TLS_RSA_WITH_AES_128_CBC_SHA\"]\n";
    const [a, b] = edges({ files: { "dynamic.toml": text } });
    expect(a!.protocols.map(({ value, span }) => [value, cut(span)])).toEqual([["TLSv1", "VersionTLS10"]]);
    expect(a!.ciphers.map(({ span }) => cut(span))).toEqual(["TLS_RSA_WITH_AES_128_CBC_SHA"]);
    expect([a!.tls, b!.tls, b!.protocols]).toEqual([true, true, []]);
  });
});

describe("middlewares", () => {
  it("make CORS policies", () => {
    const [policy, ...rest] = facts({
      containers: [
        service("api", [
          "traefik.http.middlewares.c.headers.accesscontrolalloworiginlist=https://a.com,*",
          "traefik.http.middlewares.c.headers.accessControlAllowCredentials=true",
          "traefik.http.middlewares.c.headers.accesscontrolallowmethods=GET,PUT",
          "traefik.http.middlewares.c.headers.accesscontrolallowheaders=*",
        ]),
      ],
    }).cors!;
    expect(rest).toEqual([]);
    expect(policy).toMatchObject({
      subject: "service api",
      syntax: "traefik",
      key: "accesscontrolalloworiginlist",
      credentials: { value: true },
    });
    expect(policy!.origins.map(({ span }) => cut(span))).toEqual(["https://a.com", "*"]);
    expect(policy!.methods.map(({ value }) => value)).toEqual(["GET", "PUT"]);
    expect(policy!.headers.map(({ value }) => value)).toEqual(["*"]);
  });

  it("make CORS policies from lists, patterns and custom headers", () => {
    const text =
      'http:\n  middlewares:\n    a:\n      headers:\n        accessControlAllowOriginListRegex:\n          - "^https://.*"\n          - b\n    c:\n      headers:\n        customResponseHeaders:\n          Access-Control-Allow-Origin: "*"\n          Access-Control-Allow-Credentials: "true"\n    d:\n      headers:\n        accessControlAllowOriginList: ["${ORIGIN}"]\n';
    expect(facts({ files: { "d.yml": text } }).cors).toMatchObject([
      { subject: "d.yml middleware a", origins: [], pattern: { value: "^https://.*" } },
      { origins: [], pattern: { value: "b" } },
      {
        subject: "d.yml middleware c",
        key: "Access-Control-Allow-Origin",
        origins: [{ value: "*" }],
        credentials: { value: true },
      },
    ]);
  });

  it("limit rates and sizes and carry credentials", () => {
    const text =
      "http:\n  middlewares:\n    a:\n      rateLimit:\n        average: 100\n        period: 1m\n    b:\n      rateLimit:\n        average: 0\n    c:\n      buffering:\n        maxRequestBodyBytes: 2000000\n    d:\n      headers:\n        customRequestHeaders:\n          Authorization: Basic dXNlcjpwYXNz\n";
    const found = facts({ files: { "d.yml": text } });
    expect(found.rateLimits).toMatchObject([
      { where: "proxy", enabled: { value: true }, requests: { value: 100 }, window: 60 },
      { enabled: { value: false }, window: 1 },
    ]);
    expect(found.settings!.requestSize).toMatchObject([{ at: { value: 2_000_000 }, key: "maxRequestBodyBytes" }]);
    expect(found.credentialLiterals!.map(({ credential }) => cut(credential.span))).toEqual(["dXNlcjpwYXNz"]);
  });
});

describe("static options", () => {
  it.each([
    ["YAML", { files: { "traefik.yaml": `api:\n  insecure: true\n${STATIC}` } }, "true", "traefik.yaml"],
    [
      "TOML",
      { files: { "traefik.toml": '[api]\ninsecure = true\n[entryPoints.web]\naddress = ":80"\n' } },
      "true",
      "traefik.toml",
    ],
    [
      "flag with a value",
      { containers: [service("proxy", [], { product: "traefik", words: ["--api.insecure=true"] })] },
      "true",
      "service proxy",
    ],
    [
      "flag",
      { containers: [service("proxy", [], { product: "traefik", words: ["--api.insecure"] })] },
      "--api.insecure",
      "service proxy",
    ],
  ])("api.insecure as %s", (_, input, written, subject) => {
    const [setting, ...rest] = facts(input).settings!.authentication!;
    expect(rest).toEqual([]);
    expect(setting).toMatchObject({ at: { value: false }, subject, key: "api.insecure" });
    expect(cut(setting!.at.span)).toBe(written);
  });

  it("reads variables of Traefik itself", () => {
    const file = sourceFile("compose.yaml", "TRAEFIK_API_INSECURE: true");
    const variable: Variable = {
      name: place(file, "TRAEFIK_API_INSECURE"),
      value: { value: { from: "literal", text: "true" }, span: place(file, "true").span },
      origin: "compose",
      phase: "run",
      subject: "service proxy",
    };
    const on = facts({ containers: [service("proxy", [], { product: "traefik", variables: [variable] })] });
    expect(on.settings!.authentication).toMatchObject([{ at: { value: false } }]);
    expect(facts({ containers: [service("api", [], { variables: [variable] })] }).settings!.authentication).toEqual([]);
  });

  it("flags are entry points too", () => {
    const found = edges({
      containers: [
        service("proxy", [], { product: "traefik", words: ["--entrypoints.web.address=:80"] }),
        service("api", ["traefik.http.routers.r.rule=Host(`a.com`)"]),
      ],
    });
    expect(found[0]).toMatchObject({
      tls: false,
      redirectsToHttps: false,
      serves: true,
      listens: [{ port: 80, tls: false }],
    });
  });

  it("sees logged credentials", () => {
    const text = `accessLog:\n  fields:\n    headers:\n      defaultMode: drop\n      names:\n        Authorization: keep\n${STATIC}`;
    expect(facts({ files: { "traefik.yml": text } }).settings!.bodyLogging!.map(({ at }) => cut(at.span))).toEqual([
      "keep",
    ]);
  });
});

describe("what is Traefik's", () => {
  it.each([
    ["a Compose file", "services:\n  a:\n    image: b\nhttp:\n  routers:\n    a:\n      rule: Host(`b`)\n"],
    ["a Kubernetes object", "apiVersion: v1\nkind: ConfigMap\nhttp:\n  routers:\n    a:\n      rule: Host(`b`)\n"],
    ["another program's file", "http:\n  port: 80\ntls:\n  cert: a\n"],
  ])("is not %s", (_, text) => expect(facts({ files: { "a.yml": text } })).toMatchObject({ edges: [], roles: [] }));

  it("is recognised", () => {
    expect(facts({ files: { "traefik.yml": STATIC } }).roles).toMatchObject([
      { file: { path: "traefik.yml" }, role: "Traefik" },
    ]);
  });
});
