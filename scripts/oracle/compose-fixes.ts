/** Compose projects before and after fixes, as compose-go has them. */
import { dirname, relative } from "node:path";
import { discover } from "../../src/discover/index.ts";
import { COMPOSE } from "./allowed.ts";
import { composeProjects } from "./compose.ts";
import { type Answer, ask, withRequired } from "./compose-go.ts";
import { meant } from "./facts.ts";
import type { FixedTree } from "./fixed.ts";
import type { Comparison } from "./run.ts";

interface Case {
  readonly tree: FixedTree;
  readonly files: readonly string[];
}

/**
 * compose-go must accept what it accepted, and its canonical project with all variables filled in may differ only in what
 * the fixed rules are about.
 */
export async function compare(program: string, trees: readonly FixedTree[]): Promise<Comparison> {
  const cases = (await Promise.all(trees.map(casesOf))).flat();
  const before = withRequired(
    program,
    cases.map(({ tree, files }) => ({ directory: tree.before, files, resolve: true as const })),
  );
  const after = before.map((request, index) => ({ ...request, directory: cases[index]!.tree.after }));
  const [was, is] = [ask(program, before), ask(program, after)];
  const rows = meant(COMPOSE);
  const differences = cases.flatMap(({ tree, files }, index) => {
    const [old, now] = [was[index]!, atHome(is[index]!, tree)];
    const about = `${relative(".", tree.before)}: ${files.join(" + ")} [${tree.rules.join(" ")}]`;
    if (old.error !== undefined) return [];
    if (now.error !== undefined) return [`${about}: compose-go refuses it: ${now.error.replaceAll(/\s+/g, " ")}`];
    return rows.unexplained(tree.rules, old, now).map((text) => `${about}: ${text}`);
  });
  const compared = was.filter(({ error }) => error === undefined).length;
  return {
    compared: `${compared} Compose projects before and after fixes`,
    skipped: was.length - compared,
    differences,
    idle: rows.idle(),
  };
}

async function casesOf(tree: FixedTree): Promise<readonly Case[]> {
  const { files } = discover([tree.before], { cwd: process.cwd(), openRepository: () => undefined });
  return (await composeProjects(files)).map(({ paths }) => ({ tree, files: paths }));
}

/** With the paths of the host that the tree has before fixes, those beside it among them. */
const atHome = (answer: Answer, { before, after }: FixedTree): Answer =>
  JSON.parse(JSON.stringify(answer).replaceAll(after, before).replaceAll(dirname(after), dirname(before))) as Answer;
