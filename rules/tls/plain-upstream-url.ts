import { defineRule, replace } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/plain-upstream-url",
    title: "Service URL of a public host uses plain http, redis or amqp",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
What the service sends there, keys included, crosses the internet readable and changeable. Services of the same project,
private addresses and names without a dot are not reported.`,
    remedy: `
\`\`\`bash
API_BASE_URL=https://api.example.com
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
    yieldsTo: ["cors/insecure-origin"],
  },

  check(model, report) {
    for (const { at, scheme, host, internal, key, subject, database } of model.urls) {
      const secure = SECURE[scheme];
      if (
        !secure ||
        internal ||
        !host?.includes(".") ||
        (database && scheme === "http") ||
        IDENTIFIER.test(key) ||
        RESERVED.test(host)
      )
        continue;
      if (at.span.file.stage === "example") continue;

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const start = at.span.start + written.indexOf(scheme);
      const exact = written.startsWith(scheme) ? { ...at.span, start, end: start + scheme.length } : undefined;
      report({
        at,
        subject,
        message: `${key} reaches ${host} over plain ${scheme}`,
        snippet: `${secure}://${host}`,
        fix: exact && { title: `use ${secure}`, safety: "unsafe", edits: [replace(exact, secure)] },
      });
    }
  },
});

const SECURE: Readonly<Record<string, string>> = {
  http: "https",
  redis: "rediss",
  amqp: "amqps",
  ws: "wss",
  ldap: "ldaps",
  ftp: "ftps",
  mqtt: "mqtts",
};

/** Names whose URL is an identifier, not an address: XML namespaces, issuers, proxies, CORS origins. */
const IDENTIFIER = /XMLNS|NAMESPACE|SCHEMA|ORIGIN|HTTP_PROXY|NO_PROXY|http_proxy/i;

/** Names that never leave the machine or the cluster (RFC 2606, RFC 6762, Kubernetes). */
const RESERVED =
  /\.(local|localhost|internal|test|invalid|example|svc|lan|home|cluster\.local)$|(^|\.)example\.(com|org|net)$/i;
