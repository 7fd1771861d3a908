import { describe, expect, it } from "vitest";
import { factsOf, shown, variable } from "./source-facts.ts";

const PYTHON = "import os\nimport jwt\nfrom datetime import datetime, timedelta\n";
const NODE = 'import jwt from "jsonwebtoken";\n';

const policies = (path: string, text: string) =>
  (factsOf({ [path]: text }).tokens ?? []).map(({ key, kind, lifetime, unit, secret, algorithms, fallback }) =>
    [
      kind,
      key,
      lifetime && `lifetime ${shown(lifetime)}`,
      unit,
      secret && `secret ${shown(secret)}`,
      ...algorithms.map((name) => `algorithm ${shown(name)}`),
      fallback && `unless ${shown(fallback.variable)}`,
    ]
      .filter(Boolean)
      .join(", "),
  );

describe("lifetimes in Python", () => {
  it.each([
    [
      "ACCESS_TOKEN_EXPIRE_MINUTES = 60 * 24 * 8",
      ["access, ACCESS_TOKEN_EXPIRE_MINUTES, lifetime 691200 «60 * 24 * 8», minutes"],
    ],
    ["JWT_EXPIRATION_HOURS = 24", ["access, JWT_EXPIRATION_HOURS, lifetime 86400 «24», hours"]],
    ["REFRESH_TOKEN_EXPIRE_DAYS = 90", ["refresh, REFRESH_TOKEN_EXPIRE_DAYS, lifetime 7776000 «90», days"]],
    [
      'EXPIRE = int(os.getenv("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", 60))',
      ["access, JWT_ACCESS_TOKEN_EXPIRE_MINUTES, lifetime 3600 «60», minutes, unless JWT_ACCESS_TOKEN_EXPIRE_MINUTES"],
    ],
    [
      "class S(BaseSettings):\n    ACCESS_TOKEN_EXPIRE_MINUTES: int = 120",
      ["access, ACCESS_TOKEN_EXPIRE_MINUTES, lifetime 7200 «120», minutes, unless ACCESS_TOKEN_EXPIRE_MINUTES"],
    ],
    ["access_token_expires = timedelta(hours=24)", ["access, access_token_expires, lifetime 86400 «24», hours"]],
    ["token_ttl = timedelta(days=1, hours=12)", ["access, token_ttl, lifetime 129600 «timedelta(days=1, hours=12)»"]],
    [
      'SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(days=1), "REFRESH_TOKEN_LIFETIME": timedelta(days=60)}',
      [
        "access, ACCESS_TOKEN_LIFETIME, lifetime 86400 «1», days",
        "refresh, REFRESH_TOKEN_LIFETIME, lifetime 5184000 «60», days",
      ],
    ],
    ['app.config["JWT_ACCESS_TOKEN_EXPIRES"] = 7200', ["access, JWT_ACCESS_TOKEN_EXPIRES, lifetime 7200, seconds"]],
    [
      'def create_token(d):\n    d["exp"] = datetime.utcnow() + timedelta(hours=2)\n    return jwt.encode(d, KEY)',
      ["access, exp, lifetime 7200 «2», hours"],
    ],
    [
      "def create_token(d, delta=None):\n    expire = datetime.utcnow() + (delta or timedelta(minutes=45))",
      ["access, expire, lifetime 2700 «45», minutes"],
    ],
    [
      "def create_access_token(d, expires_delta: timedelta = timedelta(hours=1)): pass",
      ["access, expires_delta, lifetime 3600 «1», hours"],
    ],
    [
      "EXP_MINUTES = 90\ncreate_token(expires_delta=timedelta(minutes=EXP_MINUTES))",
      ["access, expires_delta, lifetime 5400 «90», minutes"],
    ],
    ["PASSWORD_RESET_TOKEN_EXPIRE_HOURS = 48\nemail_token_ttl = timedelta(days=2)\nCACHE_TTL_HOURS = 24", []],
    ["if ENV == 'dev':\n    ACCESS_TOKEN_EXPIRE_MINUTES = 999", []],
  ])("%j", (text, expected) => expect(policies("auth.py", PYTHON + text)).toEqual(expected));

  it("gives a constant and what is computed from it once", () => {
    const text =
      "ACCESS_TOKEN_EXPIRE_MINUTES = 60\nt = create_access_token(d, expires_delta=timedelta(minutes=ACCESS_TOKEN_EXPIRE_MINUTES))";
    expect(policies("auth.py", PYTHON + text)).toEqual([
      "access, ACCESS_TOKEN_EXPIRE_MINUTES, lifetime 3600 «60», minutes",
    ]);
  });

  it("knows who sets the variable after all", () => {
    const text = `${PYTHON}X = int(os.getenv("JWT_EXPIRE_MINUTES", "60"))`;
    const [policy] = factsOf({ "a.py": text }, [variable("JWT_EXPIRE_MINUTES", "15")]).tokens ?? [];
    expect(policy?.fallback?.providedBy.map(({ subject }) => subject)).toEqual([".env"]);
  });
});

