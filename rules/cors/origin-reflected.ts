import { corsKey, defineRule, type Located, replace, rewritten, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/origin-reflected",
    title: "CORS echoes whatever origin the caller sends",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/cors-configuration"],
    why: `
Sending the caller's own origin back is the wildcard that also works with credentials: every website acts as the visitor.
A pattern without anchors is the same mistake, for \`https://app.example.com.attacker.net\` matches it, or
\`https://attackerexample.com\`. With credentials the finding is critical.`,
    remedy: `
Compare with a list of exact origins.

\`\`\`javascript
app.use(cors({ origin: ["https://app.yourcompany.com"], credentials: true }));
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/942.html", "https://cwe.mitre.org/data/definitions/777.html"],
  },

  check(model, report) {
    for (const { subject, key, pattern, reflected, credentials, syntax } of model.cors) {
      const open = pattern && openness(pattern.value, key, syntax);
      const at = reflected ?? (open && pattern);
      if (!at) continue;

      report({
        at,
        subject,
        message: reflected ? `${corsKey(key)} sends the caller's own origin back` : `${corsKey(key)} ${open}`,
        severity: credentials?.value ? "critical" : undefined,
        related: credentials?.value ? [{ at: credentials, message: "and credentials are allowed" }] : [],
        snippet: reflected
          ? (LISTS[syntax] ?? listed(reflected, syntax, model.sensitive))
          : rewritten([replace(at.span, syntax === "javascript" ? LITERAL : PATTERN)], model.sensitive),
      });
    }
  },
});

const ANY_HOST = /^(?:https?\??:(?:\\?\/){2})?(?:\(\??:?\.[*+]\)|\.[*+]\??|\[\^\/\][*+])$/;

/** What a pattern lets in, if strangers can own a host that it matches. */
function openness(pattern: string, key: string, syntax: string): string | undefined {
  const body = pattern.replace(/^\^|\$$/g, "");
  if (body === "" || ANY_HOST.test(body)) return "has a pattern that every origin matches";
  if (/(?:\.[*+]|\[\^\/\][*+])\)?$/.test(body)) return "has a pattern that leaves the end of the host open";
  if (!FULL.test(key) && syntax !== "environment" && !/(?:\$|\\z)\)?$/i.test(pattern)) {
    return "has a pattern without an end, which longer hosts match";
  }
  return SEARCHES.has(syntax) && /^\(*[a-z0-9]/i.test(pattern) && !/^\(*(?:\?:)?https?/i.test(pattern)
    ? "has a pattern without a start, which longer hosts match"
    : undefined;
}

/** Starlette compares the whole origin, others its start (Flask-CORS, Django) or any part of it. */
const FULL = /^allow_origin_regex$/;
const SEARCHES: ReadonlySet<string> = new Set(["javascript", "nginx", "traefik", "caddy"]);

const ORIGIN = "https://app.example.com";
const PATTERN = "^https://app[.]example[.]com$";
const LITERAL = "/^https:\\/\\/app\\.example\\.com$/";

/** The user's own line with a list of one origin in the place of what reflects. */
function listed({ span }: Located<true>, syntax: string, secrets: readonly Span[]): string | undefined {
  const written = span.file.text.slice(span.start, span.end);
  if (syntax === "caddy" || syntax === "environment") return rewritten([replace(span, ORIGIN)], secrets);
  if (written === "true") return rewritten([replace(span, `["${ORIGIN}"]`)], secrets);
  const balanced = written.split(/[({[]/).length === written.split(/[)}\]]/).length;
  return balanced ? rewritten([replace(span, `"${ORIGIN}"`)], secrets) : `origin: ["${ORIGIN}"]`;
}

/** Syntaxes that need more than another value. */
const LISTS: Readonly<Record<string, string>> = {
  nginx: `map $http_origin $cors_origin {\n  default "";\n  "${ORIGIN}" $http_origin;\n}\n\nadd_header Access-Control-Allow-Origin $cors_origin always;`,
};
