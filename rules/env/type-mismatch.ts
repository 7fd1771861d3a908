import { defineRule, type Variable } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/type-mismatch",
    title: "Value cannot be what its name promises",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
The program either stops when it reads the value or, with a lenient parser, silently takes something else: \`treu\` is false,
\`30m\` under \`…_MINUTES\` is 30 in one language and an error in the other, a port beyond 65535 wraps or fails.`,
    remedy: `
\`\`\`bash
PORT=8000
RATE_LIMIT_ENABLED=true
ACCESS_TOKEN_EXPIRE_MINUTES=30
DATABASE_URL=postgresql://app@db:5432/app
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://12factor.net/config"],
  },

  check(model, report) {
    for (const variable of model.variables) {
      const { name, value, origin, phase, subject, credential } = variable;
      if (origin === "ci" || phase === "build" || credential?.kind === "placeholder") continue;
      const text = textOf(variable)?.trim();
      if (!text || OPEN.test(text)) continue;
      const upper = name.value.toUpperCase();
      const type = TYPES.find(({ names }) => names.test(upper));
      if (!type || type.fits(text)) continue;
      report({ at: value, subject, message: `${name.value} is no ${type.what}` });
    }
  },
});

const textOf = ({ value: { value } }: Variable): string | undefined =>
  value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;

/** To be filled in by somebody or something. */
const OPEN = /[<>{}$%]|your[-_ ]|change[-_]?me|placeholder|replace|example|xxx|\.\.\./i;

interface Type {
  readonly names: RegExp;
  readonly what: string;
  readonly fits: (text: string) => boolean;
}

const BOOLEAN = /^(?:true|false|yes|no|on|off|0|1|y|n|t|f|enabled?|disabled?)$/i;
/** Words and lists that switches with more than two positions take. */
const POSITION =
  /^(?:auto|always|never|all|none|null|optional|required|partial|strict|force|full|warn|default)$|[,;: ]/i;
const UNBOUNDED = /^(?:auto|max|unlimited|none|null|inf(?:inity)?|never|off|default|-1)$/i;
const NUMBER = /^[-+]?\d[\d_]*(?:\.\d+)?(?:e\d+)?(?:\s*\*\s*\d[\d_]*(?:\.\d+)?)*$/i;

const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) ? Number(text) <= 65_535 : /^(?:tcp|udp):\/\/|^[/\\]|^[\w.[\]:-]*:\d{1,5}$|^auto$/.test(text);

/** The last words of a name → what its value must be. The first that fits counts. */
const TYPES: readonly Type[] = [
  { names: /(?:^|_)PORT$/, what: "port number", fits: isPort },
  {
    names: /(?:^|_)(?:ENABLED|DISABLED)$|^(?:IS|ENABLE|DISABLE)_/,
    what: "boolean",
    fits: (text) => BOOLEAN.test(text) || POSITION.test(text),
  },
  {
    names:
      /_(?:SECONDS|SECS|MINUTES|MINS|HOURS|MS|MILLIS|MILLISECONDS|BYTES|KB|MB|GB)$|_(?:EXPIRE|EXPIRY|RETENTION|LIFETIME|TTL)_DAYS$/,
    what: "number",
    fits: (text) => NUMBER.test(text) || UNBOUNDED.test(text) || /^\d+-\d+$|,/.test(text),
  },
  {
    names:
      /_(?:RETRIES|WORKERS|REPLICAS|THREADS|CONCURRENCY|POOL_SIZE|MAX_OVERFLOW|BATCH_SIZE|PAGE_SIZE|MAX_CONNECTIONS)$/,
    what: "number",
    fits: (text) => NUMBER.test(text) || UNBOUNDED.test(text) || /,/.test(text),
  },
  {
    names: /_(?:TIMEOUT|TTL|INTERVAL|EXPIRES_IN|EXPIRY|DURATION|MAX_AGE)$/,
    what: "duration",
    fits: (text) => /\d/.test(text) || UNBOUNDED.test(text) || BOOLEAN.test(text) || /^@\w+$|[^A-Za-z]/.test(text),
  },
  {
    names: /^(?:\w+_)?(?:DATABASE|POSTGRES|MONGO|MONGODB|REDIS|AMQP|RABBITMQ)_UR[IL]$/,
    what: "URL",
    fits: (text) =>
      isUrl(text) && (text.includes("://") || /^(?:sqlite|jdbc|file|memory|:memory:|unix)\b|^[./]/i.test(text)),
  },
  { names: /(?:^|_)(?:URL|URI|ENDPOINT)$/, what: "URL", fits: (text) => isUrl(text) },
];

/** Not written as one by mistake: no white space, no half of `://`, no misspelt scheme. */
const isUrl = (text: string): boolean =>
  !/\s(?!or\b)/.test(text.replace(/,\s+/g, ",")) &&
  !/^(?:https?|wss?)(?::\/(?!\/)|\/\/|:(?!\/)\D)/i.test(text) &&
  !/^(?:(?:htp|htpp|hhtp|htttp|httpss)s?|postgre|postgess|postgresq|postgressql|redsi|mongdb):\/\//i.test(text);