describe("lifetimes in JavaScript", () => {
  it.each([
    ['jwt.sign(p, k, { expiresIn: "7d" });', ["access, expiresIn, lifetime 604800 «7d», text"]],
    ["jwt.sign(p, k, { expiresIn: 3600 });", ["access, expiresIn, lifetime 3600, seconds"]],
    [
      'jwt.sign(p, k, { expiresIn: process.env.JWT_EXPIRES_IN || "30d" });',
      ["access, JWT_EXPIRES_IN, lifetime 2592000 «30d», text, unless JWT_EXPIRES_IN"],
    ],
    ['JwtModule.register({ signOptions: { expiresIn: "1h" } });', ["access, expiresIn, lifetime 3600 «1h», text"]],
    [
      "jwt.sign({ exp: Math.floor(Date.now() / 1000) + 60 * 60 * 24 }, k);",
      ["access, exp, lifetime 86400 «60 * 60 * 24», seconds"],
    ],
    ["const token = { exp: Date.now() + 7200000 };", ["access, exp, lifetime 7200 «7200000», milliseconds"]],
    ['new SignJWT(p).setExpirationTime("2h");', ["access, setExpirationTime, lifetime 7200 «2h», text"]],
    [
      'const jwtConfig = { accessToken: { expiresIn: "12h" }, refreshToken: { expiresIn: "60d" } };',
      ["access, expiresIn, lifetime 43200 «12h», text", "refresh, expiresIn, lifetime 5184000 «60d», text"],
    ],
    ["getSignedUrl(client, command, { expiresIn: 86400 });", []],
  ])("%j", (text, expected) => expect(policies("auth.ts", NODE + text)).toEqual(expected));
});

describe("secrets and algorithms", () => {
  it.each([
    [
      "auth.py",
      'jwt.encode(p, "key", algorithm="HS256")',
      ["access, algorithm, algorithm HS256", "access, jwt.encode, secret key"],
    ],
    ["auth.py", 'SECRET_KEY = os.getenv("SECRET_KEY", "dev")', ["access, SECRET_KEY, secret dev, unless SECRET_KEY"]],
    [
      "auth.py",
      'jwt.decode(t, os.environ["K"], algorithms=["HS256", "none"])',
      ["access, algorithms, algorithm HS256, algorithm none"],
    ],
    ["auth.py", 'AWS_SECRET_KEY = "x"\nSTRIPE_SECRET_KEY = "y"', []],
    [
      "auth.ts",
      'jwt.sign(p, "key"); jwt.verify(t, process.env.JWT_SECRET || "dev");',
      ["access, jsonwebtoken.sign, secret key", "access, jsonwebtoken.verify, secret dev, unless JWT_SECRET"],
    ],
    [
      "auth.ts",
      'JwtModule.register({ secret: "key" }); app.use(session({ secret: "cat" }));',
      ["access, JwtModule.register.secret, secret key", "access, session.secret, secret cat"],
    ],
    ["auth.ts", 'jwt.verify(t, "-----BEGIN PUBLIC KEY-----");', []],
  ])("%s %j", (path, text, expected) => {
    const found = policies(path, (path.endsWith(".py") ? PYTHON : NODE) + text);
    expect(
      found.map((line) => line.replace(/^access, JWT_SECRET, /, "access, jsonwebtoken.verify, ")).toSorted(),
    ).toEqual(expected.toSorted());
  });
});
