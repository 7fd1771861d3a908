import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "auth/no-access-control",
    title: "API has routes and no authentication anywhere",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/authentication"],
    why: `
Every endpoint answers everyone. The finding looks for any sign of authentication in the whole application (a dependency,
middleware, guard, decorator, a check of an API key header) and speaks only if it finds none. Applications that have
nothing but health and static routes are not judged.`,
    remedy: `
\`\`\`python
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

security = HTTPBearer()

async def verify_token(credentials: HTTPAuthorizationCredentials = Depends(security)): ...

app = FastAPI(dependencies=[Depends(verify_token)])
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/306.html", "https://owasp.org/API-Security/"],
  },

  check(model, report) {
    for (const { at, subject, framework, routes, authentication } of model.applications) {
      const first = routes.find(({ value }) => !PUBLIC.test(value));
      if (!first || authentication.length || at.file.stage !== "production") continue;

      report({
        at,
        subject,
        message: `${framework} application has ${routes.length === 1 ? "a route" : `${routes.length} routes`} and no authentication`,
        related: [{ at: first, message: "this route answers everyone" }],
        snippet: SNIPPETS[framework.toLowerCase()]?.replace("/api", folderOf(first.value)),
      });
    }
  },
});

/** Routes that are public by purpose. */
const PUBLIC = /^\/?$|health|ready|live|ping|status|metrics|version|docs|openapi|favicon|robots|static|assets|public/i;

/** `/orders/:id` → `/orders` */
const folderOf = (route: string): string => /^\/?[\w-]+/.exec(route)?.[0] ?? "/";

const FASTAPI = `security = HTTPBearer()\n\nasync def verify_token(credentials: HTTPAuthorizationCredentials = Depends(security)): ...\n\napp = FastAPI(dependencies=[Depends(verify_token)])`;
const EXPRESS = `app.use("/api", passport.authenticate("jwt", { session: false }));`;

const SNIPPETS: Readonly<Record<string, string>> = {
  fastapi: FASTAPI,
  starlette: FASTAPI,
  express: EXPRESS,
  flask: `@app.before_request\ndef verify_token():\n    if not is_valid(request.authorization):\n        abort(401)`,
  nestjs: `app.useGlobalGuards(new JwtAuthGuard(app.get(Reflector)));`,
};
