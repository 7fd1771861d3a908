/** All reads of a project, and the variables that answer them. */
import type { EnvRead, Variable } from "../../model.ts";
import type { Expression } from "../../parse/script.ts";
import { schemaReads } from "./env-schemas.ts";
import type { Module, Modules } from "./modules.ts";
import { providers, type Read, readOf } from "./reads.ts";
import { settingsClasses, settingsReads } from "./settings-classes.ts";

/** Every read of every file. Linear: each reading expression counts once, with the widest fallback around it. */
export function readsOf({ all }: Modules): { readonly module: Module; readonly read: Read }[] {
  const settings = settingsClasses(all);
  return all.flatMap((module) => {
    const seen = new Set<Expression>();
    const reads: Read[] = [];
    for (const expression of module.tree.expressions) {
      const read = readOf(module, expression);
      if (!read || seen.has(read.node)) continue;
      seen.add(read.node);
      reads.push(read);
    }
    return [...reads, ...settingsReads(module, settings), ...schemaReads(module)].map((read) => ({ module, read }));
  });
}

/** Fills in `providedBy` of each read. */
export function joinReads(reads: readonly EnvRead[], variables: readonly Variable[]): EnvRead[] {
  const provided = providers(variables);
  return reads.map((read) => ({ ...read, providedBy: provided.get(read.name.value) ?? [] }));
}
