/** Traefik routers → edges; middlewares → headers, CORS policies and limits (Traefik 3 reference, "Routing", "Middlewares"). */
import type { Container, Edge, Located } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { TomlTree } from "../../parse/toml.ts";
import type { YamlTree } from "../../parse/yaml.ts";
import type { Facts } from "../facts.ts";
import { MAX_HEADERS, protocolName } from "./edge.ts";
import { commonFolders } from "./nearest.ts";
import { middlewareBlank } from "./traefik-blanks.ts";
import { responseHeaders } from "./traefik-headers.ts";
import { cors, insecureApi, loggedHeaders, rateLimit, requestSize, sentCredentials } from "./traefik-middlewares.ts";
import {
  type Configuration,
  children,
  configurations,
  isUnknown,
  list,
  type Option,
  option,
  value,
} from "./traefik-tree.ts";

/** Facts of Traefik's files (YAML, TOML), labels, flags and variables; its Kubernetes objects belong to `kubernetes/`. */
export function traefik(
  yaml: readonly Parsed<YamlTree>[],
  toml: readonly Parsed<TomlTree>[],
  containers: readonly Container[],
): Facts {
  const all = configurations(yaml, toml, containers);
  const lookup = index(all);
  const middlewares = all.flatMap((configuration) =>
    children(configuration.root, "http", "middlewares").map((middleware) => ({
      middleware,
      subject: subjectOf(configuration, "middleware", middleware),
    })),
  );
  const files = new Set(all.filter(({ subject, file }) => subject === file.path).map(({ file }) => file));
  return {
    edges: all.flatMap((configuration) =>
      children(configuration.root, "http", "routers").flatMap((router) => edge(router, configuration, lookup)),
    ),
    cors: middlewares.flatMap(({ middleware, subject }) => cors(middleware, subject)),
    rateLimits: middlewares.flatMap(({ middleware, subject }) => rateLimit(middleware, subject)),
    credentialLiterals: middlewares.flatMap(({ middleware, subject }) => sentCredentials(middleware, subject)),
    settings: {
      authentication: all.flatMap(insecureApi),
      requestSize: middlewares.flatMap(({ middleware, subject }) => requestSize(middleware, subject)),
      bodyLogging: all.flatMap(loggedHeaders),
    },
    roles: [...files].map((file) => ({ file, role: "Traefik" })),
  };
}

const subjectOf = ({ subject, file }: Configuration, kind: string, { key }: Option): string =>
  subject === file.path ? `${subject} ${kind} ${key.value}` : subject;

// ── Looking names up ────────────────────────────────────────────────────────────────────────────────────────────────

type Kind = "middlewares" | "entryPoints" | "tlsOptions";
type Lookup = (kind: Kind, name: string, from: Configuration) => Option | undefined;

const PLACES: Readonly<Record<Kind, readonly string[]>> = {
  middlewares: ["http", "middlewares"],
  entryPoints: ["entrypoints"],
  tlsOptions: ["tls", "options"],
};
const MAX_CANDIDATES = 100;

/** Names are looked up over the whole project, `@provider` left out; of several the nearest by folder. */
function index(
  all: readonly Configuration[],
): Lookup & { readonly entryPoints: (from: Configuration) => readonly Option[] } {
  const known = new Map<string, { option: Option; from: Configuration }[]>();
  const listening: Configuration[] = [];
  for (const from of all) {
    for (const [kind, path] of Object.entries(PLACES)) {
      for (const [name, found] of option(from.root, ...path)?.children ?? []) {
        const id = `${kind}\0${name}`;
        const candidates = known.get(id);
        if (!candidates) known.set(id, [{ option: found, from }]);
        else if (candidates.length < MAX_CANDIDATES) candidates.push({ option: found, from });
      }
    }
    if (option(from.root, "entrypoints") && listening.length < MAX_CANDIDATES) listening.push(from);
  }
  const lookup: Lookup = (kind, name, from) =>
    nearest(known.get(`${kind}\0${bare(name)}`) ?? [], from, (each) => each.from)?.option;
  const entryPoints = (from: Configuration) => {
    const found = nearest(listening, from, (each) => each);
    return found
      ? children(found.root, "entrypoints")
          .slice(0, MAX_ENTRY_POINTS)
          .filter(({ key }) => key.value.toLowerCase() !== "traefik")
      : [];
  };
  return Object.assign(lookup, { entryPoints });
}

const bare = (name: string): string => name.replace(/@.*$/s, "").toLowerCase();

function nearest<T>(candidates: readonly T[], to: Configuration, of: (each: T) => Configuration): T | undefined {
  let best: T | undefined;
  let most = -1;
  for (const each of candidates) {
    const from = of(each);
    const shared = from === to ? 1e6 : from.file === to.file ? 1e5 : commonFolders(from.file.path, to.file.path);
    if (shared > most) {
      best = each;
      most = shared;
    }
  }
  return best;
}

// ── Routers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Conventional names of plain entry points, for routers whose static configuration is not here. */
const PLAIN = /^(web|http|insecure)$/i;

