import { describe, expect, it } from "vitest";
import { factsOf, filled, shown, variable } from "./source-facts.ts";

const FASTAPI = "from fastapi.middleware.cors import CORSMiddleware\nimport os\n";
const FLASK = "from flask_cors import CORS, cross_origin\n";
const EXPRESS = 'import cors from "cors";\n';

const policies = (path: string, text: string) =>
  (factsOf({ [path]: text }).cors ?? []).map(({ key, origins, pattern, reflected, credentials, fallback }) => ({
    key,
    origins: origins.map(shown),
    ...(pattern && { pattern: shown(pattern) }),
    ...(reflected && { reflected: shown(reflected) }),
    ...(credentials && { credentials: shown(credentials) }),
    ...(fallback && { unless: shown(fallback.variable) }),
  }));

describe("Python", () => {
  it.each([
    [
      "wildcard list",
      `${FASTAPI}app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)`,
      [{ key: "allow_origins", origins: ["*"], credentials: "true «True»" }],
    ],
    [
      "Middleware() and a pattern",
      `${FASTAPI}m = [Middleware(CORSMiddleware, allow_origin_regex=".*")]`,
      [{ key: "allow_origin_regex", origins: [], pattern: ".*" }],
    ],
    [
      "name of the same file",
      `${FASTAPI}origins = ["https://a.com", "http://b.com"]\napp.add_middleware(CORSMiddleware, allow_origins=origins)`,
      [{ key: "allow_origins", origins: ["https://a.com", "http://b.com"] }],
    ],
    [
      "name with two values",
      `${FASTAPI}if x:\n  o = ["*"]\nelse:\n  o = ["https://a.com"]\napp.add_middleware(CORSMiddleware, allow_origins=o)`,
      [{ key: "allow_origins", origins: [] }],
    ],
    [
      "fallback split on commas",
      `${FASTAPI}app.add_middleware(CORSMiddleware, allow_origins=[o.strip() for o in os.getenv("CORS", "https://a.com, *").split(",")])`,
      [{ key: "allow_origins", origins: ["https://a.com", "*"], unless: "CORS" }],
    ],
    [
      "fallback as JSON",
      `${FASTAPI}app.add_middleware(CORSMiddleware, allow_origins=json.loads(os.environ.get("CORS", '["*"]')))`,
      [{ key: "allow_origins", origins: ["*"], unless: "CORS" }],
    ],
    [
      "no fallback",
      `${FASTAPI}app.add_middleware(CORSMiddleware, allow_origins=os.environ["CORS"].split(","))`,
      [{ key: "allow_origins", origins: [] }],
    ],
    [
      "unknown import",
      `${FASTAPI}from x import origins\napp.add_middleware(CORSMiddleware, allow_origins=origins)`,
      [{ key: "allow_origins", origins: [] }],
    ],
    [
      "only for development",
      `${FASTAPI}if settings.DEBUG:\n  app.add_middleware(CORSMiddleware, allow_origins=["*"])`,
      [],
    ],
    [
      "options by **",
      `${FASTAPI}o = {"allow_origins": ["*"]}\napp.add_middleware(CORSMiddleware, **o)`,
      [{ key: "allow_origins", origins: ["*"] }],
    ],
    ["Flask-CORS", `${FLASK}CORS(app)`, [{ key: "origins", origins: ["* «CORS» implied"] }]],
    [
      "Flask-CORS with origins",
      `${FLASK}CORS(app, origins="https://a.com")`,
      [{ key: "origins", origins: ["https://a.com"] }],
    ],
    [
      "Flask-CORS pattern",
      `${FLASK}CORS(app, origins=r".*\\.a\\.com")`,
      [{ key: "origins", origins: [], pattern: ".*\\.a\\.com" }],
    ],
    [
      "Flask-CORS resources",
      `${FLASK}CORS(app, resources={r"/api/*": {"origins": "*"}}, supports_credentials=True)`,
      [{ key: "origins", origins: ["*"], credentials: "true «True»" }],
    ],
    [
      "decorator",
      `${FLASK}@cross_origin()\ndef f(): pass`,
      [{ key: "origins", origins: ["* «cross_origin» implied"] }],
    ],
    ["Django switch", "CORS_ALLOW_ALL_ORIGINS = True", [{ key: "CORS_ALLOW_ALL_ORIGINS", origins: ["* «True»"] }]],
    ["Django switch off", "CORS_ORIGIN_ALLOW_ALL = False", []],
    [
      "Django list",
      'CORS_ALLOWED_ORIGINS = ["http://a.com"]',
      [{ key: "CORS_ALLOWED_ORIGINS", origins: ["http://a.com"] }],
    ],
    ["Django hosts", 'ALLOWED_HOSTS = ["*"]', [{ key: "ALLOWED_HOSTS", origins: ["*"] }]],
    ["Django hosts by name", 'ALLOWED_HOSTS = ["localhost", "a.com"]', []],
    [
      "Django patterns",
      'CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://\\w+\\.a\\.com$"]',
      [{ key: "CORS_ALLOWED_ORIGIN_REGEXES", origins: [], pattern: "^https://\\w+\\.a\\.com$" }],
    ],
    [
      "header mirrors the caller",
      'resp.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")',
      [{ key: "Access-Control-Allow-Origin", origins: [], reflected: 'true «request.headers.get("Origin")»' }],
    ],
    ["header of a request", 'requests.get(url, headers={"Access-Control-Allow-Origin": "*"})', []],
    [
      "read that no middleware was seen to use",
      'import os\nALLOWED_ORIGINS = os.getenv("ALLOWED_ORIGINS", "*")',
      [{ key: "ALLOWED_ORIGINS", origins: ["*"], unless: "ALLOWED_ORIGINS" }],
    ],
  ])("%s", (_, text, expected) => expect(policies("main.py", text)).toEqual(expected));

  it("finds a settings field in another file, and who provides it", () => {
    const files = {
      "app/main.py": `${FASTAPI}from app.config import settings\napp.add_middleware(CORSMiddleware, allow_origins=settings.CORS_ORIGINS)`,
      "app/config.py": 'class Settings(BaseSettings):\n    CORS_ORIGINS: list[str] = ["*"]\nsettings = Settings()',
    };
    const [policy] = factsOf(files).cors ?? [];
    expect(policy?.subject).toBe("app/main.py");
    expect(policy?.origins.map(({ span }) => span.file.path)).toEqual(["app/config.py"]);
    expect(policy?.fallback).toMatchObject({ variable: { value: "CORS_ORIGINS" }, providedBy: [] });
    const provided = factsOf(files, [variable("CORS_ORIGINS", "https://a.com")]).cors?.[0]?.fallback?.providedBy;
    expect(provided?.map(({ subject }) => subject)).toEqual([".env"]);
  });

  it("does not guess between two files of the same distance", () => {
    const [policy] =
      factsOf({
        "main.py": `${FASTAPI}from config import settings\napp.add_middleware(CORSMiddleware, allow_origins=settings.CORS_ORIGINS)`,
        "a/config.py": 'class A:\n    CORS_ORIGINS = ["*"]',
        "b/config.py": 'class B:\n    CORS_ORIGINS = ["https://a.com"]',
      }).cors ?? [];
    expect(policy?.origins).toEqual([]);
  });
});

