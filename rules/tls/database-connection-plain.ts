import { defineRule, type ServiceUrl } from "../../src/rule.ts";

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
\`\`\``,
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
      const off = url.parameters.find(({ name, value }) => OFF[name]?.test(value));
      const engine = ENGINES.find(({ scheme }) => scheme.test(url.scheme));
      if (!off && (!engine || engine.secure(url))) continue;

      report({
        at: off ? off.span : url.at,
        subject: url.subject,
        message: off
          ? `${url.key} switches TLS to ${url.host} off`
          : `${url.key} connects to ${url.host} without asking for TLS`,
        snippet: engine?.snippet,
      });
    }
  },
});

/** Values of URL parameters that leave a connection in plain text or open to a man in the middle. */
const OFF: Readonly<Record<string, RegExp>> = {
  sslmode: /^(disable|allow|prefer)$/i,
  ssl: /^(false|0|no|disable)$/i,
  tls: /^(false|0|no)$/i,
  usessl: /^false$/i,
  "ssl-mode": /^(disabled|preferred)$/i,
  sslaccept: /^accept_invalid_certs$/i,
  encrypt: /^(false|no|disable)$/i,
  trustservercertificate: /^(true|yes)$/i,
};

interface Engine {
  readonly scheme: RegExp;
  readonly secure: (url: ServiceUrl) => boolean;
  readonly snippet: string;
}

const has = ({ parameters }: ServiceUrl, name: RegExp): boolean =>
  parameters.some((parameter) => name.test(parameter.name));

const ENGINES: readonly Engine[] = [
  { scheme: /^(jdbc:)?postgres/, secure: (url) => has(url, /^ssl/), snippet: "?sslmode=verify-full" },
  {
    scheme: /^(jdbc:)?(mysql|mariadb)/,
    secure: (url) => has(url, /^(ssl|tls|usessl|requiressl)/),
    snippet: "?ssl-mode=VERIFY_IDENTITY",
  },
  { scheme: /^mongodb$/, secure: (url) => has(url, /^(tls|ssl)$/), snippet: "?tls=true" },
];
