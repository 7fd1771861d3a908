import { corsKey, defineRule, replace, rewritten } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/insecure-origin",
    title: "CORS trusts a plain http origin that is not localhost",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
Whoever sits on the network path of a visitor can serve any page under a plain http origin, and that page then reads the
API's answers as if it were the front end.`,
    remedy: `
Serve the front end over https and list it with that scheme.

\`\`\`bash
export CORS_ALLOWED_ORIGINS="https://app.yourcompany.com"
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
  },

  check(model, report) {
    for (const { subject, key, origins, fallback } of model.cors) {
      if (fallback?.providedBy.length) continue;
      for (const origin of origins) {
        if (origin.span.file.stage !== "production" || !isPlain(origin.value)) continue;

        const edits = [replace({ ...origin.span, end: origin.span.start + "http".length }, "https")];
        report({
          at: origin,
          subject,
          message: `${corsKey(key)} trusts ${origin.value}, which is not encrypted`,
          snippet: rewritten(edits, model.sensitive),
          fix: { title: `trust https:${origin.value.slice("http:".length)}`, safety: "unsafe", edits },
        });
      }
    }
  },
});

/** Names without a dot and private addresses are inside a network; loopback is `cors/localhost-origin`. */
function isPlain(origin: string): boolean {
  const host = /^http:\/\/([^/:?#\s]+)/.exec(origin)?.[1];
  return (
    host?.includes(".") === true &&
    !/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0)|\.(local|localhost|internal|test|example)$/.test(
      host,
    )
  );
}
