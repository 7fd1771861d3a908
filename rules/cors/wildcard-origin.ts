import { type CorsPolicy, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/wildcard-origin",
    title: "CORS answers every origin",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/cors-configuration", "qca/cors-configuration"],
    why: `
With \`*\` any website can call the API from a visitor's browser and read the answer. Where credentials are allowed too,
frameworks answer with the caller's own origin, and that site acts as the signed-in visitor: the finding is critical.`,
    remedy: `
List the exact origins of your front end: scheme, host and port.

\`\`\`bash
export CORS_ALLOWED_ORIGINS="https://app.yourcompany.com,https://admin.yourcompany.com"
\`\`\`

\`\`\`python
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://yourapp.com", "https://www.yourapp.com"],
    allow_credentials=True,
)
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/942.html",
      "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS",
    ],
    yieldsTo: ["cors/origins-unset"],
  },

  check(model, report) {
    for (const policy of model.cors) {
      const wildcard = policy.origins.find(({ value }) => value === "*");
      if (!wildcard || policy.fallback) continue;

      const { credentials } = policy;
      report({
        at: wildcard,
        subject: policy.subject,
        message: wildcard.implied
          ? `${policy.key} lets every origin in: no origin is listed`
          : `${policy.key} lets every origin in`,
        severity: credentials?.value ? "critical" : undefined,
        related: credentials?.value ? [{ at: credentials, message: "and credentials are allowed" }] : [],
        snippet: allowList(policy),
      });
    }
  },
});

const ORIGINS = ["https://app.example.com", "https://admin.example.com"];
const QUOTED = ORIGINS.map((origin) => `"${origin}"`).join(", ");

/** The allow list in the language of the policy, under the name the user gave it. */
function allowList({ syntax, key }: CorsPolicy): string {
  switch (syntax) {
    case "environment":
      return `${key}=${ORIGINS.join(",")}`;
    case "python":
    case "javascript":
      return syntax === "python" ? `${key}=[${QUOTED}]` : `${key}: [${QUOTED}]`;
    case "nginx":
      return `add_header ${key} "${ORIGINS[0]}" always;`;
    case "caddy":
      return `header ${key} "${ORIGINS[0]}"`;
    case "traefik":
    case "ingress":
      return `${key}: "${ORIGINS.join(",")}"`;
  }
}
