/** HTTP applications in source: which files make one, its routes, and what shows that it asks who calls. */
import type { Application, Located } from "../../model.ts";
import { type Call, type Expression, type FunctionNode, lastSegment, type Name, pathOf } from "../../parse/script.ts";
import { folderOf } from "../paths.ts";
import { securityHeaders } from "./headers.ts";
import { rateLimitEvidence } from "./limits.ts";
import { calleeWord, canonical, grouped, located, type Module, type Modules } from "./modules.ts";
import type { Context } from "./resolve.ts";

/** Canonical path of the call that makes an application → the framework. */
const FRAMEWORKS: readonly (readonly [RegExp, string])[] = [
  [/^fastapi(?:\.applications)?\.FastAPI$/, "FastAPI"],
  [/^flask(?:\.app)?\.Flask$/, "Flask"],
  [/^quart\.Quart$/, "Quart"],
  [/^starlette(?:\.applications)?\.Starlette$/, "Starlette"],
  [/^litestar(?:\.app)?\.Litestar$/, "Litestar"],
  [/^sanic(?:\.app)?\.Sanic$/, "Sanic"],
  [/^aiohttp\.web\.Application$/, "aiohttp"],
  [/^express$/, "Express"],
  [/^fastify(?:\.fastify|\.default)?$/, "Fastify"],
  [/^koa$/, "Koa"],
  [/^hono\.Hono$/, "Hono"],
  [/^@hapi\/hapi\.(?:server|Server)$/, "hapi"],
  [/^@nestjs\/core\.NestFactory\.create$/, "NestJS"],
];

interface Made {
  readonly module: Module;
  readonly framework: string;
  readonly at: { readonly start: number; readonly end: number };
  readonly folder: string;
}

/** One application per folder tree that makes one; what stands anywhere in that tree counts for it. */
export function applications(within: Context, { all }: Modules): Application[] {
  const made = all.filter(({ file }) => file.stage !== "test").flatMap(madeIn);
  return [...grouped(made, ({ module }) => module.tree.language)].flatMap(([language, mine]) => {
    const folders = grouped(mine, ({ folder }) => folder);
    const rootOf = rootsOf([...folders.keys()]);
    const roots = new Set(rootOf.values());
    const members = grouped(
      all.filter(({ tree, file }) => tree.language === language && file.stage !== "test"),
      ({ file }) => ancestors(folderOf(file.path)).find((folder) => roots.has(folder)),
    );
    return [...folders].flatMap(([folder, [first]]) =>
      first ? [application(within, first, language, members.get(rootOf.get(folder)) ?? [])] : [],
    );
  });
}

function madeIn(module: Module): Made[] {
  const folder = folderOf(module.file.path);
  const calls = module.tree.calls.flatMap((call): Made[] => {
    const path = canonical(module, call.path);
    const framework = FRAMEWORKS.find(([pattern]) => pattern.test(path))?.[1];
    return framework ? [{ module, framework, at: calleeWord(call), folder }] : [];
  });
  const [django] = module.defined.get("INSTALLED_APPS") ?? [];
  return django ? [...calls, { module, framework: "Django", at: django.key, folder }] : calls;
}

