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

interface NumberLiteral extends Node {
  readonly kind: "number";
  readonly value: number;
}

interface BooleanLiteral extends Node {
  readonly kind: "boolean";
  readonly value: boolean;
}

/** `None`, `null`, `undefined`. */
interface NullLiteral extends Node {
  readonly kind: "null";
}

interface RegexLiteral extends Node {
  readonly kind: "regex";
  readonly text: string;
}

/** An f-string or template literal with expressions in it. */
interface Template extends Node {
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
interface Index extends Node {
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

interface ListLiteral extends Node {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

interface ObjectLiteral extends Node {
  readonly kind: "object";
  readonly entries: readonly Entry[];
  /** Values of `...x` and `**x`. */
  readonly spreads: readonly Expression[];
}

interface Spread extends Node {
  readonly kind: "spread";
  readonly value: Expression;
}

/** Operators have one spelling: `or` (also `||`), `and`, `not`, `==` (also `===`), `!=`, `??`, the others as written. */
interface Operation extends Node {
  readonly kind: "operation";
  readonly operator: string;
  /** Absent for a unary operator. */
  readonly left?: Expression;
  readonly right: Expression;
}

interface Conditional extends Node {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly consequent: Expression;
  readonly alternate: Expression;
}

/** `[f(x) for x in source]`. */
interface Comprehension extends Node {
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
interface Other extends Node {
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

/** The tree of a file that was not parsed. */
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

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The place of a node. */
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

/** The first entry under a key. */
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
