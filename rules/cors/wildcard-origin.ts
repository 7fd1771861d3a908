import {
  type CorsPolicy,
  corsKey,
  defineRule,
  fill,
  type Located,
  replace,
  rewritten,
  type Span,
} from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/wildcard-origin",
    title: "CORS answers every origin",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/cors-configuration", "qca/cors-configuration"],
    why: `
With \`*\` any website can call the API from a visitor's browser and read the answer. Where credentials are allowed too,
frameworks answer with the caller's own origin, and that site acts as the signed-in visitor: the finding is critical.
Django's \`ALLOWED_HOSTS = ["*"]\` lets callers choose the host that links and password mails are built with: medium.`,
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

      if (policy.key.toUpperCase().endsWith(HOSTS)) {
        report({
          at: wildcard,
          subject: policy.subject,
          message: `${policy.key} accepts every Host header`,
          severity: "medium",
          snippet: rewritten([replace(wildcard.span, "app.example.com")], model.sensitive),
        });
        continue;
      }
      const { credentials } = policy;
      report({
        at: wildcard,
        subject: policy.subject,
        message: wildcard.implied
          ? "CORS lets every origin in: nothing lists the allowed ones"
          : `${corsKey(policy.key)} lets every origin in`,
        severity: credentials?.value ? "critical" : undefined,
        related: credentials?.value
          ? [
              {
                at: credentials,
                message: credentials.implied ? "which allows credentials by default" : "and credentials are allowed",
              },
            ]
          : [],
        snippet: allowList(policy, wildcard, model.sensitive),
      });
    }
  },
});

const HOSTS = "ALLOWED_HOSTS";
const ORIGIN = "https://app.example.com";

/** The user's own line with an origin instead of the wildcard, or what replaces a switch. */
function allowList(
  { syntax }: CorsPolicy,
  { span, blank }: Located<string>,
  secrets: readonly Span[],
): string | undefined {
  const instead = (text: string) => rewritten([replace(span, text)], secrets);
  if (blank) {
    const origin = syntax === "python" || syntax === "javascript" ? `"${ORIGIN}"` : ORIGIN;
    return rewritten([fill(blank, origin)], secrets);
  }
  if (span.file.text.slice(span.start, span.end) === "*") return instead(ORIGIN);
  if (syntax === "python") return `CORS_ALLOWED_ORIGINS = ["${ORIGIN}"]`;
  return instead(syntax === "javascript" ? `{ origin: ["${ORIGIN}"] }` : "false");
}
