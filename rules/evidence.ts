/** Good places: where a deployment shows that a control of a guide is fulfilled. Pure functions of the model. */
import type {
  Container,
  CredentialKind,
  Deployment,
  Evidence,
  Located,
  Note,
  Place,
  Port,
  Setting,
} from "../src/rule.ts";

const note = (at: Place, message: string): Note => ({ at, message });

/** Everything that any of the given functions finds. */
export const any =
  (...evidence: readonly Evidence[]): Evidence =>
  (model) =>
    evidence.flatMap((found) => found(model));

// ── Secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const ignoredEnvFiles: Evidence = ({ envFiles }) =>
  envFiles
    .filter(({ live, file }) => live && file.git === "ignored" && !file.alsoIgnored)
    .map(({ file }) => note({ file, start: 0, end: 0 }, `${file.path} is ignored by git`));

/** Variables that take their value from a secret store. */
export const secretReferences: Evidence = ({ variables }) =>
  variables.flatMap(({ name, value: { value } }) =>
    value.from === "secret" && value.secret.store !== "config-map"
      ? [note(name, `${name.value} comes from ${STORES[value.secret.store]} ${value.secret.name}`)]
      : [],
  );

const STORES = {
  kubernetes: "Secret",
  compose: "Compose secret",
  file: "file",
  vault: "Vault path",
  ci: "CI secret",
} as const;

export const vaultReferences: Evidence = ({ variables }) =>
  variables.flatMap(({ name, value: { value } }) =>
    value.from === "secret" && value.secret.store === "vault"
      ? [note(name, `${name.value} comes from Vault path ${value.secret.name}`)]
      : [],
  );

export const secretStores: Evidence = ({ secrets }) =>
  secrets
    .filter(({ holds }) => holds !== "values")
    .map(({ name, holds }) => note(name, `secret ${name.value} is ${HOLDS[holds as keyof typeof HOLDS]}`));

const HOLDS = {
  file: "read from a file",
  environment: "read from the environment",
  external: "provided from outside",
  sealed: "encrypted",
} as const;

export const mountedSecrets: Evidence = ({ mounts }) =>
  mounts
    .filter(({ kind }) => kind === "secret")
    .map(({ span, target, subject }) => note(span, `${subject} reads a secret from ${target}`));

const held =
  (kinds: readonly CredentialKind[], purposes: RegExp): Evidence =>
  ({ variables }) =>
    variables.flatMap(({ name, credential }) =>
      credential && kinds.includes(credential.kind) && purposes.test(credential.purpose)
        ? [note(name, `${name.value} is ${credential.kind === "strong" ? "a strong value" : "a reference"}`)]
        : [],
    );

/** Signing secrets that are strong or come from elsewhere. */
export const signingSecrets = held(["strong", "reference"], /signing|secret/);
/** Credentials that stand nowhere in the project. */
export const credentialReferences = held(["reference"], /./);

// ── Network ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const worldly = ({ reach }: Port): boolean => reach === "world" || reach === "unknown";

const unpublished =
  (kind: Container["productKind"]): Evidence =>
  ({ containers, ports }) =>
    containers
      .filter(({ productKind, networkMode }) => productKind === kind && networkMode?.value !== "host")
      .filter(
        ({ subject, workload }) =>
          !ports.some((port) => worldly(port) && (port.subject === subject || port.subject === workload)),
      )
      .map(({ name, subject }) => note(name, `${subject} publishes no port to the outside`));

export const unpublishedDatastores = unpublished("datastore");
export const unpublishedApplications = unpublished("application");
export const unpublishedConsoles = unpublished("console");

export const internalNetworks: Evidence = ({ networks }) =>
  networks.filter(({ internal }) => internal).map(({ name }) => note(name, `network ${name.value} has no way out`));

export const networkPolicies: Evidence = ({ objects }) =>
  objects
    .filter(({ kind }) => /NetworkPolicy$/.test(kind.value))
    .map(({ name, subject }) => note(name, `${subject} restricts traffic`));

