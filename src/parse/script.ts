/**
 * The tree that Python, JavaScript and TypeScript share: flat lists of what configuration is made of (assignments,
 * calls, imports, functions), each expression with its offsets. Syntax that can configure nothing is not kept.
 */
import type { Problem, SourceFile, Span } from "../model.ts";

/**
 * It runs only under a condition; `environment`: the condition asks where it runs (`NODE_ENV`, `settings.debug`).
 * `if __name__ == "__main__"` is none.
 */
export type Guard = "condition" | "environment";

interface Node {
  /** UTF-16 offsets, half open. Of a string: of the text between its quotes. */
  readonly start: number;
  readonly end: number;
}

export interface StringLiteral extends Node {
  readonly kind: "string";
  /** Decoded. */
  readonly text: string;
  /** Written as it reads: an offset into `text` is one into the file. */
  readonly exact: boolean;
}

export interface NumberLiteral extends Node {
  readonly kind: "number";
  readonly value: number;
}

export interface BooleanLiteral extends Node {
  readonly kind: "boolean";
  readonly value: boolean;
}

/** `None`, `null`, `undefined`. */
export interface NullLiteral extends Node {
  readonly kind: "null";
}

export interface RegexLiteral extends Node {
  readonly kind: "regex";
  readonly text: string;
}

/** An f-string or template literal with expressions in it. */
export interface Template extends Node {
  readonly kind: "template";
  readonly parts: readonly Expression[];
}

/** `x`, `a.b.c`, `process.env.PORT`, `os.environ["PORT"]`, `make().field`. */
export interface Name extends Node {
  readonly kind: "name";
  /** Dotted: a call on the way reads `()`, a computed subscript `[]`. */
  readonly path: string;
  /** What the last segment is taken from. */
  readonly of?: Expression;
  readonly last: Key;
  /** The last segment is a subscript with a literal string. */
  readonly subscript: boolean;
  /** TypeScript's `x!`. */
  readonly asserted?: true;
}

/** A subscript that is not a literal string. */
export interface Index extends Node {
  readonly kind: "index";
  readonly path: string;
  readonly of: Expression;
  readonly index: Expression;
}

export interface Key extends Node {
  readonly text: string;
}

export interface Entry {
  readonly key: Key;
  readonly value: Expression;
}

export interface Call extends Node {
  readonly kind: "call";
  readonly callee: Expression;
  /** Dotted path of the callee, see `Name.path`. */
  readonly path: string;
  readonly positional: readonly Expression[];
  /** Python's keyword arguments. JavaScript's option objects are positional, see `option()`. */
  readonly named: readonly Entry[];
  /** Offset of the closing parenthesis: where another argument would be written. */
  readonly close: number;
  readonly decorator: boolean;
  readonly guard?: Guard;
  readonly within?: FunctionNode;
}

