import { defineRule, replace } from "../../src/rule.ts";

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
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/327.html", "https://datatracker.ietf.org/doc/html/rfc8996"],
  },

  check(model, report) {
    for (const { subject, protocols, ciphers, kind } of model.edges) {
      for (const protocol of protocols) {
        if (protocol.implied || !OLD.test(protocol.value)) continue;

        const modern = kind === "traefik" ? "VersionTLS12" : kind === "caddy" ? "tls1.2" : undefined;
        report({
          at: protocol,
          subject,
          message: `${kind} accepts ${protocol.value}`,
          snippet: SNIPPETS[kind],
          fix: modern
            ? { title: "ask for TLS 1.2", safety: "safe", edits: [replace(protocol.span, modern)] }
            : protocols.some(({ value }) => !OLD.test(value))
              ? {
                  title: `accept ${protocol.value} no longer`,
                  safety: "safe",
                  edits: [replace(withBlank(protocol.span), "")],
                }
              : undefined,
        });
      }
      for (const cipher of ciphers) {
        if (!WEAK.test(cipher.value)) continue;

        report({ at: cipher, subject, message: `${kind} accepts the weak cipher ${cipher.value}` });
      }
    }
  },
});

const OLD = /^(SSLv?[23]|TLSv1(\.[01])?|tls1\.[01]|VersionTLS1[01]|VersionSSL30)$/i;

/** As words of a cipher list; `!RC4` and `-RC4` take it out. */
const WEAK = /^(?![!-]).*\b(RC4|3DES|DES-CBC3?|NULL|EXPORT|EXP|MD5|aNULL|eNULL|ADH|LOW)\b/;

/** The word with the blank before it. */
const withBlank = <T extends { readonly file: { readonly text: string }; readonly start: number }>(span: T): T =>
  /[ \t]/.test(span.file.text[span.start - 1] ?? "") ? { ...span, start: span.start - 1 } : span;

const SNIPPETS: Readonly<Record<string, string>> = {
  nginx: "ssl_protocols TLSv1.2 TLSv1.3;",
  caddy: "tls {\n  protocols tls1.2 tls1.3\n}",
  traefik: "tls:\n  options:\n    default:\n      minVersion: VersionTLS12",
};
