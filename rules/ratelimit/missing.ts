import { defineRule, EDGE_NAMES } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "ratelimit/missing",
    title: "Public API has no rate limit in application, proxy or environment",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/rate-limiting", "qca/rate-limiting"],
    why: `
One client guesses passwords and keys, empties the budget at the LLM provider and crowds out everyone else. Any sign of a
limit in the application, a proxy, an Ingress or the environment silences the finding.`,
    remedy: `
\`\`\`python
limiter = Limiter(key_func=get_remote_address)
app.state.limiter = limiter

@app.get("/api/endpoint")
@limiter.limit("10/minute")
async def endpoint(request: Request): ...
\`\`\`

\`\`\`nginx
limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;
limit_req zone=api burst=20 nodelay;
\`\`\`

\`\`\`yaml
metadata:
  annotations:
    nginx.ingress.kubernetes.io/limit-rpm: "100"
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/770.html",
      "https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/",
    ],
  },

  check(model, report) {
    if (model.rateLimits.length || model.applications.some(({ rateLimits }) => rateLimits.length)) return;

    const application = model.applications.find(
      ({ routes, at }) => routes.length > 0 && at.file.stage === "production",
    );
    const edge = model.edges.find(
      ({ serves, internal, upstreams, headersUnknown, span }) =>
        serves && !internal && !headersUnknown && upstreams.length > 0 && span.file.stage === "production",
    );
    if (application) {
      report({
        at: application.at,
        subject: application.subject,
        message: `${application.framework} application has no rate limit, and nothing in front of it has one`,
        snippet: SNIPPETS[application.framework] ?? SNIPPETS[application.language],
      });
    } else if (edge) {
      report({
        at: edge.span,
        subject: edge.subject,
        message: `${EDGE_NAMES[edge.kind]} passes requests on without a rate limit`,
        snippet: SNIPPETS[edge.kind],
      });
    }
  },
});

const SNIPPETS: Readonly<Record<string, string>> = {
  python: `limiter = Limiter(key_func=get_remote_address)\napp.state.limiter = limiter\n\n@limiter.limit("10/minute")`,
  Flask: `limiter = Limiter(get_remote_address, app=app, default_limits=["100/minute"])`,
  Django: `REST_FRAMEWORK = {\n    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],\n    "DEFAULT_THROTTLE_RATES": {"anon": "100/minute"},\n}`,
  javascript: "app.use(rateLimit({ windowMs: 60_000, limit: 100 }));",
  NestJS: "ThrottlerModule.forRoot([{ ttl: 60_000, limit: 100 }])",
  Fastify: 'await app.register(rateLimit, { max: 100, timeWindow: "1 minute" });',
  nginx: "limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;\nlimit_req zone=api burst=20 nodelay;",
  traefik:
    '- "traefik.http.middlewares.limit.ratelimit.average=100"\n- "traefik.http.middlewares.limit.ratelimit.period=1m"',
  ingress: 'nginx.ingress.kubernetes.io/limit-rpm: "100"',
};
