/**
 * Environment variables that source reads, with the literal that stands in when nobody sets them.
 * Python: https://docs.python.org/3/library/os.html#os.environ, pydantic-settings, python-decouple, environs,
 * django-environ, starlette.config. JavaScript: `process.env`, `import.meta.env`, zod, envalid, joi, NestJS ConfigService.
 */
import type { Located, Variable } from "../../model.ts";
import { type Call, type Expression, lastSegment, type Name, pathOf } from "../../parse/script.ts";
import { canonical, grouped, located, type Module, maker } from "./modules.ts";

/** One place that reads a variable. */
export interface Read {
  readonly name: Located<string>;
  readonly fallback?: Expression;
  readonly required: boolean;
  /** The innermost expression that reads: `process.env.X` of `Number(process.env.X) || 60`. */
  readonly node: Expression;
}

/** Whole environments. */
export const ROOTS: ReadonlySet<string> = new Set([
  "os.environ",
  "os.environb",
  "process.env",
  "process.process.env",
  "node:process.env",
  "globalThis.process.env",
  "window.process.env",
  "import.meta.env",
  "Bun.env",
  "bun.env",
]);

/** `get(name, default)`; true: it throws where the variable is missing. */
const GETTERS: ReadonlyMap<string, boolean> = new Map([
  ["os.getenv", false],
  ["os.environ.get", false],
  ["os.environ.setdefault", false],
  ["os.environ.pop", false],
  ["Deno.env.get", false],
  ["decouple.config", true],
  ["env-var.get", false],
]);

/** Constructors of objects that are called to read: `env = Env()`, `env("X")`, `env.int("X")`. */
const READERS: ReadonlySet<string> = new Set([
  "environs.Env",
  "environ.Env",
  "environ.FileAwareEnv",
  "starlette.config.Config",
  "decouple.Config",
  "decouple.AutoConfig",
]);

/** Functions that projects write for themselves: `getEnv("X", d)`, `env_bool("X", d)`, `requireEnv("X")`. */
const HELPER =
  /^(?:get|read|load|require|must|fetch)_?env(?:_?(?:var|variable|str|string|int|number|bool|boolean|float|list|or_?default|or_?throw|required))?$|^env(?:_?(?:var|str|string|int|number|bool|boolean|float|list|or_?default|or_?throw|required))$/i;
const THROWS = /require|must|throw/i;
export const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const UPPER = /^[A-Z][A-Z0-9_]*$/;

/** The read that an expression is, fallback included; absent for any other expression. */
export function readOf(module: Module, expression: Expression): Read | undefined {
  if (expression.kind === "operation" && (expression.operator === "or" || expression.operator === "??")) {
    const read = expression.left && readOf(module, core(expression.left));
    return read && (read.fallback === undefined || !isLiteral(read.fallback))
      ? { ...read, fallback: expression.right, required: false }
      : undefined;
  }
  if (expression.kind === "conditional") {
    const asked = core(expression.test);
    const read = readOf(module, asked.kind === "operation" && asked.left ? core(asked.left) : asked);
    const positive = asked.kind !== "operation" || asked.operator === "!=" || asked.operator === "is not";
    return read && positive ? { ...read, fallback: expression.alternate, required: false } : undefined;
  }
  if (expression.kind === "name") return subscriptOf(module, expression);
  return expression.kind === "call" ? getterOf(module, expression) : undefined;
}

const isLiteral = ({ kind }: Expression): boolean =>
  kind === "string" || kind === "number" || kind === "boolean" || kind === "list";

function subscriptOf(module: Module, name: Name): Read | undefined {
  if (!name.of || !ENV_NAME.test(name.last.text)) return undefined;
  const python = module.tree.language === "python";
  if (python && !name.subscript) return undefined;
  if (!ROOTS.has(canonical(module, pathOf(name.of)))) return undefined;
  return { name: located(module, name.last, name.last.text), required: python || name.asserted === true, node: name };
}

function getterOf(module: Module, call: Call): Read | undefined {
  const [first, second] = call.positional;
  if (first?.kind !== "string" || !ENV_NAME.test(first.text)) return undefined;
  const throws = getter(module, call, first.text);
  if (throws === undefined) return undefined;
  const written = call.named.find(({ key }) => key.text === "default")?.value ?? second;
  const fallback = written && (isLiteral(written) || written.kind !== "object") ? written : undefined;
  return {
    name: located(module, first, first.text),
    ...(fallback && { fallback }),
    required: throws && fallback === undefined,
    node: call,
  };
}

/** Whether the callee reads the environment: true if it throws where the variable is missing. */
function getter(module: Module, call: Call, key: string): boolean | undefined {
  const path = canonical(module, call.path);
  const known = GETTERS.get(path);
  if (known !== undefined) return known;
  const dot = call.path.indexOf(".");
  const made = maker(module, dot < 0 ? call.path : call.path.slice(0, dot));
  if (made !== undefined && READERS.has(made)) return true;
  const word = lastSegment(call.path);
  if (!UPPER.test(key)) return undefined;
  if (HELPER.test(word)) return THROWS.test(word);
  if (/(?:^|\.)_?config(?:Service)?\.(?:get|getOrThrow)$/i.test(call.path)) return word === "getOrThrow";
  return undefined;
}

/** Calls that give back what they are given, converted. */
const CONVERSIONS: ReadonlySet<string> = new Set([
  ..."int float bool str list tuple set frozenset sorted json.loads Path SecretStr cast".split(" "),
  ..."Number parseInt parseFloat String Boolean Number.parseInt Number.parseFloat Array.from JSON.parse".split(" "),
]);

/** Methods that give back the object, cut, split or cleaned. */
const METHODS: ReadonlySet<string> = new Set(
  "split strip lstrip rstrip lower upper replace replaceAll trim trimEnd map filter toLowerCase toString default".split(
    " ",
  ),
);

/** An expression without the conversions around it. */
export function core(expression: Expression): Expression {
  let inner = expression;
  for (;;) {
    const next = unwrap(inner);
    if (!next) return inner;
    inner = next;
  }
}

function unwrap(node: Expression): Expression | undefined {
  if (node.kind === "comprehension") return node.source;
  if (node.kind === "spread") return node.value;
  if (node.kind === "list" && node.items.length === 1 && node.items[0]?.kind === "spread") return node.items[0].value;
  if (node.kind !== "call") return undefined;
  if (CONVERSIONS.has(node.path)) return node.positional[0];
  return node.callee.kind === "name" && node.callee.of && METHODS.has(node.callee.last.text)
    ? node.callee.of
    : undefined;
}

// ── The join ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Variables of deployments by name: example and test files, CI and build arguments provide nothing at run time. */
export function providers(variables: readonly Variable[]): ReadonlyMap<string, readonly Variable[]> {
  const provide = variables.filter(
    ({ origin, phase, name }) =>
      phase === "run" && origin !== "ci" && name.span.file.stage !== "example" && name.span.file.stage !== "test",
  );
  return grouped(provide, ({ name }) => name.value);
}
