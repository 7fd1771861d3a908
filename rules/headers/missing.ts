import { defineRule, EDGE_NAMES } from "../../src/rule.ts";
import { droppingByPlace, HEADERS, isSent, namesOf, placeKey, sending, snippetFor } from "../security-headers.ts";

export default defineRule({
  meta: {
    id: "headers/missing",
    title: "Public edge sends no security headers",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/security-headers"],
    why: `
\`X-Content-Type-Options\` stops browsers from guessing types, \`X-Frame-Options\` stops other sites from framing pages, and
\`Strict-Transport-Security\` stops the downgrade to plain HTTP. One place has to send them: the proxy or the application;
if either does, the finding is silent. HSTS is asked only where TLS ends here. An application without a proxy is a
finding of low severity, since what stands in front of it is not known.`,
    remedy: `
\`\`\`nginx
add_header X-Content-Type-Options "nosniff" always;
add_header X-Frame-Options "DENY" always;
add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
\`\`\`

\`\`\`python
@app.middleware("http")
async def add_security_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
\`\`\`

A \`location\` of nginx with an \`add_header\` of its own inherits none of its server's, so it needs them too.
ingress-nginx takes them from a ConfigMap that the annotation \`custom-headers\` names.`,
    fix: "unsafe",
    sameAs: {},
    references: [
      "https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html",
      "https://cwe.mitre.org/data/definitions/693.html",
    ],
  },

  check(model, report) {
    const fromApplications = namesOf(model.applications.flatMap(({ headers }) => headers));
    const dropping = droppingByPlace(model.edges);
    for (const edge of model.edges) {
      if (!edge.serves || edge.internal || edge.headersUnknown || edge.span.file.stage !== "production") continue;
      const sent = new Set([...namesOf(edge.headers), ...fromApplications]);
      const missing = HEADERS.filter((row) => (!row.tls || edge.tls) && !isSent(row, sent));
      if (!missing.length) continue;

      const place = edge.blank && placeKey(edge.blank);
      const edits = sending(edge, missing, dropping.get(place ?? ""));
      // The next edge with that place waits for this one.
      if (place) dropping.delete(place);
      report({
        at: edge.span,
        subject: edge.subject,
        message: `${EDGE_NAMES[edge.kind]} sends no ${missing.map(({ title }) => title).join(", ")}`,
        snippet: snippetFor(edge, missing),
        fix: edits && { title: "send the headers", safety: "unsafe", edits },
      });
    }
    for (const { at, subject, framework, headers, routes } of model.applications) {
      if (model.edges.length || !routes.length || at.file.stage !== "production") continue;
      const sent = namesOf(headers);
      if (HEADERS.some((row) => isSent(row, sent))) continue;

      report({
        at,
        subject,
        message: `${framework} application sends no security header, and no proxy of this project does`,
        severity: "low",
        snippet: MIDDLEWARE[framework],
      });
    }
  },
});

const PYTHON = `@app.middleware("http")
async def add_security_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response`;

const HELMET = `import helmet from "helmet";\napp.use(helmet());`;

/** By framework. */
const MIDDLEWARE: Readonly<Record<string, string>> = {
  FastAPI: PYTHON,
  Starlette: PYTHON,
  Flask: "from flask_talisman import Talisman\nTalisman(app)",
  Django: 'SECURE_CONTENT_TYPE_NOSNIFF = True\nX_FRAME_OPTIONS = "DENY"\nSECURE_HSTS_SECONDS = 31536000',
  Express: HELMET,
  NestJS: HELMET,
  Fastify: `import helmet from "@fastify/helmet";\nawait app.register(helmet);`,
  Koa: `import helmet from "koa-helmet";\napp.use(helmet());`,
  Hono: `import { secureHeaders } from "hono/secure-headers";\napp.use(secureHeaders());`,
};
