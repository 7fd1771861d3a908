import { defineRule, replace, rewritten, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/wildcard-methods",
    title: "CORS allows every method",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/cors-configuration"],
    why: `
A trusted origin that is taken over can then delete and overwrite, not only read. It is reported only where the origins are
a real list: with a wildcard origin that is the finding.`,
    remedy: `
List the methods that the front end uses.

\`\`\`python
allow_methods=["GET", "POST", "PUT", "DELETE"],
\`\`\`

\`\`\`nginx
add_header Access-Control-Allow-Methods "GET, POST, PUT, DELETE" always;
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/942.html"],
  },

  check(model, report) {
    for (const { subject, methods, origins, reflected } of model.cors) {
      const wildcard = methods.find(({ value }) => value === "*");
      if (!wildcard || wildcard.implied || reflected || origins.some(({ value }) => value === "*")) continue;

      report({
        at: wildcard,
        subject,
        message: "CORS allows every method",
        snippet: rewritten([replace(wildcard.span, methodsAt(wildcard.span))], model.sensitive),
      });
    }
  },
});

const METHODS = ["GET", "POST", "PUT", "DELETE"];

/** The methods of the guide: items of the list that the wildcard is an item of, else one text. */
function methodsAt({ file, start }: Span): string {
  const quote = /[[,]\s*(["'])$/.exec(file.text.slice(Math.max(0, start - 20), start))?.[1];
  return METHODS.join(quote ? `${quote}, ${quote}` : ",");
}
