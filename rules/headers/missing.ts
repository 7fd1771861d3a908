import { defineRule, type Edge, fill } from "../../src/rule.ts";

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
if either does, the finding is silent. HSTS is asked only where TLS ends here.`,
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
\`\`\``,
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
      if (!edge.serves || edge.headersUnknown || edge.span.file.stage !== "production") continue;
      const sent = namesOf(edge.headers);
      const missing = HEADERS.filter(
        ({ name, tls, instead }) =>
          (!tls || edge.tls) && ![name, ...instead].some((other) => sent.has(other) || fromApplications.has(other)),
      );
      if (!missing.length) continue;

      report({
        at: edge.span,
        subject: edge.subject,
        message: `${edge.kind} edge sends no ${missing.map(({ title }) => title).join(", ")}`,
        snippet: lines(missing, edge.kind),
        fix:
          edge.blank && edge.kind === "nginx"
            ? {
                title: "send the headers",
                safety: "unsafe",
                edits: [fill(edge.blank, lines(missing, "nginx").replaceAll("\n", edge.blank.before))],
              }
            : undefined,
      });
    }
    for (const { at, subject, framework, headers, routes } of model.applications) {
      if (model.edges.length || !routes.length || at.file.stage !== "production") continue;
      const sent = namesOf(headers);
      const missing = HEADERS.filter(({ name, instead }) => ![name, ...instead].some((other) => sent.has(other)));
      if (missing.length < HEADERS.length) continue;

      report({
        at,
        subject,
        message: `${framework} application sends no security header, and no proxy of this project does`,
        severity: "low",
        snippet: framework.toLowerCase() in MIDDLEWARE ? MIDDLEWARE[framework.toLowerCase()] : undefined,
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
}

const HEADERS: readonly HeaderRow[] = [
  { title: "X-Content-Type-Options", name: "x-content-type-options", value: "nosniff", instead: [] },
  { title: "X-Frame-Options", name: "x-frame-options", value: "DENY", instead: ["content-security-policy"] },
  {
    title: "Strict-Transport-Security",
    name: "strict-transport-security",
    value: "max-age=31536000; includeSubDomains",
    tls: true,
    instead: [],
  },
];

function lines(rows: readonly HeaderRow[], kind: Edge["kind"]): string {
  const each = (line: (row: HeaderRow) => string) => rows.map(line).join("\n");
  switch (kind) {
    case "nginx":
      return each(({ title, value }) => `add_header ${title} "${value}" always;`);
    case "caddy":
      return `header {\n${each(({ title, value }) => `  ${title} "${value}"`)}\n}`;
    case "traefik":
      return each(
        ({ title, value }) => `- "traefik.http.middlewares.secure.headers.customresponseheaders.${title}=${value}"`,
      );
    default:
      return `nginx.ingress.kubernetes.io/configuration-snippet: |\n${each(({ title, value }) => `  more_set_headers "${title}: ${value}";`)}`;
  }
}

const PYTHON = `@app.middleware("http")
async def add_security_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response`;

const MIDDLEWARE: Readonly<Record<string, string>> = {
  fastapi: PYTHON,
  starlette: PYTHON,
  express: `import helmet from "helmet";\napp.use(helmet());`,
  nestjs: `import helmet from "helmet";\napp.use(helmet());`,
  flask: `from flask_talisman import Talisman\nTalisman(app)`,
};
