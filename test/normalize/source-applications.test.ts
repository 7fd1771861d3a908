import { describe, expect, it } from "vitest";
import { at, factsOf, shown } from "./source-facts.ts";

const FASTAPI = "from fastapi import FastAPI, Depends, Header\napp = FastAPI()\n";
const EXPRESS = 'import express from "express";\nconst app = express();\n';

const only = (files: Record<string, string>) => {
  const applications = factsOf(files).applications ?? [];
  expect(applications).toHaveLength(1);
  return applications[0]!;
};

describe("which files make an application", () => {
  it.each([
    ["main.py", FASTAPI, "FastAPI"],
    ["main.py", "from flask import Flask\napp = Flask(__name__)", "Flask"],
    ["settings.py", 'INSTALLED_APPS = ["django.contrib.auth"]', "Django"],
    ["app.ts", EXPRESS, "Express"],
    ["app.js", 'const fastify = require("fastify")({ logger: true })', undefined],
    ["app.js", 'const fastify = require("fastify");\nconst app = fastify()', "Fastify"],
    ["main.ts", 'import { NestFactory } from "@nestjs/core";\nawait NestFactory.create(AppModule)', "NestJS"],
    ["app.ts", 'import { express } from "./lib";\nexpress()', undefined],
  ])("%s %j", (path, text, framework) => {
    expect(factsOf({ [path]: text }).applications?.[0]?.framework).toBe(framework);
  });

  it("gives each its own folder tree", () => {
    const applications = factsOf({
      "a/src/main.py": FASTAPI,
      "a/auth/jwt.py": "security = HTTPBearer()",
      "b/main.py": `${FASTAPI}# jwt`,
      "b/tests/test_main.py": FASTAPI,
      "web/app.ts": EXPRESS,
    }).applications;
    expect(applications?.map(({ at, files }) => [at.file.path, files.map(({ path }) => path)])).toEqual([
      ["a/src/main.py", ["a/src/main.py", "a/auth/jwt.py"]],
      ["b/main.py", ["b/main.py"]],
      ["web/app.ts", ["web/app.ts"]],
    ]);
    expect(applications?.map(({ authentication }) => authentication.length)).toEqual([1, 0, 0]);
  });
});

it.each([
  [
    "main.py",
    `${FASTAPI}@app.get("/x")\ndef f(): pass\n@router.post("/y")\ndef g(): pass\nclient.get("/z")`,
    ["/x", "/y"],
  ],
  ["main.py", `${FASTAPI}from django.urls import path\nu = [path("a/", v)]`, ["a/"]],
  ["app.ts", `${EXPRESS}app.get("/x", h); router.post("/y", a, h); axios.get("/z", o); app.get("title")`, ["/x", "/y"]],
  [
    "app.ts",
    `${EXPRESS}import { Get, Post } from "@nestjs/common";\nclass C { @Get("x") a() {} @Post() b() {} }`,
    ["x", " «Post»"],
  ],
])("routes of %s %j", (path, text, expected) => expect(only({ [path]: text }).routes.map(shown)).toEqual(expected));

it.each([
  ["main.py", `${FASTAPI}from fastapi.security import HTTPBearer\nsecurity = HTTPBearer()`, true],
  ["main.py", `${FASTAPI}def f(user=Depends(get_current_user)): pass`, true],
  ["main.py", `${FASTAPI}def f(db=Depends(get_db)): pass`, false],
  ["main.py", `${FASTAPI}@login_required\ndef f(): pass`, true],
  ["main.py", `${FASTAPI}def f(x_api_key: str = Header()): pass`, true],
  ["main.py", `${FASTAPI}k = request.headers.get("X-API-Key")`, true],
  [
    "main.py",
    `${FASTAPI}REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}`,
    true,
  ],
  [
    "main.py",
    `${FASTAPI}REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}`,
    false,
  ],
  ["main.py", `${FASTAPI}app.add_middleware(CORSMiddleware, allow_credentials=True)\nauthor = get_author()`, false],
  ["app.ts", `${EXPRESS}app.use(requireAuth)`, true],
  ["app.ts", `${EXPRESS}app.get("/x", checkJwt(), handler)`, true],
  ["app.ts", `${EXPRESS}import passport from "passport";\napp.use(passport.initialize())`, true],
  ["app.ts", `${EXPRESS}import jwt from "jsonwebtoken";\njwt.verify(t, k)`, true],
  ["app.ts", `${EXPRESS}@UseGuards(JwtAuthGuard) class C {}`, true],
  ["app.ts", `${EXPRESS}if (req.headers["x-api-key"] !== key) fail();`, true],
  ["app.ts", `${EXPRESS}app.use(express.json()); app.get("/authors", listAuthors)`, false],
])("authentication in %s %j: %s", (path, text, expected) => {
  expect(only({ [path]: text }).authentication.length > 0).toBe(expected);
});

