/** What an expression comes to: through names, other files, conversions, and the fallbacks of environment reads. */
import type { Located, Variable } from "../../model.ts";
import { type Call, constant, type Expression, entriesOf, pathOf, type StringLiteral } from "../../parse/script.ts";
import { canonical, type Definition, definition, located, type Module, type Modules } from "./modules.ts";
import { core, providers, readOf } from "./reads.ts";
import { fieldRead, prefixOf, settingsClasses } from "./settings-classes.ts";

/** Everything that reading the source of a project needs. */
export interface Context {
  readonly modules: Modules;
  readonly settings: ReadonlySet<string>;
  readonly providers: ReadonlyMap<string, readonly Variable[]>;
}

/** Indexes what resolving needs once for the whole project. */
export const context = (modules: Modules, variables: readonly Variable[]): Context => ({
  modules,
  settings: settingsClasses(modules.all),
  providers: providers(variables),
});

/** A literal or another expression that names nothing, and where it stands. */
export interface Resolved {
  readonly expression: Expression;
  readonly module: Module;
  /** It holds only while this variable is unset. */
  readonly variable?: Located<string>;
}

/** Names are followed this far: longer chains are no configuration. */
const HOPS = 8;

/** Absent: unknown, an environment variable without a fallback, or a name with several definitions. */
export function resolve(within: Context, module: Module, expression: Expression, hops = HOPS): Resolved | undefined {
  if (hops === 0) return undefined;
  const follow = (next: Expression, variable: Located<string> | undefined, from = module): Resolved | undefined => {
    const found = resolve(within, from, next, hops - 1);
    return found && (variable ? { ...found, variable: found.variable ?? variable } : found);
  };
  const read = readOf(module, expression);
  if (read) return read.fallback && follow(read.fallback, read.name);
  const inner = core(expression);
  if (inner !== expression) return follow(inner, undefined);
  if (inner.kind === "name") {
    const found = definition(within.modules, module, inner.path);
    if (!found) return undefined;
    const field = settingsField(within, found);
    if (field) return field.fallback && follow(field.fallback, field.name, found.module);
    return found.binding.value && follow(found.binding.value, undefined, found.module);
  }
  if (inner.kind === "operation" && (inner.operator === "or" || inner.operator === "??")) {
    return inner.left && follow(inner.left, undefined);
  }
  if (inner.kind === "conditional" || inner.kind === "null") return undefined;
  return { expression: inner, module };
}

function settingsField({ settings }: Context, { module, binding }: Definition): ReturnType<typeof fieldRead> {
  const { assignment } = binding;
  if (assignment?.owner === undefined || !settings.has(assignment.owner)) return undefined;
  const owner = module.classes.get(assignment.owner);
  return owner && owner.bases.length > 0 ? fieldRead(module, assignment, prefixOf(module, owner)) : undefined;
}

/**
 * What a binding is set to. A field of a settings class is a read of its variable, with the field's value as fallback.
 */
export function writtenIn(
  within: Context,
  module: Module,
  binding: Definition["binding"],
): { readonly value?: Expression; readonly variable?: Located<string> } {
  const field = settingsField(within, { module, binding });
  const value = field ? field.fallback : binding.value;
  return { ...(value && { value }), ...(field && { variable: field.name }) };
}

/** A literal's value with its place; `variable` as in `Resolved`. */
export interface Found<T> {
  readonly at: Located<T>;
  readonly variable?: Located<string>;
}

const found = <T>({ expression, module, variable }: Resolved, value: T): Found<T> => ({
  at: located(module, expression, value),
  ...(variable && { variable }),
});

/** The string that an expression comes to. */
export function stringOf(
  within: Context,
  module: Module,
  expression: Expression | undefined,
): Found<string> | undefined {
  const resolved = expression && resolve(within, module, expression);
  return resolved?.expression.kind === "string" ? found(resolved, resolved.expression.text) : undefined;
}

/** Numbers, constant arithmetic, and strings of digits. A factor may be a name: `7 * DAY`. */
export function numberOf(
  within: Context,
  module: Module,
  expression: Expression | undefined,
  factors = FACTORS,
): Found<number> | undefined {
  const resolved = expression && resolve(within, module, expression);
  if (!resolved) return undefined;
  const value = numeric(resolved.expression) ?? product(within, resolved, factors);
  return value === undefined ? undefined : found(resolved, value);
}

/** Products of named products are followed this deep: every level may double the work. */
const FACTORS = 3;

function product(within: Context, { expression, module }: Resolved, factors: number): number | undefined {
  if (factors === 0 || expression.kind !== "operation" || expression.operator !== "*" || !expression.left)
    return undefined;
  const left = numberOf(within, module, expression.left, factors - 1);
  const right = left && numberOf(within, module, expression.right, factors - 1);
  return right && left.at.value * right.at.value;
}

function numeric(expression: Expression): number | undefined {
  if (expression.kind !== "string") return constant(expression);
  return /^\s*\d+(?:\.\d+)?\s*$/.test(expression.text) ? Number(expression.text) : undefined;
}

const TRUE: ReadonlySet<string> = new Set(["true", "1", "yes", "on", "t", "y"]);
const FALSE: ReadonlySet<string> = new Set(["false", "0", "no", "off", "f", "n", ""]);

/**
 * Booleans, and comparisons of an environment variable with a literal: `os.getenv("DEBUG", "1") == "1"`,
 * `os.getenv("DEBUG", "no").lower() in ("true", "1")`. Of a string, what it says.
 */
