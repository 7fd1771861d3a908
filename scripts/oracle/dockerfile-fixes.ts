/** Dockerfiles before and after fixes, as BuildKit parses them and converts them to what it solves. */
import { join, relative } from "node:path";
import { discover } from "../../src/discover/index.ts";
import { DOCKERFILE } from "./allowed.ts";
import { ask, type Dockerfile } from "./buildkit.ts";
import { meant } from "./facts.ts";
import type { FixedTree } from "./fixed.ts";
import type { Comparison } from "./run.ts";

/**
 * What was parsed and converted before is so after, and stages, instructions, users of RUN and the configurations of
 * images differ only in what the fixed rules are about.
 */
export async function compare(program: string, trees: readonly FixedTree[]): Promise<Comparison> {
  const cases = trees.flatMap((tree) => changedIn(tree).map((path) => ({ tree, path })));
  const answers = (side: "before" | "after") =>
    ask(
      program,
      cases.map(({ tree, path }) => join(tree[side], path)),
    );
  const [was, is] = [answers("before"), answers("after")];
  const rows = meant(DOCKERFILE);
  const differences = cases.flatMap(({ tree, path }, index) => {
    const [old, now] = [was[index]!, is[index]!];
    if (old.error !== undefined) return [];
    const refused = now.error ?? (old.refused === undefined ? now.refused : undefined);
    const found =
      refused === undefined
        ? rows.unexplained(tree.rules, documentOf(old), documentOf(now))
        : [`BuildKit refuses it: ${refused}`];
    return found.map((text) => `${relative(".", tree.before)}: ${path} [${tree.rules.join(" ")}]: ${text}`);
  });
  const skipped = was.filter(({ error }) => error !== undefined).length;
  const unsolved = was.filter(({ error, refused }) => error === undefined && refused !== undefined).length;
  return {
    compared: `${was.length - skipped} Dockerfiles before and after fixes (${unsolved} of them parsed only)`,
    skipped,
    differences,
    idle: rows.idle(),
  };
}

function changedIn({ before, changed }: FixedTree): readonly string[] {
  const { files } = discover([before], { cwd: process.cwd(), openRepository: () => undefined });
  const dockerfiles = new Set(files.flatMap(({ path, language }) => (language === "dockerfile" ? [path] : [])));
  return changed.filter((path) => dockerfiles.has(path));
}

const documentOf = ({ stages }: Dockerfile) => ({
  stages: (stages ?? []).map(({ name, base, instructions, image }) => ({ name, base, instructions, image })),
});
