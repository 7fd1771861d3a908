import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/origin-reflected",
    title: "CORS echoes whatever origin the caller sends",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/cors-configuration"],
    why: `
Sending the caller's own origin back is the wildcard that also works with credentials: every website acts as the visitor.
A pattern without anchors is the same mistake, for \`https://app.example.com.attacker.net\` matches it. With credentials the
finding is critical.`,
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
      const at = reflected ?? (pattern && catchesAll(pattern.value, syntax) ? pattern : undefined);
      if (!at) continue;

      report({
        at,
        subject,
        message: reflected
          ? `${key} sends the caller's own origin back`
          : `${key} matches origins with a pattern that anyone can meet`,
        severity: credentials?.value ? "critical" : undefined,
        related: credentials?.value ? [{ at: credentials, message: "and credentials are allowed" }] : [],
        snippet: SNIPPETS[syntax],
      });
    }
  },
});

/** Engines that look for the pattern anywhere in the origin: without an end anchor any longer host matches. */
const SEARCHES: ReadonlySet<string> = new Set(["javascript", "nginx"]);

const ANY_HOST = /^(https?:\/\/|https\?:\/\/|https?:\\\/\\\/|https\?:\\\/\\\/)?(\(.[*+]\)|.[*+]|\[\^\/\][*+])$/;

/** True if anyone can own a host that the pattern accepts: a catch-all, an open end, or no anchor where one is needed. */
function catchesAll(pattern: string, syntax: string): boolean {
  const body = pattern.replace(/^\^/, "").replace(/\$$/, "");
  return ANY_HOST.test(body) || /\.[*+]\)?$/.test(body) || (SEARCHES.has(syntax) && !pattern.endsWith("$"));
}

const SNIPPETS: Readonly<Record<string, string>> = {
  python: 'allow_origins=["https://app.example.com"]',
  javascript: 'origin: ["https://app.example.com"]',
  nginx: 'map $http_origin $cors_origin {\n  default "";\n  "https://app.example.com" $http_origin;\n}',
  caddy: 'header Access-Control-Allow-Origin "https://app.example.com"',
};
