import { describe, expect, it } from "vitest";
import type { Blank, Edge, Span } from "../../src/model.ts";
import { proxies } from "../../src/normalize/proxy/index.ts";
import { parseNginx } from "../../src/parse/nginx.ts";
import { sourceFile } from "../source-file.ts";

const facts = (files: Readonly<Record<string, string>> | string) =>
  proxies({
    nginx: Object.entries(typeof files === "string" ? { "nginx.conf": files } : files).map(([path, text]) => {
      const file = sourceFile(path, text, { language: "nginx" });
      return { file, tree: parseNginx(file) };
    }),
    caddyfile: [],
    toml: [],
    yaml: [],
    containers: [],
  });
const edges = (files: Readonly<Record<string, string>> | string) => facts(files).edges as readonly Edge[];
const edge = (text: string) => edges(text)[0]!;
const cut = ({ file, start, end }: Span) => file.text.slice(start, end);
const filled = ({ span, before, after }: Blank, text: string) =>
  span.file.text.slice(0, span.start) + before + text + after + span.file.text.slice(span.end);

describe("listeners", () => {
  it.each([
    ["listen 443 ssl http2;", [[443, true, "443"]]],
    [
      "listen [::]:80 default_server; listen 80;",
      [
        [80, false, "[::]:80"],
        [80, false, "80"],
      ],
    ],
    ["listen 0.0.0.0:8443 ssl;", [[8443, true, "0.0.0.0:8443"]]],
    ["listen localdomain;", [[80, false, "localdomain"]]],
    ["listen *:8080; listen unix:/run/a.sock;", [[8080, false, "*:8080"]]],
    ["listen 443; ssl on;", [[443, true, "443"]]],
    ["listen ${PORT}; listen 81;", [[81, false, "81"]]],
    ["root /srv;", [[80, false, "server"]]],
  ])("%s", (text, expected) => {
    expect(edge(`server { ${text} }`).listens.map(({ port, tls, span }) => [port, tls, cut(span)])).toEqual(expected);
  });

  it.each(["listen 127.0.0.1:80;", "listen unix:/run/a.sock;", "listen [::1]:80; listen localhost:81;"])(
    "%s faces nobody",
    (text) => {
      expect(edges(`server { ${text} }`)).toEqual([]);
    },
  );

  it("leaves stream servers out", () => {
    expect(edges("stream { server { listen 5432; proxy_pass db; } }")).toEqual([]);
  });
});

describe("redirects and content", () => {
  it.each<[string, string, boolean, boolean]>([
    ["return", "listen 80; return 301 https://$host$request_uri;", true, false],
    ["return without a code", "listen 80; return https://a.com;", true, false],
    ["rewrite", "listen 80; rewrite ^ https://$host$request_uri? permanent;", true, false],
    ["rewrite with a group", "listen 80; rewrite ^/(.*)$ https://a.com/$1 permanent;", true, false],
    ["location /", "listen 80; location / { return 308 https://$host$request_uri; }", true, false],
    [
      "with ACME",
      "listen 80; location /.well-known/acme-challenge/ { root /w; } location / { return 301 https://$host$request_uri; }",
      true,
      false,
    ],
    ["certbot", "listen 80; if ($host = a.com) { return 301 https://$host$request_uri; } return 404;", true, false],
    [
      "if on the scheme",
      "listen 80; listen 443 ssl; if ($scheme = http) { return 301 https://$host; } root /srv;",
      true,
      true,
    ],
    ["497", "listen 8443 ssl; listen 80; error_page 497 =301 https://$host:8443$request_uri; root /srv;", true, true],
    ["only https", "listen 443 ssl; proxy_pass http://a;", true, true],
    ["plain proxy", "listen 80; location / { proxy_pass http://a; }", false, true],
    ["plain files", "listen 80; root /srv;", false, true],
    ["default page", "listen 80;", false, true],
    ["redirect to http", "listen 80; return 301 http://www.a.com$request_uri;", false, false],
    ["refusal", "listen 80 default_server; return 444;", false, false],
    ["fixed answer", 'listen 80; return 200 "ok";', false, true],
    ["both", "listen 80; listen 443 ssl; location / { proxy_pass http://a; }", false, true],
    ["unknown include", "listen 80; include snippets/site.conf; location / { proxy_pass http://a; }", true, true],
  ])("%s", (_, text, redirectsToHttps, serves) => {
    expect(edge(`server { ${text} }`)).toMatchObject({ redirectsToHttps, serves });
  });
});

