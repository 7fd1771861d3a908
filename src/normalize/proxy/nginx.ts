/** nginx servers → edges: listeners, TLS, redirects, headers, upstreams (ngx_http_core, _ssl, _rewrite, _proxy modules). */
import type { CorsPolicy, DroppedHeaders, Edge, Header, Located, Span } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { NginxDirective, NginxTree } from "../../parse/nginx.ts";
import type { Facts } from "../facts.ts";
import { blankAfter, indentStep, part, protocolName, SECURITY_HEADERS } from "./edge.ts";
import { answers, isRedirectToHttps } from "./nginx-answer.ts";
import { corsOf, effectiveHeaders, ownHeaders, resolved, type Variables, variables } from "./nginx-headers.ts";
import { limitsOf } from "./nginx-limits.ts";
import { descendants, effective, enclosing, isUnknown, own, type Scope, scopes } from "./nginx-scope.ts";

/** Facts of every nginx configuration of the project; includes are followed between its files. */
export function nginx(parsed: readonly Parsed<NginxTree>[]): Facts {
  const roots = scopes(parsed);
  const known = variables(roots);
  const all = roots.flatMap((root) => [...descendants(root)].filter(isHttp));
  return {
    edges: unique(
      all.filter(({ kind }) => kind === "server").flatMap((scope) => edge(scope, known)),
      ({ span }) => span,
    ),
    cors: unique(
      all.flatMap((scope) => corsOf(scope, subjectOf(scope), known)).sort(withCredentialsFirst),
      ({ origins, pattern, reflected }) => (origins[0] ?? pattern ?? reflected)!.span,
    ),
    ...limitsOf(all, subjectOf),
    roles: parsed.filter(({ tree }) => tree.directives.some(isNginx)).map(({ file }) => ({ file, role: "nginx" })),
  };
}

const isNginx = ({ name, block }: NginxDirective): boolean =>
  (block && ["http", "server", "events", "location", "upstream", "map", "stream", "geo"].includes(name.value)) ||
  /^(proxy|ssl|add|more|limit|fastcgi|client|gzip|server|worker|log|access|error|keepalive|resolver)_|^(listen|root|index|include|return|rewrite|set|deny|allow|expires|try_files|user)$/.test(
    name.value,
  );

const isHttp = (scope: Scope): boolean => !enclosing(scope, "stream") && !enclosing(scope, "mail");

/** Of policies that share a `map`, the worse one speaks. */
const withCredentialsFirst = (a: CorsPolicy, b: CorsPolicy): number =>
  Number(b.credentials?.value ?? false) - Number(a.credentials?.value ?? false);

/** An include that several servers follow is seen once for each of them; its tokens count once. */
function unique<T>(all: readonly T[], place: (one: T) => Span): T[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    const { file, start, end } = place(one);
    const id = `${file.path}\0${start}\0${end}`;
    return !seen.has(id) && seen.add(id);
  });
}

/** `nginx.conf server app.example.com location /api`, as far as it goes. */
function subjectOf(scope: Scope): string {
  const server = enclosing(scope, "server");
  const location = enclosing(scope, "location");
  const path = (server?.directive ?? scope.directive)?.span.file.path ?? scope.file.path;
  const name = server && nameOf(server);
  return [
    path,
    server && (name === undefined ? "server" : `server ${name}`),
    location?.directive && `location ${location.directive.arguments.map(({ value }) => value).join(" ")}`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** First host, else first port. */
function nameOf(server: Scope): string | number | undefined {
  if (!names.has(server)) names.set(server, hosts(server)[0]?.value ?? listens(server)[0]?.port);
  return names.get(server);
}
const names = new WeakMap<Scope, string | number | undefined>();

const hosts = (server: Scope): Located<string>[] =>
  own(server, "server_name")
    .flatMap((directive) => directive.arguments)
    .filter(({ value }) => value !== "" && value !== "_" && !isUnknown(value) && !value.startsWith("$"));

interface Listen {
  readonly port: number;
  readonly tls: boolean;
  readonly span: Span;
  readonly loopback: boolean;
}

/** `listen [address:]port [ssl] …;` without UNIX sockets and unknown ports; nginx listens on 80 where nobody says. */
function listens(server: Scope): Listen[] {
  const written = own(server, "listen");
  const legacy = own(server, "ssl").some(({ arguments: [state] }) => state?.value === "on");
  if (!written.length) {
    const span = server.directive!.name.span;
    return server.opaque ? [] : [{ port: 80, tls: legacy, span, loopback: false }];
  }
  return written.flatMap(({ arguments: [address, ...options] }) => {
    const match =
      address && /^(?:(\[[^\]]*\]|[^:[\]]+):)?(\d+)$|^(\[[^\]]*\]|[^:[\]]*[^:[\]\d][^:[\]]*)$/.exec(address.value);
    if (!match || isUnknown(address.value) || address.value.startsWith("unix:")) return [];
    const host = match[1] ?? match[3] ?? "";
    return {
      port: Number(match[2] ?? 80),
      tls: legacy || options.some(({ value }) => value === "ssl" || value === "quic" || value === "http3"),
      span: address.span,
      loopback: /^(127\.|localhost$|\[::1\]$)/.test(host),
    };
  });
}

