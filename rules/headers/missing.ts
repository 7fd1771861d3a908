import { defineRule, EDGE_NAMES, type Edge, fill } from "../../src/rule.ts";

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
    for (const edge of model.edges) {
      if (!edge.serves || edge.internal || edge.headersUnknown || edge.span.file.stage !== "production") continue;
      const sent = namesOf(edge.headers);
      const missing = HEADERS.filter(
        ({ name, tls, instead }) =>
          (!tls || edge.tls) && ![name, ...instead].some((other) => sent.has(other) || fromApplications.has(other)),
      );
      if (!missing.length) continue;

      const lines = missing.map(({ title, value }) => `add_header ${title} "${value}" always;`);
      report({
        at: edge.span,
        subject: edge.subject,
        message: `${EDGE_NAMES[edge.kind]} sends no ${missing.map(({ title }) => title).join(", ")}`,
        snippet: snippet(edge, missing),
        fix:
          edge.blank && edge.kind === "nginx"
            ? {
                title: "send the headers",
                safety: "unsafe",
                edits: [fill(edge.blank, lines.join(edge.blank.before))],
              }
            : undefined,
      });
    }
    for (const { at, subject, framework, headers, routes } of model.applications) {
      if (model.edges.length || !routes.length || at.file.stage !== "production") continue;
      const sent = namesOf(headers);
      if (HEADERS.some(({ name, instead }) => [name, ...instead].some((other) => sent.has(other)))) continue;

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

const namesOf = (headers: Edge["headers"]): ReadonlySet<string> =>
  new Set(headers.map(({ name }) => name.value.toLowerCase()));

interface HeaderRow {
  readonly title: string;
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** Only where TLS ends. */
  readonly tls?: true;
  /** Headers that do the same. */
  readonly instead: readonly string[];
  /** Option of Traefik's headers middleware. */
  readonly option: string;
}

const HEADERS: readonly HeaderRow[] = [
  {
    title: "X-Content-Type-Options",
    name: "x-content-type-options",
    value: "nosniff",
    instead: [],
    option: "contentTypeNosniff: true",
  },
  {
    title: "X-Frame-Options",
    name: "x-frame-options",
    value: "DENY",
    instead: ["content-security-policy"],
    option: "frameDeny: true",
  },
  {
    title: "Strict-Transport-Security",
    name: "strict-transport-security",
    value: "max-age=31536000; includeSubDomains",
    tls: true,
    instead: [],
    option: "stsSeconds: 31536000",
  },
];

function snippet({ kind, subject }: Edge, rows: readonly HeaderRow[]): string {
  const each = (line: (row: HeaderRow) => string) => rows.map(line).join("\n");
  switch (kind) {
    case "nginx":
      return each(({ title, value }) => `add_header ${title} "${value}" always;`);
    case "caddy":
      return `header {\n${each(({ title, value }) => `    ${title} "${value}"`)}\n}`;
    case "traefik":
      return subject.startsWith("service ")
        ? `- "traefik.http.routers.${subject.slice("service ".length)}.middlewares=secure"\n${each(({ option }) => `- "traefik.http.middlewares.secure.headers.${option.replace(": ", "=")}"`)}`
        : `headers:\n${each(({ option }) => `  ${option}`)}`;
    case "ingress":
      return `metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/custom-headers: default/security-headers\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: security-headers\ndata:\n${each(({ title, value }) => `  ${title}: "${value}"`)}`;
    case "gateway":
      return `filters:\n  - type: ResponseHeaderModifier\n    responseHeaderModifier:\n      set:\n${each(({ title, value }) => `        - name: ${title}\n          value: "${value}"`)}`;
  }
}

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