it.each([
  ["allow 127.0.0.1; deny all;", false],
  ["allow 10.0.0.0/8; allow ::1; deny all;", false],
  ["allow 203.0.113.4; deny all;", true],
  ["allow 127.0.0.1;", true],
])("a status page with %s serves the world: %s", (text, serves) => {
  const root = "location / { return 404; }";
  expect(edge(`server { listen 8080; location /status { stub_status; ${text} } ${root} }`).serves).toBe(serves);
});

describe("TLS, hosts, upstreams", () => {
  it("has protocols, inherited or own, with the place of each", () => {
    const { protocols, ciphers, tls } = edge(
      "http { ssl_protocols TLSv1 TLSv1.2; ssl_ciphers 'HIGH:!aNULL'; server { listen 443 ssl; } }",
    );
    expect(protocols.map(({ value, span }) => [value, cut(span)])).toEqual([
      ["TLSv1", "TLSv1"],
      ["TLSv1.2", "TLSv1.2"],
    ]);
    expect(ciphers.map(({ value, span }) => [value, cut(span)])).toEqual([
      ["HIGH", "HIGH"],
      ["!aNULL", "!aNULL"],
    ]);
    expect(tls).toBe(true);
    expect(
      edge("http { ssl_protocols TLSv1; server { listen 443 ssl; ssl_protocols TLSv1.3; } }").protocols,
    ).toMatchObject([{ value: "TLSv1.3" }]);
  });

  it("names itself after its first host", () => {
    const found = edge(
      "server { server_name _ app.example.com ${HOST} www.example.com; location / { proxy_pass http://api:8000; } }",
    );
    expect(found.subject).toBe("nginx.conf server app.example.com");
    expect(found.hosts.map(({ span }) => cut(span))).toEqual(["app.example.com", "www.example.com"]);
    expect(found.upstreams.map(({ span }) => cut(span))).toEqual(["http://api:8000"]);
    expect(edge("server { listen 8080; }").subject).toBe("nginx.conf server 8080");
  });
});