describe("rate limits", () => {
  it.each([
    [
      "main.py",
      `${FASTAPI}from slowapi import Limiter\nlimiter = Limiter(key_func=f, default_limits=["100/minute"])`,
      { key: "Limiter", requests: "100 «100/minute»", window: 60, storage: "memory «Limiter» implied" },
    ],
    [
      "main.py",
      `${FASTAPI}from flask_limiter import Limiter\nLimiter(f, storage_uri="redis://redis:6379")`,
      { key: "Limiter", storage: "shared «redis://redis:6379»" },
    ],
    [
      "main.py",
      `${FASTAPI}from flask_limiter import Limiter\nLimiter(f, storage_uri=settings.url)`,
      { key: "Limiter" },
    ],
    [
      "app.ts",
      `${EXPRESS}import { rateLimit } from "express-rate-limit";\napp.use(rateLimit({ windowMs: 15 * 60 * 1000, limit: 100 }))`,
      { key: "rateLimit", requests: "100", window: 900, storage: "memory «rateLimit» implied" },
    ],
    [
      "app.ts",
      `${EXPRESS}import limit from "express-rate-limit";\napp.use(limit({ max: 5, store: new RedisStore({}) }))`,
      { key: "limit", requests: "5", storage: "shared «new RedisStore({})»" },
    ],
    [
      "app.ts",
      `${EXPRESS}import limit from "@fastify/rate-limit";\napp.register(limit, { max: 5 })`,
      { key: "app.register", requests: "5", storage: "memory «register» implied" },
    ],
  ])("%s %j", (path, text, expected) => {
    const [limit] = factsOf({ [path]: text }).rateLimits ?? [];
    const { requests, storage, window } = limit!;
    expect({
      key: limit?.key,
      ...(requests && { requests: shown(requests) }),
      ...(window !== undefined && { window }),
      ...(storage && { storage: shown(storage) }),
    }).toEqual(expected);
    expect(only({ [path]: text }).rateLimits.length).toBeGreaterThan(0);
  });

  it.each([
    ["class RateLimiter:\n    pass", true],
    ["def check_rate_limit(request): pass", true],
    ["from app.rate_limit import limit", true],
    ["def f(limit=10): pass", false],
  ])("evidence: %j", (text, expected) => {
    expect(only({ "main.py": FASTAPI + text }).rateLimits.length > 0).toBe(expected);
  });
});

describe("security headers", () => {
  const headers = (path: string, text: string) =>
    only({ [path]: text }).headers.map(({ name, value }) => `${name.value}: ${value.value}`);

  it.each([
    ["main.py", `${FASTAPI}r.headers["X-Frame-Options"] = "DENY"`, ["X-Frame-Options: DENY"]],
    ["main.py", `${FASTAPI}SECURE_HSTS_SECONDS = 3600`, ["Strict-Transport-Security: max-age=3600"]],
    [
      "main.py",
      `${FASTAPI}MIDDLEWARE = ["django.middleware.clickjacking.XFrameOptionsMiddleware"]`,
      ["X-Frame-Options: DENY"],
    ],
    ["app.ts", `${EXPRESS}res.setHeader("X-Content-Type-Options", "nosniff")`, ["X-Content-Type-Options: nosniff"]],
    ["app.ts", `${EXPRESS}res.set({ "Referrer-Policy": "no-referrer" })`, ["Referrer-Policy: no-referrer"]],
    ["app.ts", `${EXPRESS}res.setHeader("Access-Control-Allow-Origin", "https://a.com")`, []],
  ])("%s %j", (path, text, expected) => expect(headers(path, text)).toEqual(expected));

  it("expands helmet to what it sets", () => {
    const found = headers(
      "app.ts",
      `${EXPRESS}import helmet from "helmet";\napp.use(helmet({ frameguard: false, hsts: { maxAge: 60 } }))`,
    );
    expect(found).toContain("X-Content-Type-Options: nosniff");
    expect(found.some((header) => header.startsWith("X-Frame-Options"))).toBe(false);
    expect(found.find((header) => header.startsWith("Strict-"))).toBe("Strict-Transport-Security: max-age=60");
  });
});

describe("literals", () => {
  const credentials = (path: string, text: string) =>
    (factsOf({ [path]: text }).credentialLiterals ?? []).map(({ name, credential }) => [
      name.value,
      at({ value: "", span: credential.span }),
    ]);

  it.each([
    ["a.py", 'DB_PASSWORD = "hunter2hunter2"', [["DB_PASSWORD", "hunter2hunter2"]]],
    ["a.py", 'connect(password="S3cure-Pa55word")', [["password", "S3cure-Pa55word"]]],
    ["a.py", 'import os\nP = os.getenv("DB_PASSWORD", "hunter2hunter2")', [["DB_PASSWORD", "hunter2hunter2"]]],
    ["a.py", 'class S(BaseSettings):\n    db_password: str = "hunter2hunter2"', [["DB_PASSWORD", "hunter2hunter2"]]],
    ["a.ts", 'const db = { password: "S3cure-Pa55word" }', [["password", "S3cure-Pa55word"]]],
    [
      "a.ts",
      'const m = { password: "Password is required", passwordField: "password", token: "auth.token.label" }',
      [],
    ],
    ["a.ts", 'const s = { password: "string", secret: "JWT_SECRET", tokenUrl: "/token" }', []],
    ["a.py", 'PASSWORD = os.environ["PASSWORD"]\npassword = ""', []],
  ])("%s %j", (path, text, expected) => expect(credentials(path, text)).toEqual(expected));

  it("reads connection strings", () => {
    const { urls } = factsOf({
      "a.py": 'import os\nU = os.getenv("DATABASE_URL", "postgresql://u:hunter2@db/x")\nk = "https://a.com/token"',
    });
    expect(urls?.map(({ key, scheme, password }) => [key, scheme, password?.value])).toEqual([
      ["DATABASE_URL", "postgresql", "hunter2"],
    ]);
  });
});

it("names the role of files that gave facts", () => {
  const { roles } = factsOf({ "a.py": FASTAPI, "b.ts": EXPRESS, "c.ts": "const token = f();" });
  expect(roles?.map(({ file, role }) => `${file.path} ${role}`)).toEqual([
    "a.py Python source",
    "b.ts JavaScript source",
  ]);
});
