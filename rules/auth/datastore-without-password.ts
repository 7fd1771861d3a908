import { type Container, composeService, defineRule, type Located } from "../../src/rule.ts";

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
      if (store.protectedBy(container)) continue;

      const published = container.ports.some(({ reach }) => reach === "world");
      report({
        at: container.image?.reference ?? container.name,
        subject: container.subject,
        message: `${container.name.value} runs ${store.title} without a password`,
        severity: published ? undefined : "low",
        snippet: container.format === "compose" ? composeService(container.name.value, store.snippet) : undefined,
      });
    }
  },
});

interface Store {
  readonly title: string;
  /** A mounted file that may set the password: then we cannot know. */
  readonly configuration?: RegExp;
  readonly protectedBy: (container: Container) => boolean;
  readonly snippet: string;
}

const word = (container: Container, pattern: RegExp): Located<string> | undefined =>
  container.command.find(({ value }) => pattern.test(value));

const sets = (container: Container, pattern: RegExp): boolean =>
  container.variables.some(({ name, value }) => {
    if (!pattern.test(name.value)) return false;
    return value.value.from !== "literal" || value.value.text !== "";
  });

const REDIS: Store = {
  title: "Redis",
  configuration: /\.conf$|\.acl$|\/etc\/redis|\/usr\/local\/etc/,
  protectedBy: (container) =>
    word(container, /requirepass|aclfile|\.conf$|^\$/) !== undefined ||
    sets(container, /^(REDIS|VALKEY|KEYDB)_PASSWORD(_FILE)?$/),
  snippet: `command: ["sh", "-c", "exec redis-server --requirepass \\"$$REDIS_PASSWORD\\""]
environment:
  REDIS_PASSWORD: \${REDIS_PASSWORD:?set REDIS_PASSWORD in .env}`,
};

const SEARCH = (title: string, password: string): Store => ({
  title,
  configuration: /\.yml$/,
  protectedBy: (container) =>
    sets(container, new RegExp(`^(${password})(_FILE)?$`)) || sets(container, /^xpack\.security\.enabled$/i),
  snippet: `environment:\n  ${password.split("|")[0]}: \${${password.split("|")[0]}:?set ${password.split("|")[0]} in .env}`,
});

/** Stores whose image starts without a password unless told otherwise. */
const STORES: Readonly<Record<string, Store>> = {
  redis: REDIS,
  valkey: { ...REDIS, title: "Valkey" },
  keydb: { ...REDIS, title: "KeyDB" },
  mongo: {
    title: "MongoDB",
    configuration: /mongod?\.conf|keyfile/i,
    protectedBy: (container) =>
      sets(container, /^MONGO_INITDB_ROOT_(USERNAME|PASSWORD)(_FILE)?$/) ||
      word(container, /^--(auth|keyFile|config)|^-f$/) !== undefined,
    snippet: `environment:
  MONGO_INITDB_ROOT_USERNAME: \${MONGO_INITDB_ROOT_USERNAME:?set MONGO_INITDB_ROOT_USERNAME in .env}
  MONGO_INITDB_ROOT_PASSWORD: \${MONGO_INITDB_ROOT_PASSWORD:?set MONGO_INITDB_ROOT_PASSWORD in .env}`,
  },
  elasticsearch: SEARCH("Elasticsearch", "ELASTIC_PASSWORD"),
  opensearch: SEARCH(
    "OpenSearch",
    "OPENSEARCH_INITIAL_ADMIN_PASSWORD|plugins\\.security\\.disabled|DISABLE_SECURITY_PLUGIN",
  ),
  qdrant: {
    title: "Qdrant",
    configuration: /\.yaml$/,
    protectedBy: (container) => sets(container, /^QDRANT__SERVICE__(API_KEY|JWT_RBAC)$/),
    snippet: "environment:\n  QDRANT__SERVICE__API_KEY: ${QDRANT_API_KEY:?set QDRANT_API_KEY in .env}",
  },
  weaviate: {
    title: "Weaviate",
    protectedBy: (container) => sets(container, /^AUTHENTICATION_(APIKEY|OIDC)_ENABLED$/),
    snippet: `environment:
  AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: "false"
  AUTHENTICATION_APIKEY_ENABLED: "true"
  AUTHENTICATION_APIKEY_ALLOWED_KEYS: \${WEAVIATE_API_KEY:?set WEAVIATE_API_KEY in .env}`,
  },
};
