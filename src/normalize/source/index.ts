/** Python, JavaScript and TypeScript → facts: what the application does until the deployment tells it otherwise. */
import type { EnvRead, Located, Settings, Variable } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { Expression, ScriptTree } from "../../parse/script.ts";
import type { Facts } from "../facts.ts";
import { joinReads, readsOf } from "./all-reads.ts";
import { applications } from "./applications.ts";
import { corsOf, originReads } from "./cors.ts";
import { rateLimitsOf } from "./limits.ts";
import { credentialLiterals, urlsOf } from "./literals.ts";
import { grouped, located, type Module, modules } from "./modules.ts";
import type { Read } from "./reads.ts";
import { type Context, context, resolve } from "./resolve.ts";
import { settingsOf } from "./settings.ts";
import { oncePerPlace, tokensOf } from "./tokens.ts";

export { joinReads } from "./all-reads.ts";

const ROLES = { python: "Python source", javascript: "JavaScript source" } as const;

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
  const readsBy = grouped(reads, ({ module }) => module);
  const each = <T>(factsOf: (module: Module, reads: readonly Read[]) => readonly T[]): T[] =>
    found.all.flatMap((module) =>
      factsOf(
        module,
        (readsBy.get(module) ?? []).map(({ read }) => read),
      ),
    );
  const cors = each((module) => corsOf(within, module));
  const settings = found.all.map((module) => settingsOf(within, module));
  const facts = {
    reads: joinReads(
      reads.map(({ module, read }): EnvRead => {
        const fallback = read.fallback && fallbackText(within, module, read.fallback);
        return { name: read.name, ...(fallback && { fallback }), required: read.required, providedBy: [] };
      }),
      variables,
    ),
    cors: [...cors, ...originReads(within, reads, cors)],
    tokens: oncePerPlace(each((module, own) => tokensOf(within, module, own))),
    rateLimits: each((module) => rateLimitsOf(within, module)),
    credentialLiterals: each(credentialLiterals),
    urls: each(urlsOf),
    applications: applications(within, found),
    settings: merged(settings),
  };
  return { ...facts, roles: rolesOf(found.all, facts) };
}

/** The literal as the environment would spell it; lists with commas. */
function fallbackText(within: Context, module: Module, written: Expression): Located<string> | undefined {
  const resolved = resolve(within, module, written);
  if (!resolved) return undefined;
  const text = textOf(resolved.expression, resolved.module);
  return text === undefined ? undefined : located(resolved.module, resolved.expression, text);
}

function textOf(expression: Expression, { file }: Module): string | undefined {
  if (expression.kind === "string") return expression.text;
  if (expression.kind === "number" || expression.kind === "boolean" || expression.kind === "operation") {
    return file.text.slice(expression.start, expression.end);
  }
  if (expression.kind !== "list") return undefined;
  const items = expression.items.map((item) => (item.kind === "string" ? item.text : undefined));
  return items.includes(undefined) ? undefined : items.join(",");
}

function merged(all: readonly Partial<Settings>[]): Partial<Settings> {
  const of = <K extends keyof Settings>(key: K) =>
    all.flatMap((settings) => (settings[key] ?? []) as readonly unknown[]);
  const keys = new Set(all.flatMap((settings) => Object.keys(settings) as (keyof Settings)[]));
  return Object.fromEntries([...keys].map((key) => [key, of(key)])) as Partial<Settings>;
}

/** Files that any fact stands in. */
function rolesOf(all: readonly Module[], facts: Facts): NonNullable<Facts["roles"]> {
  const told = new Set([
    ...(facts.reads ?? []).map(({ name }) => name.span.file.path),
    ...[facts.cors, facts.tokens, facts.rateLimits, facts.credentialLiterals, facts.urls].flatMap((list) =>
      (list ?? []).map(({ subject }) => subject),
    ),
    ...Object.values(facts.settings ?? {}).flatMap((list) => list.map(({ subject }) => subject)),
    ...(facts.applications ?? []).flatMap(({ at, routes, authentication, rateLimits, headers }) => [
      at.file.path,
      ...[...routes, ...authentication, ...rateLimits, ...headers.map(({ name }) => name)].map(
        ({ span }) => span.file.path,
      ),
    ]),
  ]);
  return all.flatMap(({ file, tree }) => (told.has(file.path) ? [{ file, role: ROLES[tree.language] }] : []));
}
