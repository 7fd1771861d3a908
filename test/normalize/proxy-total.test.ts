import fc from "fast-check";
import { expect, it } from "vitest";
import type { Language } from "../../src/model.ts";
import { pipelines } from "../../src/normalize/ci.ts";
import { proxies } from "../../src/normalize/proxy/index.ts";
import { parseCaddyfile } from "../../src/parse/caddyfile.ts";
import { parseNginx } from "../../src/parse/nginx.ts";
import { parseToml } from "../../src/parse/toml.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";

const read = (path: string, text: string, language: Language) => {
  const file = sourceFile(path, text, { language });
  return proxies({
    nginx: language === "nginx" ? [{ file, tree: parseNginx(file) }] : [],
    caddyfile: language === "caddyfile" ? [{ file, tree: parseCaddyfile(file) }] : [],
    toml: language === "toml" ? [{ file, tree: parseToml(file) }] : [],
    yaml: language === "yaml" ? [{ file, tree: parseYaml(file) }] : [],
    containers: [],
  });
};

/** Every span of plain data. */
function* spans(value: unknown): Generator<{ file: { text: string }; start: number; end: number }> {
  if (typeof value !== "object" || value === null) return;
  if ("file" in value && "start" in value && "end" in value) yield value as never;
  else for (const inner of Object.values(value)) yield* spans(inner);
}

const inText = (facts: unknown): void => {
  for (const { file, start, end } of spans(facts)) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(file.text.length);
  }
};

const PIECES: readonly (readonly [string, Language, readonly string[]])[] = [
  [
    "nginx.conf",
    "nginx",
    [
      "http {",
      "server {",
      "location / {",
      "if ($http_origin ~ x) {",
      "map $http_origin $c {",
      "}",
      "listen 80;",
      "listen 443 ssl;",
      "listen;",
      "server_name a;",
      "server_name;",
      "return 301 https://a;",
      "return;",
      "rewrite;",
      "set $c $c;",
      "set $c;",
      "include nginx.conf;",
      "include *;",
      "add_header;",
      "add_header Access-Control-Allow-Origin $c;",
      "add_header Access-Control-Allow-Origin $http_origin;",
      "default *;",
      '"~a" 1;',
      "proxy_set_header Authorization 'Basic a';",
      "limit_req zone=a;",
      "limit_req_zone a zone=a:1m rate=1r/s;",
      "access_log a b;",
      "log_format b '$request_body';",
      "client_max_body_size 1m;",
      "if () {",
      "if {",
      "more_set_headers 'A: b' ':';",
      "'",
      "{",
      ";",
    ],
  ],
  [
    "Caddyfile",
    "caddyfile",
    [
      "a.com {\n",
      "(s) {\n",
      ":80 {\n",
      "{\n",
      "}\n",
      "import s\n",
      "import s a\n",
      "import Caddyfile\n",
      "header A b\n",
      "header {\n",
      "header\n",
      "@m {\n",
      "@m header Origin a\n",
      "header @m Access-Control-Allow-Origin {args[0]}\n",
      "tls {\n",
      "protocols tls1.2\n",
      "rate_limit {\n",
      "zone a {\n",
      "events 1\n",
      "window 1m\n",
      "request_body {\n",
      "max_size 1MB\n",
      "redir https://a\n",
      "handle {\n",
      "reverse_proxy a\n",
      "header_up Authorization x\n",
      '"',
      ",\n",
      "http://:{$P}/x, ",
    ],
  ],
  [
    "traefik.toml",
    "toml",
    [
      "[http.routers.a]\n",
      "rule = 'Host(`a`)'\n",
      "entryPoints = ['w']\n",
      "[http.middlewares.m.chain]\n",
      "middlewares = ['m', 'n']\n",
      "[entryPoints.w]\n",
      "address = ':80'\n",
      "[http.middlewares.n.headers]\n",
      "accessControlAllowOriginList = ['*', 1]\n",
      "[tls.options.default]\n",
      "minVersion = 3\n",
      "[[http.routers.b]]\n",
      "[http.middlewares.r.rateLimit]\n",
      "average = 0\n",
      "[api]\n",
      "insecure = true\n",
    ],
  ],
];

it.each(PIECES)("reads any %s, with places inside it", (path, language, pieces) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) =>
      inText(read(path, parts.join(language === "nginx" ? " " : ""), language)),
    ),
    { numRuns: 500 },
  );
});

it("reads any YAML as Traefik's and as a pipeline", () => {
  const leaf = fc.constantFrom<unknown>(
    null,
    true,
    1,
    "a",
    "*",
    "Host(`a`)",
    "npm audit",
    "${{ secrets.A }}",
    "./.github/actions/a",
    "$A",
  );
  const keys = [
    "http",
    "routers",
    "middlewares",
    "headers",
    "rule",
    "entryPoints",
    "address",
    "tls",
    "options",
    "jobs",
    "steps",
    "run",
    "uses",
    "env",
    "include",
    "script",
    "variables",
    "a",
    "with",
    "container",
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      leaf,
      fc.dictionary(fc.constantFrom(...keys), tie("tree"), { maxKeys: 5 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(value);
      inText(read("dynamic.yml", text, "yaml"));
      for (const path of [
        ".github/workflows/a.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
        "azure-pipelines.yml",
      ]) {
        const file = sourceFile(path, text);
        inText(pipelines({ yaml: [{ file, tree: parseYaml(file) }], files: [file] }));
      }
    }),
    { numRuns: 500 },
  );
});

it.each<[string, Language, string]>([
  [
    "nginx.conf",
    "nginx",
    "server { listen 80; add_header A b; set $a $http_origin; location / { add_header Access-Control-Allow-Origin $a; proxy_pass http://a; } }\n",
  ],
  ["nginx.conf", "nginx", "add_header A b; server { }\n"],
  [
    "Caddyfile",
    "caddyfile",
    "a.com {\n header A b\n @m header Origin x\n header @m Access-Control-Allow-Origin {header.origin}\n}\n",
  ],
  ["Caddyfile", "caddyfile", "(s) {\n header A b\n}\na.com {\n import s\n import s\n}\n"],
])("reads a long %s in linear time", (path, language, piece) => {
  const text = piece.repeat(300_000 / piece.length);
  const start = performance.now();
  read(path, text, language);
  expect(performance.now() - start).toBeLessThan(5_000);
});