describe("headers", () => {
  const names = (text: string) => edge(text).headers.map(({ name, value }) => `${name.value}: ${value.value}`);

  it.each<[string, string, string[]]>([
    ["own", 'server { add_header X-A "b" always; }', ["X-A: b"]],
    ["inherited", "http { add_header X-A b; server { listen 80; } }", ["X-A: b"]],
    ["own ones replace", "http { add_header X-A b; server { add_header X-C d; } }", ["X-C: d"]],
    [
      "merge",
      "http { add_header X-A b; server { add_header_inherit merge; add_header X-C d; } }",
      ["X-C: d", "X-A: b"],
    ],
    ["location / counts", "server { location / { add_header X-A b; } location /b { add_header X-C d; } }", ["X-A: b"]],
    ["more_set_headers", "http { more_set_headers 'X-A: b'; server { add_header X-C d; } }", ["X-C: d", "X-A: b"]],
    [
      "map",
      'map $scheme $hsts { https "max-age=1"; } server { add_header Strict-Transport-Security $hsts; }',
      ["Strict-Transport-Security: max-age=1"],
    ],
  ])("%s", (_, text, expected) => expect(names(text)).toEqual(expected));

  it("follows includes and knows when it cannot", () => {
    const files = {
      "proxy/nginx.conf": "http { add_header X-H 1; include /etc/nginx/conf.d/*.conf; }",
      "proxy/conf.d/app.conf": "server { listen 80; include /etc/nginx/snippets/security.conf; }",
      "proxy/snippets/security.conf": "add_header X-Frame-Options DENY;",
      "other/snippets/security.conf": "add_header X-Other 1;",
    };
    const [found, ...rest] = edges(files);
    expect(rest).toEqual([]);
    expect(found!.subject).toBe("proxy/conf.d/app.conf server 80");
    expect(found!.headers.map(({ name }) => [name.value, name.span.file.path])).toEqual([
      ["X-Frame-Options", "proxy/snippets/security.conf"],
    ]);
    expect(found!.headersUnknown).toBeUndefined();
    expect(edge("server { include /etc/nginx/security.conf; }").headersUnknown).toBe(true);
    expect(edge("http { include mime.types; server { include fastcgi_params; } }").headersUnknown).toBeUndefined();
  });

  it("sees locations that lose them", () => {
    const text =
      'server {\n  add_header X-Frame-Options DENY;\n  location /a {\n    add_header Cache-Control "no-store";\n    proxy_pass http://a;\n  }\n  location /b { proxy_pass http://b; }\n}\n';
    const [lost, ...rest] = edge(text).dropsHeaders ?? [];
    expect(rest).toEqual([]);
    expect(lost!.subject).toBe("nginx.conf server 80 location /a");
    expect(cut(lost!.at)).toBe("location");
    expect(lost!.lost.map(({ name }) => name.value)).toEqual(["X-Frame-Options"]);
    expect(lost!.own.map(({ name }) => name.value)).toEqual(["Cache-Control"]);
    expect(filled(lost!.blank, "X;")).toContain('"no-store";\n    X;\n    proxy_pass');
  });

  it("shows its version unless told not to", () => {
    expect(edge("http { server { listen 80; } }").showsVersion).toMatchObject({ value: true, implied: true });
    expect(edge("http { server_tokens off; server { listen 80; } }").showsVersion).toMatchObject({ value: false });
    expect(edge("server { listen 80; }").showsVersion).toBeUndefined();
  });

  it.each([
    [
      "behind the last add_header",
      "server {\n\tadd_header A b;\n\tlisten 80;\n}\n",
      "server {\n\tadd_header A b;\n\tX;\n\tlisten 80;\n}\n",
    ],
    [
      "where the inherited ones are",
      "http {\n  add_header A b; # c\n  server {\n    listen 80;\n  }\n}\n",
      "http {\n  add_header A b; # c\n  X;\n  server {\n    listen 80;\n  }\n}\n",
    ],
    [
      "behind server_name",
      "server {\r\n  listen 80;\r\n  server_name a;\r\n}\r\n",
      "server {\r\n  listen 80;\r\n  server_name a;\r\n  X;\r\n}\r\n",
    ],
    ["in an empty server", "http {\n  server {\n  }\n}\n", "http {\n  server {\n    X;\n  }\n}\n"],
    [
      "before a comment that is longer than any line",
      `server {\n  listen 80; #${"c".repeat(2000)}\n}\n`,
      `server {\n  listen 80;\n  X; #${"c".repeat(2000)}\n}\n`,
    ],
    ["on one line", "server { listen 80; root /a; }", "server { listen 80;\nX; root /a; }"],
  ])("has a blank %s", (_, text, expected) => {
    expect(filled(edge(text).blank!, "X;")).toBe(expected);
  });
});

