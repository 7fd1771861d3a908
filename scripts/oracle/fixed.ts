/** Trees as they are after fixes, on disk, for engines to read. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { rules } from "../../rules/index.ts";
import { discover } from "../../src/discover/index.ts";
import { created, restated } from "../../src/discover/restate.ts";
import { repair } from "../../src/repair.ts";

/** A tree beside itself as fixes leave it. */
export interface FixedTree {
  /** Absolute folders. */
  readonly before: string;
  readonly after: string;
  /** Ids of the rules that had something to fix. */
  readonly rules: readonly string[];
  /** Paths relative to both that differ, those that are made among them. */
  readonly changed: readonly string[];
}

/** Any day: suppressions in examples that expire are not what is looked at. */
const TODAY = "2026-01-15";

/**
 * Every tree that has something to fix: by each rule alone, so that a difference has one culprit, and by all rules
 * together. Safe and unsafe fixes are made. The trees are written below `into`.
 */
export async function fixedTrees(folders: readonly string[], into: string): Promise<readonly FixedTree[]> {
  const trees: FixedTree[] = [];
  for (const folder of folders) {
    const project = discover([folder], { cwd: process.cwd(), openRepository: () => undefined });
    const fix = async (wanted: (id: string) => boolean): Promise<FixedTree | undefined> => {
      const { fixed, changes } = await repair(project, {
        rules: rules.filter(({ meta }) => meta.fix !== "none" && wanted(meta.id)),
        today: TODAY,
        safety: "unsafe",
        created: created(project),
        restated,
      });
      if (!changes.length) return undefined;
      const after = join(into, String(trees.length), basename(folder));
      cpSync(folder, after, { recursive: true });
      for (const { after: file } of changes) {
        mkdirSync(dirname(join(after, file.path)), { recursive: true });
        writeFileSync(join(after, file.path), file.text);
      }
      const tree = {
        before: resolve(folder),
        after,
        rules: [...new Set(fixed.map(({ rule }) => rule.meta.id))].sort(),
        changed: changes.map(({ after: file }) => file.path),
      };
      trees.push(tree);
      return tree;
    };
    const all = await fix(() => true);
    if (all && all.rules.length > 1) for (const only of all.rules) await fix((id) => id === only);
  }
  return trees;
}
