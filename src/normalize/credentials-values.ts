/** What a text is that stands where a credential belongs. */
import type { CredentialKind } from "../model.ts";
import { HOLE, masked } from "./written.ts";

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Nothing is there, though something is written. */
const NOTHING = list(
  "none null nil undefined empty n/a na unset not-set not-needed not-used unused no-key no-key-required notneeded blank",
);

/** A switch, not a credential. */
const SWITCHES = list("true false yes no on off enabled disabled required optional auto prompt 0 1");

/** A place or a store instead of the credential itself. */
const REFERENCES: readonly RegExp[] = [
  /^(?:\.{1,2}|~)?\/[a-z.][a-z0-9._-]*(?:\/[\w.-]+)*\/?$/, // a path
  /^(?:[A-Za-z]:)?\\/,
  /^[a-z][a-z0-9+.-]*:\/\//i, // op:// vault:// file:// https://
  /^(?:vault|secret|secrets|file|env|ssm|asm|sm|sops|encrypted|enc|keyring|keyvault|akv|doppler|bws|gcp|awssm|secretsmanager|ref\+\w+):\S/i,
  /^arn:aws[\w-]*:/,
  /^projects\/[^/\s]+\/secrets\//,
  /^(?:ENC|SOPS|AGE)[[(]/,
  /^\{cipher\}/,
  /^@Microsoft\.KeyVault\(/i,
  /^%\w+%$/,
  /^<path:[^<>]+>$/, // Argo CD Vault Plugin
  /^%(?:\(\w+\))?[a-z]$|^\{\}$/, // filled in by a formatter
  /^\$\w+$/,
  /^!(?:vault|secret|env|ENV|Ref|Sub|GetAtt)\b/,
  /^(?:process\.env\.|os\.environ|secrets\.|env\.|vars\.|var\.)/,
  /^[\w./-]+\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|env)$/i,
];

/** Public material where a credential could stand. */
const PUBLIC = /^(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-\S+) |^-----BEGIN (?:PUBLIC KEY|CERTIFICATE|RSA PUBLIC KEY)/;

/** Placeholders by their shape. */
const SHAPES: readonly RegExp[] = [
  /^[<[{][^<>[\]{}"]{1,120}[>\]}]$/,
  /<[a-z][^<>]{0,80}>/i,
  /^__?[A-Z][A-Z0-9_]{1,80}__?$/,
  /^(?:@@|%%|##|#\{)[^@%#]{1,80}(?:@@|%%|##|\}#?)$/,
  /\.{3}|…|\*{3}|_{4}/,
  /x{4}/i,
  /EXAMPLE/,
  /^0{8}(?:-0{4}){3}-0{12}$/,
  /^[xX]+$|^[-_.*?#]+$/,
];

/** A word that gives a placeholder away wherever it stands between separators. */
const TELLING = list(
  "your yours placeholder replace replaceme replacethis redacted todo fixme tbd fill fillme fillin insert example examples dummy fake goes here mock generate generated random-string paste enter provide xxx",
);

/** Words of placeholders and templates: they describe a credential. */
const DESCRIBING = list(
  "your yours please change changed changing replace insert enter put set use long longer very random randomly generated generate secure strong complex another string characters chars character bits bytes bit byte minimum least hashing hash signing encryption must placeholder example sample template here goes before production prod value unique somewhere with real actual own than",
);

/** Words that people make passwords of. Names of products and their accounts among them. */
const COMMON = list(
  `password passwd passw pass pwd passphrase secret secrets secretkey key keys token api apikey jwt admin administrator root toor user username guest
  test testing tester tests dev develop development developer debug demo local localhost staging super supersecret master login letmein welcome hello
  qwerty qwertz asdf asdfgh zxcvbn iloveyou monkey dragon default public private changeit temp temporary foo bar baz foobar abc abcd abcdef
  postgres postgresql pgsql postgis mysql mariadb mongo mongodb redis rabbitmq rabbit elastic elasticsearch kibana grafana prometheus minio minioadmin neo4j
  keycloak nextcloud wordpress gitea gitlab jenkins sonar sonarqube airflow superset metabase pgadmin odoo drupal joomla ghost magento matomo django
  flask rails laravel symfony spring node express fastapi app apps application web website service server client database data db sql sa system oracle
  cassandra clickhouse influxdb influx consul vault kafka nats couchdb couchbase solr tomcat docker compose kubernetes kube container sample hunter
  trustno ninja sunshine princess football baseball shadow mustang access nimda pi raspberry vagrant ubuntu alpine changeme session cookie auth
  signing salt pepper dbpass dbuser dbpassword mypassword mysecret example qwed qca backend frontend redispass pgpass email mail smtp insecure unsafe weak`,
);

/** Words that join others; alone they are as weak as the rest. */
const JOINING = list(
  "my me the for in of and is a an to it this that do not dont be at on or new our by from as all only one no some any",
);

/** Well-known values with digits and signs of their own, and keys of tutorials. Separators left out, lower case. */
const WELL_KNOWN = list(
  "changeme changeit changethis changemeplease changemenow pleasechange pleasechangeme passw0rd p@ssw0rd p@ssword pa$$word pa$$w0rd abc123 1q2w3e4r 1qaz2wsx q1w2e3r4 qwerty123 letmein hunter2 trustno1 iloveyou adminadmin rootroot testtest notsecure notasecret insecure keyboardcat shhhhh shhhhhhh opensesame thisisasecret 09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
);

/**
 * Kind of a text that stands where a credential belongs. `text` is the decoded value, without the URL around it;
 * `purpose` is what its name promises: a short password or signing secret is weak, a short token says nothing.
 * `provider` is decided elsewhere. Linear.
 */
export function kindOf(text: string, purpose: string): Exclude<CredentialKind, "provider"> {
  const value = text.trim();
  const lower = value.length > 128 ? "" : value.toLowerCase();
  if (value === "" || NOTHING.has(lower)) return "empty";
  if (SWITCHES.has(lower) || masked(value).includes(HOLE) || isReference(value, purpose)) return "reference";
  if (value.length > 128) return TEMPLATE.test(value.slice(0, 512)) ? "placeholder" : "strong";
  if (DOCUMENT.test(value)) return TEMPLATE.test(value) ? "placeholder" : "strong";
  if (WELL_KNOWN.has(lower.replace(/[\s._-]/g, "")) || lower.startsWith("django-insecure-")) return "weak";
  if (SHAPES.some((shape) => shape.test(value))) return "placeholder";
  if (isRun(lower)) return /^\d+$/.test(lower) && lower.length < 3 ? "reference" : "weak";
  if (FILLED.test(lower)) return "placeholder";
  const words = lower.split(/[^a-z0-9]+/).filter(Boolean);
  if (words.some((word) => TELLING.has(word))) return "placeholder";
  const plain = unleeted(value);
  const kind = composed(value) ?? (plain === value ? undefined : composed(plain));
  return kind ?? (isShort(value, purpose) ? "weak" : "strong");
}

/** JSON: a service account, the logins of a registry. */
const DOCUMENT = /^\{\s*".*\}$/s;

/** A prefix, then one character to the end: `ghp_0000…`. */
const FILLED = /^.{0,16}?(.)\1{11}\1*$/;

const TEMPLATE = /<[a-z][^<>]{0,80}>|\byour[-_ ]/i;

function isReference(value: string, purpose: string): boolean {
  if (value.length > 2048) return false;
  if (PUBLIC.test(value)) return true;
  if (purpose !== "password" && /^\d{1,5}$/.test(value) && !isRun(value)) return true;
  return REFERENCES.some((pattern) => pattern.test(value));
}

/** One character repeated, or characters that follow each other: `000000`, `123456`, `abcdef`, `87654321`. */
function isRun(text: string): boolean {
  if (text.length < 3) return /^\d+$/.test(text);
  const step = (at: number) => text.charCodeAt(at) - text.charCodeAt(at - 1);
  const first = step(1);
  if (first < -1 || first > 1) return false;
  for (let at = 2; at < text.length; at++) {
    if (step(at) !== first && !(text[at] === "0" && text[at - 1] === "9")) return false;
  }
  return true;
}

const isShort = (value: string, purpose: string): boolean =>
  purpose === "password" || purpose === "url" ? value.length < 5 : purpose === "signing-secret" && value.length < 8;

const LEET: ReadonlyMap<string, string> = new Map(
  [..."@a $s 0o 3e 1i !i 5s 7t 4a".split(" ")].map(([from, to]) => [from!, to!]),
);

/** Signs read as the letters they stand for; digits and signs at the end are decoration. */
const unleeted = (text: string): string =>
  text.replace(/[!?.#*\d]+$/, "").replace(/[@$013!574]/g, (sign) => LEET.get(sign) ?? sign);

/** Longest word of the lists above. */
const LONGEST_WORD = 16;

/**
 * `weak` if a text is made of common words alone, `placeholder` if words that describe a credential are among them,
 * else absent. Signs separate words, up to four digits and runs count as words.
 */
function composed(text: string): "weak" | "placeholder" | undefined {
  const pieces = text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+|(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])/)
    .filter(Boolean);
  if (!pieces.some((piece) => /[a-z]/.test(piece))) return undefined;
  let describes = false;
  for (const piece of pieces) {
    const digits = /^\d+$/.test(piece);
    const kind = digits ? (piece.length <= 4 || isRun(piece) ? "weak" : undefined) : segmented(piece);
    if (kind === undefined) return undefined;
    describes ||= kind === "placeholder";
  }
  return describes ? "placeholder" : "weak";
}

/** Whether a run of letters falls into words of the lists: the reading with the fewest describing words. */
function segmented(piece: string): "weak" | "placeholder" | undefined {
  if (JOINING.has(piece)) return "weak";
  const best: (number | undefined)[] = [0];
  for (let end = 1; end <= piece.length; end++) {
    for (let start = Math.max(0, end - LONGEST_WORD); start < end; start++) {
      const sofar = best[start];
      if (sofar === undefined) continue;
      const word = piece.slice(start, end);
      const cost =
        COMMON.has(word) || (word.length > 1 && JOINING.has(word)) ? 0 : DESCRIBING.has(word) ? 1 : undefined;
      if (cost !== undefined && sofar + cost < (best[end] ?? Number.POSITIVE_INFINITY)) best[end] = sofar + cost;
    }
  }
  const total = best[piece.length];
  return total === undefined ? undefined : total === 0 ? "weak" : "placeholder";
}