describe("CORS", () => {
  const policies = (text: string) =>
    facts(text).cors!.map(({ origins, pattern, reflected, credentials }) => ({
      origins: origins.map(({ span }) => cut(span)),
      ...(pattern && { pattern: cut(pattern.span) }),
      ...(reflected && { reflected: cut(reflected.span) }),
      ...(credentials && { credentials: credentials.value }),
    }));

  it.each<[string, string, unknown[]]>([
    ["wildcard", 'add_header "Access-Control-Allow-Origin" "*" always;', [{ origins: ["*"] }]],
    [
      "one origin",
      "server { location /api { add_header access-control-allow-origin https://a.com; add_header Access-Control-Allow-Credentials 'true'; } }",
      [{ origins: ["https://a.com"], credentials: true }],
    ],
    [
      "reflected",
      "server { add_header Access-Control-Allow-Origin $http_origin; }",
      [{ origins: [], reflected: "$http_origin" }],
    ],
    [
      "reflected under a method",
      "server { if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin $http_origin; } }",
      [{ origins: [], reflected: "$http_origin" }],
    ],
    [
      "guarded by a pattern",
      'location / { if ($http_origin ~* (^https://a\\.com$)) { add_header Access-Control-Allow-Origin "$http_origin"; } }',
      [{ origins: [], pattern: "(^https://a\\.com$)" }],
    ],
    [
      "guarded by an origin",
      "location / { if ($http_origin = 'https://a.com') { add_header Access-Control-Allow-Origin $http_origin; } }",
      [{ origins: ["https://a.com"] }],
    ],
    [
      "map",
      'map $http_origin $cors { default ""; "https://a.com" $http_origin; "~^https://b" $http_origin; ~c $http_origin; } server { add_header Access-Control-Allow-Origin $cors; }',
      [
        { origins: ["https://a.com"], pattern: "^https://b" },
        { origins: [], pattern: "c" },
      ],
    ],
    [
      "map with a wildcard",
      'map $http_origin $cors { default "*"; } server { add_header Access-Control-Allow-Origin $cors; }',
      [{ origins: ["*"] }],
    ],
    [
      "map that reflects",
      "map $http_origin $cors { default $http_origin; } server { add_header Access-Control-Allow-Origin $cors; }",
      [{ origins: [], reflected: "$http_origin" }],
    ],
    [
      "set",
      'server { set $cors ""; if ($http_origin ~ "^https://a") { set $cors $http_origin; } add_header Access-Control-Allow-Origin $cors; }',
      [{ origins: [], pattern: "^https://a" }],
    ],
    [
      "flag",
      'server { if ($http_origin ~ "^https://a") { set $ok "true"; } if ($ok = "true") { add_header Access-Control-Allow-Origin $http_origin; } }',
      [{ origins: [], pattern: "^https://a" }],
    ],
    [
      "unknown",
      "server { add_header Access-Control-Allow-Origin ${CORS_ORIGIN}; add_header Access-Control-Allow-Origin $scheme://$host; }",
      [],
    ],
    ["a variable that names itself", "server { set $c $c; add_header Access-Control-Allow-Origin $c; }", []],
    ["more_set_headers", "more_set_headers 'Access-Control-Allow-Origin: *';", [{ origins: ["*"] }]],
  ])("%s", (_, text, expected) => expect(policies(text)).toEqual(expected));

  it("splits methods and headers, and says where it is", () => {
    const [policy] = facts(
      'server { listen 80; location /api { add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Methods "GET, POST"; add_header Access-Control-Allow-Headers "*"; } }',
    ).cors!;
    expect(policy).toMatchObject({
      subject: "nginx.conf server 80 location /api",
      syntax: "nginx",
      key: "Access-Control-Allow-Origin",
    });
    expect(policy!.methods.map(({ span }) => cut(span))).toEqual(["GET", "POST"]);
    expect(policy!.headers.map(({ span }) => cut(span))).toEqual(["*"]);
  });

  it("counts a snippet once, however many servers include it", () => {
    const found = facts({
      "conf.d/a.conf": "server { listen 80; include cors.conf; } server { listen 81; include cors.conf; }",
      "cors.conf": "add_header Access-Control-Allow-Origin *;",
    });
    expect(found.cors).toHaveLength(1);
    expect(found.edges).toHaveLength(2);
  });
});

