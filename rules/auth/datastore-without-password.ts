import {
  type Container,
  composeService,
  containerName,
  defineRule,
  kubernetesContainer,
  openAt,
  type Port,
  secretKeyRef,
  secretOf,
} from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "auth/datastore-without-password",
    title: "Data store runs without authentication",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/authentication"],
    why: `
Anyone who reaches the port reads and writes everything: another container, a flaw in the application that can make
requests, the whole internet if the port is ever published. The finding is low where nothing is published and the store
sits on a network of its own.`,
    remedy: `
Give the store a password from the environment or a secret.

\`\`\`yaml
services:
  redis:
    command: ["sh", "-c", "exec redis-server --requirepass \\"$$REDIS_PASSWORD\\""]
    environment:
      REDIS_PASSWORD: \${REDIS_PASSWORD:?set REDIS_PASSWORD in .env}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/306.html"],
    yieldsTo: ["auth/disabled"],
  },

  check(model, report) {
    for (const container of model.containers) {
      const store = container.product === undefined ? undefined : STORES[container.product];
      if (!store || container.role !== "main" || container.profiles.includes("test")) continue;
      if (container.mounts.some(({ target }) => store.configuration?.test(target))) continue;
      if (insists(container) || store.protectedBy(container)) continue;

      const open = openPort(container, model.ports);
      report({
        at: container.image?.reference ?? container.name,
        subject: container.subject,
        message: `${containerName(container)} runs ${store.title} without a password`,
        severity: open ? undefined : "low",
        related: open ? [{ at: open.span, message: `and is open ${openAt(open)}` }] : [],
        snippet: locked(container, store),
      });
    }
  },
});

/** A port that brings the store to the world: its own, or that of a Service before it. */
const openPort = ({ ports, product, workload }: Container, all: readonly Port[]): Port | undefined =>
  [...ports, ...all.filter((port) => port.product === product && port.workload === workload)].find(
    ({ reach }) => reach === "world",
  );

interface Store {
  readonly title: string;
  /** A mounted file that may set the password: then we cannot know. */
  readonly configuration?: RegExp;
  readonly protectedBy: (container: Container) => boolean;
  /** Variables that switch authentication on: a value, or the variable outside that carries the secret. */
  readonly variables: Readonly<Record<string, { readonly value: string } | { readonly from: string }>>;
  /** Where the image reads no variable. */
  readonly command?: Readonly<Record<"compose" | "kubernetes", string>>;
}

const word = ({ command }: Container, pattern: RegExp): boolean => command.some(({ value }) => pattern.test(value));

const sets = (container: Container, pattern: RegExp): boolean =>
  container.variables.some(({ name, value }) => {
    if (!pattern.test(name.value)) return false;
    return value.value.from !== "literal" || value.value.text !== "";
  });

/** Images that refuse to start without a password, unless told to: then `auth/disabled` speaks, as of protected mode. */
const insists = ({ image }: Container): boolean => /^bitnami/.test(image?.repository ?? "");

/** Major version by the tag; absent: unknown. */
function majorOf({ image }: Container): number | undefined {
  const [, major] = /^v?(\d+)\b/.exec(image?.tag ?? "") ?? [];
  return major === undefined ? undefined : Number(major);
}

/** The official images read no variable for it: a password has to be on the command line or in a file. */
const REDIS: Store = {
  title: "Redis",
  configuration: /\.conf$|\.acl$|\/etc\/redis|\/usr\/local\/etc/,
  protectedBy: (container) =>
    word(container, /requirepass|aclfile|\.conf$|^\$|^--protected-mode/) || sets(container, /^(REDIS_ARGS|DFLY_\w+)$/i),
  variables: { REDIS_PASSWORD: { from: "REDIS_PASSWORD" } },
  command: {
    compose: 'command: ["sh", "-c", "exec redis-server --requirepass \\"$$REDIS_PASSWORD\\""]',
    kubernetes: 'args: ["--requirepass", "$(REDIS_PASSWORD)"]',
  },
};

/** Stores whose image starts without a password unless told otherwise. */
const STORES: Readonly<Record<string, Store>> = {
  redis: REDIS,
  valkey: { ...REDIS, title: "Valkey" },
  keydb: { ...REDIS, title: "KeyDB" },
  mongo: {
    title: "MongoDB",
    configuration: /mongod?\.conf|keyfile/i,
    protectedBy: (container) =>
      sets(container, /^MONGO(DB)?_INITDB_ROOT_(USERNAME|PASSWORD)(_FILE)?$/) ||
      word(container, /^--(auth|keyFile|config)|^-f$|^\$/),
    variables: {
      MONGO_INITDB_ROOT_USERNAME: { from: "MONGO_INITDB_ROOT_USERNAME" },
      MONGO_INITDB_ROOT_PASSWORD: { from: "MONGO_INITDB_ROOT_PASSWORD" },
    },
  },
  elasticsearch: {
    title: "Elasticsearch",
    configuration: /\.yml$/,
    // Version 8 switches security on by itself.
    protectedBy: (container) =>
      (majorOf(container) ?? 8) >= 8 || sets(container, /^(ELASTIC_PASSWORD(_FILE)?|xpack\.security\.enabled)$/i),
    variables: { "xpack.security.enabled": { value: "true" }, ELASTIC_PASSWORD: { from: "ELASTIC_PASSWORD" } },
  },
  qdrant: {
    title: "Qdrant",
    configuration: /\.yaml$/,
    protectedBy: (container) => sets(container, /^QDRANT__SERVICE__(API_KEY|JWT_RBAC)$/),
    variables: { QDRANT__SERVICE__API_KEY: { from: "QDRANT_API_KEY" } },
  },
  weaviate: {
    title: "Weaviate",
    protectedBy: (container) =>
      sets(container, /^AUTHENTICATION_(APIKEY_ENABLED|OIDC_ENABLED|ANONYMOUS_ACCESS_ENABLED)$/),
    variables: {
      AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: { value: "false" },
      AUTHENTICATION_APIKEY_ENABLED: { value: "true" },
      AUTHENTICATION_APIKEY_ALLOWED_KEYS: { from: "WEAVIATE_API_KEY" },
    },
  },
  meilisearch: {
    title: "Meilisearch",
    configuration: /\.toml$/,
    protectedBy: (container) => sets(container, /^MEILI_MASTER_KEY$/) || word(container, /^--(master-key|config)/),
    variables: { MEILI_MASTER_KEY: { from: "MEILI_MASTER_KEY" } },
  },
};

/** What switches authentication on, in the language of the container. */
function locked({ format, name, subject }: Container, { variables, command }: Store): string | undefined {
  const entries = Object.entries(variables);
  if (format === "kubernetes") {
    const env = entries
      .map(([variable, given]) =>
        "value" in given ? `- name: ${variable}\n  value: "${given.value}"` : secretKeyRef(variable, secretOf(subject)),
      )
      .join("\n")
      .replaceAll(/^/gm, "  ");
    return kubernetesContainer(name.value, [...(command ? [command.kubernetes] : []), "env:", env].join("\n"));
  }
  if (format === "dockerfile") return undefined;
  const environment = entries.map(([variable, given]) =>
    "value" in given
      ? `  ${variable}: "${given.value}"`
      : `  ${variable}: \${${given.from}:?set ${given.from} in .env}`,
  );
  return composeService(name.value, [...(command ? [command.compose] : []), "environment:", ...environment].join("\n"));
}
