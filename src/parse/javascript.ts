/**
 * JavaScript, TypeScript and JSX → `ScriptTree`, by @babel/parser with error recovery.
 * AST: https://github.com/babel/babel/blob/main/packages/babel-parser/ast/spec.md
 */
import type { SourceFile } from "../model.ts";
import {
  type BabelExpression,
  type ClassSyntax,
  type Declarator,
  type FunctionSyntax,
  HOLDERS,
  isExpression,
  isSyntax,
  type Of,
  placeOf,
  programOf,
  type Statement,
  type Syntax,
  unwrapped,
  type Visited,
} from "./javascript-syntax.ts";
import {
  type Entry,
  type Expression,
  emptyTree,
  type FunctionNode,
  type Name,
  type Parameter,
  pathOf,
  type ScriptTree,
} from "./script.ts";
import { addAssignment, addCall, type Draft, deeper, defineFunction, draft, finish, guarded } from "./script-draft.ts";
import { worthParsing } from "./script-topics.ts";

interface Reader {
  readonly text: string;
  readonly into: Draft;
}

/**
 * Parses one file. Total. Syntax errors that the parser recovers from are silent; a file it gives up on is a problem.
 * A file that is not worth parsing (see `worthParsing`) gives an empty tree.
 */
export function parseJavascript(file: SourceFile): ScriptTree {
  if (!worthParsing(file)) return emptyTree("javascript");
  const program = programOf(file);
  if ("message" in program) return emptyTree("javascript", [program]);
  const into = draft();
  visitAll({ text: file.text, into }, program.body);
  return finish(into, "javascript");
}

const other = (node: Syntax): Expression => ({ kind: "other", ...placeOf(node) });

const keep = <T extends Expression>({ into }: Reader, node: T): T => {
  into.expressions.push(node);
  return node;
};

/** Enough of a condition to tell what it asks about. */
const textOf = ({ text }: Reader, node: Syntax): string => {
  const { start, end } = placeOf(node);
  return text.slice(start, Math.min(end, start + 200));
};

// ── Statements ──────────────────────────────────────────────────────────────────────────────────────────────────────

function visitAll(reader: Reader, nodes: Iterable<unknown>): void {
  for (const node of nodes) if (isSyntax(node)) visit(reader, node);
}

function visitChildren(reader: Reader, node: object): void {
  for (const value of Object.values(node)) {
    if (isSyntax(value)) visit(reader, value);
    else if (Array.isArray(value)) visitAll(reader, value);
  }
}

const visit = (reader: Reader, node: Syntax): void => deeper(reader.into, undefined, () => statement(reader, node));

function statement(reader: Reader, syntax: Syntax): void {
  const node = syntax as Visited;
  const { into } = reader;
  switch (node.type) {
    case "ImportDeclaration":
      for (const specifier of node.specifiers) {
        into.imports.push({
          local: specifier.local.name,
          module: node.source.value,
          imported: importedName(specifier),
          ...placeOf(specifier),
        });
      }
      break;
    case "VariableDeclarator":
      if (node.init) declare(reader, node.id, node.init);
      break;
    case "ExportDefaultDeclaration": {
      const { declaration } = node;
      if (/Declaration$/.test(declaration.type)) visit(reader, declaration);
      else {
        const value = expression(reader, declaration);
        addAssignment(into, keyword("default", value.start), { value });
      }
      break;
    }
    case "ClassProperty":
    case "ClassAccessorProperty": {
      const name = keyName(reader, node.key, node.computed ?? false);
      const decorators = (node.decorators ?? []).map((item) => decorator(reader, item.expression));
      const value = node.value ? expression(reader, node.value) : undefined;
      if (name) addAssignment(into, name, { value, decorators });
      break;
    }
    case "ClassMethod":
    case "ClassPrivateMethod":
    case "FunctionDeclaration":
      functionOf(reader, node);
      break;
    case "ClassDeclaration":
      classOf(reader, node);
      break;
    case "IfStatement": {
      const asked = expression(reader, node.test);
      into.within?.tests.push(asked);
      const test = textOf(reader, node.test);
      guarded(into, test, () => visit(reader, node.consequent));
      if (node.alternate) {
        const { alternate } = node;
        guarded(into, test, () => visit(reader, alternate));
      }
      break;
    }
    case "SwitchStatement": {
      const asked = expression(reader, node.discriminant);
      into.within?.tests.push(asked);
      guarded(into, textOf(reader, node.discriminant), () => visitAll(reader, node.cases));
      break;
    }
    case "ReturnStatement":
      if (node.argument) {
        const result = expression(reader, node.argument);
        into.within?.results.push(result);
      }
      break;
    default:
      if (isExpression(node)) expression(reader, node);
      else if (!node.type.startsWith("TS") || HOLDERS.has(node.type)) visitChildren(reader, node);
  }
}

