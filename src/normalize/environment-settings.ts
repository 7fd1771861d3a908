/** Switches and numbers by the names that people give them. One row: topic, names, how the value is read. */
import type { Settings } from "../model.ts";
import { bytesOf, durationOf } from "./durations.ts";
import { integerOf, switchOf } from "./environment-values.ts";

type Value<K extends keyof Settings> = Settings[K][number]["at"]["value"];

export interface SettingRow<K extends keyof Settings = keyof Settings> {
  readonly topic: K;
  /** A name has one of these in it, or the row is not about it: patterns cost much more to compile than to ask this. */
  readonly parts: readonly string[];
  /** Of the name in lower snake case. */
  readonly names: RegExp;
  /** Absent: this text decides nothing. */
  readonly read: (text: string, name: string) => Value<K> | undefined;
  readonly cost?: (text: string) => number | undefined;
}

const row = <K extends keyof Settings>(
  topic: K,
  parts: string,
  names: RegExp,
  read: SettingRow<K>["read"],
  cost?: SettingRow<K>["cost"],
): SettingRow => ({ topic, parts: parts.split(" "), names, read, ...(cost && { cost }) }) as unknown as SettingRow;

const is = (text: string): boolean | undefined => switchOf(text);
const isNot = (text: string): boolean | undefined => {
  const on = switchOf(text);
  return on === undefined ? undefined : !on;
};
const words =
  (yes: RegExp, no: RegExp) =>
  (text: string): boolean | undefined =>
    yes.test(text.trim()) ? true : no.test(text.trim()) ? false : undefined;
const NEVER = /^(?!)/;

const LEVELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "5": "TRACE",
    "10": "DEBUG",
    "20": "INFO",
    "30": "WARNING",
    "40": "ERROR",
    "50": "CRITICAL",
    trace: "TRACE",
    silly: "TRACE",
    all: "TRACE",
    finest: "TRACE",
    finer: "DEBUG",
    fine: "DEBUG",
    debug: "DEBUG",
    verbose: "DEBUG",
    info: "INFO",
    information: "INFO",
    informational: "INFO",
    http: "INFO",
    notice: "NOTICE",
    warn: "WARNING",
    warning: "WARNING",
    error: "ERROR",
    err: "ERROR",
    critical: "CRITICAL",
    crit: "CRITICAL",
    fatal: "CRITICAL",
    alert: "CRITICAL",
    emerg: "CRITICAL",
    off: "OFF",
    none: "OFF",
    silent: "OFF",
    quiet: "OFF",
  }),
);

/** Upper case, names of other systems brought to one (`warn` → WARNING, `10` → DEBUG); of `RUST_LOG=info,app=debug` the general one. */
export function levelOf(text: string): string | undefined {
  const general = text
    .slice(0, 200)
    .split(",")
    .find((directive) => !directive.includes("="));
  return LEVELS.get((general ?? "").trim().toLowerCase());
}

const HASHES =
  /^(?:md5|md4|sha-?1|sha-?(?:224|256|384|512)|bcrypt|scrypt|argon2(?:id?|d)?|pbkdf2|crypt|plain(?:text)?|none)/;

/** "md5", "sha1", "bcrypt"… of `SHA-1`, `bcrypt_sha256`, `django.contrib.auth.hashers.MD5PasswordHasher`. */
function hashOf(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  const name = word.slice(word.lastIndexOf(".") + 1).replace(/^(?:unsalted_?|pbkdf2_?hmac_?)/, "");
  return HASHES.exec(name)?.[0].replace("-", "");
}

const days = (text: string, name: string): number | undefined => {
  const on = switchOf(text);
  if (on === false || integerOf(text) === 0) return 0;
  return durationOf(name, text)?.seconds;
};

const count = (text: string): number | undefined => {
  const number = integerOf(text);
  return number === undefined ? undefined : Math.max(0, number);
};

/** Providers that are one of several ways in: switching one off does not switch authentication off. */
const ONE_OF_SEVERAL =
  "(?<!(?:ldap|google|github|basic|smtp|factor|2fa|mfa|saml|oidc|social|anonymous|proxy|webauthn|header|cookie|digest|client)_)";