describe("limits, logs, credentials", () => {
  it("joins limit_req to its zone", () => {
    const [limit, ...rest] = facts(
      "http { limit_req_zone $binary_remote_addr zone=api:10m rate=30r/m; limit_req_zone $a zone=unused:1m rate=1r/s; server { listen 80; limit_req zone=api burst=5; } }",
    ).rateLimits!;
    expect(rest).toEqual([]);
    expect(limit).toMatchObject({
      subject: "nginx.conf server 80",
      where: "proxy",
      enabled: { value: true },
      window: 60,
    });
    expect([limit!.requests!.value, cut(limit!.requests!.span)]).toEqual([30, "30"]);
    expect(facts("server { limit_req zone=a; limit_req_dry_run on; }").rateLimits).toMatchObject([
      { key: "limit_req_dry_run", enabled: { value: false } },
    ]);
  });

  it.each([
    ["0", 0],
    ["10m", 10 * 1024 ** 2],
    ["1G", 1024 ** 3],
    ["512k", 512 * 1024],
  ])("client_max_body_size %s", (size, bytes) => {
    const [setting] = facts(`server { client_max_body_size ${size}; }`).settings!.requestSize!;
    expect([setting!.at.value, cut(setting!.at.span)]).toEqual([bytes, size]);
  });

  it("does not guess sizes", () => {
    expect(facts("server { client_max_body_size ${SIZE}; }").settings!.requestSize).toEqual([]);
  });

  it("sees credentials in a log format that is used", () => {
    const format = `log_format full '$remote_addr "$request_body" '\n '$http_authorization';`;
    expect(
      facts(`http { ${format} access_log /dev/stdout full; }`).settings!.bodyLogging!.map(({ at }) => cut(at.span)),
    ).toEqual(["$request_body", "$http_authorization"]);
    expect(facts(`http { ${format} access_log /dev/stdout; }`).settings!.bodyLogging).toEqual([]);
  });

  it.each([
    ['proxy_set_header Authorization "Basic dXNlcjpwYXNz";', "Authorization", "dXNlcjpwYXNz"],
    ["proxy_set_header X-Api-Key 4f9d2c;", "X-Api-Key", "4f9d2c"],
    ['if ($http_x_api_key != "4f9d2c") { return 403; }', "$http_x_api_key", "4f9d2c"],
    ["set $auth_token 'Bearer 4f9d2c';", "$auth_token", "4f9d2c"],
  ])("literal credential: %s", (text, name, secret) => {
    const [found, ...rest] = facts(`server { ${text} }`).credentialLiterals!;
    expect(rest).toEqual([]);
    expect(found!.name.value).toBe(name);
    expect(cut(found!.credential.span)).toBe(secret);
  });

  it.each([
    "proxy_set_header Authorization $http_authorization;",
    'proxy_set_header Authorization "Basic ${AUTH}";',
    'proxy_set_header Authorization "";',
    "proxy_set_header Host example.com;",
  ])("no credential: %s", (text) => expect(facts(`server { ${text} }`).credentialLiterals).toEqual([]));
});

it("survives include cycles and bombs", () => {
  const bomb = (name: string, next: string) => [`${name}.conf`, `include ${next}.conf;\n`.repeat(500)] as const;
  const found = facts(
    Object.fromEntries([
      bomb("a", "b"),
      bomb("b", "c"),
      bomb("c", "d"),
      bomb("d", "a"),
      ["e.conf", "server { include a.conf; }"],
    ]),
  );
  expect(found.edges).toHaveLength(1);
});

it("has the role of what is nginx", () => {
  expect(facts({ "a.conf": "server { listen 80; }", "b.conf": "maxmemory 10mb\nport 6379\n" }).roles).toMatchObject([
    { file: { path: "a.conf" }, role: "nginx" },
  ]);
});

it("finds upstreams with a password, and no other URL", () => {
  const found = facts(
    "server { location /a { proxy_pass http://app:9a6sLABHHN@web:80; } location /b { proxy_pass http://web:80; } }",
  );
  expect(found.urls?.map(({ password, subject }) => [cut(password!.span), subject])).toEqual([
    ["9a6sLABHHN", "nginx.conf server 80"],
  ]);
});