export function booleanOf(
  within: Context,
  module: Module,
  expression: Expression | undefined,
): Found<boolean> | undefined {
  if (!expression) return undefined;
  const inner = core(expression);
  if (inner.kind === "operation" && inner.left && COMPARISONS.has(inner.operator)) {
    const left = stringOf(within, module, inner.left);
    const right = inner.right.kind === "list" ? inner.right.items : [inner.right];
    if (!left || right.some(({ kind }) => kind !== "string")) return undefined;
    const equal = right.some((item) => (item as StringLiteral).text.toLowerCase() === left.at.value.toLowerCase());
    return {
      ...left,
      at: { ...left.at, value: inner.operator.startsWith("!") || inner.operator === "not in" ? !equal : equal },
    };
  }
  if (inner.kind === "operation" && inner.operator === "not") {
    const value = booleanOf(within, module, inner.right);
    return value && { ...value, at: { ...value.at, value: !value.at.value } };
  }
  const resolved = resolve(within, module, inner);
  if (!resolved) return undefined;
  const { expression: literal } = resolved;
  if (literal.kind === "boolean") return found(resolved, literal.value);
  if (literal.kind === "number") return literal.value <= 1 ? found(resolved, literal.value === 1) : undefined;
  if (literal.kind === "operation" && literal !== inner) return booleanOf(within, resolved.module, literal);
  if (literal.kind !== "string" || !resolved.variable) return undefined;
  const word = literal.text.toLowerCase();
  return TRUE.has(word) ? found(resolved, true) : FALSE.has(word) ? found(resolved, false) : undefined;
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "in", "not in"]);

/** A list that is only named may be named often: its first items are enough. */
const SHARED = 200;

/** Items of a list; a lone value is a list of one. Names inside are resolved, what stays unknown is left out. */
export function itemsOf(within: Context, module: Module, expression: Expression): Resolved[] {
  const resolved = resolve(within, module, expression);
  if (!resolved) return [];
  if (resolved.expression.kind !== "list") return [resolved];
  const { items } = resolved.expression;
  return (resolved.expression === expression ? items : items.slice(0, SHARED)).flatMap((item) => {
    if (item.kind === "spread") return itemsOf(within, resolved.module, item.value);
    const inner = resolve(within, resolved.module, item);
    return inner ? [resolved.variable ? { ...inner, variable: inner.variable ?? resolved.variable } : inner] : [];
  });
}

/**
 * Parts of a string between commas or blanks, quotes and brackets of a JSON list cut off, each with its own place
 * where the string is written as it reads.
 */
export function partsOf({ expression, module }: Resolved): Located<string>[] {
  if (expression.kind !== "string") return [];
  return [...expression.text.matchAll(/[^\s,;"'[\]]+/g)].map(({ 0: text, index }) => {
    const start = expression.start + index;
    return located(module, expression.exact ? { start, end: start + text.length } : expression, text);
  });
}

/** No library has more options; an object shared by many calls must not be walked for each. */
const OPTIONS = 100;

/** An object of options, through a name of this or another file. */
export function objectOf(within: Context, module: Module, expression: Expression): Resolved | undefined {
  const resolved = resolve(within, module, expression);
  const object = resolved && (resolved.expression.kind === "object" || pathOf(resolved.expression) === "dict()");
  return object && entriesOf(resolved.expression).length <= OPTIONS ? resolved : undefined;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["weeks", 604_800],
  ["days", 86_400],
  ["hours", 3_600],
  ["minutes", 60],
  ["seconds", 1],
  ["milliseconds", 0.001],
]);

/** A length of time in seconds, where it is written, and how. */
export interface Duration {
  readonly at: Located<number>;
  readonly unit?: "seconds" | "minutes" | "hours" | "days";
  readonly variable?: Located<string>;
}

/**
 * `timedelta(hours=24)`. With one argument the place is its number, so that a number in a constant or a fallback is
 * found there. https://docs.python.org/3/library/datetime.html#datetime.timedelta
 */
export function timedelta(within: Context, module: Module, expression: Expression): Duration | undefined {
  if (expression.kind !== "call" || !/(?:^|\.)timedelta$/.test(canonical(module, expression.path))) return undefined;
  const days = expression.positional[0];
  const parts = [...(days ? [{ name: "days", value: days }] : []), ...expression.named.map(named)];
  let seconds = 0;
  let last: Duration | undefined;
  for (const { name, value } of parts) {
    const factor = UNITS.get(name);
    const amount = numberOf(within, module, value);
    if (factor === undefined || !amount) return undefined;
    seconds += amount.at.value * factor;
    last = {
      at: { ...amount.at, value: seconds },
      ...(name in WRITTEN && { unit: WRITTEN[name as keyof typeof WRITTEN] }),
      ...(amount.variable && { variable: amount.variable }),
    };
  }
  return parts.length > 1 && last ? { at: located(module, expression, seconds) } : last;
}

const WRITTEN = { days: "days", hours: "hours", minutes: "minutes", seconds: "seconds" } as const;

const named = ({ key, value }: Call["named"][number]): { name: string; value: Expression } => ({
  name: key.text,
  value,
});

/** Where a resolved value holds only because nobody sets a variable. */
export const fallbackOf = ({ providers }: Context, variable: Located<string> | undefined) =>
  variable && { fallback: { variable, providedBy: providers.get(variable.value) ?? [] } };

/** False: a deployment sets the variable, so what the source falls back to never runs. */
export const holds = ({ providers }: Context, variable: Located<string> | undefined): boolean =>
  variable === undefined || !providers.has(variable.value);
