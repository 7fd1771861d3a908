/** Python, JavaScript and TypeScript → facts: what the application does until the deployment tells it otherwise. */
import type { EnvRead, Variable } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { ScriptTree } from "../../parse/script.ts";
import type { Facts } from "../facts.ts";
import { corsOf, originReads } from "./cors.ts";
import { modules } from "./modules.ts";
import { joinReads, readsOf } from "./reads.ts";
import { context } from "./resolve.ts";

export { joinReads } from "./reads.ts";

/**
 * Reads every parsed source file. `variables` are those of the whole project: they tell which fallbacks of the source a
 * deployment overrides; without them every fallback counts as what runs. Pure, total, linear in the source.
 */
export function source(input: {
  readonly script: readonly Parsed<ScriptTree>[];
  readonly variables?: readonly Variable[];
}): Facts {
  const variables = input.variables ?? [];
  const found = modules(input.script);
  const within = context(found, variables);
  const reads = readsOf(found);
  const cors = found.all.flatMap((module) => corsOf(within, module));
  return {
    reads: joinReads(
      reads.map(({ read }): EnvRead => ({ name: read.name, required: read.required, providedBy: [] })),
      variables,
    ),
    cors: [...cors, ...originReads(within, reads, cors)],
  };
}
