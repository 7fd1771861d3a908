/**
 * `npm run oracle`: the model, and what fixes make of files, beside what the real engines' own code makes of them. Needs
 * Go; says so and stops where there is none. Prints each difference that docs/oracle.md does not explain and fails if
 * there is one.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as compose from "./compose.ts";
import * as composeFixes from "./compose-fixes.ts";
import * as dockerfile from "./dockerfile.ts";
import * as dockerfileFixes from "./dockerfile-fixes.ts";
import { explained } from "./explained.ts";
import { type FixedTree, fixedTrees } from "./fixed.ts";
import * as kubernetes from "./kubernetes.ts";
import * as kubernetesFields from "./kubernetes-fields.ts";
import * as kubernetesFixes from "./kubernetes-fixes.ts";
import { roots } from "./roots.ts";

export interface Comparison {
  /** What was compared: "41 Compose projects". */
  readonly compared: string;
  /** What could not be, because the engine refuses it as it is. */
  readonly skipped?: number;
  /** One line each. */
  readonly differences: readonly string[];
  /** What is allowed and nothing needs. */
  readonly idle?: readonly string[];
}

interface Oracle {
  /** A Go module below this folder. */
  readonly name: string;
  /** What its program says of folders, beside the model. */
  readonly beside: readonly ((program: string, folders: readonly string[]) => Promise<Comparison>)[];
  /** What it says of trees before and after fixes. */
  readonly fixes: (program: string, trees: readonly FixedTree[]) => Promise<Comparison>;
}

const ORACLES: readonly Oracle[] = [
  { name: "compose", beside: [compose.compare], fixes: composeFixes.compare },
  { name: "dockerfile", beside: [dockerfile.compare], fixes: dockerfileFixes.compare },
  {
    name: "kubernetes",
    beside: [kubernetesFields.compare, kubernetes.compare],
    fixes: kubernetesFixes.compare,
  },
];

const here = dirname(fileURLToPath(import.meta.url));
const NAMED = process.argv.slice(2);
const SOURCES = NAMED.length ? NAMED : ["fixtures", "scripts/oracle/compose/testdata", "../shared/corpus"];

const go = spawnSync("go", ["version"], { encoding: "utf8" });
if (go.error || go.status !== 0) {
  console.log("oracle skipped: there is no Go on this machine (https://go.dev/dl/)");
} else {
  const folder = mkdtempSync(join(tmpdir(), "qwed-harden-oracle-"));
  try {
    await runIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string): Promise<void> {
  const folders = SOURCES.flatMap(roots);
  const trees = await fixedTrees(folders, join(folder, "fixed"));
  for (const { name, beside, fixes } of ORACLES) {
    const program = join(folder, name);
    const built = spawnSync("go", ["build", "-o", program, "."], { cwd: join(here, name), encoding: "utf8" });
    if (built.status !== 0) {
      console.log(`${name} skipped: go build of scripts/oracle/${name} failed:\n${built.stderr}`);
      process.exitCode = 1;
      continue;
    }
    for (const compare of beside) tell(name, await compare(program, folders));
    tell(`${name}, fixed`, await fixes(program, trees));
  }
}

function tell(name: string, { compared, skipped = 0, differences, idle = [] }: Comparison): void {
  const open = differences.filter((difference) => !explained(name, difference));
  // Folders that are named need not hold an example of everything.
  const useless = NAMED.length ? [] : idle;
  for (const line of [...open, ...useless]) console.log(line);
  const known = differences.length - open.length;
  const left = skipped ? `, ${skipped} skipped that the engine refuses as they are` : "";
  console.log(`${name}: ${compared}, ${open.length} unexplained differences, ${known} explained${left}`);
  if (open.length || useless.length) process.exitCode = 1;
}
