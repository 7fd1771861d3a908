/** Gate on what every start pays: bytes of the bundle and modules that `lint .` loads. Run after `npm run build`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

interface Load {
  /** Files of the bundle and of `bin/`, without hashes. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Modules of Node that a bare `node` does not load. */
  readonly builtins: readonly string[];
}

interface Limit {
  readonly title: string;
  readonly argv: readonly string[];
  readonly project: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Chunks without hashes. */
  readonly never: readonly string[];
  readonly builtins: readonly string[];
}

/** Chunks of parsers, reports and commands that a plain run of Compose, Kubernetes and `.env` files has no use for. */
const NEVER = [
  "program",
  "init",
  "completion",
  "javascript",
  "python",
  "toml",
  "yaml-errors",
  "dist",
  "schema",
  "source",
  "sarif",
  "github",
  "gitlab",
  "junit",
  "markdown",
  "checkstyle",
  "csv",
  "details",
  "identified",
  "json",
  "guide",
  "explain",
  "model",
  "history",
  "proxy",
  "ci",
  "rule-texts",
];
const BUILTINS = ["fs", "path", "os", "buffer", "url", "module"];
const PROJECT = {
  "compose.yaml": "services:\n  api:\n    image: nginx:1.27\n",
  "k8s.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {ports: [{port: 80}]}\n",
  ".env": "PORT=8000\n",
};

const LIMITS: readonly Limit[] = [
  { title: "--version", argv: ["--version"], project: {}, bytes: 6_000, never: NEVER, builtins: BUILTINS },
  { title: "lint .", argv: ["lint", "."], project: PROJECT, bytes: 490_000, never: NEVER, builtins: BUILTINS },
];

/** Printed by the run itself at its end. */
const PROBE = `
const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  const builtins = process.moduleLoadList.filter((m) => !before.has(m) && /^NativeModule (?!internal\\/)/.test(m));
  process.stderr.write("\\n@@" + JSON.stringify({ files: Object.keys(require.cache), builtins }));
});
`;

function load({ argv, project }: Limit): Load {
  const scratch = mkdtempSync(join(tmpdir(), "qwed-size-"));
  try {
    const folder = join(scratch, "project");
    mkdirSync(folder);
    for (const [name, text] of Object.entries(project)) writeFileSync(join(folder, name), text);
    const probe = join(scratch, "probe.cjs");
    writeFileSync(probe, PROBE);
    const script = `"$0" --require "$1" "$2" ${argv.join(" ")} 2>&1 >/dev/null || true`;
    const output = execFileSync("sh", ["-c", script, process.execPath, probe, resolve("bin/qwed-harden.js")], {
      cwd: folder,
      encoding: "utf8",
    });
    const { files, builtins } = JSON.parse(output.slice(output.lastIndexOf("@@") + 2)) as {
      files: string[];
      builtins: string[];
    };
    const own = files.filter((file) => !file.endsWith("probe.cjs"));
    return {
      files: own.map((file) => basename(file).replace(/(?:-[\w-]{8})?\.cjs$/, "")),
      bytes: own.reduce((sum, file) => sum + statSync(file).size, 0),
      builtins: builtins.map((name) => name.replace("NativeModule ", "")),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

let failed = false;
for (const limit of LIMITS) {
  const { files, bytes, builtins } = load(limit);
  const problems = [
    ...(bytes > limit.bytes ? [`loads ${bytes} bytes, more than ${limit.bytes}`] : []),
    ...files.filter((file) => limit.never.includes(file)).map((file) => `loads chunk ${file}`),
    ...builtins.filter((name) => !limit.builtins.includes(name)).map((name) => `loads node:${name}`),
  ];
  console.log(`${problems.length ? "FAIL" : "ok  "} ${limit.title}: ${bytes} bytes in ${files.length} files`);
  for (const problem of problems) console.log(`     ${problem}`);
  failed ||= problems.length > 0;
}
process.exitCode = failed ? 1 : 0;