export interface ListLiteral extends Node {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

export interface ObjectLiteral extends Node {
  readonly kind: "object";
  readonly entries: readonly Entry[];
  /** Values of `...x` and `**x`. */
  readonly spreads: readonly Expression[];
}

export interface Spread extends Node {
  readonly kind: "spread";
  readonly value: Expression;
}

/** Operators have one spelling: `or` (also `||`), `and`, `not`, `==` (also `===`), `!=`, `??`, the others as written. */
export interface Operation extends Node {
  readonly kind: "operation";
  readonly operator: string;
  /** Absent for a unary operator. */
  readonly left?: Expression;
  readonly right: Expression;
}

export interface Conditional extends Node {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly consequent: Expression;
  readonly alternate: Expression;
}

/** `[f(x) for x in source]`. */
export interface Comprehension extends Node {
  readonly kind: "comprehension";
  readonly element: Expression;
  readonly source: Expression;
}

export interface Parameter {
  readonly name: string;
  readonly fallback?: Expression;
  readonly annotation?: Expression;
}

export interface FunctionNode extends Node {
  readonly kind: "function";
  /** "" for an anonymous one. */
  readonly name: string;
  /** Class that it is a method of. */
  readonly owner?: string;
  readonly parameters: readonly Parameter[];
  readonly decorators: readonly Expression[];
  /** Values of `return`, or of the arrow. */
  readonly results: readonly Expression[];
  /** Conditions it branches on, those of nested functions not included. */
  readonly tests: readonly Expression[];
  /** Calls in its body, those of nested functions not included. */
  readonly calls: readonly Call[];
}

/** Syntax without a meaning here; what it contains is still in `expressions`. */
export interface Other extends Node {
  readonly kind: "other";
}

export type Expression =
  | StringLiteral
  | NumberLiteral
  | BooleanLiteral
  | NullLiteral
  | RegexLiteral
  | Template
  | Name
  | Index
  | Call
  | ListLiteral
  | ObjectLiteral
  | Spread
  | Operation
  | Conditional
  | Comprehension
  | FunctionNode
  | Other;

export interface Assignment {
  /** Dotted: `app.debug`, `response.headers.X-Frame-Options`. */
  readonly target: string;
  /** Its last segment. */
  readonly name: Key;
  readonly subscript: boolean;
  /** Absent: declared only (`x: str`). */
  readonly value?: Expression;
  readonly annotation?: Expression;
  /** Class whose body it stands in. */
  readonly owner?: string;
  readonly decorators: readonly Expression[];
  readonly guard?: Guard;
  readonly within?: FunctionNode;
}

export interface Import {
  /** As the file calls it. */
  readonly local: string;
  /** `os`, `fastapi.middleware.cors`, `../config`. */
  readonly module: string;
  /** Name in that module; "*" for the module itself, "default" for its default export. */
  readonly imported: string;
  readonly start: number;
  readonly end: number;
}

export interface ClassNode extends Node {
  readonly name: string;
  /** Dotted paths. */
  readonly bases: readonly string[];
  readonly decorators: readonly Expression[];
}

export interface ScriptTree {
  readonly language: "python" | "javascript";
  /** Every expression, outer before inner, in source order. */
  readonly expressions: readonly Expression[];
  readonly calls: readonly Call[];
  readonly assignments: readonly Assignment[];
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionNode[];
  readonly classes: readonly ClassNode[];
  readonly problems: readonly Problem[];
}

export const emptyTree = (language: ScriptTree["language"], problems: readonly Problem[] = []): ScriptTree => ({
  language,
  expressions: [],
  calls: [],
  assignments: [],
  imports: [],
  functions: [],
  classes: [],
  problems,
});

// ── What is worth a parse ───────────────────────────────────────────────────────────────────────────────────────────

/** Larger files and longer lines are generated or bundled: nobody configures a deployment in them. */
const LIMITS = { file: 512 * 1024, line: 5_000 };

const TOPICS = [
  "cors|jwt|jose|oauth|bearer|token|origins?\\b|access-control",
  "environ|getenv|get_env|BaseSettings|decouple|process\\.env|node:process|import\\.meta\\.env|(?:Deno|Bun)\\.env|ConfigService",
  "secret|passw|passphrase|api_?key|credential|salt|bcrypt|argon2|md5|sha1",
  "rate[-_]?limit|limiter|throttl|helmet|talisman|cookie|x-frame|content-type-options|strict-transport|x_frame|hsts",
  "fastapi|flask|django|starlette|litestar|sanic|quart|aiohttp\\.web|\\bexpress\\b|fastify|nestjs|hono|\\bkoa\\b|hapi|socket\\.?io",
  "\\bdebug\\b|reload\\s*=|allowed_hosts|morgan|errorhandler|create_engine|sequelize|urlpatterns",
  "sk-|AKIA|gh[pousr]_|xox[abprs]-|:\\/\\/[^\\s\"'`/@]{1,256}@",
];
const WORDS = new RegExp(TOPICS.join("|"), "i");

/** True if the file is written by hand and mentions a thing that a rule is about. Linear. */
export function worthParsing({ text }: SourceFile): boolean {
  return text.length <= LIMITS.file && WORDS.test(text) && longestLine(text) <= LIMITS.line;
}

function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return Math.max(longest, text.length - start);
}

// ── Building ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A function while its body is read. */
export type OpenFunction = Omit<Writable<FunctionNode>, "results" | "tests" | "calls"> & {
  results: Expression[];
  tests: Expression[];
  calls: Call[];
};

/** What a parser fills in while it walks. */
export interface Draft {
  readonly expressions: Expression[];
  readonly calls: Call[];
  readonly assignments: Assignment[];
  readonly imports: Import[];
  readonly functions: FunctionNode[];
  readonly classes: ClassNode[];
  within: OpenFunction | undefined;
  owner: string | undefined;
  guard: Guard | undefined;
  depth: number;
}

export const draft = (): Draft => ({
  expressions: [],
  calls: [],
  assignments: [],
  imports: [],
  functions: [],
  classes: [],
  within: undefined,
  owner: undefined,
  guard: undefined,
  depth: 0,
});

/** Deeper nesting is not configuration: what is below is left out, so that no input exhausts the stack. */
const DEPTH = 256;

/** Runs `read` one level deeper; `otherwise` past the depth bound. */
export function deeper<T>(into: Draft, otherwise: T, read: () => T): T {
  if (into.depth >= DEPTH) return otherwise;
  into.depth++;
  try {
    return read();
  } finally {
    into.depth--;
  }
}

const ENVIRONMENT =
  /(?:node|app|py|flask|django)_?env\b|environment|\b(?:is_?)?(?:prod|production|dev|development|debug|local|staging)\b|_dev\b|\btest(?:ing)?\b/i;

/** Runs `read` under the condition that `test` is the text of. */
export function guarded<T>(into: Draft, test: string, read: () => T): T {
  const { guard } = into;
  into.guard = guard === "environment" || ENVIRONMENT.test(test) ? "environment" : "condition";
  try {
    return read();
  } finally {
    into.guard = guard;
  }
}

