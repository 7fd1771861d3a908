import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { repair } from "../src/repair.ts";
import { lint } from "../src/run.ts";
import { sourceFile } from "./source-file.ts";

/** Characters of every text. */
const SIZE = 1_000_000;
/**
 * Milliseconds for the whole pipeline under all rules on a slow machine that does other things too. It tells linear from
 * quadratic, which needs minutes; how fast linear is, the benchmark says.
 */
const MOST = 15_000;

/** Texts in which every line is a service or a container of its own, each with its findings. */
const OBJECTS = 300_000;

/** `head`, then `unit` as often as it fits, then `tail`. A function makes each unit from its number. */
function filled(unit: string | ((n: number) => string), head = "", tail = "", size = SIZE): string {
  const make = typeof unit === "string" ? () => unit : unit;
  const parts = [head];
  let length = head.length + tail.length;
  for (let n = 0; length < size; n++) {
    const next = make(n);
    parts.push(next);
    length += next.length;
  }
  return parts.join("") + tail;
}

const service = (body: string) => `services:\n  a:\n    image: a\n${body}`;
const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: a\n";

const CASES: Readonly<Record<string, readonly (readonly [name: string, text: string])[]>> = {
  "compose.yaml": [
    ["open brackets", filled("[", "a: ")],
    ["nested lists", filled("- ")],
    ["nested mappings on lines of their own", filled((n) => `${" ".repeat(n % 2000)}a:\n`)],
    ["one long line", filled("x", service("    command: "))],
    ["a line of words", filled("word ", service("    command: "))],
    ["anchors and aliases", filled((n) => `a${n}: &a${n} {k: 1}\nb${n}: *a${n}\n`, service(""))],
    ["a chain of merges", filled((n) => `x-${n + 1}: &a${n + 1} {<<: *a${n}}\n`, "x-0: &a0 {k: 1}\n")],
    [
      "one anchor, many merges",
      filled((n) => `  s${n}: {<<: *a}\n`, "x-a: &a {image: a, environment: {A: 1}}\nservices:\n", "", OBJECTS),
    ],
    ["quotes", filled("'", "a: ")],
    ["escapes", filled("\\t", 'a: "', '"\n')],
    ["keys of one mapping", filled((n) => `      K${n}: v\n`, service("    environment:\n"))],
    ["one key again and again", filled("a: 1\n")],
    ["broken documents", filled("---\n[\n")],
    ["documents", filled("---\na: 1\n")],
    ["comments", filled("# qwed-harden-ignore all -- why\n", service(""))],
    ["services", filled((n) => `  s${n}: {image: a}\n`, "services:\n", "", OBJECTS)],
    ["ports", filled((n) => `      - "${1024 + (n % 60000)}:80"\n`, service("    ports:\n"))],
    ["ranges of ports", filled((n) => `  s${n}: {image: a, ports: ["1-65535:1-65535"]}\n`, "services:\n", "", OBJECTS)],
    [
      "one port and one name in many profiles",
      filled(
        (n) => `  s${n}: {image: a, profiles: [p${n}], container_name: x, ports: ["80:80"]}\n`,
        "services:\n",
        "",
        OBJECTS,
      ),
    ],
    ["nested variables", filled("${A:-", service("    command: "))],
    ["variables in a fallback", filled("$B", service("    command: ${A:-"), "}\n")],
    ["variables", filled("${A} ", service("    command: "))],
    [
      "services in one line",
      filled((n) => `s${n}: {image: node, expose: [1], ports: ["80:80"]}, `, "services: {", "}", OBJECTS),
    ],
    ["objects of JSON in one line", filled((n) => `"s${n}":{"image":"a"},`, '{"services":{', '"z":{}}}', OBJECTS)],
    ["dollars", filled("$", service("    command: "))],
    ["a block of variables", filled("      ${A}\n", service("    command: |\n"))],
  ],
  "k8s/a.yaml": [
    ["containers", filled((n) => `  - {name: c${n}, image: a}\n`, pod, "", OBJECTS)],
    ["variables", filled((n) => `    - {name: N${n}, value: $(N${n - 1})}\n`, `${pod}    env:\n`)],
    ["variables in one line", filled((n) => `{name: N${n}, value: a}, `, `${pod}    env: [`, "]\n")],
    [
      "values that double",
      filled(
        (n) => `    - {name: N${n + 1}, value: $(N${n})$(N${n})}\n`,
        `${pod}    env:\n    - {name: N0, value: xx}\n`,
      ),
    ],
    ["references in one value", filled("$(A)", `${pod}    env:\n    - name: A\n      value: `)],
    ["references in a folded value", filled("        $(A) ${B}\n", `${pod}    env:\n    - name: A\n      value: >\n`)],
    [
      "objects of one name",
      filled(
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {a: b}, ports: [{port: 80}]}\n",
      ),
    ],
    ["unknown fields", filled((n) => `  f${n}: 1\n`, pod)],
    [
      "origins of an ingress",
      filled(
        "https://a.example,",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations:\n    nginx.ingress.kubernetes.io/cors-allow-origin: 'x",
        "'\n",
      ),
    ],
  ],
  "a.json": [
    ["open braces", filled('{"a":')],
    ["values", filled((n) => `{"k":${n}},`, "[", "{}]")],
    ["one long text", filled("\\u0041", '{"a":"', '"}')],
  ],
  ".github/workflows/a.yaml": [
    [
      "steps",
      filled("      - run: npm test && trivy image x\n", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"),
    ],
    ["one script", filled("          npm ci; ", "on: push\njobs:\n  a:\n    steps:\n      - run: |\n")],
  ],
  ".env": [
    ["one long value", filled("x", "A=")],
    ["names", filled((n) => `N${n}=v\n`)],
    ["open quotes", filled('A="x\n')],
    ["open quotes of all kinds", filled("A='\nB=\"\nC=`\n")],
    ["quotes in one value", filled('"', "A=")],
    ["empty lines", filled("\n")],
    ["carriage returns", filled("\r")],
    ["nested variables", filled("${A:-", "A=")],
    ["values that double", filled((n) => `A${n + 1}=\${A${n}}\${A${n}}\n`, "A0=xx\n")],
    ["values that grow", filled((n) => `A${n + 1}=\${A${n}}x\n`, "A0=x\n")],
    ["blanks", filled(" ", "A=x", "#")],
    ["backslashes", filled("\\", 'A="', '"')],
    ["passwords", filled((n) => `P${n}_PASSWORD=hunter${n}\n`)],
    ["passwords in URLs", filled((n) => `U${n}=postgres://a:hunter${n}@db.example.com/a\n`)],
    ["digits and dashes", filled("sk-", "A=")],
    ["a URL of colons", filled(":", "DATABASE_URL=postgres://")],
    ["a URL of at signs", filled("a@", "DATABASE_URL=postgres://")],
  ],
  Dockerfile: [
    ["continuations", filled("  a \\\n", "FROM a\nRUN ")],
    ["continuations with comments", filled("# c\n\\\n", "FROM a\nRUN a \\\n")],
    ["heredocs", filled((n) => `RUN <<E${n}\n`, "FROM a\n")],
    ["heredocs in one instruction", filled((n) => `<<E${n} `, "FROM a\nRUN ")],
    ["stages", filled((n) => `FROM s${n} AS s${n + 1}\n`)],
    ["stages of one name", filled("FROM a AS a\nUSER $a\n")],
    ["arguments", filled((n) => `ARG A${n + 1}=$A${n}\n`, "FROM a\n")],
    ["arguments that double", filled("ARG A=$A$A\n", "FROM a\nARG A=x\n")],
    ["nested variables", filled("${A:-", "FROM a\nENV A=")],
    ["quotes", filled('"', "FROM a\nENV A=")],
    ["brackets", filled("[", "FROM a\nCMD ")],
    ["shell commands", filled("a && ", "FROM a\nRUN ")],
    ["one long word", filled("a", "FROM ")],
    ["copies", filled("COPY .env* a\n", "FROM a\n")],
  ],
  ".dockerignore": [
    ["stars", filled("*")],
    ["double stars", filled("**/")],
    ["lines", filled((n) => `!a${n}\n`)],
    ["classes", filled("[")],
  ],
  "app.py": [
    ["open brackets", filled("(", "app.add_middleware(CORSMiddleware, allow_origins=")],
    ["lists", filled('"*",', "CORS(app, origins=[", "])")],
    ["quotes", filled('"', "CORS(app, origins=")],
    ["triple quotes", filled('"""', "import jwt\n")],
    ["nested f-strings", filled("{f'", "CORS(app, origins=f'")],
    ["backslashes", filled("\\\n", "CORS(app, origins= \\\n")],
    ["reads", filled((n) => `a${n} = os.getenv("A${n}", "*")\n`, "import os\n")],
    [
      "assignments that refer to one another",
      filled((n) => `a${n + 1} = a${n}\n`, 'import jwt\na0 = "*"\n', "CORS(app, origins=a9)"),
    ],
    [
      "values that double",
      filled((n) => `a${n + 1} = a${n} + a${n}\n`, 'import jwt\na0 = "xx"\n', "SECRET_KEY = a9999\n"),
    ],
    [
      "f-strings that double",
      filled((n) => `a${n + 1} = f"{a${n}}{a${n}}"\n`, 'import jwt\na0 = "xx"\n', "SECRET_KEY = a9999\n"),
    ],
    ["additions", filled(' + "a"', 'import jwt\nSECRET_KEY = "a"')],
    ["indentation", filled((n) => `${" ".repeat(n % 1000)}if jwt:\n`)],
    ["one long line", filled("x", "# cors jwt os.getenv ")],
  ],
  "app.ts": [
    ["open brackets", filled("(", "app.use(cors(")],
    ["open braces", filled("{", "app.use(cors(")],
    ["nested templates", filled("`${", "app.use(cors({ origin: ")],
    ["slashes", filled("/", "app.use(cors({ origin: ")],
    ["quotes", filled("'", "app.use(cors({ origin: ")],
    ["lists", filled('"*",', "app.use(cors({ origin: [", "] }))")],
    ["reads", filled((n) => `const a${n} = process.env.A${n} ?? "*";\n`)],
    ["generics", filled("<", "app.use(cors")],
    [
      "values that double",
      filled((n) => `const a${n + 1} = a${n} + a${n};\n`, 'const a0 = "xx";\n', "jwt.sign({}, a9999);\n"),
    ],
    [
      "templates that double",
      filled((n) => `const a${n + 1} = \`\${a${n}}\${a${n}}\`;\n`, 'const a0 = "xx";\n', "jwt.sign({}, a9999);\n"),
    ],
    ["arrows", filled("a => ", "app.use(cors({ origin: ")],
    ["additions", filled(" + 1", "jwt.sign(a, b, { expiresIn: 1", "})")],
    ["one long line", filled("x", "// cors jsonwebtoken process.env ")],
  ],
  "nginx.conf": [
    ["open braces", filled("a {")],
    ["closing braces", filled("}")],
    ["quotes", filled('"', "server { listen ")],
    ["open quotes", filled("a 'b;\n")],
    ["headers", filled("add_header A b;\n", "http { server { ", "} }")],
    [
      "servers",
      filled((n) => `server { listen 80; server_name a${n}; location / { proxy_pass http://a; } }\n`, "http {\n", "}"),
    ],
    ["nested locations", filled("location / { add_header A b; ", "http { server { ")],
    ["comments", filled("#\n", "server {")],
    ["words", filled("a ", "server { server_name ", "; }")],
    ["lua", filled("content_by_lua_block { --[[ ", "server {")],
  ],
  Caddyfile: [
    ["open braces", filled("a {\n")],
    ["quotes", filled('"', "example.com {\n header A ")],
    ["sites", filled((n) => `a${n}.example.com {\n reverse_proxy a\n}\n`)],
    ["snippets", filled((n) => `(s${n + 1}) {\n import s${n}\n}\n`)],
    [
      "snippets that double",
      filled(
        (n) => `(s${n + 1}) {\n import s${n}\n import s${n}\n}\n`,
        "(s0) {\n header A b\n}\n",
        "a.example.com {\n import s9999\n}\n",
      ),
    ],
    ["imports of one snippet", filled(" import s\n", "(s) {\n header A b\n}\nexample.com {\n", "}")],
    ["placeholders", filled("{$A:", "example.com {\n header A ")],
    ["heredocs", filled("<<A\n", "example.com {\n respond ")],
  ],
  "traefik.toml": [
    ["open brackets", filled("[", "a = ")],
    ["tables", filled((n) => `[http.routers.r${n}]\nrule = "Host(\`a\`)"\n`)],
    ["dotted keys", filled("a.", "", "b = 1")],
    ["quotes", filled('"', "a = ")],
    ["one long text", filled("x", 'a = "', '"')],
  ],
};

