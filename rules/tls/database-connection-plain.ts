import { defineRule, type Edit, replace, rewritten, type ServiceUrl, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/database-connection-plain",
    title: "Database connection disables TLS, or goes to a remote host without asking for it",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/database-connection-tls"],
    why: `
Queries, results and the password of the database cross the network readable and changeable. Connections to a service of the
same project and to loopback stay inside and are not reported.`,
    remedy: `
\`\`\`bash
DATABASE_URL=postgresql://app@db.example.com:5432/app?sslmode=verify-full
MYSQL_URL=mysql://app@db.example.com:3306/app?ssl-mode=VERIFY_IDENTITY
MONGODB_URI=mongodb://app@db.example.com:27017/app?tls=true
\`\`\`

\`require\` keeps listeners out, and is what the fix writes since it needs nothing else; \`verify-full\` also stops whoever
stands between with a certificate of his own, once the client has the certificate of the authority.`,
    fix: "unsafe",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/319.html",
      "https://www.postgresql.org/docs/current/libpq-ssl.html",
    ],
  },

  check(model, report) {
    for (const url of model.urls) {
      if (!url.database || url.internal || !url.host || url.at.span.file.stage === "example") continue;
      const off = url.parameters.find(({ name, value }) => OFF[name]?.[0].test(value));
      const asked = ENGINES.find(({ scheme }) => scheme.test(url.scheme));
      if (!off && (!asked || url.parameters.some(({ name }) => asked.parameters.test(name)))) continue;
      if (!off && CODE.has(url.at.span.file.language)) continue;

      const parameter = asked?.parameter(url);
      const edit = off ? replace(off.span, on(off, url)) : parameter ? added(url, parameter) : undefined;
      report({
        at: off ? off.span : url.at,
        subject: url.subject,
        message: off
          ? `${url.key} connects to ${url.host} with ${off.name}=${off.value}`
          : `${url.key} connects to ${url.host} without asking for TLS`,
        related: off && !within(off.span, url.at.span) ? [{ at: url.at, message: `${url.key} leaves TLS to it` }] : [],
        snippet:
          (edit && rewritten([edit], model.sensitive)) ??
          (asked && (parameter ? `?${parameter}` : (inCode(url) ?? `?${asked.usual}`))),
        fix: edit && { title: "ask for TLS", safety: "unsafe", edits: [edit] },
      });
    }
  },
});

/** Where options beside the URL may ask for TLS: `connect_args`, `ssl: { … }`. */
const CODE: ReadonlySet<string> = new Set(["python", "javascript"]);

/** Values of URL parameters that leave a connection readable or open to a man in the middle, and what to write instead. */
const OFF: Readonly<Record<string, readonly [off: RegExp, instead: string]>> = {
  sslmode: [/^(disable|allow|prefer|disabled|preferred)$/i, "require"],
  ssl: [/^(false|0|no|disable)$/i, "true"],
  tls: [/^(false|0|no)$/i, "true"],
  usessl: [/^false$/i, "true"],
  "ssl-mode": [/^(disabled|preferred)$/i, "REQUIRED"],
  sslaccept: [/^accept_invalid_certs$/i, "strict"],
  encrypt: [/^(false|no|disable|optional)$/i, "true"],
  trustservercertificate: [/^(true|yes)$/i, "false"],
};

/** In the words of the driver: asyncpg's `ssl` takes modes, Connector/J's `sslMode` has names of its own. */
function on({ name, value }: ServiceUrl["parameters"][number], { scheme }: ServiceUrl): string {
  if (/^(disabled|preferred)$/i.test(value)) return value === value.toUpperCase() ? "REQUIRED" : "required";
  if (name === "ssl" && scheme === "postgresql" && value === "disable") return "require";
  const instead = OFF[name]![1];
  return /^[A-Z][a-z]/.test(value) && instead !== "require" ? instead[0]!.toUpperCase() + instead.slice(1) : instead;
}

interface Engine {
  readonly scheme: RegExp;
  /** Any of these decides about TLS. */
  readonly parameters: RegExp;
  /** What the driver that the URL names understands; absent where none is known to. */
  readonly parameter: (url: ServiceUrl) => string | undefined;
  /** For the server's own clients. */
  readonly usual: string;
}

const POSTGRESQL: readonly (readonly [driver: RegExp, parameter: string | undefined])[] = [
  [/\+(?:pg8000|aiopg|pygresql)/, undefined],
  [/\+asyncpg/, "ssl=require"],
  [/^r2dbc:/, "sslMode=require"],
  [/^/, "sslmode=require"],
];

/** A bare `mysql://` may be for any of a dozen drivers, and each has a word of its own. */
const MYSQL: readonly (readonly [driver: RegExp, parameter: string | undefined])[] = [
  [/^(?:jdbc|r2dbc):mysql:/, "sslMode=REQUIRED"],
  [/\+mysqldb:/, "ssl_mode=REQUIRED"],
];

const from = (drivers: typeof MYSQL, { at }: ServiceUrl) => drivers.find(([driver]) => driver.test(at.value))?.[1];

/** Drivers of SQLAlchemy that take no word for TLS from the URL. */
function inCode({ at }: ServiceUrl): string | undefined {
  const driver = /\+(\w+):/.exec(at.value)?.[1];
  const argument = driver === "pg8000" ? "ssl_context" : "ssl";
  return driver && `create_engine(url, connect_args={"${argument}": ssl.create_default_context()})`;
}

/** Engines whose clients use no TLS, or give it up, unless they are told to. */
const ENGINES: readonly Engine[] = [
  {
    scheme: /^postgresql$/,
    parameters: /^ssl/,
    parameter: (url) => from(POSTGRESQL, url),
    usual: "sslmode=require",
  },
  {
    scheme: /^mysql$/,
    parameters: /^(ssl|tls|usessl|requiressl)/,
    parameter: (url) => from(MYSQL, url),
    usual: "ssl-mode=REQUIRED",
  },
  { scheme: /^mongodb$/, parameters: /^(tls|ssl)$/, parameter: () => "tls=true", usual: "tls=true" },
];

const within = (inner: Span, outer: Span): boolean =>
  inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;

/** Behind the last parameter of a URL with a path that is written as it reads. */
function added({ at, parameters }: ServiceUrl, parameter: string): Edit | undefined {
  const { file, start, end } = at.span;
  const shape = at.value.replace(/\$\{[^{}]*\}/g, "x");
  if (file.text.slice(start, end) !== at.value || !/:\/\/[^/?#]+\/[^#]*$/.test(shape)) return undefined;
  return { span: { file, start: end, end }, text: (parameters.length ? "&" : "?") + parameter };
}
