/**
 * `npm run oracle`: the model beside what the real engines' own code makes of the same files. Needs Go; says so and
 * stops where there is none. Prints each difference that docs/oracle.md does not explain and fails if there is one.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { explained } from "./explained.ts";

export interface Comparison {
  /** What was compared: "41 Compose projects". */
  readonly compared: string;
  /** One line each. */
  readonly differences: readonly string[];
}

interface Oracle {
  /** `program` is built from the Go module of the same name. */
  readonly compare: (program: string, folders: readonly string[]) => Promise<Comparison>;
  /** Folders to compare, each by itself, below a folder. */
  readonly roots: (folder: string) => readonly string[];
}

const here = dirname(fileURLToPath(import.meta.url));
/** Or those named on the command line. */
const SOURCES =
  process.argv.length > 2 ? process.argv.slice(2) : ["fixtures", "scripts/oracle/compose/testdata", "../shared/corpus"];

const go = spawnSync("go", ["version"], { encoding: "utf8" });
if (go.error || go.status !== 0) {
  console.log("oracle skipped: there is no Go on this machine (https://go.dev/dl/)");
} else {
  for (const name of ["compose", "dockerfile"]) {
    const module = join(here, `${name}.ts`);
    if (existsSync(module)) await run(name, (await import(pathToFileURL(module).href)) as Oracle);
  }
}

async function run(name: string, { compare, roots }: Oracle): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "qwed-harden-oracle-"));
  try {
    const program = join(folder, name);
    const built = spawnSync("go", ["build", "-o", program, "."], { cwd: join(here, name), encoding: "utf8" });
    if (built.status !== 0) throw new Error(`go build of scripts/oracle/${name} failed:\n${built.stderr}`);
    const { compared, differences } = await compare(program, SOURCES.flatMap(roots));
    const open = differences.filter((difference) => !explained(name, difference));
    for (const difference of open) console.log(difference);
    console.log(
      `${name}: ${compared}, ${open.length} unexplained differences, ${differences.length - open.length} explained`,
    );
    if (open.length) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