const cases = Object.entries(CASES).flatMap(([path, texts]) =>
  texts.map(([name, text]) => [path, name, text] as const),
);

test.each(cases)("%s: %s", async (path, _, text) => {
  const files = [
    sourceFile(path, text),
    sourceFile(path === "Dockerfile" ? "compose.yaml" : "Dockerfile", "FROM a\nCOPY . .\n"),
  ];
  const started = performance.now();
  const { crashes } = await lint({ files, skipped: [], git: false, history: [] }, { rules, today: "2026-01-15" });
  expect(crashes).toEqual([]);
  expect(performance.now() - started).toBeLessThan(MOST);
});

/** Every unit has a fix of its own. */
const FIXED: readonly (readonly [name: string, path: string, text: string])[] = [
  [
    "ports of one service",
    "compose.yaml",
    filled((n) => `      - "${1024 + (n % 60000)}:80"\n`, service("    ports:\n"), "", OBJECTS),
  ],
  [
    "references to one name",
    "compose.yaml",
    filled((n) => `  s${n}: {image: a, environment: {DB_PASSWORD: "\${P:-hunter${n}}"}}\n`, "services:\n", "", OBJECTS),
  ],
  [
    "containers of JSON in one line",
    "a.json",
    filled(
      (n) => `{"name":"c${n}","image":"node"},`,
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[',
      '{"name":"z","image":"node"}]}}',
      OBJECTS,
    ),
  ],
  [
    "servers in one line",
    "nginx.conf",
    filled((n) => `server { listen 80; server_name a${n}; location / { proxy_pass http://a; } }`, "http {", "}"),
  ],
  ["passwords in URLs", ".env", filled((n) => `U${n}=postgres://a:hunter${n}@db.example.com/a\n`)],
];

test.each(FIXED)("fixes of %s", async (_, path, text) => {
  const files = [sourceFile(path, text), ...(path === ".env" ? [] : [sourceFile(".env", "A=b\n")])];
  const project = { files, skipped: [], git: false, history: [] };
  const started = performance.now();
  const { fixed, declined, after } = await repair(project, { rules, today: "2026-01-15", safety: "unsafe" });
  expect(performance.now() - started).toBeLessThan(MOST);
  expect(fixed.length).toBeGreaterThan(1_000);
  expect([declined, after.crashes]).toEqual([[], []]);
});