export const tlsEdges: Evidence = ({ edges }) =>
  edges
    .filter(({ tls, redirectsToHttps }) => tls && redirectsToHttps)
    .map(({ span, subject }) => note(span, `${subject} ends TLS and keeps no plain listener`));

export const proxies: Evidence = ({ edges }) =>
  edges
    .filter(({ upstreams }) => upstreams.length > 0)
    .map(({ span, subject, upstreams }) => note(span, `${subject} stands in front of ${upstreams[0]!.value}`));

export const securityHeaders: Evidence = ({ edges, applications }) =>
  [...edges, ...applications].flatMap(({ headers, subject }) =>
    headers
      .filter(({ name }) => /^(strict-transport-security|x-content-type-options|x-frame-options)$/i.test(name.value))
      .map(({ name }) => note(name, `${subject} sends ${name.value}`)),
  );

// ── Application ─────────────────────────────────────────────────────────────────────────────────────────────────────

export const corsAllowLists: Evidence = ({ cors }) =>
  cors.flatMap(({ origins, reflected, key }) => {
    const [first] = origins;
    return first && !reflected && !first.implied && origins.every(({ value }) => value !== "*" && value !== "null")
      ? [note(first, `${key} names ${origins.length === 1 ? "one origin" : `${origins.length} origins`}`)]
      : [];
  });

export const rateLimits: Evidence = ({ rateLimits, applications }) => [
  ...rateLimits.flatMap(({ enabled, requests, key }) =>
    requests && enabled?.value !== false ? [note(requests, `${key} limits requests to ${requests.value}`)] : [],
  ),
  ...applications.flatMap(({ rateLimits }) => rateLimits.map((limit) => note(limit, `${limit.value} limits requests`))),
];

export const sharedRateLimits: Evidence = ({ rateLimits }) =>
  rateLimits.flatMap(({ storage, key }) =>
    storage?.value === "shared" ? [note(storage, `${key} keeps its counts in a shared store`)] : [],
  );

export const authentication: Evidence = ({ applications }) =>
  applications.flatMap(({ authentication }) =>
    authentication.map((place) => note(place, `${place.value} guards requests`)),
  );

export const shortTokens: Evidence = ({ tokens }) =>
  tokens.flatMap(({ kind, lifetime, key }) =>
    kind === "access" && lifetime && lifetime.value <= 30 * 60
      ? [note(lifetime, `${key} lets tokens live ${lifetime.value / 60} minutes`)]
      : [],
  );

export const refreshTokens: Evidence = ({ tokens }) =>
  tokens.flatMap(({ kind, lifetime, key }) =>
    kind === "refresh" && lifetime ? [note(lifetime, `${key} limits refresh tokens`)] : [],
  );

const setting = <T>(
  settings: readonly Setting<T>[],
  good: (value: T) => boolean,
  message: (setting: Setting<T>) => string,
): readonly Note[] =>
  settings.filter(({ at }) => good(at.value) && !at.implied).map((found) => note(found.at, message(found)));

export const keyRotation: Evidence = ({ settings }) =>
  setting(
    settings.keyRotation,
    (seconds) => seconds > 0 && seconds <= 90 * 86_400,
    ({ key, at }) => `${key} rotates keys every ${Math.round(at.value / 86_400)} days`,
  );
export const passwordLength: Evidence = ({ settings }) =>
  setting(
    settings.passwordMinLength,
    (length) => length >= 12,
    ({ key, at }) => `${key} asks for ${at.value} characters`,
  );
export const passwordHash: Evidence = ({ settings }) =>
  setting(
    settings.passwordHash,
    (hash) => /bcrypt|argon2|scrypt|pbkdf2/i.test(hash),
    ({ at }) => `passwords are hashed with ${at.value}`,
  );
export const requestSize: Evidence = ({ settings }) =>
  setting(
    settings.requestSize,
    (bytes) => bytes > 0,
    ({ key, at }) => `${key} limits requests to ${at.value} bytes`,
  );
export const poolSize: Evidence = ({ settings }) =>
  setting(
    settings.poolSize,
    (size) => size > 0,
    ({ key, at }) => `${key} limits the pool to ${at.value}`,
  );