function importedName(specifier: Extract<Statement, { type: "ImportDeclaration" }>["specifiers"][number]): string {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  if (specifier.type === "ImportNamespaceSpecifier") return "*";
  return specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
}

const keyword = (text: string, start: number): Name => ({
  kind: "name",
  path: text,
  last: { text, start, end: start },
  subscript: false,
  start,
  end: start,
});

/** `const x = …`, `const { a, b: c = 1 } = …`, and CommonJS imports. */
function declare(reader: Reader, id: Syntax, init: Syntax): void {
  const value = boundTo(reader, id, init);
  const module = requiredModule(value);
  if (module !== undefined) {
    for (const { local, imported } of bound(id)) {
      reader.into.imports.push({ local, module: module.name, imported: imported ?? module.imported, ...placeOf(id) });
    }
  }
  bind(reader, id, value);
}

/** `require("x")`, `require("x").y`, `await import("x")`. */
function requiredModule(value: Expression): { name: string; imported: string } | undefined {
  if (value.kind === "name" && value.of) {
    const module = requiredModule(value.of);
    return module && { ...module, imported: value.last.text };
  }
  const [first] =
    value.kind === "call" && (value.path === "require" || value.path === "import") ? value.positional : [];
  return first?.kind === "string" ? { name: first.text, imported: "*" } : undefined;
}

function bound(id: Syntax): { local: string; imported?: string }[] {
  const node = id as Declarator["id"];
  if (node.type === "Identifier") return [{ local: node.name }];
  if (node.type !== "ObjectPattern") return [];
  return node.properties.flatMap((property) => {
    if (property.type !== "ObjectProperty" || property.key.type !== "Identifier") return [];
    return property.value.type === "Identifier" ? [{ local: property.value.name, imported: property.key.name }] : [];
  });
}

/** Destructuring reads as what it means: `{ PORT = 3000 } = process.env` is `PORT = process.env.PORT ?? 3000`. */
function bind(reader: Reader, id: Syntax, value: Expression): void {
  const node = id as Declarator["id"];
  if (node.type !== "ObjectPattern") {
    const target = targetOf(reader, node);
    if (target) addAssignment(reader.into, target, { value });
    return;
  }
  for (const property of node.properties) {
    if (property.type !== "ObjectProperty") continue;
    const key = keyName(reader, property.key, property.computed);
    if (!key) continue;
    const part: Name = { ...key, path: `${pathOf(value)}.${key.path}`, of: value };
    const written = property.value as Syntax;
    const { left, right } = written as { left?: Syntax; right?: Syntax };
    keep(reader, part);
    if (written.type === "AssignmentPattern" && left && right) {
      const fallback = expression(reader, right);
      const { start, end } = placeOf(written);
      bind(reader, left, keep(reader, { kind: "operation", operator: "??", left: part, right: fallback, start, end }));
    } else bind(reader, written, part);
  }
}

/** The name that is written to. It is no read, so it is not kept among the expressions. */
function targetOf(reader: Reader, node: Syntax): Name | undefined {
  if (!isExpression(node)) return undefined;
  const aside: Reader = { ...reader, into: { ...draft(), depth: reader.into.depth } };
  const target = expression(aside, node);
  return target.kind === "name" ? target : undefined;
}

function keyName(reader: Reader, key: Syntax, computed: boolean): Name | undefined {
  const { start, end } = placeOf(key);
  const text = keyText(reader, key as BabelExpression, computed);
  if (text === undefined) return undefined;
  const quoted = key.type === "StringLiteral" ? 1 : 0;
  const last = { text, start: start + quoted, end: end - quoted };
  return { kind: "name", path: text, last, subscript: false, start, end };
}

function keyText(reader: Reader, node: BabelExpression, computed: boolean): string | undefined {
  if (node.type === "StringLiteral") return node.value;
  if (node.type === "NumericLiteral") return String(node.value);
  if (computed) return pathOf(expression(reader, node)) || undefined;
  return node.type === "Identifier" ? node.name : undefined;
}

// ── Functions and classes ───────────────────────────────────────────────────────────────────────────────────────────