export const SETTINGS: readonly SettingRow[] = [
  row("debug", "debug", /(?:^|(?<!log)_)debug(?:_mode|_enabled)?$|^enable_debug(?:_mode)?$/, is),
  row("debug", "reload", /(?:^|_)(?:auto_?|hot_?|live_?)?reload$/, is),
  row(
    "debug",
    "env",
    /(?:^|_)(?:node|app|application|flask|rails|rack|django|fastapi|symfony|mix|server|deploy|deployment|qwed|qca|bun|quart)_env(?:ironment)?$|^(?:aspnetcore|dotnet|deployment)_environment$|^env(?:ironment)?$/,
    words(/^(?:development|develop|dev|local|debug)$/i, /^(?:production|prod|live|staging)$/i),
  ),
  row("debug", "gin_mode", /^gin_mode$/, words(/^debug$/i, /^release$/i)),

  row(
    "authentication",
    "auth security",
    new RegExp(
      `(?:^|_)${ONE_OF_SEVERAL}(?:auth|authentication|authorization|security|jwt_auth|api_key_auth)_(?:enabled?|active|required)$`,
    ),
    is,
  ),
  row(
    "authentication",
    "auth login api_key token",
    /^(?:\w+_)?(?:enable|require|requires|use)_(?:auth|authentication|authorization|login|api_key|token)$|(?:^|_)(?:login|api_key|token)_required$/,
    is,
  ),
  row(
    "authentication",
    "webui_auth me_config_basicauth n8n_basic redis_protected",
    /^(?:webui_auth|me_config_basicauth(?:_enabled)?|n8n_basic_auth_active|redis_protected_mode)$/,
    is,
  ),
  row(
    "authentication",
    "disable no_ skip bypass omit",
    /(?:^|_)(?:disable|no|skip|bypass|omit)_(?:auth|authentication|authorization|security|security_plugin|security_dashboards_plugin)$|(?:^|_)(?:auth|authentication|security)_(?:disabled|bypass)$/,
    isNot,
  ),
  row(
    "authentication",
    "allow_empty allownopassword",
    /(?:^|_)allow_empty_(?:root_)?password$|^pma_allownopassword$/,
    isNot,
  ),
  row(
    "authentication",
    "anonymous",
    /(?:^|_)allow_anonymous(?:_access|_login|_auth)?$|(?<!gf_auth_)(?:^|_)anonymous_access(?:_enabled)?$|(?:^|_)enable_anonymous(?:_access)?$/,
    isNot,
  ),
  row(
    "authentication",
    "postgres_host_auth",
    /(?:^|_)postgres_host_auth_method$/,
    words(/^(?:scram-sha-256|md5|password|cert|ident|peer|ldap)$/i, /^trust$/i),
  ),
  row(
    "authentication",
    "auth",
    /(?:^|_)(?:auth|authentication)(?:_(?:mode|type|method|strategy|backend|provider))?$/,
    words(NEVER, /^(?:none|off|disabled?|false|no|anonymous|noauth|no-auth)$/i),
  ),

  row("keyRotation", "rotat", /(?:^|_)key_rotation(?:_enabled?)?$|^enable_(?:api_)?key_rotation$/, (text) =>
    switchOf(text) === false ? 0 : undefined,
  ),
  row(
    "keyRotation",
    "rotat",
    /(?:^|_)key_rotation_(?:\w+_)?(?:days?|hours?|seconds?|minutes?|interval|period|schedule)$|(?:^|_)rotate_keys_every\w*$/,
    days,
  ),

  row(
    "passwordMinLength",
    "min",
    /(?:^|_)(?:password|passwd|pwd)_(?:policy_)?(?:min(?:imum)?_length|length_min|min(?:imum)?_len|min(?:imum)?_size)$|(?:^|_)min(?:imum)?_password_(?:length|len|size)$/,
    count,
  ),
  row(
    "passwordPolicy",
    "password pwd",
    /(?:^|_)(?:password|pwd)_(?:policy|complexity|strength|validation)(?:_(?:enabled?|enforced|check|required))?$|(?:^|_)(?:password|pwd)_requires?_\w+$|(?:^|_)(?:enforce|enable|require)_(?:strong_passwords?|password_(?:policy|complexity|strength|validation))$/,
    words(/^(?:true|yes|on|1|strict|strong|enabled|enforced)$/i, /^(?:false|no|off|0|none|disabled)$/i),
  ),
  row(
    "passwordPolicy",
    "password",
    /(?:^|_)(?:disable|skip)_password_(?:policy|complexity|strength|validation)$/,
    isNot,
  ),

  row(
    "passwordHash",
    "rounds cost",
    /(?:^|_)(?:bcrypt|password|hash)_(?:salt_|log_|hash_)?(?:rounds|cost)$|^salt_rounds$/,
    (text) => (integerOf(text) === undefined ? undefined : "bcrypt"),
    integerOf,
  ),
  row(
    "passwordHash",
    "hash passw pwd",
    /(?:^|_)(?:(?:password|passwd|pwd)_(?:hash(?:er|ing)?|encoder|encryption|digest)(?:_(?:algorithm|algo|method|scheme|function))?|hash(?:ing)?_(?:algorithm|algo|method|function)|security_password_hash)$/,
    hashOf,
  ),

  row(
    "logLevel",
    "level rust_log verbosity openai_log anthropic_log litellm_log",
    /(?:^|_)(?:log|logging|logger)_?level(?:_\w+)?$|^(?:rust_log|log_verbosity|logging_level|(?:openai|anthropic|litellm)_log)$/,
    levelOf,
  ),
  row(
    "bodyLogging",
    "log",
    /(?:^|_)log_(?:\w+_)?(?:body|bodies|headers?|payloads?|prompts?|completions?|authorization)$|(?:^|_)(?:body|bodies|headers?|payloads?|prompts?)_log(?:ging|ged)?(?:_enabled)?$/,
    is,
  ),

  row(
    "requestSize",
    "max",
    /^(?!.*(?:log|cache|batch|chunk|pool|header|queue|heap)_)(?:\w+_)?max_(?:request|content|body|upload|payload|file|http_body|post|multipart)(?:_(?:body|file))?_(?:size|length)(?:_(?:kb|mb|gb|bytes))?$/,
    (text, name) => bytesOf(name, text),
  ),
  row(
    "requestSize",
    "limit max",
    /(?:^|_)(?:request|body|payload|upload|json|content)_(?:(?:size|length)_)?(?:limit|max(?:_size)?)(?:_(?:kb|mb|gb|bytes))?$|(?:^|_)upload_max_(?:file)?size(?:_(?:mb|bytes))?$|(?:^|_)post_max_size$/,
    (text, name) => bytesOf(name, text),
  ),

  row(
    "poolSize",
    "pool conn",
    /(?:^|_)(?:max(?:imum)?_pool_size|pool_(?:size|max|limit|max_size|max_connections?)|pool_size_max|max_open_conn(?:ection)?s|(?:db|database|pg|postgres|mysql|mongo)_max_conn(?:ection)?s)$/,
    count,
  ),
  row("poolSize", "overflow", /(?:^|_)(?:pool|db|database|sqlalchemy)_max_overflow$/, (text) => {
    const overflow = integerOf(text);
    return overflow !== undefined && overflow < 0 ? 0 : undefined;
  }),
];
