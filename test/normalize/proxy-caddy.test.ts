import { describe, expect, it } from "vitest";
import type { Blank, Edge, Span } from "../../src/model.ts";
import { seconds } from "../../src/normalize/proxy/duration.ts";
import { proxies } from "../../src/normalize/proxy/index.ts";
import { parseCaddyfile } from "../../src/parse/caddyfile.ts";
import { sourceFile } from "../source-file.ts";

const facts = (files: Readonly<Record<string, string>> | string) =>
  proxies({
    nginx: [],
    caddyfile: Object.entries(typeof files === "string" ? { Caddyfile: files } : files).map(([path, text]) => {
      const file = sourceFile(path, text, { language: "caddyfile" });
      return { file, tree: parseCaddyfile(file) };
    }),
    toml: [],
    yaml: [],
    containers: [],
  });
const edges = (text: string) => facts(text).edges as readonly Edge[];
const edge = (text: string) => edges(text)[0]!;
const cut = ({ file, start, end }: Span) => file.text.slice(start, end);
const filled = ({ span, before, after }: Blank, text: string) =>
  span.file.text.slice(0, span.start) + before + text + after + span.file.text.slice(span.end);

describe("addresses and automatic HTTPS", () => {
  it.each<[string, string, (readonly unknown[])[], boolean, boolean]>([
    ["host name", "a.com {\n respond hi\n}", [[443, true, "a.com"]], true, true],
    ["no braces", "a.com\nrespond hi\n", [[443, true, "a.com"]], true, true],
    ["localhost", "localhost {\n}", [[443, true, "localhost"]], true, true],
    ["port only", ":80 {\n}", [[80, false, ":80"]], false, false],
    ["other port", ":8080 {\n}", [[8080, false, ":8080"]], false, false],
    ["http scheme", "http://a.com {\n}", [[80, false, "http://a.com"]], false, false],
    ["host with port", "a.com:8443 {\n}", [[8443, true, "a.com:8443"]], true, true],
    ["port 80 of a host", "a.com:80 {\n}", [[80, false, "a.com:80"]], false, false],
    ["port with tls", ":8443 {\n tls cert.pem key.pem\n}", [[8443, true, ":8443"]], true, true],
    [
      "both",
      "http://a.com, https://a.com {\n}",
      [
        [80, false, "http://a.com"],
        [443, true, "https://a.com"],
      ],
      true,
      false,
    ],
    ["auto_https off", "{\n auto_https off\n}\na.com {\n}", [[443, true, "a.com"]], true, true],
    ["no redirects", "{\n auto_https disable_redirects\n}\na.com {\n}", [[443, true, "a.com"]], true, true],
    ["redirect by hand", "http://a.com {\n redir https://{host}{uri}\n}", [[80, false, "http://a.com"]], false, true],
    ["variable", "{$DOMAIN} {\n}", [], true, true],
    ["variable port", ":{$PORT} {\n}", [], false, true],
    ["wildcard", "*.a.com {\n}", [[443, true, "*.a.com"]], true, true],
  ])("%s", (_, text, listens, tls, redirectsToHttps) => {
    const found = edge(text);
    expect(found.listens.map((each) => [each.port, each.tls, cut(each.span)])).toEqual(listens);
    expect({ tls: found.tls, redirectsToHttps: found.redirectsToHttps }).toEqual({ tls, redirectsToHttps });
  });

  it("has hosts, several sites, and no site for snippets, options and named routes", () => {
    const text =
      "{\n email a@b.c\n}\n(s) {\n header A b\n}\n&(r) {\n respond hi\n}\na.com, www.a.com:444 {\n}\nb.com {\n}\n";
    expect(edges(text).map(({ subject, hosts }) => [subject, hosts.map(({ span }) => cut(span))])).toEqual([
      ["Caddyfile site a.com", ["a.com", "www.a.com"]],
      ["Caddyfile site b.com", ["b.com"]],
    ]);
  });

  it.each([
    ["reverse_proxy", "reverse_proxy api:8000", true],
    ["in a handle", "handle /api/* {\n reverse_proxy api:8000\n}", true],
    ["redirect", "redir https://b.com{uri}", false],
    ["refusal", "respond 404", false],
    ["abort", "abort", false],
  ])("serves: %s", (_, text, expected) => expect(edge(`:80 {\n${text}\n}`).serves).toBe(expected));

  it("has upstreams and TLS options", () => {
    const found = edge(
      "a.com {\n reverse_proxy /api/* api:8000 b:1 {\n  to c:2\n }\n tls {\n  protocols tls1.2 tls1.3\n  ciphers TLS_A\n }\n}",
    );
    expect(found.upstreams.map(({ value }) => value)).toEqual(["api:8000", "b:1", "c:2"]);
    expect(found.protocols.map(({ value, span }) => [value, cut(span)])).toEqual([
      ["TLSv1.2", "tls1.2"],
      ["TLSv1.3", "tls1.3"],
    ]);
    expect(found.ciphers).toMatchObject([{ value: "TLS_A" }]);
  });
});