describe("JavaScript", () => {
  it.each([
    ["no options", `${EXPRESS}app.use(cors())`, [{ key: "origin", origins: ["* «cors» implied"] }]],
    [
      "no origin",
      `${EXPRESS}app.use(cors({ credentials: true }))`,
      [{ key: "origin", origins: ["* «cors» implied"], credentials: "true" }],
    ],
    ["string", `${EXPRESS}app.use(cors({ origin: "*" }))`, [{ key: "origin", origins: ["*"] }]],
    ["true", `${EXPRESS}app.use(cors({ origin: true }))`, [{ key: "origin", origins: [], reflected: "true" }]],
    [
      "pattern",
      `${EXPRESS}app.use(cors({ origin: [/a\\.com/, "https://b.com"] }))`,
      [{ key: "origin", origins: ["https://b.com"], pattern: "a\\.com" }],
    ],
    [
      "everyone by callback",
      `${EXPRESS}app.use(cors({ origin: (o, cb) => cb(null, true) }))`,
      [{ key: "origin", origins: [], reflected: "true «(o, cb) => cb(null, true)»" }],
    ],
    [
      "callback that asks whether there is an origin only",
      `${EXPRESS}app.use(cors({ origin(o, cb) { if (!o) return cb(null, true); cb(null, o); } }))`,
      [
        {
          key: "origin",
          origins: [],
          reflected: "true «origin(o, cb) { if (!o) return cb(null, true); cb(null, o); }»",
        },
      ],
    ],
    [
      "callback with a list",
      `${EXPRESS}app.use(cors({ origin: (o, cb) => { if (!o || ok.includes(o)) cb(null, true); else cb(new Error("no")); } }))`,
      [{ key: "origin", origins: [] }],
    ],
    [
      "callback with a test as its answer",
      `${EXPRESS}app.use(cors({ origin: (o, cb) => cb(null, ok.has(o)) }))`,
      [{ key: "origin", origins: [] }],
    ],
    [
      "named options",
      `${EXPRESS}const options = { origin: "*" };\napp.use(cors(options))`,
      [{ key: "origin", origins: ["*"] }],
    ],
    [
      "options out of sight",
      `${EXPRESS}app.use(cors(options)); app.use(cors({ ...base }))`,
      [
        { key: "origin", origins: [] },
        { key: "origin", origins: [] },
      ],
    ],
    ["another cors", 'import { cors } from "./cors";\napp.use(cors())', []],
    ["only for development", `${EXPRESS}if (process.env.NODE_ENV !== "production") app.use(cors())`, []],
    [
      "fallback",
      `${EXPRESS}app.use(cors({ origin: process.env.CORS_ORIGIN?.split(",") ?? ["*"] }))`,
      [{ key: "origin", origins: ["*"], unless: "CORS_ORIGIN" }],
    ],
    [
      "fallback by condition",
      `${EXPRESS}app.use(cors({ origin: process.env.CORS_ORIGIN ? process.env.CORS_ORIGIN.split(",") : "*" }))`,
      [{ key: "origin", origins: ["*"], unless: "CORS_ORIGIN" }],
    ],
    [
      "condition on something else",
      `${EXPRESS}app.use(cors({ origin: prod ? "https://a.com" : "*" }))`,
      [{ key: "origin", origins: [] }],
    ],
    [
      "NestJS",
      "const app = await NestFactory.create(AppModule, { cors: true });",
      [{ key: "cors", origins: ["* «true»"] }],
    ],
    ["NestJS enableCors", "app.enableCors();", [{ key: "origin", origins: ["* «enableCors» implied"] }]],
    ["NestJS without CORS", "const app = await NestFactory.create(AppModule, { logger: true });", []],
    ["gateway", '@WebSocketGateway({ cors: { origin: "*" } }) class Gateway {}', [{ key: "origin", origins: ["*"] }]],
    [
      "socket.io",
      'import { Server } from "socket.io";\nnew Server(http, { cors: { origin: "*" } })',
      [{ key: "origin", origins: ["*"] }],
    ],
    [
      "Fastify",
      'import cors from "@fastify/cors";\nawait app.register(cors, { origin: true })',
      [{ key: "origin", origins: [], reflected: "true" }],
    ],
    [
      "header",
      'res.setHeader("Access-Control-Allow-Origin", "*");',
      [{ key: "Access-Control-Allow-Origin", origins: ["*"] }],
    ],
    [
      "headers in an object",
      'res.writeHead(200, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true" });',
      [{ key: "Access-Control-Allow-Origin", origins: ["*"], credentials: "true" }],
    ],
    [
      "header mirrors the caller",
      'res.header("Access-Control-Allow-Origin", req.headers.origin);',
      [{ key: "Access-Control-Allow-Origin", origins: [], reflected: "true «req.headers.origin»" }],
    ],
    [
      "header after a check",
      'app.use((req, res) => { const origin = req.headers.origin; if (list.includes(origin)) res.setHeader("Access-Control-Allow-Origin", origin); });',
      [{ key: "Access-Control-Allow-Origin", origins: [] }],
    ],
    [
      "header without a check",
      'app.use((req, res) => { const origin = req.headers.origin; if (req.method === "OPTIONS") res.end(); if (origin) res.setHeader("Access-Control-Allow-Origin", origin); });',
      [{ key: "Access-Control-Allow-Origin", origins: [], reflected: "true «origin»" }],
    ],
    ["header of a request", 'axios.get(url, { headers: { "Access-Control-Allow-Origin": "*" } });', []],
    [
      "header of the development server",
      'module.exports = { devServer: { headers: { "Access-Control-Allow-Origin": "*" } } };',
      [],
    ],
  ])("%s", (_, text, expected) => expect(policies("app.ts", text)).toEqual(expected));

  it.each([
    ["app.ts", `${EXPRESS}app.use(cors())`, `${EXPRESS}app.use(cors({ origin: "X" }))`],
    [
      "app.ts",
      `${EXPRESS}app.use(cors({ credentials: true }))`,
      `${EXPRESS}app.use(cors({ origin: "X", credentials: true }))`,
    ],
    ["app.ts", `${EXPRESS}app.use(cors({}))`, `${EXPRESS}app.use(cors({ origin: "X" }))`],
    [
      "app.ts",
      'import cors from "@fastify/cors";\napp.register(cors)',
      'import cors from "@fastify/cors";\napp.register(cors, { origin: "X" })',
    ],
    ["main.py", `${FLASK}CORS(app)`, `${FLASK}CORS(app, origins="X")`],
    ["main.py", `${FLASK}@cross_origin()\ndef f(): pass`, `${FLASK}@cross_origin(origins="X")\ndef f(): pass`],
  ])("%s: the origins could be written: %s", (path, text, expected) => {
    expect(filled(factsOf({ [path]: text }).cors?.[0]?.origins[0], '"X"')).toBe(expected);
  });

  it("reads methods and headers", () => {
    const [policy] =
      factsOf({ "a.ts": `${EXPRESS}cors({ origin: "*", methods: "GET,POST", allowedHeaders: ["*"] })` }).cors ?? [];
    expect(policy?.methods.map(shown)).toEqual(["GET", "POST"]);
    expect(policy?.headers.map(shown)).toEqual(["*"]);
  });
});

describe("hostile files stay cheap", () => {
  const chain = (length: number, line: (index: number) => string) =>
    Array.from({ length }, (_, index) => line(index)).join("");
  it.each([
    [
      "a.py",
      `token_ttl_hours0 = 1\n${chain(3_000, (i) => `token_ttl_hours${i + 1} = token_ttl_hours${i} * token_ttl_hours${i}\n`)}`,
    ],
    ["a.js", `${EXPRESS}const o = { ${chain(9_000, (i) => `k${i}: 1,\n`)} };\n${chain(9_000, () => "cors(o);\n")}`],
    [
      "a.js",
      `${EXPRESS}const o = [ ${chain(9_000, () => '"*",\n')} ];\n${chain(3_000, () => "cors({ origin: o });\n")}`,
    ],
    ["a.py", chain(4_000, () => 'r.headers["Access-Control-Allow-Origin"] = "*"\n')],
    ["a.py", chain(4_000, (i) => `class S${i}(BaseSettings):\n    jwt: int = 1\n`)],
  ])("%s %.60j", (path, text) => {
    const start = performance.now();
    factsOf({ [path]: text });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
