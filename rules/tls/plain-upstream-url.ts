import { defineRule, type Edit, replace, rewritten, type ServiceUrl, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/plain-upstream-url",
    title: "Service URL of a public host uses plain http, redis or amqp",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
What the service sends there, keys included, crosses the internet readable and changeable. Services of the same project,
private addresses and names that only the cluster knows are not reported.`,
    remedy: `
\`\`\`bash
API_BASE_URL=https://api.example.com
REDIS_URL=rediss://cache.example.com:6380/0
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
    yieldsTo: ["cors/insecure-origin"],
  },

  check(model, report) {
    for (const url of model.urls) {
      const { at, scheme, host, internal, key, subject } = url;
      const secure = SECURE[scheme];
      if (!secure || internal || !host || at.span.file.stage === "example") continue;
      if (url.parameters.some(({ name, value }) => /^(ssl|tls)$/.test(name) && value === "true")) continue;
      if (NO_ADDRESS.test(key) || RESERVED.test(host) || PRIVATE.test(host)) continue;

      const exact = schemeOf(url);
      const edits = exact && [replace(exact, secure.scheme), ...portOf(url, secure)];
      report({
        at: exact ?? at,
        subject,
        message: `${key} points to ${host} over plain ${scheme}`,
        snippet: (edits && rewritten(edits, model.sensitive)) ?? `${secure.scheme}://${host}`,
        fix: edits && isUsual(url, secure) ? { title: `use ${secure.scheme}`, safety: "unsafe", edits } : undefined,
      });
    }
  },
});

/** The word before `://`, where it is written as it reads. */
function schemeOf({ at: { span }, scheme }: ServiceUrl): Span | undefined {
  return span.file.text.startsWith(`${scheme}://`, span.start)
    ? { ...span, end: span.start + scheme.length }
    : undefined;
}

interface Secure {
  readonly scheme: string;
  /** Ports that the IANA registry has for both; a service listens on others as it likes. */
  readonly plain?: number;
  readonly port?: number;
}

const SECURE: Readonly<Record<string, Secure>> = {
  http: { scheme: "https", plain: 80, port: 443 },
  // Managed servers speak TLS on the usual port.
  redis: { scheme: "rediss", plain: 6379, port: 6379 },
  amqp: { scheme: "amqps", plain: 5672, port: 5671 },
  ws: { scheme: "wss", plain: 80, port: 443 },
  ldap: { scheme: "ldaps", plain: 389, port: 636 },
  ftp: { scheme: "ftps", plain: 21, port: 990 },
  mqtt: { scheme: "mqtts", plain: 1883, port: 8883 },
};

const isUsual = ({ at, host, port }: ServiceUrl, { plain, port: secure }: Secure): boolean =>
  port === undefined ? !at.value.includes(`${host}:`) : port === plain || port === secure;

/** The usual port of the plain scheme becomes that of the other. */
function portOf({ at: { span }, host, port }: ServiceUrl, { plain, port: secure }: Secure): readonly Edit[] {
  if (port === undefined || port !== plain || port === secure) return [];
  const { file, start, end } = span;
  const offset = file.text.slice(start, end).indexOf(`${host}:${port}`);
  if (offset < 0) return [];
  const from = start + offset + host!.length + 1;
  return [replace({ file, start: from, end: from + String(port).length }, String(secure))];
}

/** Names whose URL is an identifier or a forward proxy: XML namespaces, schemas, CORS origins, `HTTPS_PROXY`. */
const NO_ADDRESS = /XMLNS|NAMESPACE|SCHEMA|ORIGIN|(HTTPS?|ALL|NO|FTP)_PROXY/i;

/** Names that never leave the machine or the cluster, and those of documentation (RFC 2606, RFC 6762, Kubernetes). */
const RESERVED =
  /\.(local|localhost|internal|test|invalid|example|svc|lan|home|corp|intranet|cluster\.local|home\.arpa)$|(^|\.)example\.(com|org|net)$/i;

/** Addresses of private networks and of one link (RFC 1918, RFC 3927, RFC 4193, RFC 6598). */
const PRIVATE =
  /^(10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^f[cd][0-9a-f]{2}:|^fe80:/i;