describe("headers", () => {
  const names = (text: string) => edge(text).headers.map(({ name, value }) => `${name.value}: ${value.value}`);
  it.each<[string, string, string[]]>([
    ["one line", "header X-A b", ["X-A: b"]],
    [
      "block with operators",
      'header {\n +X-A "b c"\n ?X-B c\n >X-C d\n -Server\n X-D old new\n defer\n}',
      ["X-A: b c", "X-B: c", "X-C: d"],
    ],
    ["colon", "header X-A: b", ["X-A: b"]],
    ["matchers", "header * X-A b\nheader /* X-B b\nheader /api/* X-C b\nheader @m X-D b", ["X-A: b", "X-B: b"]],
    [
      "handle and route",
      "route {\n header X-A b\n}\nhandle {\n header X-B b\n}\nhandle /x {\n header X-C b\n}",
      ["X-A: b", "X-B: b"],
    ],
  ])("%s", (_, text, expected) => expect(names(`a.com {\n${text}\n}`)).toEqual(expected));

  it("fills snippets in, with their places and arguments", () => {
    const [found] = edge("(sec) {\n header X-A {args[0]}\n}\na.com {\n import sec deny\n}").headers;
    expect([found!.name, found!.value].map(({ span }) => [span.start, cut(span)])).toEqual([
      [16, "X-A"],
      [52, "deny"],
    ]);
  });

  it("knows when an import cannot be seen", () => {
    expect(edge("a.com {\n import /etc/caddy/common\n}")).toMatchObject({ headersUnknown: true, serves: true });
    expect(edge("(a) {\n import a\n}\na.com {\n import a\n}").headersUnknown).toBe(true);
  });

  it("imports other files", () => {
    const found = facts({ Caddyfile: "a.com {\n import common.caddy\n}", "common.caddy": "header X-A b\n" }).edges!;
    expect(found.map(({ subject, headers }) => [subject, headers.length])).toEqual([["Caddyfile site a.com", 1]]);
  });

  it.each([
    [
      "behind the last header",
      "a.com {\n\theader A b\n\trespond hi\n}\n",
      "a.com {\n\theader A b\n\tX\n\trespond hi\n}\n",
    ],
    ["first in the site", "a.com {\n  respond hi\n}\n", "a.com {\n  X\n  respond hi\n}\n"],
    ["without braces", "a.com\nrespond hi\n", "a.com\nX\nrespond hi\n"],
  ])("has a blank %s", (_, text, expected) => expect(filled(edge(text).blank!, "X")).toBe(expected));
});

