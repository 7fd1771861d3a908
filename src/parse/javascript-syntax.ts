/** Nodes of @babel/parser, and the dialects a file may be written in. */
import { type ParserPlugin, parse } from "@babel/parser";
import type { Problem, SourceFile } from "../model.ts";

type Program = ReturnType<typeof parse>["program"];
export type Statement = Program["body"][number];
export type BabelExpression = Extract<Statement, { type: "ExpressionStatement" }>["expression"];
export type Of<Type extends BabelExpression["type"]> = Extract<BabelExpression, { type: Type }>;

/** Any node of the parser: `type` tells what else it has. */
export interface Syntax {
  readonly type: string;
  readonly start?: number | null;
  readonly end?: number | null;
}

/** What `visit` has a reader of its own for; all other nodes are expressions or only hold what is below them. */
export type Visited = Statement | BabelExpression | MemberSyntax | Declarator;
type MemberSyntax = Of<"ClassExpression">["body"]["body"][number] | Of<"ObjectExpression">["properties"][number];
export type Declarator = Extract<Statement, { type: "VariableDeclaration" }>["declarations"][number];

export type FunctionSyntax =
  | Extract<Statement, { type: "FunctionDeclaration" }>
  | Of<"FunctionExpression" | "ArrowFunctionExpression">
  | Extract<MemberSyntax, { type: "ClassMethod" | "ClassPrivateMethod" | "ObjectMethod" }>;

export type ClassSyntax = Extract<Statement, { type: "ClassDeclaration" }> | Of<"ClassExpression">;

/** A `.ts` file may cast with `<T>x`, which JSX forbids; a `.js` file may carry Flow types. */
export const dialects = (path: string): readonly ParserPlugin[][] =>
  /\.[cm]?ts$/.test(path)
    ? [["typescript", "decorators-legacy"]]
    : [
        ["typescript", "jsx", "decorators-legacy"],
        ["flow", "jsx", "decorators-legacy"],
      ];

/** The program, or why there is none: the file is broken, or it nests deeper than the parser's stack. */
export function programOf(file: SourceFile): Program | Problem {
  let at = 0;
  let message = "file nests too deeply to be read";
  for (const plugins of dialects(file.path)) {
    try {
      return parse(file.text, {
        plugins,
        sourceType: "unambiguous",
        errorRecovery: true,
        attachComment: false,
        allowAwaitOutsideFunction: true,
        allowImportExportEverywhere: true,
        allowReturnOutsideFunction: true,
        allowSuperOutsideMethod: true,
        allowUndeclaredExports: true,
      }).program;
    } catch (error) {
      if (!(error instanceof SyntaxError)) break;
      at = "pos" in error && typeof error.pos === "number" ? Math.min(error.pos, file.text.length) : 0;
      message = `file is not valid JavaScript: ${error.message.replace(/ \(\d+:\d+\)$/, "")}`;
    }
  }
  return { kind: "unreadable", span: { file, start: at, end: Math.min(at + 1, file.text.length) }, message };
}

/** True for a node of the parser, whatever property it hangs on. */
export const isSyntax = (value: unknown): value is Syntax =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Offsets in UTF-16 code units. */
export const placeOf = ({ start, end }: Syntax): { start: number; end: number } => ({
  start: start ?? 0,
  end: end ?? 0,
});

/** TypeScript nodes that are not types. */
export const HOLDERS: ReadonlySet<string> = new Set([
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSExportAssignment",
  "TSEnumDeclaration",
  "TSEnumMember",
]);

/** True for expressions, TypeScript's wrappers included; types are none. */
export const isExpression = (node: Syntax): node is BabelExpression =>
  /^(?!TS).*(?:Expression|Literal)$|^(?:Identifier|Super|Import|MetaProperty|TSNonNullExpression)$/.test(node.type) ||
  TRANSPARENT.has(node.type);

/** Wrappers that do not change a value. */
export function unwrapped(node: Syntax): Syntax {
  let inner = node;
  while (TRANSPARENT.has(inner.type)) {
    const wrapper = inner as { expression?: unknown; argument?: unknown };
    const next = wrapper.expression ?? wrapper.argument;
    if (!isSyntax(next)) break;
    inner = next;
  }
  return inner;
}

const TRANSPARENT: ReadonlySet<string> = new Set([
  "AwaitExpression",
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TypeCastExpression",
]);