/** A folder and those above it, deepest first; "" is the root. */
function ancestors(folder: string): string[] {
  const parts = folder === "" ? [] : folder.split("/");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

/**
 * Folder that makes an application → the highest folder that belongs to it alone. The only application of a project
 * has all of it, so that authentication in a sibling folder is seen.
 */
function rootsOf(folders: readonly string[]): ReadonlyMap<string, string> {
  const below = new Map<string, number>();
  for (const folder of folders) for (const above of ancestors(folder)) below.set(above, (below.get(above) ?? 0) + 1);
  return new Map(
    folders.map((folder) => [
      folder,
      ancestors(folder).findLast((above) => below.get(above) === below.get(folder)) ?? folder,
    ]),
  );
}

function application(
  within: Context,
  { module, framework, at }: Made,
  language: Application["language"],
  parts: readonly Module[],
): Application {
  return {
    subject: module.file.path,
    language,
    framework,
    at: { file: module.file, ...at },
    files: parts.map(({ file }) => file),
    routes: parts.flatMap(routes),
    authentication: parts.flatMap(authentication),
    rateLimits: parts.flatMap(rateLimitEvidence),
    headers: parts.flatMap((part) => securityHeaders(within, part)),
  };
}

// ── Routes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const VERB = /^(?:get|post|put|patch|delete|head|options|all|route|websocket|api_route|add_api_route|add_url_rule)$/;
const ROUTER = /(?:^|\.)(?:\w*(?:app|router|routes?|server|fastify|api|blueprint|bp|application|namespace|ns))$/i;
const NEST = /^@nestjs\/common\.(?:Get|Post|Put|Patch|Delete|All)$/;

function routes(module: Module): Located<string>[] {
  return module.tree.calls.flatMap((call): Located<string>[] => {
    const [path, handler] = call.positional;
    const canon = canonical(module, call.path);
    if (call.decorator && NEST.test(canon)) {
      return [path?.kind === "string" ? located(module, path, path.text) : located(module, calleeWord(call), "")];
    }
    if (path?.kind !== "string") return [];
    if (/^django\.(?:urls|conf\.urls)\.(?:path|re_path|url)$/.test(canon)) return [located(module, path, path.text)];
    const dot = call.path.lastIndexOf(".");
    if (dot < 0 || !path.text.startsWith("/") || !VERB.test(call.path.slice(dot + 1))) return [];
    const handled = call.decorator || (handler !== undefined && ROUTER.test(call.path.slice(0, dot)));
    return handled ? [located(module, path, path.text)] : [];
  });
}

// ── Authentication ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Libraries and classes that are there for nothing else, by canonical path. */
const SCHEMES: readonly RegExp[] = [
  /(?:^|\.)(?:HTTPBearer|HTTPBasic|HTTPDigest|OAuth2\w*|APIKey(?:Header|Query|Cookie)|OpenIdConnect)$/,
  /(?:^|\.)(?:JWTManager|LoginManager|HTTPBasicAuth|HTTPTokenAuth|AuthJWT|FastAPIUsers|AuthenticationMiddleware)$/,
  /^(?:passport|express-jwt|express-oauth2-jwt-bearer|koa-jwt|@fastify\/jwt|express-basic-auth|express-openid-connect)\b/,
  /^@clerk\/|^@auth0\/|^next-auth|^@nestjs\/(?:passport|jwt)\b|^firebase-admin\b.*verifyIdToken$/,
  /(?:^|\.)(?:jwt|jsonwebtoken|jose)\.(?:verify|decode|jwtVerify)$|(?:^|\.)jwtVerify$/,
];

/** Names of guards that projects write for themselves. */
const GUARD =
  /(?:^|_)auth(?:$|_|enticat|oriz|n$|z$|ed$|guard|middleware|required|user)|current_?(?:active_?)?(?:super)?user|(?:verify|check|validate|require|ensure|decode)_?\w*(?:token|user|key|jwt|auth|login|role|permission|admin|session|credential|signature|scope)|jwt|api_?key|(?:login|token|permission|role|staff|admin)s?_?(?:required|guard)|is_?(?:authenticated|logged_?in|admin)|permission_(?:required|classes)|protect(?:ed|_route)?$|guard$|security/i;

const HEADER = /^(?:authorization|x-api-key|x-api-token|x-auth-token|api-key)$/i;

function authentication(module: Module): Located<string>[] {
  const { tree, bindings } = module;
  return [
    ...tree.calls.flatMap((call) => callEvidence(module, call)),
    ...tree.functions.flatMap((node) => functionEvidence(module, node)),
    ...tree.expressions.flatMap((node) => headerEvidence(module, node)),
    ...bindings.flatMap(({ key, value }) =>
      /^(?:permission_classes|authentication_classes|DEFAULT_(?:PERMISSION|AUTHENTICATION)_CLASSES)$/.test(key.text) &&
      value &&
      !/AllowAny/.test(module.file.text.slice(value.start, Math.min(value.end, value.start + 200)))
        ? [located(module, key, key.text)]
        : [],
    ),
  ];
}

const DEPENDS = /(?:^|\.)(?:Depends|Security|UseGuards|use|register|addHook|before_request|include_router|middleware)$/;
const METHOD = /\.(?:get|post|put|patch|delete|all|route)$/;

function callEvidence(module: Module, call: Call): Located<string>[] {
  const path = canonical(module, call.path);
  if (SCHEMES.some((scheme) => scheme.test(path))) return [located(module, calleeWord(call), lastSegment(path))];
  if (call.decorator && GUARD.test(lastSegment(call.path)) && !METHOD.test(call.path)) {
    return [located(module, calleeWord(call), call.path)];
  }
  if (!DEPENDS.test(call.path) && !(METHOD.test(call.path) && call.positional.length > 2)) return [];
  return call.positional.flatMap((argument) => {
    const name = nameOf(argument);
    if (!name) return [];
    const known = SCHEMES.some((scheme) => scheme.test(canonical(module, name.path)));
    return known || GUARD.test(name.last.text) ? [located(module, name.last, name.path)] : [];
  });
}

/** The name that an argument is, or that it calls. */
function nameOf(argument: Expression): Name | undefined {
  const named = argument.kind === "call" ? argument.callee : argument;
  return named.kind === "name" ? named : undefined;
}

/** Bare decorators (`@login_required`) and parameters that take the caller's key from a header. */
function functionEvidence(module: Module, { decorators, parameters }: FunctionNode): Located<string>[] {
  const bare = decorators.flatMap((node) =>
    node.kind === "name" && GUARD.test(node.last.text) ? [located(module, node.last, node.path)] : [],
  );
  const taken = parameters.flatMap(({ name, fallback }) =>
    fallback?.kind === "call" && /(?:^|\.)Header$/.test(fallback.path) && HEADER.test(name.replaceAll("_", "-"))
      ? [located(module, calleeWord(fallback), name)]
      : [],
  );
  return [...bare, ...taken];
}

/** `request.headers["X-API-Key"]`, `req.headers.authorization`, `request.headers.get("Authorization")`. */
function headerEvidence(module: Module, node: Expression): Located<string>[] {
  if (node.kind === "name") {
    return /(?:^|\.)headers$/i.test(pathOf(node.of)) && HEADER.test(node.last.text)
      ? [located(module, node.last, node.last.text)]
      : [];
  }
  if (node.kind !== "call") return [];
  const [name] = node.positional;
  const reads = /(?:^|\.)(?:headers?\.get|req\.get|request\.get|header|get_header)$/i.test(node.path);
  return reads && name?.kind === "string" && HEADER.test(name.text) ? [located(module, name, name.text)] : [];
}