describe("CORS", () => {
  const policies = (text: string) =>
    facts(`a.com {\n${text}\n}`).cors!.map(({ origins, pattern, reflected, credentials }) => ({
      origins: origins.map(({ span }) => cut(span)),
      ...(pattern && { pattern: cut(pattern.span) }),
      ...(reflected && { reflected: cut(reflected.span) }),
      ...(credentials && { credentials: credentials.value }),
    }));
  it.each<[string, string, unknown[]]>([
    ["wildcard", "header Access-Control-Allow-Origin *", [{ origins: ["*"] }]],
    [
      "block",
      'header /api/* {\n Access-Control-Allow-Origin "*"\n Access-Control-Allow-Credentials true\n}',
      [{ origins: ["*"], credentials: true }],
    ],
    [
      "lines together",
      "header Access-Control-Allow-Origin https://b.com\nheader Access-Control-Allow-Credentials true",
      [{ origins: ["https://b.com"], credentials: true }],
    ],
    [
      "reflected",
      "header Access-Control-Allow-Origin {header.origin}",
      [{ origins: [], reflected: "{header.origin}" }],
    ],
    [
      "matcher",
      "@o header Origin https://b.com\nheader @o Access-Control-Allow-Origin {http.request.header.Origin}",
      [{ origins: ["https://b.com"] }],
    ],
    [
      "pattern",
      "@o header_regexp Origin ^https://b\nhandle @o {\n header Access-Control-Allow-Origin {header.origin}\n}",
      [{ origins: [], pattern: "^https://b" }],
    ],
    ["unknown", "header Access-Control-Allow-Origin {$ORIGIN}", []],
  ])("%s", (_, text, expected) => expect(policies(text)).toEqual(expected));

  it("takes origins from the import that passes them", () => {
    const text =
      '(cors) {\n @o{args[0]} header Origin {args[0]}\n header @o{args[0]} Access-Control-Allow-Origin "{args[0]}"\n}\na.com {\n import cors https://b.com\n import cors http://c.com\n}';
    expect(facts(text).cors!.map(({ origins }) => origins.map(({ span }) => cut(span)))).toEqual([
      ["https://b.com"],
      ["http://c.com"],
    ]);
  });
});

describe("limits, logs, credentials", () => {
  it.each([
    ["10MB", 10_000_000],
    ["1MiB", 1024 ** 2],
    ["0", 0],
    ["5G", 5e9],
  ])("request_body max_size %s", (size, bytes) => {
    const [found] = facts(`a.com {\n request_body {\n  max_size ${size}\n }\n}`).settings!.requestSize!;
    expect([found!.at.value, cut(found!.at.span)]).toEqual([bytes, size]);
  });

  it("reads rate limits", () => {
    const [zone, short] = facts(
      "a.com {\n rate_limit {\n  zone z {\n   key {remote_host}\n   events 100\n   window 1m\n  }\n }\n rate_limit {remote.ip} 10r/s\n}",
    ).rateLimits!;
    expect([zone!.requests!.value, cut(zone!.requests!.span), zone!.window]).toEqual([100, "100", 60]);
    expect([short!.requests!.value, cut(short!.requests!.span), short!.window]).toEqual([10, "10", 1]);
  });

  it("sees logged credentials and literal ones", () => {
    const found = facts(
      '{\n servers {\n  log_credentials\n }\n}\na.com {\n reverse_proxy b {\n  header_up Authorization "Bearer 4f9d"\n }\n basic_auth {\n  u $2a$14$x\n }\n}',
    );
    expect(found.settings!.bodyLogging!.map(({ at }) => cut(at.span))).toEqual(["log_credentials"]);
    expect(found.credentialLiterals!.map(({ credential }) => cut(credential.span))).toEqual(["4f9d"]);
  });
});

it.each([
  ["1m30s", 90],
  ["500ms", 0.5],
  ["24h", 86_400],
  ["15", 15],
  ["x", undefined],
  ["1m x 30s", undefined],
  ["", undefined],
])("duration %s", (written, expected) => expect(seconds(written)).toBe(expected));