function edge(server: Scope, known: Variables): Edge[] {
  const found = listens(server);
  const facing = found.filter(({ loopback }) => !loopback);
  const socketsOnly = own(server, "listen").length > 0 && own(server, "listen").every(isSocket);
  if (socketsOnly || (found.length > 0 && facing.length === 0)) return [];

  const plain = facing.filter(({ tls }) => !tls);
  const main = server.children.find(isMainLocation);
  const headers = merge(effectiveHeaders(server), main ? effectiveHeaders(main) : []).map((header) =>
    resolved(header, known),
  );
  const version = showsVersion(server);
  const opaque = isOpaque(server);
  return [
    {
      subject: subjectOf(server),
      kind: "nginx",
      span: server.directive!.name.span,
      hosts: hosts(server),
      listens: facing.map(({ port, tls, span }) => ({ port, tls, span })),
      tls: facing.some(({ tls }) => tls),
      redirectsToHttps: plain.length === 0 || isRedirectToHttps(server) || opaque,
      serves: answers(server),
      protocols: argumentsOf(server, "ssl_protocols").map((each) => ({ ...each, value: protocolName(each.value) })),
      ciphers: argumentsOf(server, "ssl_ciphers").flatMap(cipherWords),
      headers,
      upstreams: upstreams(server),
      blank: blank(server),
      dropsHeaders: dropped(server),
      ...(opaque && { headersUnknown: true }),
      ...(version && { showsVersion: version }),
    },
  ];
}

const isSocket = ({ arguments: [address] }: NginxDirective): boolean => address?.value.startsWith("unix:") ?? false;

const isMainLocation = ({ kind, directive }: Scope): boolean => {
  const path = directive?.arguments.map(({ value }) => value).join(" ");
  return kind === "location" && (path === "/" || path === "^~ /");
};

function isOpaque(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.opaque) return true;
  return false;
}

function merge(a: readonly Header[], b: readonly Header[]): Header[] {
  const spans = new Set(a.map(({ name }) => name.span.start));
  return [...a, ...b.filter(({ name }) => !spans.has(name.span.start))];
}

/** Of a directive that servers inherit; there are fewer TLS versions. */
const MAX_WORDS = 20;

const argumentsOf = (scope: Scope, name: string): Located<string>[] =>
  effective(scope, name)
    .slice(0, MAX_WORDS)
    .flatMap((directive) => directive.arguments.slice(0, MAX_WORDS))
    .filter(({ value }) => !isUnknown(value));

/** Of one cipher list; OpenSSL knows fewer ciphers. */
const MAX_CIPHERS = 200;

/** Words of `ECDHE+AESGCM:HIGH:!aNULL` (OpenSSL, "ciphers": separated by colons, commas or blanks). */
const cipherWords = (list: Located<string>): Located<string>[] =>
  [...list.value.matchAll(/[^\s,:]+/g)]
    .slice(0, MAX_CIPHERS)
    .map((match) => part(list, match.index, match.index + match[0].length));

const PASS = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"];

const upstreams = (server: Scope): Located<string>[] =>
  [...descendants(server)].flatMap((scope) =>
    PASS.flatMap((name) => own(scope, name)).flatMap(({ arguments: [target] }) => target ?? []),
  );

/** `server_tokens`; on where a whole configuration leaves it out. */
function showsVersion(server: Scope): Located<boolean> | undefined {
  const [written] = effective(server, "server_tokens");
  const state = written?.arguments[0];
  if (state) return isUnknown(state.value) ? undefined : { value: state.value !== "off", span: state.span };
  if (!enclosing(server, "http") || isOpaque(server)) return undefined;
  return { value: true, span: server.directive!.name.span, implied: true, blank: blank(server) };
}

/** Behind the `add_header` lines in force, wherever they are: a first one in the server would switch those off. */
function blank(server: Scope) {
  const last =
    effective(server, "add_header").at(-1) ??
    ["server_name", "listen"].flatMap((name) => own(server, name).at(-1) ?? [])[0];
  if (last) return blankAfter(last.span);
  const { span, name } = server.directive!;
  const open = span.file.text.indexOf("{", name.span.end);
  return blankAfter({ ...span, end: open + 1 }, indentStep(span.file.text));
}

/** Locations whose own `add_header` switches off those of the server (ngx_http_headers_module, "add_header"). */
function dropped(server: Scope): readonly DroppedHeaders[] {
  return [...descendants(server)].flatMap((scope) => {
    const last = own(scope, "add_header").at(-1);
    if (scope.kind !== "location" || !last || !scope.parent || !answers(scope)) return [];
    if (effective(scope, "add_header_inherit")[0]?.arguments[0]?.value === "merge") return [];
    const headers = ownHeaders(scope);
    const kept = new Set(headers.map(({ name }) => name.value.toLowerCase()));
    const lost = effectiveHeaders(scope.parent).filter(
      ({ name: { value } }) => SECURITY_HEADERS.has(value.toLowerCase()) && !kept.has(value.toLowerCase()),
    );
    const at = scope.directive!.name.span;
    return [{ at, subject: subjectOf(scope), own: headers, lost, blank: blankAfter(last.span) }];
  });
}
