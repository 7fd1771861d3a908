/** Kubernetes objects before and after fixes, as the API server decodes and validates them. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { KUBERNETES } from "./allowed.ts";
import { meant } from "./facts.ts";
import type { FixedTree } from "./fixed.ts";
import { type ApiObject, ask } from "./kubernetes-api.ts";
import type { Comparison } from "./run.ts";

/**
 * What was decoded before is decoded after, validation has nothing new to say, and decoded objects differ only in what the
 * fixed rules are about. New files hold whole objects.
 */
export async function compare(program: string, trees: readonly FixedTree[]): Promise<Comparison> {
  const cases = trees.flatMap((tree) =>
    tree.changed.filter((path) => /\.(?:ya?ml|json)$/.test(path)).map((path) => ({ tree, path })),
  );
  const [was, is] = [
    ask(
      program,
      cases.map(({ tree, path }) => join(tree.before, path)).filter((path) => existsSync(path)),
    ),
    ask(
      program,
      cases.map(({ tree, path }) => join(tree.after, path)),
    ),
  ];
  const olds = was[Symbol.iterator]();
  const rows = meant(KUBERNETES);
  let compared = 0;
  let skipped = 0;
  const differences = cases.flatMap(({ tree, path }, index) => {
    const made = !existsSync(join(tree.before, path));
    const before = byName(made ? [] : olds.next().value!);
    const after = byName(is[index]!);
    const about = `${relative(".", tree.before)}: ${path} [${tree.rules.join(" ")}]`;
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return names.flatMap((name) => {
      const [old, now] = [before.get(name), after.get(name)];
      if ((old ?? now)?.refused !== undefined && !made) {
        skipped++;
        return [];
      }
      compared++;
      return differencesOf(old, now, made, (from, to) => rows.unexplained(tree.rules, from, to)).map(
        (text) => `${about}: ${name}: ${text}`,
      );
    });
  });
  return {
    compared: `${compared} Kubernetes objects before and after fixes`,
    skipped,
    differences,
    idle: rows.idle(),
  };
}

function differencesOf(
  old: ApiObject | undefined,
  now: ApiObject | undefined,
  made: boolean,
  unexplained: (from: unknown, to: unknown) => readonly string[],
): readonly string[] {
  if (!now) return ["is gone"];
  if (!old && !made) return ["is new"];
  if (now.refused !== undefined) return [`is not decoded: ${now.refused}`];
  const said = (object: ApiObject | undefined, what: "strict" | "invalid") =>
    (object?.[what] ?? []).map((text) => `${what}: ${text.replaceAll(/line \d+: /g, "")}`);
  const added = (what: "strict" | "invalid") => said(now, what).filter((text) => !said(old, what).includes(text));
  return [...added("strict"), ...added("invalid"), ...(old ? unexplained(old.decoded, now.decoded) : [])];
}

/** Objects of one name are counted. The version is left out: a fix may raise it. */
function byName(objects: readonly ApiObject[]): ReadonlyMap<string, ApiObject> {
  const found = new Map<string, ApiObject>();
  for (const each of objects) {
    const name = [each.kind, each.namespace, each.name].filter(Boolean).join(" ");
    let many = 1;
    while (found.has(`${name} ${many}`)) many++;
    found.set(`${name} ${many}`, each);
  }
  return found;
}
