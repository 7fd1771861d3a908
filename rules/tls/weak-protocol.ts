import { defineRule, EDGE_NAMES, type Edge, type Located, replace, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/weak-protocol",
    title: "Proxy accepts TLS 1.1 or older, SSLv3 or weak ciphers",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
Old protocols and ciphers can be broken by whoever sits on the network path, and a client can be talked down to them.
TLS 1.0 and 1.1 are deprecated by RFC 8996.`,
    remedy: `
\`\`\`nginx
ssl_protocols TLSv1.2 TLSv1.3;
\`\`\`

Traefik asks for the oldest version, Caddy's defaults are right as they are.

\`\`\`yaml
tls:
  options:
    default:
      minVersion: VersionTLS12
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/327.html", "https://datatracker.ietf.org/doc/html/rfc8996"],
  },

  check(model, report) {
    for (const { subject, protocols, ciphers, kind } of model.edges) {
      const old = protocols.filter(({ value, implied }) => !implied && OLD.test(value));
      if (old.length) {
        report({
          at: { ...old[0]!.span, end: old.at(-1)!.span.end },
          subject,
          message: `${EDGE_NAMES[kind]} accepts ${old.map(({ value }) => value).join(" and ")}`,
          snippet: SNIPPETS[kind],
          fix: withoutOld(kind, protocols, old),
        });
      }

      const excluded = new Set(ciphers.flatMap(({ value }) => (value.startsWith("!") ? namesIn(value.slice(1)) : [])));
      const weak = ciphers.filter(({ value }) => isWeak(value, excluded));
      if (weak.length) {
        const others = weak.length > 1 ? ` and ${weak.length - 1} more` : "";
        report({
          at: weak[0]!,
          subject,
          message: `${EDGE_NAMES[kind]} accepts the weak cipher ${weak[0]!.value}${others}`,
          snippet: CIPHERS[kind],
        });
      }
    }
  },
});

const OLD = /^(SSLv?[23]|TLSv1(\.[01])?)$/;

/** Names of broken algorithms, as parts of a cipher's name (RFC 7465, RFC 8429, RFC 9155). */
const WEAK: ReadonlySet<string> = new Set(
  "RC2 RC4 DES 3DES NULL EXP EXPORT MD5 aNULL eNULL ADH AECDH LOW anon".split(" "),
);

/** Parts of `DES-CBC3-SHA`, `ECDHE+RC4`, `TLS_RSA_WITH_RC4_128_SHA` that name an algorithm. */
const namesIn = (cipher: string): string[] => cipher.replace("DES-CBC3", "3DES").split(/[-_+]/);

/** As a word of a cipher list: `!`, `-` and `+` take out or move what others brought in, `!` for good. */
const isWeak = (cipher: string, excluded: ReadonlySet<string>): boolean =>
  !/^[!+-]/.test(cipher) &&
  namesIn(cipher).some((name) => WEAK.has(name)) &&
  !namesIn(cipher).some((name) => excluded.has(name));

/** nginx lists what it accepts; the others name the oldest. */
function withoutOld(kind: Edge["kind"], all: readonly Located<string>[], old: readonly Located<string>[]) {
  const oldest = kind === "traefik" ? "VersionTLS12" : kind === "caddy" ? "tls1.2" : undefined;
  if (oldest) {
    return {
      title: "ask for TLS 1.2",
      safety: "safe" as const,
      edits: old.map(({ span }) => replace(span, oldest)),
    };
  }
  if (old.length === all.length) return undefined;
  return {
    title: `accept ${old.map(({ value }) => value).join(" and ")} no longer`,
    safety: "safe" as const,
    edits: old.map(({ span }) => replace(withBlank(span), "")),
  };
}

/** The word with the blank before it. */
const withBlank = (span: Span): Span =>
  /[ \t]/.test(span.file.text[span.start - 1] ?? "") ? { ...span, start: span.start - 1 } : span;

const SNIPPETS: Readonly<Partial<Record<Edge["kind"], string>>> = {
  nginx: "ssl_protocols TLSv1.2 TLSv1.3;",
  caddy: "tls {\n    protocols tls1.2 tls1.3\n}",
  traefik: "minVersion: VersionTLS12",
};

const CIPHERS: Readonly<Partial<Record<Edge["kind"], string>>> = {
  nginx:
    "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;",
};
