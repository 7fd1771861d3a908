/** CORS, tokens and rate limits from variables: names that belong together are joined by subject. */
import type { CorsPolicy, Located, RateLimit, TokenPolicy, Variable } from "../model.ts";
import { durationOf } from "./durations.ts";
import { integerOf, itemsOf, switchOf } from "./environment-values.ts";

/** A variable whose text is known. */
export interface Entry {
  readonly variable: Variable;
  /** In lower snake case. */
  readonly name: string;
  readonly at: Located<string>;
}

type Roles<Role extends string> = readonly (readonly [role: Role, names: RegExp])[];

const roleOf = <Role extends string>(roles: Roles<Role>, name: string): Role | undefined =>
  roles.find(([, names]) => names.test(name))?.[0];

/** Entries by the role of their name; each name is matched once. */
function byRole<Role extends string>(roles: Roles<Role>, entries: readonly Entry[]): (role: Role) => readonly Entry[] {
  const found = new Map<Role, Entry[]>(roles.map(([role]) => [role, []]));
  for (const entry of entries) {
    const role = roleOf(roles, entry.name);
    if (role) found.get(role)?.push(entry);
  }
  return (role) => found.get(role) ?? [];
}

const key = ({ variable }: Entry): string => variable.name.value;

// ── CORS ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const CORS: Roles<"all" | "hosts" | "pattern" | "origins" | "credentials" | "methods" | "headers"> = [
  ["all", /(?:^|_)cors_(?:allow_all(?:_origins?)?|origin_allow_all|allow_any_origin)$/],
  ["hosts", /^(?:\w+_)?allowed_hosts$/],
  ["pattern", /(?:^|_)(?:cors_(?:allow(?:ed)?_)?origins?_(?:regex(?:es)?|pattern)|allow(?:ed)?_origins?_regex)$/],
  [
    "origins",
    /(?:^|_)(?:cors_(?:allow(?:ed)?_)?(?:origins?|domains?)|cors_(?:origin_)?(?:whitelist|allowlist|urls?)|(?<!csrf_)(?:allow(?:ed)?|permitted)_origins?|access_control_allow_origin|ollama_origins)(?:_list|_\d+)?$|^cors$/,
  ],
  [
    "credentials",
    /(?:^|_)(?:cors_(?:(?:allow(?:ed)?|supports?)_)?credentials|access_control_allow_credentials|allow_credentials)$/,
  ],
  ["methods", /(?:^|_)(?:cors_(?:allow(?:ed)?_)?methods|access_control_allow_methods)$/],
  ["headers", /(?:^|_)(?:cors_(?:allow(?:ed)?_)?headers|access_control_allow_headers)$/],
];

/** Whether a name, in lower snake case, has a part in a CORS policy. */
export const isCors = (name: string): boolean =>
  /cors|origin|access_control|credentials|allowed_hosts/.test(name) && roleOf(CORS, name) !== undefined;

/** `ADMIN_` of `ADMIN_CORS_ORIGINS`. */
const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.search(/cors|allow|access/)));

