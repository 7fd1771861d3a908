/**
 * 3  MEANING: trees → one Deployment. Each normalizer contributes lists; facts that need two files are joined here and
 * nowhere else, so that no rule joins anything.
 */
import type { Deployment, HistoryEntry, Settings } from "../model.ts";
import type { Trees } from "../parse/index.ts";
import type { Facts } from "./facts.ts";

export interface NormalizeOptions {
  readonly git: boolean;
  readonly history: readonly HistoryEntry[];
}

export async function normalize(trees: Trees, options: NormalizeOptions): Promise<Deployment> {
  const facts: Facts[] = [];
  return combine(trees, facts, options);
}

const SETTINGS: { readonly [K in keyof Settings]: true } = {
  debug: true,
  authentication: true,
  keyRotation: true,
  passwordMinLength: true,
  passwordPolicy: true,
  passwordHash: true,
  logLevel: true,
  bodyLogging: true,
  requestSize: true,
  poolSize: true,
};

function combine(trees: Trees, facts: readonly Facts[], { git, history }: NormalizeOptions): Deployment {
  const all = <K extends keyof Facts>(key: K) =>
    facts.flatMap((fact) => (fact[key] ?? []) as readonly unknown[]) as unknown as NonNullable<Facts[K]> & readonly never[];
  const settings = Object.fromEntries(
    Object.keys(SETTINGS).map((key) => [key, facts.flatMap((fact) => fact.settings?.[key as keyof Settings] ?? [])]),
  ) as unknown as Settings;
  return {
    files: trees.files,
    problems: [...trees.problems, ...all("problems")],
    roles: all("roles"),
    git,
    history,
    containers: all("containers"),
    stages: all("stages"),
    images: all("images"),
    ports: all("ports"),
    mounts: all("mounts"),
    networks: all("networks"),
    secrets: all("secrets"),
    objects: all("objects"),
    envFiles: all("envFiles"),
    variables: all("variables"),
    reads: all("reads"),
    providerKeys: all("providerKeys"),
    credentialLiterals: all("credentialLiterals"),
    commandCredentials: all("commandCredentials"),
    urls: all("urls"),
    cors: all("cors"),
    tokens: all("tokens"),
    rateLimits: all("rateLimits"),
    settings,
    edges: all("edges"),
    applications: all("applications"),
    pipelines: all("pipelines"),
    suppressions: all("suppressions"),
    sensitive: all("sensitive"),
  };
}