export const quietLog: Evidence = ({ settings }) =>
  setting(
    settings.logLevel,
    (level) => !/^(DEBUG|TRACE|ALL|SILLY)$/i.test(level),
    ({ key, at }) => `${key} is ${at.value}`,
  );
export const debugOff: Evidence = ({ settings }) =>
  setting(
    settings.debug,
    (on) => !on,
    ({ key }) => `${key} is off`,
  );

export const databaseTls: Evidence = ({ urls }) =>
  urls.flatMap(({ database, parameters, key }) =>
    database
      ? parameters
          .filter(
            ({ name, value }) =>
              /^(ssl-?mode|ssl|tls)$/.test(name) && !/^(disable|allow|prefer|false|0|none)$/i.test(value),
          )
          .map(({ span, name, value }) => note(span, `${key} asks for TLS with ${name}=${value}`))
      : [],
  );

// ── Containers ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const pinnedImages: Evidence = ({ images }) =>
  images
    .filter(({ known, tag, digest }) => known && (digest !== undefined || (tag !== undefined && tag !== "latest")))
    .map(({ reference, digest }) =>
      note(reference, `${reference.value} is pinned by ${digest === undefined ? "version" : "digest"}`),
    );

const written = <T>(fact: Located<T> | undefined): fact is Located<T> => fact !== undefined && !fact.implied;

export const nonRootUsers: Evidence = ({ containers, stages }) =>
  [...containers, ...stages].flatMap(({ user, subject }) =>
    written(user) && !/^(root|0)(:|$)/.test(user.value) ? [note(user, `${subject} runs as ${user.value}`)] : [],
  );

export const hardening: Evidence = ({ containers }) =>
  containers.flatMap(({ subject, privilegeEscalation, readOnlyRoot, memoryLimit }) => [
    ...(written(privilegeEscalation) && !privilegeEscalation.value
      ? [note(privilegeEscalation, `${subject} cannot gain privileges`)]
      : []),
    ...(written(readOnlyRoot) && readOnlyRoot.value
      ? [note(readOnlyRoot, `${subject} has a read-only root filesystem`)]
      : []),
    ...(written(memoryLimit) && memoryLimit.value ? [note(memoryLimit, `${subject} has a memory limit`)] : []),
  ]);

export const logRotation: Evidence = ({ containers }) =>
  containers.flatMap(({ logRotation, subject }) =>
    logRotation?.value && !logRotation.implied ? [note(logRotation, `${subject} bounds its log`)] : [],
  );

export const pythonFlags: Evidence = ({ stages }) =>
  stages.flatMap(({ variables, subject }) =>
    variables
      .filter(({ name }) => name.value === "PYTHONDONTWRITEBYTECODE" || name.value === "PYTHONUNBUFFERED")
      .map(({ name }) => note(name, `${subject} sets ${name.value}`)),
  );

// ── Continuous integration ──────────────────────────────────────────────────────────────────────────────────────────

const step =
  (job: Deployment["pipelines"][number]["does"][number]["value"], message: string): Evidence =>
  ({ pipelines }) =>
    pipelines.flatMap(({ does }) => does.filter(({ value }) => value === job).map((at) => note(at, message)));

export const dependencyScan = step("dependency-scan", "dependencies are scanned");
export const imageScan = step("image-scan", "images are scanned");
export const staticAnalysis: Evidence = any(
  step("static-analysis", "source is analysed"),
  step("secret-scan", "source is searched for secrets"),
);

// ── Whether there is anything to judge ──────────────────────────────────────────────────────────────────────────────

type Condition = (model: Deployment) => boolean;

export const hasDatastore: Condition = ({ containers, urls }) =>
  containers.some(({ productKind }) => productKind === "datastore") || urls.some(({ database }) => database);
export const hasContainers: Condition = ({ containers, stages }) => containers.length + stages.length > 0;
export const hasCompose: Condition = ({ containers }) => containers.some(({ format }) => format === "compose");
export const hasPython: Condition = ({ stages, files }) =>
  stages.some(({ runtime }) => runtime === "python") || files.some(({ language }) => language === "python");