function edge(router: Option, from: Configuration, lookup: ReturnType<typeof index>): Edge[] {
  const rule = value(router, "rule");
  if (!rule) return [];
  const tlsOption = option(router, "tls");
  const ownTls = tlsOption !== undefined && tlsOption.value?.value !== "false";
  const named = list(option(router, "entrypoints")).slice(0, MAX_ENTRY_POINTS);
  const points = named.length
    ? named.map((name) => ({ name, point: lookup("entryPoints", name.value, from) }))
    : lookup.entryPoints(from).map((point) => ({ name: rule, point }));
  const entries = points.map(({ name, point }) => ({ name, point, tls: ownTls || endsTls(point) }));
  const unknown = entries.filter(({ point }) => !point);
  const plain = entries.filter(({ tls, point }) => !tls && point);

  const used = [
    ...list(option(router, "middlewares")),
    ...entries.flatMap(({ point }) => list(option(point, "http", "middlewares"))),
  ];
  const { middlewares, missing } = expand(used, from, lookup);
  const redirect = middlewares.some(isRedirect);
  const plainRedirects = plain.every(({ point }) => option(point, "http", "redirections", "entrypoint", "to"));
  const anyTls = entries.some(({ tls }) => tls);
  const guessedTls = entries.length ? unknown.some(({ name }) => !PLAIN.test(name.value)) : true;
  const service = value(router, "service")?.value ?? "";
  const options = lookup("tlsOptions", value(router, "tls", "options")?.value ?? "default", from);
  const minimum = value(options, "minversion");
  const place = middlewareBlank(router, from, (name) => lookup("middlewares", name, from) !== undefined);
  return [
    {
      subject: subjectOf(from, "router", router),
      kind: "traefik",
      span: rule.span,
      hosts: hosts(rule),
      listens: entries.flatMap(({ name, point, tls }) => {
        const port = Number(/:(\d{1,5})(?:\/|$)/.exec(value(point, "address")?.value ?? "")?.[1]);
        return port ? [{ port, tls, span: name.span }] : [];
      }),
      tls: ownTls || anyTls || guessedTls,
      redirectsToHttps: redirect || plainRedirects,
      serves: !redirect && !/^noop@internal$/i.test(service) && !(plain.length > 0 && plainRedirects && !anyTls),
      protocols: minimum ? [{ ...minimum, value: protocolName(minimum.value) }] : [],
      ciphers: list(option(options, "ciphersuites")),
      headers: middlewares.flatMap((each) => responseHeaders(option(each, "headers"))).slice(0, MAX_HEADERS),
      upstreams: upstreams(service, from),
      ...(place && { middleware: place }),
      dropsHeaders: [],
      ...(missing && { headersUnknown: true }),
    },
  ];
}

const endsTls = (point: Option | undefined): boolean => {
  const tls = option(point, "http", "tls");
  return tls !== undefined && tls.value?.value !== "false";
};

const isRedirect = (middleware: Option): boolean =>
  value(middleware, "redirectscheme", "scheme")?.value.toLowerCase() === "https" ||
  /^https:/i.test(value(middleware, "redirectregex", "replacement")?.value ?? "");

/** Middlewares of one router, and entry points of one project, that are looked at. */
const MAX_MIDDLEWARES = 50;
const MAX_ENTRY_POINTS = 20;

/** Chains are followed; `missing`: one of the names is not defined in the project. */
function expand(names: readonly Located<string>[], from: Configuration, lookup: Lookup) {
  const found = new Set<Option>();
  let missing = false;
  const queue = [...names];
  for (let i = 0; i < queue.length && i < MAX_MIDDLEWARES; i++) {
    const middleware = lookup("middlewares", queue[i]!.value, from);
    if (!middleware) missing = true;
    else if (!found.has(middleware)) {
      found.add(middleware);
      queue.push(...list(option(middleware, "chain", "middlewares")));
    }
  }
  return { middlewares: [...found], missing };
}

/** Names in `Host(…)` of a rule; patterns and placeholders are left out. */
function hosts(rule: Located<string>): Located<string>[] {
  const exact = rule.span.end - rule.span.start === rule.value.length;
  return [...rule.value.matchAll(/(?<![A-Za-z])Host\(([^)]*)\)/g)].flatMap((match) =>
    [...match[1]!.matchAll(/[^`'",\s]+/g)].flatMap((host) => {
      if (isUnknown(host[0])) return [];
      const start = rule.span.start + match.index + "Host(".length + host.index;
      return [{ value: host[0], span: exact ? { ...rule.span, start, end: start + host[0].length } : rule.span }];
    }),
  );
}

/** Servers of the service; labels without any send to the container that carries them. */
function upstreams(service: string, { root, labels }: Configuration): Located<string>[] {
  const servers = children(root, "http", "services", bare(service), "loadbalancer", "servers");
  const urls = servers.flatMap((each) => value(each, "url") ?? []);
  return urls.length || !labels || service.includes("@") ? urls : [root.key];
}