/** An anonymous function takes the name of what it is bound to (ECMA-262, NamedEvaluation), a member its property's. */
function boundTo(reader: Reader, target: Syntax, value: Syntax): Expression {
  const node = value as BabelExpression;
  const anonymous = node.type === "ArrowFunctionExpression" || (node.type === "FunctionExpression" && !node.id);
  const { type, name, property } = target as { type: string; name?: string; property?: { name?: string } };
  const given = type === "Identifier" ? name : type === "MemberExpression" ? property?.name : undefined;
  return anonymous && given
    ? deeper(reader.into, other(value), () => keep(reader, functionOf(reader, node, given)))
    : expression(reader, value);
}

function functionOf(reader: Reader, node: FunctionSyntax, given = ""): FunctionNode {
  const decorators =
    "decorators" in node ? (node.decorators ?? []).map((item) => decorator(reader, item.expression)) : [];
  const name =
    "id" in node && node.id ? node.id.name : "key" in node ? (keyName(reader, node.key, false)?.path ?? "") : given;
  const parameters = node.params.flatMap((parameter) => parameterOf(reader, parameter));
  return defineFunction(reader.into, { ...placeOf(node), name, parameters, decorators }, (open) => {
    if (isExpression(node.body)) open.results.push(expression(reader, node.body));
    else visit(reader, node.body);
  });
}

function parameterOf(reader: Reader, syntax: Syntax): Parameter[] {
  const node = syntax as FunctionSyntax["params"][number];
  if (node.type === "Identifier") return [{ name: node.name }];
  if (node.type === "AssignmentPattern") {
    const fallback = expression(reader, node.right);
    return node.left.type === "Identifier" ? [{ name: node.left.name, fallback }] : [];
  }
  return node.type === "TSParameterProperty" ? parameterOf(reader, node.parameter) : [];
}

function classOf(reader: Reader, node: ClassSyntax): void {
  const { into } = reader;
  const name = node.id?.name ?? "";
  const base = node.superClass ? pathOf(expression(reader, node.superClass)) : "";
  const decorators = (node.decorators ?? []).map((item) => decorator(reader, item.expression));
  into.classes.push({ name, ...placeOf(node), bases: base ? [base] : [], decorators });
  const { owner } = into;
  into.owner = name;
  visitAll(reader, node.body.body);
  into.owner = owner;
}

function decorator(reader: Reader, node: BabelExpression): Expression {
  if (node.type !== "CallExpression") return expression(reader, node);
  return keep(reader, call(reader, node, true));
}

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────────

const expression = (reader: Reader, syntax: Syntax): Expression =>
  deeper(reader.into, other(syntax), () => {
    const node = unwrapped(syntax) as BabelExpression;
    if (node.type === "TSNonNullExpression") {
      const inner = expression(reader, node.expression);
      if (inner.kind !== "name") return inner;
      reader.into.expressions.pop();
      return keep(reader, { ...inner, asserted: true, ...placeOf(node) });
    }
    return keep(reader, expressionOf(reader, node));
  });

