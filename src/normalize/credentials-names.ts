/** What the name of a variable promises. */

/**
 * Words of a name in lower case: split at `_`, `-`, `.`, `:`, `/`, blanks and camel-case humps. Qualifiers that say nothing about
 * the content (`_OLD`, `_PROD`, `_1`) are dropped from the end.
 */
function wordsOf(name: string): readonly string[] {
  const words = name
    .slice(0, LONGEST)
    .replace(/([a-z]\d*)([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
  while (words.length > 1 && QUALIFIERS.test(words.at(-1)!)) words.pop();
  return words;
}

/** In UTF-16 code units; what stands behind is not read. */
const LONGEST = 200;

const QUALIFIERS =
  /^(?:\d{1,4}|v\d|old|new|prev|previous|next|current|primary|secondary|backup|prod|production|dev|development|test|testing|staging|stage|local|live|default|base64|b64|value|plain|raw|string)$/;

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** A word that promises a credential wherever it ends a name → its purpose. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ...[
    ..."password passwd pwd pw pass passphrase passcode userpass userpassword dbpass dbpassword rootpassword adminpassword webpassword pgpassword requirepass masterauth sshpass".split(
      " ",
    ),
  ].map((word) => [word, "password"] as const),
  ...["token", "authtoken", "accesstoken", "refreshtoken", "apitoken", "bottoken", "pat", "jwt", "bearer"].map(
    (word) => [word, "token"] as const,
  ),
  ..."secret clientsecret appsecret credential credentials creds dockerconfigjson dockercfg kubeconfig htpasswd"
    .split(" ")
    .map((word) => [word, "secret"] as const),
  ...["apikey", "accesskey", "authkey", "accountkey", "subscriptionkey"].map((word) => [word, "api-key"] as const),
  ...["secretkey", "signingkey", "jwtsecret", "jwtkey"].map((word) => [word, "signing-secret"] as const),
  ...["privatekey"].map((word) => [word, "private-key"] as const),
  ...["encryptionkey", "masterkey", "fernetkey"].map((word) => [word, "encryption-key"] as const),
  ...["salt", "pepper"].map((word) => [word, "salt"] as const),
  ...["dsn", "connectionstring", "connstr"].map((word) => [word, "url"] as const),
]);

/** Services of others: what one of them calls its secret key opens an account there and signs nothing here. */
const PROVIDERS = words(
  "openai anthropic groq mistral cohere gemini google deepseek azure huggingface hf replicate perplexity together openrouter claude llm pinecone qdrant weaviate stripe sendgrid mailgun twilio datadog newrelic langsmith langchain langfuse tavily serpapi aws s3 minio r2 clerk paystack flutterwave razorpay plaid recaptcha hcaptcha turnstile",
);

/** What stands before `key` (or `keys`) → purpose. Any other key is no credential (`public_key`, `cache_key`, `sort_key`). */
const KEYS: ReadonlyMap<string, string> = new Map([
  ..."api access auth account storage subscription service server admin app application webhook license shared"
    .split(" ")
    .map((word) => [word, "api-key"] as const),
  ...[...PROVIDERS].map((word) => [word, "api-key"] as const),
  ..."secret signing jwt session cookie hmac token csrf".split(" ").map((word) => [word, "signing-secret"] as const),
  ..."private ssh deploy rsa".split(" ").map((word) => [word, "private-key"] as const),
  ..."encryption encrypt master fernet crypto cipher aes kek dek vault data"
    .split(" ")
    .map((word) => [word, "encryption-key"] as const),
]);

/** What makes a `secret` one that signs. */
const SIGNS = words("jwt session cookie auth nextauth token signing hmac csrf webhook access refresh");

/** What makes the last word no credential, right before it or at the front of the name. */
const DENIED_BEFORE = words(
  "public max min num count total eos bos pad unk mask sep cls stop next cancel proxy page pagination continuation",
);
const DENIED_FIRST = words(
  "enable enabled disable disabled use require required requires allow allows show hide reset forgot forget change has is with without validate verify check no skip generate rotate",
);

/** What makes a URL one that usually carries credentials. */
const STORES = words(
  "database db postgres postgresql pg mysql mariadb mongo mongodb redis valkey amqp rabbitmq rabbit broker celery sqlalchemy jdbc datasource cache elasticsearch elastic clickhouse neo4j kafka smtp",
);

/**
 * The purpose that a name promises: "password", "token", "secret", "api-key", "signing-secret", "private-key",
 * "encryption-key", "salt" or "url"; absent if it promises none. Only the last words of a name count, so that
 * `PASSWORD_MIN_LENGTH`, `TOKEN_TTL`, `API_KEY_FILE`, `SECRET_NAME` and `JWT_ALGORITHM` promise nothing.
 */
export function purposeOf(name: string): string | undefined {
  const all = wordsOf(name);
  const last = all.at(-1);
  if (last === undefined) return undefined;
  const before = all.at(-2) ?? "";
  if (DENIED_BEFORE.has(before) || (all.length > 1 && DENIED_FIRST.has(all[0]!))) return undefined;
  if (last === "key" || last === "keys")
    return before === "secret" && PROVIDERS.has(all.at(-3) ?? "") ? "api-key" : KEYS.get(before);
  if (last === "base" && before === "key") return all.at(-3) === "secret" ? "signing-secret" : undefined;
  if (last === "id")
    return before === "secret" && all.length > 2 && /^(?:vault|approle|role)$/.test(all.at(-3)!) ? "secret" : undefined;
  if (last === "secret")
    return SIGNS.has(before) || (before === "key" && all.at(-3) === "jwt") ? "signing-secret" : "secret";
  if (last === "string" || last === "str") return before === "connection" || before === "conn" ? "url" : undefined;
  if (last === "url" || last === "uri" || last === "urls") return STORES.has(before) ? "url" : undefined;
  if (last === "auth") return before === "neo4j" || before === "basic" ? "password" : undefined;
  if (last === "tokens" || last === "passwords" || last === "secrets") {
    return before === "api" || before === "auth" || before === "access" ? ENDINGS.get(last.slice(0, -1)) : undefined;
  }
  return ENDINGS.get(last);
}
