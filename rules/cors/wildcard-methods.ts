import { defineRule } from "../../src/rule.ts";

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
\`\`\`python
allow_methods=["GET", "POST", "PUT", "DELETE"],
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/942.html"],
  },

  check(model, report) {
    for (const { subject, key, methods, origins, reflected, syntax } of model.cors) {
      const wildcard = methods.find(({ value }) => value === "*");
      if (!wildcard || wildcard.implied || reflected || origins.some(({ value }) => value === "*")) continue;

      report({
        at: wildcard,
        subject,
        message: `${key} allows every method`,
        snippet: SNIPPETS[syntax],
      });
    }
  },
});

const SNIPPETS: Readonly<Record<string, string>> = {
  environment: "GET,POST,PUT,DELETE",
  python: 'allow_methods=["GET", "POST", "PUT", "DELETE"]',
  javascript: 'methods: ["GET", "POST", "PUT", "DELETE"]',
  nginx: 'add_header Access-Control-Allow-Methods "GET, POST, PUT, DELETE" always;',
  caddy: 'header Access-Control-Allow-Methods "GET, POST, PUT, DELETE"',
  traefik: "accesscontrolallowmethods=GET,POST,PUT,DELETE",
  ingress: 'nginx.ingress.kubernetes.io/cors-allow-methods: "GET, POST, PUT, DELETE"',
};