/** Opens a function, reads its body, closes it. Plain conditions around the definition do not count inside. */
export function defineFunction(
  into: Draft,
  head: Pick<FunctionNode, "start" | "end" | "name" | "parameters" | "decorators">,
  body: (open: OpenFunction) => void,
): FunctionNode {
  const open: OpenFunction = {
    kind: "function",
    ...head,
    ...(into.owner !== undefined && { owner: into.owner }),
    results: [],
    tests: [],
    calls: [],
  };
  const { within, owner, guard } = into;
  into.within = open;
  into.owner = undefined;
  into.guard = guard === "environment" ? guard : undefined;
  body(open);
  into.within = within;
  into.owner = owner;
  into.guard = guard;
  into.functions.push(open);
  return open;
}

export function addCall(into: Draft, call: Omit<Call, "kind" | "guard" | "within">): Call {
  const node: Call = {
    kind: "call",
    ...call,
    ...(into.guard && { guard: into.guard }),
    ...(into.within && { within: into.within }),
  };
  into.calls.push(node);
  into.within?.calls.push(node);
  return node;
}

export function addAssignment(
  into: Draft,
  target: Name,
  rest: { value?: Expression | undefined; annotation?: Expression | undefined; decorators?: readonly Expression[] },
): void {
  into.assignments.push({
    target: target.path,
    name: target.last,
    subscript: target.subscript,
    decorators: rest.decorators ?? [],
    ...(into.guard && { guard: into.guard }),
    ...(rest.value && { value: rest.value }),
    ...(rest.annotation && { annotation: rest.annotation }),
    ...(into.owner !== undefined && { owner: into.owner }),
    ...(into.within && { within: into.within }),
  });
}

const byPlace = (a: Node, b: Node): number => a.start - b.start || b.end - a.end;

export const finish = (
  into: Draft,
  language: ScriptTree["language"],
  problems: readonly Problem[] = [],
): ScriptTree => ({
  language,
  expressions: into.expressions.sort(byPlace),
  calls: into.calls.sort(byPlace),
  assignments: into.assignments.sort((a, b) => byPlace(a.name, b.name)),
  imports: into.imports,
  functions: into.functions.sort(byPlace),
  classes: into.classes.sort(byPlace),
  problems,
});

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const spanOf = (file: SourceFile, { start, end }: Node): Span => ({ file, start, end });

/** Path of a name, a subscript or a call's callee with `()`; "" for everything else. */
export function pathOf(expression: Expression | undefined): string {
  if (expression?.kind === "name" || expression?.kind === "index") return expression.path;
  return expression?.kind === "call" ? `${expression.path}()` : "";
}

/** Text behind the last dot: `allow_origins` of `app.settings.allow_origins`. */
export const lastSegment = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

/** Entries of an object, of Python's `dict(…)`, of a call's keyword arguments. */
export function entriesOf(expression: Expression | undefined): readonly Entry[] {
  if (expression?.kind === "object") return expression.entries;
  return expression?.kind === "call" && expression.path === "dict" ? expression.named : [];
}

export const entry = (expression: Expression | undefined, key: string): Entry | undefined =>
  entriesOf(expression).find((candidate) => candidate.key.text === key);

/** A keyword argument, or the entry of any option object among the arguments. */
export function option(call: Call, ...names: readonly string[]): Entry | undefined {
  const all = [...call.named, ...call.positional.flatMap(entriesOf)];
  return all.find(({ key }) => names.includes(key.text));
}

/** Arithmetic over literal numbers: `60 * 60 * 24`, `-1`, `7 * DAY` is none. */
export function constant(expression: Expression | undefined): number | undefined {
  if (expression?.kind === "number") return expression.value;
  if (expression?.kind !== "operation") return undefined;
  const right = constant(expression.right);
  if (right === undefined) return undefined;
  if (!expression.left) return expression.operator === "-" ? -right : undefined;
  const left = constant(expression.left);
  if (left === undefined) return undefined;
  const value = ARITHMETIC.get(expression.operator)?.(left, right);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

const ARITHMETIC: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ["+", (left, right) => left + right],
  ["-", (left, right) => left - right],
  ["*", (left, right) => left * right],
  ["/", (left, right) => left / right],
  ["//", (left, right) => Math.floor(left / right)],
  ["**", (left, right) => left ** right],
]);

/** Expressions directly below one; a function's body is not part of it. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "template":
      return node.parts;
    case "name":
      return node.of ? [node.of] : [];
    case "index":
      return [node.of, node.index];
    case "call":
      return [node.callee, ...node.positional, ...node.named.map(({ value }) => value)];
    case "list":
      return node.items;
    case "object":
      return [...node.entries.map(({ value }) => value), ...node.spreads];
    case "spread":
      return [node.value];
    case "operation":
      return node.left ? [node.left, node.right] : [node.right];
    case "conditional":
      return [node.test, node.consequent, node.alternate];
    case "comprehension":
      return [node.element, node.source];
    default:
      return [];
  }
}

/** True if `matches` holds for the expression or anything below it. */
export const contains = (node: Expression, matches: (node: Expression) => boolean): boolean =>
  matches(node) || childrenOf(node).some((child) => contains(child, matches));