/** One policy for each variable of one subject that carries origins, joined with the credentials, methods and headers beside it. */
export function corsOf(subject: string, entries: readonly Entry[]): readonly CorsPolicy[] {
  const having = byRole(CORS, entries);
  const companions = (["credentials", "methods", "headers"] as const).map((role) => ({
    first: having(role)[0],
    byPrefix: new Map(having(role).map((entry) => [prefixOf(entry.name), entry])),
  }));
  const policy = (entry: Entry, own: Pick<CorsPolicy, "origins" | "pattern" | "reflected">): CorsPolicy => {
    const prefix = prefixOf(entry.name);
    const [credentials, methods, headers] = companions.map(({ first, byPrefix }) => byPrefix.get(prefix) ?? first);
    const allowed = credentials && switchOf(credentials.at.value);
    return {
      subject,
      syntax: "environment",
      key: key(entry),
      ...own,
      ...(credentials && allowed !== undefined && { credentials: { value: allowed, span: credentials.at.span } }),
      methods: methods ? itemsOf(methods.at) : [],
      headers: headers ? itemsOf(headers.at) : [],
    };
  };
  const policies = [
    ...having("all").flatMap((entry) =>
      switchOf(entry.at.value) ? [policy(entry, { origins: [{ value: "*", span: entry.at.span }] })] : [],
    ),
    ...having("hosts").flatMap((entry) => {
      const every = itemsOf(entry.at).filter(({ value }) => value === "*");
      return every.length
        ? [{ subject, syntax: "environment" as const, key: key(entry), origins: every, methods: [], headers: [] }]
        : [];
    }),
    ...having("origins").flatMap((entry) => {
      const on = switchOf(entry.at.value);
      if (on !== undefined)
        return on && entry.name !== "cors"
          ? [policy(entry, { origins: [], reflected: { value: true, span: entry.at.span } })]
          : [];
      const origins = itemsOf(entry.at);
      return origins.length && (entry.name !== "cors" || /^\*|:\/\//.test(origins[0]!.value))
        ? [policy(entry, { origins })]
        : [];
    }),
    ...having("pattern").flatMap((entry) =>
      entry.at.value.trim() ? [policy(entry, { origins: [], pattern: entry.at })] : [],
    ),
  ];
  if (policies.length) return policies;
  const [rest] = [...having("methods"), ...having("headers")];
  return rest ? [policy(rest, { origins: [] })] : [];
}

// ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const TOKENS = /(?:jwt|token|(?:^|_)access|(?:^|_)refresh)_/;
const LIFETIME = /_(?:expir[a-z]*|exp|ttl|lifetime|max_?age|validity|duration)(?:_|$)/;
const OTHER_TOKENS =
  /reset|verif|confirm|invit|email|csrf|xsrf|magic|otp|cache|rotat|registr|unsubscribe|download|share|leeway|skew|remember|device|upload|activation/;
/** They sign, but no tokens of users. */
const OTHER_SECRETS = /webhook|csrf|xsrf|hmac/;
const ALGORITHM = /(?:^|_)(?:jwt|token|signing)_(?:\w+_)?alg(?:orithm)?s?$|^algorithms?$/;
const ALGORITHMS = /^(?:(?:hs|rs|es|ps)\d{3}k?|eddsa|none)$/i;

/** What one variable says about tokens: a lifetime, algorithms, or a signing secret that is written out. */
export function tokenOf({ variable, name, at }: Entry): TokenPolicy | undefined {
  const base = {
    subject: variable.subject,
    syntax: "environment" as const,
    key: variable.name.value,
    kind: name.includes("refresh") ? ("refresh" as const) : ("access" as const),
    variable,
  };
  const { credential } = variable;
  if (
    credential?.purpose === "signing-secret" &&
    !OTHER_SECRETS.test(name) &&
    /^(?:weak|strong|placeholder|provider)$/.test(credential.kind)
  ) {
    const value = secretAt(variable, at);
    return { ...base, secret: { value, span: credential.span }, credential, algorithms: [] };
  }
  if (TOKENS.test(name) && LIFETIME.test(name) && !OTHER_TOKENS.test(name)) {
    const read = durationOf(variable.name.value, at.value);
    return read && { ...base, lifetime: { value: read.seconds, span: at.span }, unit: read.unit, algorithms: [] };
  }
  if (!ALGORITHM.test(name)) return undefined;
  const algorithms = itemsOf(at).filter(({ value }) => ALGORITHMS.test(value));
  return algorithms.length ? { ...base, algorithms } : undefined;
}

/** Decoded text of the credential of a variable whose text is `at`. */
function secretAt({ value: { value, span }, credential }: Variable, at: Located<string>): string {
  if (!credential || credential.span === at.span) return at.value;
  if (value.from === "literal" && credential.span.start === span.start && credential.span.end === span.end)
    return value.text;
  return credential.span.file.text.slice(credential.span.start, credential.span.end);
}

// ── Rate limits ─────────────────────────────────────────────────────────────────────────────────────────────────────

const LIMITS: Roles<"storage" | "disabled" | "enabled" | "window" | "requests"> = [
  ["storage", /(?:rate_?limit\w*|limiter|throttl\w*)_(?:storage|backend|store)(?:_ur[il])?$/],
  [
    "disabled",
    /(?:disable|skip|no)_(?:rate_?limit(?:s|er|ing)?|throttl\w+)$|(?:rate_?limit(?:er|ing)?|throttl\w+)_disabled$/,
  ],
  [
    "enabled",
    /(?:enable|use)_(?:rate_?limit(?:s|er|ing)?|throttl\w+)$|(?:rate_?limit(?:er|ing)?|throttl\w+)_(?:enabled?|active)$/,
  ],
  ["window", /(?:rate_?limit\w*|limiter|throttl\w*)_(?:window|ttl|period|interval|duration)(?:_\w+)?$/],
  [
    "requests",
    /(?:^|_)(?:rate_?limit(?:er|ing|s)?|throttle|throttling)(?:_(?:\w+_)?(?:requests?|max|limit|count|calls|points|default|rpm|rps|rph|minute|hour|second|day|key|user|ip|client|global|api|anon))?$/,
  ],
];

const PER: ReadonlyMap<string, number> = new Map(
  [
    ["s sec second seconds rps", 1],
    ["m min minute minutes rpm", 60],
    ["h hr hour hours rph", 3600],
    ["d day days", 86_400],
  ].flatMap(([names, seconds]) =>
    String(names)
      .split(" ")
      .map((name) => [name, Number(seconds)] as const),
  ),
);

/** Whether a name, in lower snake case, has a part in a rate limit. */
export const isRateLimit = (name: string): boolean => /rate_?limit|limiter|throttl/.test(name);

/** One limit for each variable of one subject that counts requests, joined with switch, window and storage beside it. */
export function rateLimitsOf(subject: string, entries: readonly Entry[]): readonly RateLimit[] {
  const having = byRole(LIMITS, entries);
  const switches = [
    ...having("enabled").map((entry) => [entry, switchOf(entry.at.value)] as const),
    ...having("disabled").map((entry) => [entry, negated(switchOf(entry.at.value))] as const),
  ].flatMap(([entry, value]) => (value === undefined ? [] : [{ entry, enabled: { value, span: entry.at.span } }]));
  const stores = having("storage").flatMap((entry) => {
    const value = storageOf(entry.at.value);
    return value ? [{ entry, storage: { value, span: entry.at.span } }] : [];
  });
  const window = having("window")
    .map(windowOf)
    .find((seconds) => seconds !== undefined);
  const base = { subject, where: "environment" as const };
  const shared = { ...(stores[0] && { storage: stores[0].storage }) };
  const off = switches.find(({ enabled }) => !enabled.value);
  const limits = having("requests").flatMap((entry): RateLimit[] => {
    const own = requestsOf(entry);
    if (!own) return [];
    const seconds = own.window ?? window;
    return [
      {
        ...base,
        key: key(off && !own.enabled ? off.entry : entry),
        ...(switches[0] && { enabled: (off ?? switches[0]).enabled }),
        ...shared,
        ...own,
        ...(seconds !== undefined && { window: seconds }),
      },
    ];
  });
  if (limits.length) return limits;
  const alone = switches.map(({ entry, enabled }) => ({ ...base, key: key(entry), enabled, ...shared }));
  return alone.length ? alone : stores.slice(0, 1).map(({ entry, storage }) => ({ ...base, key: key(entry), storage }));
}

const negated = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

function storageOf(text: string): "memory" | "shared" | undefined {
  if (/^\s*(?:memory|local|in-?memory|inmemory)\b/i.test(text)) return "memory";
  return /^\s*(?:async\+)?(?:redis|rediss|valkey|memcached|mongodb|etcd|database|postgres\w*)\b/i.test(text)
    ? "shared"
    : undefined;
}

/** Seconds. A bare number of 10,000 and more is milliseconds (as limiters for Node count), below 60 its unit is open. */
function windowOf({ name, at }: Entry): number | undefined {
  const number = integerOf(at.value);
  if (number === undefined || /_(?:ms|milliseconds|s|seconds|m|min|minutes|h|hours|d|days)$/.test(name))
    return durationOf(name, at.value)?.seconds;
  return number >= 10_000 && number % 1000 === 0 ? number / 1000 : number >= 60 ? number : undefined;
}

/** `100`, `100/minute`, `100 per minute`, `200 per day;50 per hour` (the first counts), `off`. */
function requestsOf({ name, at }: Entry): Pick<RateLimit, "requests" | "window" | "enabled"> | undefined {
  const match = /^\s*(-?\d{1,12})(?:\s*(?:\/|per)\s*(?:\d{1,4}\s*)?([a-z]+))?/i.exec(at.value);
  if (!match) {
    const off = /^\s*(?:off|false|none|disabled|no|unlimited)\s*$/i.test(at.value);
    return off ? { enabled: { value: false, span: at.span } } : undefined;
  }
  const requests = Number(match[1]);
  const window = PER.get((match[2] ?? /(?:per_|_)([a-z]+)$/.exec(name)?.[1] ?? "").toLowerCase());
  return {
    requests: { value: requests, span: at.span },
    ...(requests <= 0 && { enabled: { value: false, span: at.span } }),
    ...(window !== undefined && { window }),
  };
}
