/** What an nginx scope answers with: content, a redirect to https, a refusal (ngx_http_rewrite_module). */
import type { NginxDirective } from "../../parse/nginx.ts";
import { own, type Scope } from "./nginx-scope.ts";

type Answer = "content" | "https" | "none";

/** The answer that `return` or `rewrite` gives to every request of the scope; absent: it goes on to other directives. */
function unconditional(scope: Scope): Answer | undefined {
  for (const { arguments: all } of own(scope, "return")) return returned(all.map(({ value }) => value));
  for (const {
    arguments: [pattern, target],
  } of own(scope, "rewrite")) {
    if (pattern && target && /^\^?\/?(\(?\.[*+]\)?)?\$?$/.test(pattern.value) && isHttps(target.value)) return "https";
  }
  return undefined;
}

function returned([code = "", target = ""]: readonly string[]): Answer {
  const url = /^\d+$/.test(code) ? target : code;
  if (/^2\d\d$/.test(code)) return "content";
  return isHttps(url) ? "https" : "none";
}

const isHttps = (url: string): boolean => /^https:\/\//i.test(url);

const CONTENT = [
  "proxy_pass",
  "fastcgi_pass",
  "uwsgi_pass",
  "scgi_pass",
  "grpc_pass",
  "memcached_pass",
  "stub_status",
  "js_content",
  "content_by_lua_file",
  "empty_gif",
];
const FILES = ["root", "alias", "try_files", "autoindex", "index"];

/** True if the scope serves content or proxies; false if it only redirects, refuses or shows ACME challenges. */
export function answers(scope: Scope): boolean {
  const always = unconditional(scope);
  if (always) return always === "content";
  if (isAcme(scope)) return false;
  if (CONTENT.some((name) => own(scope, name).length)) return true;
  if (scope.children.some(({ kind }) => kind === "content_by_lua_block")) return true;
  if (scope.children.some((child) => child.kind === "location" && !isRefused(child) && answers(child))) return true;
  if (scope.kind === "location") return !isRefused(scope) && !scope.opaque;
  if (scope.children.some((child) => isRoot(child) && !answers(child))) return false;
  return FILES.some((name) => own(scope, name).length) || (!scope.opaque && own(scope, "listen").length > 0);
}

const isRoot = ({ kind, directive }: Scope): boolean =>
  kind === "location" && directive?.arguments.at(-1)?.value === "/" && directive.arguments[0]?.value !== "=";

const isAcme = ({ kind, directive }: Scope): boolean =>
  kind === "location" && (directive?.arguments.some(({ value }) => value.includes("well-known")) ?? false);

/** Addresses that only the machine or its network has (RFC 1918, RFC 4193). */
const NEARBY = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|unix:$)/i;

/** `internal`, or everyone is denied but for addresses nearby. */
const isRefused = (scope: Scope): boolean => {
  const denies = own(scope, "deny").some(({ arguments: [who] }) => who?.value === "all");
  const allowed = own(scope, "allow").map(({ arguments: [who] }) => who?.value ?? "");
  return (denies && allowed.every((who) => NEARBY.test(who))) || own(scope, "internal").length > 0;
};

/** True if plain requests are sent to https: always, under an `if`, by `location /`, or by `error_page 497`. */
export function isRedirectToHttps(server: Scope): boolean {
  const always = unconditional(server);
  const conditional = (scope: Scope) =>
    scope.children.some((child) => child.kind === "if" && unconditional(child) === "https");
  if (always === "https" || conditional(server)) return true;
  if (own(server, "error_page").some(isPlainRequestPage)) return true;
  return server.children.some((child) => isRoot(child) && (unconditional(child) === "https" || conditional(child)));
}

/** 497: a plain request reached a TLS port. */
const isPlainRequestPage = ({ arguments: all }: NginxDirective): boolean =>
  all.some(({ value }) => value === "497") && isHttps(all.at(-1)?.value ?? "");
