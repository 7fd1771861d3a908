import { describe, expect, it } from "vitest";
import type { Setting, Settings } from "../../src/model.ts";
import { factsOf, shown, variable } from "./source-facts.ts";

function settings(key: keyof Settings, path: string, text: string): string[] {
  const found: readonly Setting<unknown>[] = factsOf({ [path]: text }).settings?.[key] ?? [];
  return found.map(({ at, key: name }) => `${name}: ${shown(at)}`);
}

it.each<[keyof Settings, string, string, string[]]>([
  [
    "debug",
    "a.py",
    'from flask import Flask\nif __name__ == "__main__":\n    app.run(debug=True)',
    ["app.run(debug=…): true «True»"],
  ],
  ["debug", "a.py", "import uvicorn\nuvicorn.run('token', reload=True)", ["uvicorn.run(reload=…): true «True»"]],
  ["debug", "a.py", "from fastapi import FastAPI\napp = FastAPI(debug=True)", ["FastAPI(debug=…): true «True»"]],
  ["debug", "settings.py", 'import os\nDEBUG = os.getenv("DEBUG", "True") == "True"', ["DEBUG: true «True»"]],
  ["debug", "settings.py", 'import os\nDEBUG = os.getenv("DEBUG", "false").lower() in ("true", "1")', ["DEBUG: false"]],
  ["debug", "a.py", "class Settings(BaseSettings):\n    debug: bool = True", ["debug: true «True»"]],
  ["debug", "log.py", "DEBUG = 1\nINFO = 2", []],
  ["debug", "a.py", "class DevelopmentConfig:\n    DEBUG = True", []],
  ["debug", "a.py", "if ENV == 'dev':\n    DEBUG = True", []],
  ["debug", "a.js", 'const e = require("errorhandler"); app.use(e());', ["errorhandler: true «e»"]],
  ["debug", "a.js", 'const e = require("errorhandler"); if (isDev) app.use(e());', []],
  ["authentication", "a.py", "AUTH_ENABLED = False  # jwt", ["AUTH_ENABLED: false «False»"]],
  ["authentication", "a.py", "DISABLE_AUTH = True  # jwt", ["DISABLE_AUTH: false «True»"]],
  [
    "authentication",
    "a.py",
    'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}  # jwt',
    ["DEFAULT_PERMISSION_CLASSES: false «rest_framework.permissions.AllowAny»"],
  ],
  ["passwordHash", "a.py", "import hashlib\nhashlib.md5(password.encode())", ["hashlib.md5: md5"]],
  ["passwordHash", "a.py", "import hashlib\nhashlib.md5(content)  # not a password", []],
  [
    "passwordHash",
    "a.py",
    "import bcrypt\nbcrypt.hashpw(pw, bcrypt.gensalt(rounds=4))",
    ["bcrypt.gensalt: bcrypt «4»"],
  ],
  [
    "passwordHash",
    "a.py",
    'CryptContext(schemes=["md5_crypt", "bcrypt"])  # passlib password',
    ["CryptContext: md5 «md5_crypt»"],
  ],
  [
    "passwordHash",
    "a.py",
    'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
    ["PASSWORD_HASHERS: md5 «django.contrib.auth.hashers.MD5PasswordHasher»"],
  ],
  ["passwordHash", "a.ts", 'crypto.createHash("sha1").update(user.password).digest("hex")', ["createHash: sha1"]],
  ["passwordHash", "a.ts", 'import bcrypt from "bcrypt"; bcrypt.hash(password, 8)', ["bcrypt.hash: bcrypt «8»"]],
  ["passwordMinLength", "a.py", "PASSWORD_MIN_LENGTH = 8", ["PASSWORD_MIN_LENGTH: 8"]],
  [
    "passwordMinLength",
    "a.py",
    "class U(BaseModel):\n    password: str = Field(..., min_length=6)",
    ["password Field: 6"],
  ],
  [
    "passwordMinLength",
    "a.py",
    "class U(BaseModel):\n    password: Annotated[str, Field(min_length=7)]",
    ["password Field: 7"],
  ],
  ["passwordMinLength", "a.py", "if len(password) < 8: raise E", ["password length: 8"]],
  [
    "passwordMinLength",
    "a.py",
    'AUTH_PASSWORD_VALIDATORS = [{"NAME": "x.MinimumLengthValidator", "OPTIONS": {"min_length": 9}}, {"NAME": "y.MinimumLengthValidator"}]',
    ["MinimumLengthValidator: 9", "MinimumLengthValidator: 8 «y.MinimumLengthValidator» implied"],
  ],
  [
    "passwordMinLength",
    "a.ts",
    "z.object({ password: z.string().min(6).max(20), name: z.string().min(2) })",
    ["password min: 6"],
  ],
  ["passwordMinLength", "a.ts", "z.object({ password: z.string().min(1), currentPassword: z.string().min(6) })", []],
  ["passwordMinLength", "a.ts", "class D { @MinLength(6) password: string }", ["password MinLength: 6"]],
  [
    "passwordMinLength",
    "a.ts",
    "if (password.length < 6) throw e",
    ["password.length length: 6"].map((text) => text.replace(".length length", " length")),
  ],
  ["passwordPolicy", "a.py", "AUTH_PASSWORD_VALIDATORS = []", ["AUTH_PASSWORD_VALIDATORS: false «[]»"]],
  ["poolSize", "a.py", "engine = create_engine(URL, pool_size=0)", ["create_engine(pool_size=…): 0"]],
  [
    "poolSize",
    "a.py",
    "a = create_engine(URL, pool_size=5, max_overflow=-1)\nb = create_engine(URL, max_overflow=0)",
    ["create_engine(pool_size=…): 5", "create_engine(max_overflow=…): -1"],
  ],
  ["poolSize", "a.ts", 'import { Pool } from "pg"; new Pool({ max: 0, password })', ["Pool(max=…): 0"]],
  ["bodyLogging", "a.py", 'logger.info(f"token {request.headers}")', ["logger.info: true «token {request.headers}»"]],
  ["bodyLogging", "a.ts", "console.log(req.body, token)", ["console.log: true «req.body»"]],
  ["bodyLogging", "a.ts", "console.log(req.body.id, req.headers.host, token)", []],
  [
    "bodyLogging",
    "a.ts",
    'import morgan from "morgan"; app.use(morgan(":req[authorization]"))',
    ["morgan: true «:req[authorization]»"],
  ],
  [
    "logLevel",
    "a.py",
    "import logging\nlogging.basicConfig(level=logging.DEBUG)",
    ["logging.basicConfig: DEBUG «logging.DEBUG»"],
  ],
])("%s in %s: %j", (key, path, text, expected) => expect(settings(key, path, text)).toEqual(expected));

it("leaves out what a deployment overrides", () => {
  const files = { "settings.py": 'import os\nDEBUG = os.getenv("DEBUG", "1") == "1"' };
  expect(factsOf(files).settings?.debug).toHaveLength(1);
  expect(factsOf(files, [variable("DEBUG", "0")]).settings?.debug).toEqual([]);
});

describe("bcrypt", () => {
  it("keeps its cost", () => {
    const [hash] = factsOf({ "a.py": "import bcrypt\nbcrypt.gensalt(6)" }).settings?.passwordHash ?? [];
    expect(hash).toMatchObject({ cost: 6, at: { value: "bcrypt" } });
  });
});