function expressionOf(reader: Reader, node: BabelExpression): Expression {
  const { into } = reader;
  const place = placeOf(node);
  switch (node.type) {
    case "StringLiteral":
      return stringOf(reader, node.value, place);
    case "NumericLiteral":
      return { kind: "number", value: node.value, ...place };
    case "BooleanLiteral":
      return { kind: "boolean", value: node.value, ...place };
    case "NullLiteral":
      return { kind: "null", ...place };
    case "RegExpLiteral":
      return { kind: "regex", text: node.pattern, start: place.start + 1, end: place.start + 1 + node.pattern.length };
    case "Identifier":
      return node.name === "undefined" ? { kind: "null", ...place } : nameOf(node.name, undefined, place, place);
    case "ThisExpression":
      return nameOf("this", undefined, place, place);
    case "Import":
      return nameOf("import", undefined, place, place);
    case "MetaProperty":
      return nameOf(`${node.meta.name}.${node.property.name}`, undefined, place, place);
    case "MemberExpression":
    case "OptionalMemberExpression":
      return member(reader, node);
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return call(reader, node, false);
    case "ArrayExpression":
      return {
        kind: "list",
        items: node.elements.filter((item) => item !== null).map((item) => item && argument(reader, item)),
        ...place,
      };
    case "ObjectExpression":
      return object(reader, node);
    case "TemplateLiteral":
      return template(reader, node);
    case "LogicalExpression":
    case "BinaryExpression": {
      const left = expression(reader, node.left);
      const logical = node.type === "LogicalExpression";
      if (logical) into.within?.tests.push(left);
      const operator = OPERATORS.get(node.operator) ?? node.operator;
      const right =
        operator === "and"
          ? guarded(into, textOf(reader, node.left), () => expression(reader, node.right))
          : expression(reader, node.right);
      return { kind: "operation", operator, left, right, ...place };
    }
    case "UnaryExpression": {
      const operator = node.operator === "!" ? "not" : node.operator;
      return { kind: "operation", operator, right: expression(reader, node.argument), ...place };
    }
    case "ConditionalExpression": {
      const test = expression(reader, node.test);
      into.within?.tests.push(test);
      const text = textOf(reader, node.test);
      const consequent = guarded(into, text, () => expression(reader, node.consequent));
      const alternate = guarded(into, text, () => expression(reader, node.alternate));
      return { kind: "conditional", test, consequent, alternate, ...place };
    }
    case "AssignmentExpression": {
      const value = boundTo(reader, node.left, node.right);
      bind(reader, node.left, value);
      return other(node);
    }
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return functionOf(reader, node);
    case "ClassExpression":
      classOf(reader, node);
      return other(node);
    default:
      visitChildren(reader, node);
      return other(node);
  }
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["||", "or"],
  ["&&", "and"],
  ["===", "=="],
  ["!==", "!="],
]);

type Place = { readonly start: number; readonly end: number };

const nameOf = (text: string, of: Expression | undefined, last: Place, place: Place, subscript = false): Name => ({
  kind: "name",
  path: of ? `${pathOf(of)}.${text}` : text,
  ...(of && { of }),
  last: { text, ...last },
  subscript,
  ...place,
});

/** The text between the quotes. */
function stringOf({ text }: Reader, value: string, { start, end }: Place): Expression {
  const place = { start: start + 1, end: Math.max(start + 1, end - 1) };
  return { kind: "string", text: value, exact: text.slice(place.start, place.end) === value, ...place };
}

function member(reader: Reader, node: Of<"MemberExpression" | "OptionalMemberExpression">): Expression {
  const place = placeOf(node);
  const of = expression(reader, node.object);
  if (!node.computed) {
    const text = node.property.type === "Identifier" ? node.property.name : textOf(reader, node.property);
    return nameOf(text, of, placeOf(node.property), place);
  }
  const index = expression(reader, node.property);
  if (index.kind === "string") return nameOf(index.text, of, { start: index.start, end: index.end }, place, true);
  return { kind: "index", path: `${pathOf(of)}[]`, of, index, ...place };
}

function call(
  reader: Reader,
  node: Of<"CallExpression" | "OptionalCallExpression" | "NewExpression">,
  decorator: boolean,
): Extract<Expression, { kind: "call" }> {
  const place = placeOf(node);
  const callee = expression(reader, node.callee);
  const positional = node.arguments.map((item) => argument(reader, item));
  // `new Koa` may stand without parentheses.
  const close = reader.text[place.end - 1] === ")" ? place.end - 1 : place.end;
  return addCall(reader.into, { callee, path: pathOf(callee), positional, named: [], close, decorator, ...place });
}

function argument(reader: Reader, node: Syntax): Expression {
  if (node.type !== "SpreadElement") return expression(reader, node);
  const { argument: spread } = node as Syntax & { argument: Syntax };
  return keep(reader, { kind: "spread", value: expression(reader, spread), ...placeOf(node) });
}

function object(reader: Reader, node: Of<"ObjectExpression">): Expression {
  const entries: Entry[] = [];
  const spreads: Expression[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      spreads.push(expression(reader, property.argument));
      continue;
    }
    const key = keyName(reader, property.key, property.computed ?? false);
    const value =
      property.type === "ObjectMethod"
        ? keep(reader, functionOf(reader, property))
        : expression(reader, property.value as Syntax);
    if (key) entries.push({ key: key.last, value });
  }
  return { kind: "object", entries, spreads, ...placeOf(node) };
}

function template(reader: Reader, node: Of<"TemplateLiteral">): Expression {
  const place = placeOf(node);
  const [quasi] = node.quasis;
  if (node.expressions.length === 0) return stringOf(reader, quasi?.value.cooked ?? "", place);
  const parts = node.expressions.map((part) => expression(reader, part));
  return { kind: "template", parts, start: place.start + 1, end: place.end - 1 };
}
