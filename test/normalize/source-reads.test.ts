import { describe, expect, it } from "vitest";
import type { Variable } from "../../src/model.ts";
import { joinReads } from "../../src/normalize/source/index.ts";
import { sourceFile } from "../source-file.ts";
import { factsOf, shown, variable } from "./source-facts.ts";

const reads = (path: string, text: string) =>
  (factsOf({ [path]: text }).reads ?? []).map(
    ({ name, fallback, required }) =>
      `${shown(name)}${fallback ? ` = ${shown(fallback)}` : ""}${required ? " required" : ""}`,
  );

describe("Python", () => {
  it.each([
    ['import os\nos.getenv("X", "d")', ["X = d"]],
    ['import os\nos.getenv("X", default="d")', ["X = d"]],
    ['from os import getenv as g, environ\ng("X")\nenviron["Y"]', ["X", "Y required"]],
    ['import os\nos.environ.get("X", 60)', ["X = 60"]],
    ['import os\nint(os.getenv("X", "60"))', ["X = 60"]],
    ['import os\nint(os.getenv("X") or 60)', ["X = 60"]],
    ['import os\nD = "d"\nos.getenv("X", D)', ["X = d"]],
    ['import os\nx = os.environ["X"] if "X" in os.environ else "d"', ["X required"]],
    ['import os\nx = os.getenv("X") if os.getenv("X") else "d"', ["X = d", "X"]],
    ['import os\nos.environ["X"] = "1"', []],
    ['from decouple import config\nconfig("X")\nconfig("Y", default=True, cast=bool)', ["X required", "Y = True"]],
    [
      'import environ\nenv = environ.Env(DEBUG=(bool, False))\nenv("X")\nenv.list("Y", default=["a", "b"])',
      ["X required", 'Y = a,b «["a", "b"]»'],
    ],
    ['from starlette.config import Config\nconfig = Config(".env")\nconfig("X", default="d")', ["X = d"]],
    ['token = get_env("X", "d")\nrequire_env("Y")', ["X = d", "Y required"]],
    ['# jwt\nconfig("X")\nd.get("Y")\nenv("lower")', []],
  ])("%j", (text, expected) => expect(reads("main.py", text)).toEqual(expected));

  it.each([
    ["class S(BaseSettings):\n    jwt_key: str", ["JWT_KEY «jwt_key» required"]],
    [
      "class S(BaseSettings):\n    port: int = 8000\n    name: str | None = None",
      ["PORT «port» = 8000", "NAME «name»"],
    ],
    [
      'class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    port: int = 1',
      ["APP_PORT «port» = 1"],
    ],
    ["class S(BaseSettings):\n    class Config:\n        env_prefix = 'B_'\n    port: int = 1", ["B_PORT «port» = 1"]],
    [
      'class S(BaseSettings):\n    a: str = Field("d", env="X")\n    b: str = Field(..., validation_alias="Y")',
      ["X = d", "Y required"],
    ],
    ['class S(BaseSettings):\n    a: list = Field(default_factory=lambda: ["x"])', ['A «a» = x «["x"]»']],
    ["class Base(BaseSettings):\n    pass\nclass S(Base):\n    port: int = 1", ["PORT «port» = 1"]],
    ["class BaseSettings:\n    pass\nclass Plain(BaseModel):\n    port: int = 1", []],
  ])("pydantic %j", (text, expected) => expect(reads("config.py", text)).toEqual(expected));
});

describe("JavaScript", () => {
  it.each([
    ['process.env.X ?? "d"', ["X = d"]],
    ['process.env.X || "d"', ["X = d"]],
    ['process.env["X"] || process.env.Y || "d"', ["X = d", "Y"]],
    ["Number(process.env.X) || 60", ["X = 60"]],
    ['parseInt(process.env.X ?? "60", 10)', ["X = 60"]],
    ["process.env.X!", ["X required"]],
    ["const { X = 3000, Y } = process.env", ["X = 3000", "Y"]],
    ["const env = process.env; env.X", ["X"]],
    ['import { env } from "node:process"; env.X', ["X"]],
    ["import.meta.env.VITE_X", ["VITE_X"]],
    ['Deno.env.get("X") ?? "d"; Deno.env.get("process.env")', ["X = d"]],
    [
      'this.configService.get<string>("JWT_X", "d"); config.getOrThrow("JWT_Y"); config.get("jwt.secret")',
      ["JWT_X = d", "JWT_Y required"],
    ],
    ["process.env.X = 1", []],
    ["process.env[key]", []],
  ])("%j", (text, expected) => expect(reads("app.ts", text)).toEqual(expected));

  it.each([
    [
      "z.object({ A: z.string(), B: z.coerce.number().default(60), C: z.string().optional() }).parse(process.env)",
      ["A required", "B = 60", "C"],
    ],
    ["const schema = z.object({ A: z.string() }).strict();\nschema.safeParse(process.env)", ["A required"]],
    ["z.object({ A: z.string() }).parse(body); process.env.X", ["X"]],
    ["cleanEnv(process.env, { A: str(), B: port({ default: 3000 }) })", ["A required", "B = 3000"]],
    [
      "ConfigModule.forRoot({ validationSchema: Joi.object({ JWT_SECRET: Joi.string().required(), B: Joi.number().default(1) }) })",
      ["JWT_SECRET required", "B = 1"],
    ],
  ])("schema %j", (text, expected) => expect(reads("env.ts", text)).toEqual(expected));
});

it("joins the variables of deployments, not those of examples, tests, builds and CI", () => {
  const read = factsOf({ "a.py": 'import os\nos.getenv("X")' }).reads ?? [];
  const from = (overrides: Partial<Variable>, path = ".env") => ({
    ...variable("X", "1", sourceFile(path, "X=1", { stage: /example/.test(path) ? "example" : "production" })),
    ...overrides,
  });
  const variables = [
    from({}),
    from({ origin: "compose", subject: "service api" }),
    from({}, ".env.example"),
    from({ origin: "ci" }),
    from({ origin: "dockerfile-arg", phase: "build" }),
    variable("Y", "1"),
  ];
  expect(joinReads(read, variables)[0]?.providedBy.map(({ subject }) => subject)).toEqual([".env", "service api"]);
});
