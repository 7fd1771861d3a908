/**
 * Environment variables that source reads, with the literal that stands in when nobody sets them.
 * Python: https://docs.python.org/3/library/os.html#os.environ, pydantic-settings, python-decouple, environs,
 * django-environ, starlette.config. JavaScript: `process.env`, `import.meta.env`, zod, envalid, joi, NestJS ConfigService.
 */
import type { EnvRead, Located, Variable } from "../../model.ts";
import {
  type Assignment,
  type Call,
  type ClassNode,
  type Expression,
  entriesOf,
  lastSegment,
  type Name,
  option,
  pathOf,
} from "../../parse/script.ts";
import { canonical, grouped, located, type Module, type Modules, maker } from "./modules.ts";

/** One place that reads a variable. */
export interface Read {
  readonly name: Located<string>;
  readonly fallback?: Expression;
  readonly required: boolean;
  /** The innermost expression that reads: `process.env.X` of `Number(process.env.X) || 60`. */
  readonly node: Expression;
}

/** Whole environments. */
const ROOTS: ReadonlySet<string> = new Set([
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
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
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

// ── pydantic settings ───────────────────────────────────────────────────────────────────────────────────────────────

/** Names of classes that read their fields from the environment: `BaseSettings` and what inherits from it. */
export function settingsClasses(all: readonly Module[]): ReadonlySet<string> {
  const classes = all.flatMap(({ tree }) => (tree.language === "python" ? tree.classes : []));
  const edges = classes.flatMap(({ name, bases }) => bases.map((base) => ({ name, base: lastSegment(base) })));
  const heirs = grouped(edges, ({ base }) => base);
  const found = new Set<string>();
  const open = ["BaseSettings"];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(heirs.get(name) ?? []).map((heir) => heir.name));
  }
  return found;
}

function settingsReads(module: Module, settings: ReadonlySet<string>): Read[] {
  const classes = module.tree.classes.filter(({ name, bases }) => settings.has(name) && bases.length > 0);
  const fields = grouped(module.tree.assignments, ({ owner }) => owner);
  return classes.flatMap((defined) => {
    const prefix = prefixOf(module, defined);
    return (fields.get(defined.name) ?? []).flatMap((field) => fieldRead(module, field, prefix) ?? []);
  });
}

/** `env_prefix` of `model_config = SettingsConfigDict(…)` or of the inner `class Config`. */
export function prefixOf(module: Module, { name }: ClassNode): string {
  const config = module.defined.get(`${name}.model_config`)?.[0]?.value;
  const written =
    config?.kind === "call"
      ? option(config, "env_prefix")?.value
      : (entriesOf(config).find(({ key }) => key.text === "env_prefix")?.value ??
        module.defined.get(`${name}.Config.env_prefix`)?.[0]?.value);
  return written?.kind === "string" ? written.text : "";
}

/**
 * A field of a settings class reads `env_prefix` + its name, whatever the case, unless it names an alias.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/#environment-variable-names
 */
export function fieldRead(module: Module, field: Assignment, prefix: string): Read | undefined {
  const { target, name, value, annotation } = field;
  if (target === "model_config" || target.startsWith("_") || !annotation) return undefined;
  if (/ClassVar/.test(pathOf(annotation))) return undefined;
  const described = value?.kind === "call" && /(?:^|\.)Field$/.test(value.path) ? value : undefined;
  const alias = described && option(described, "env", "validation_alias", "alias")?.value;
  const aliased = alias?.kind === "call" || alias?.kind === "list" ? firstString(alias) : alias;
  const fallback = described ? fieldDefault(described) : value;
  return {
    name:
      aliased?.kind === "string"
        ? located(module, aliased, aliased.text)
        : located(module, name, `${prefix}${target}`.toUpperCase()),
    ...(fallback && { fallback }),
    required: fallback === undefined,
    node: value ?? annotation,
  };
}

const firstString = (node: Expression): Expression | undefined =>
  (node.kind === "call" ? node.positional : node.kind === "list" ? node.items : []).find(
    ({ kind }) => kind === "string",
  );

/** `Field(…)` and `...` mark a required field. */
function fieldDefault(call: Call): Expression | undefined {
  const written = call.positional[0] ?? option(call, "default")?.value;
  if (written) return written.kind === "other" ? undefined : written;
  const factory = option(call, "default_factory")?.value;
  return factory?.kind === "function" ? factory.results[0] : factory;
}

// ── Schemas over process.env ────────────────────────────────────────────────────────────────────────────────────────

/** zod's `z.object({…}).parse(process.env)`, envalid's `cleanEnv(process.env, {…})`, t3-env, joi for NestJS. */
function schemaReads(module: Module): Read[] {
  if (module.tree.language !== "javascript") return [];
  return module.tree.calls.flatMap((call) =>
    shapes(module, call).flatMap((shape) =>
      entriesOf(shape).flatMap(({ key, value }) => {
        if (!ENV_NAME.test(key.text)) return [];
        const { fallback, optional } = described(value);
        return [
          {
            name: located(module, key, key.text),
            ...(fallback && { fallback }),
            required: !fallback && !optional,
            node: value,
          },
        ];
      }),
    ),
  );
}

function shapes(module: Module, call: Call): Expression[] {
  const [first, second] = call.positional;
  const environment = (node: Expression | undefined) => node && ROOTS.has(canonical(module, pathOf(node)));
  const word = lastSegment(call.path);
  if (word === "cleanEnv" && environment(first)) return second ? [second] : [];
  if (word === "createEnv") return ["server", "client", "shared"].flatMap((key) => option(call, key)?.value ?? []);
  if (/^(?:parse|safeParse|parseAsync|validate)$/.test(word) && environment(first) && call.callee.kind === "name") {
    return shapeOf(module, call.callee.of);
  }
  const joi = option(call, "validationSchema")?.value;
  return joi ? shapeOf(module, joi) : [];
}

/** The object of `z.object({…})`, by name too, behind `.strict()` and the like. */
function shapeOf(module: Module, schema: Expression | undefined): Expression[] {
  let node = schema;
  for (let hop = 0; node && hop < 8; hop++) {
    if (node.kind === "name") node = module.defined.get(node.path)?.[0]?.value;
    else if (node.kind !== "call") return [];
    else if (/(?:^|\.)object$/.test(node.path)) return node.positional.slice(0, 1);
    else node = node.callee.kind === "name" ? node.callee.of : undefined;
  }
  return [];
}

/** `.default(x)`, `.optional()` anywhere in a chain; `str({ default: x })`. */
function described(value: Expression): { fallback?: Expression; optional: boolean } {
  let node: Expression | undefined = value;
  let optional = false;
  while (node?.kind === "call") {
    const word = lastSegment(node.path);
    const [first] = node.positional;
    if ((word === "default" || word === "catch") && first) return { fallback: first, optional: true };
    const written = option(node, "default", "devDefault")?.value;
    if (written) return { fallback: written, optional: true };
    if (/^(?:optional|nullish|nullable)$/.test(word)) optional = true;
    node = node.callee.kind === "name" ? node.callee.of : undefined;
  }
  return { optional };
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

/** Fills in `providedBy` of each read. */
export function joinReads(reads: readonly EnvRead[], variables: readonly Variable[]): EnvRead[] {
  const provided = providers(variables);
  return reads.map((read) => ({ ...read, providedBy: provided.get(read.name.value) ?? [] }));
}
