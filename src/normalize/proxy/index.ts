/** Reverse proxies → edges, CORS policies, rate limits, request sizes: nginx, Caddy and Traefik. */
import type { Container, Edge, ServiceUrl } from "../../model.ts";
import type { CaddyTree } from "../../parse/caddyfile.ts";
import type { Parsed } from "../../parse/index.ts";
import type { NginxTree } from "../../parse/nginx.ts";
import type { TomlTree } from "../../parse/toml.ts";
import type { YamlTree } from "../../parse/yaml.ts";
import type { Facts } from "../facts.ts";
import { serviceUrl } from "../urls.ts";
import { caddy } from "./caddy.ts";
import { nginx } from "./nginx.ts";
import { traefik } from "./traefik.ts";

export interface ProxyInput {
  readonly nginx: readonly Parsed<NginxTree>[];
  readonly caddyfile: readonly Parsed<CaddyTree>[];
  readonly toml: readonly Parsed<TomlTree>[];
  readonly yaml: readonly Parsed<YamlTree>[];
  /** Their labels, commands and variables configure Traefik. */
  readonly containers: readonly Container[];
}

/** Every fact that proxy configuration states. Pure; unknown values (`${DOMAIN}`, `{$PORT}`) leave facts out. */
export function proxies(input: ProxyInput): Facts {
  return combined([nginx(input.nginx), caddy(input.caddyfile), traefik(input.yaml, input.toml, input.containers)]);
}

function combined(all: readonly Facts[]): Facts {
  const edges = all.flatMap((facts) => facts.edges ?? []);
  return {
    edges,
    urls: edges.flatMap(upstreamUrls),
    cors: all.flatMap(({ cors = [] }) => cors),
    rateLimits: all.flatMap(({ rateLimits = [] }) => rateLimits),
    credentialLiterals: all.flatMap(({ credentialLiterals = [] }) => credentialLiterals),
    settings: {
      authentication: all.flatMap(({ settings }) => settings?.authentication ?? []),
      requestSize: all.flatMap(({ settings }) => settings?.requestSize ?? []),
      bodyLogging: all.flatMap(({ settings }) => settings?.bodyLogging ?? []),
    },
    roles: all.flatMap(({ roles = [] }) => roles),
  };
}

/** Upstreams that carry a password; what any other says stands in the edge. */
const upstreamUrls = ({ upstreams, subject }: Edge): ServiceUrl[] =>
  upstreams.flatMap((at) => {
    const url = at.value.includes("@") ? serviceUrl({ at, key: "upstream", subject }) : undefined;
    return url?.password ? [url] : [];
  });
