/**
 * Python → `ScriptTree`, by @lezer/python: tolerant of syntax errors, never recursive in the depth of its input.
 * Grammar: https://docs.python.org/3/reference/grammar.html
 */
import type { SourceFile } from "../model.ts";
import { isComma, type Syntax, split, stringBody, syntax } from "./python-syntax.ts";
import {
  type Call,
  type ClassNode,
  type Entry,
  type Expression,
  emptyTree,
  type Key,
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
 * Parses one file. Total and linear. What has a syntax error is left out silently; a file that is not worth parsing
 * (see `worthParsing`) gives an empty tree.
 */
export function parsePython(file: SourceFile): ScriptTree {
  if (!worthParsing(file)) return emptyTree("python");
  const into = draft();
  statements({ text: file.text, into }, syntax(file.text).children);
  return finish(into, "python");
}

// ── Statements ──────────────────────────────────────────────────────────────────────────────────────────────────────

function statements(reader: Reader, nodes: readonly Syntax[]): void {
  for (const node of nodes) statement(reader, node);
}

const statement = (reader: Reader, node: Syntax): void =>
  deeper(reader.into, undefined, () => (STATEMENTS.get(node.name) ?? anything)(reader, node));

const anything = (reader: Reader, node: Syntax): void => {
  if (EXPRESSIONS.has(node.name)) expression(reader, node);
  else statements(reader, node.children);
};

const STATEMENTS: ReadonlyMap<string, (reader: Reader, node: Syntax) => void> = new Map([
  ["ExpressionStatement", bare],
  ["AssignStatement", assign],
  ["UpdateStatement", assign],
  ["ImportStatement", imports],
  ["DecoratedStatement", decorated],
  ["FunctionDefinition", (reader, node) => define(reader, node, [])],
  ["ClassDefinition", (reader, node) => defineClass(reader, node, [])],
  ["IfStatement", branch],
  ["WhileStatement", branch],
  ["MatchStatement", match],
  ["ReturnStatement", returned],
]);

/** A docstring is no value. */
function bare(reader: Reader, node: Syntax): void {
  for (const child of node.children) {
    if (child.name !== "String" && child.name !== "ContinuedString") anything(reader, child);
  }
}

/** `a = b = value`, `a: T = value`, `a, b = 1, 2`, `a += value`. */
function assign(reader: Reader, node: Syntax): void {
  const groups = split(node.children, (child) => child.name === "AssignOp" || child.name === "UpdateOp");
  const written = groups.length > 1 ? groups.pop() : undefined;
  const items = written && split(written, isComma).flatMap(([item]) => item ?? []);
  const values = items?.map((item) => expression(reader, item)) ?? [];
  const first = values[0];
  const value: Expression | undefined =
    first && values.length > 1
      ? keep(reader, { kind: "list", start: first.start, end: values.at(-1)?.end ?? first.end, items: values })
      : first;
  for (const group of groups) {
    const type = group.find(({ name }) => name === "TypeDef");
    const annotation = type && typed(reader, type);
    const targets = split(group, isComma).flatMap(([item]) => item ?? []);
    targets.forEach((item, index) => {
      const target = targetOf(reader, item);
      if (!target) return;
      addAssignment(reader.into, target, { value: targets.length > 1 ? values[index] : value, annotation });
    });
  }
}

/** The name that is written to. It is no read, so it is not kept among the expressions. */
function targetOf(reader: Reader, node: Syntax): Name | undefined {
  const aside: Reader = { ...reader, into: { ...draft(), depth: reader.into.depth } };
  const target = expression(aside, node);
  return target.kind === "name" ? target : undefined;
}

function imports({ text, into }: Reader, node: Syntax): void {
  const words = node.children.map(({ name, start, end }) => ({ name, start, end, text: text.slice(start, end) }));
  const at = words.findIndex(({ name }) => name === "import");
  const dotted = (part: typeof words) => part.map((word) => word.text).join("");
  const module = words[0]?.name === "from" ? dotted(words.slice(1, at)) : undefined;
  let item: typeof words = [];
  for (const word of [...words.slice(at + 1), { name: ",", start: 0, end: 0, text: "," }]) {
    if (word.name === "(" || word.name === ")") continue;
    if (word.name !== ",") {
      item.push(word);
      continue;
    }
    const as = item.findIndex(({ name }) => name === "as");
    const names = as < 0 ? item : item.slice(0, as);
    const [first] = names;
    const last = item.at(-1);
    if (first && last) {
      into.imports.push({
        // `import a.b` binds `a`, `import a.b as c` binds the submodule.
        local: as < 0 ? first.text : last.text,
        module: module ?? (as < 0 ? first.text : dotted(names)),
        imported: module === undefined ? "*" : dotted(names),
        start: first.start,
        end: last.end,
      });
    }
    item = [];
  }
}

function decorated(reader: Reader, node: Syntax): void {
  const decorators = node.children.filter(({ name }) => name === "Decorator").map((child) => decorator(reader, child));
  for (const child of node.children) {
    if (child.name === "FunctionDefinition") define(reader, child, decorators);
    if (child.name === "ClassDefinition") defineClass(reader, child, decorators);
  }
}

/** The grammar gives `@a.b(c)` as a flat run of words. */
function decorator(reader: Reader, node: Syntax): Expression {
  let value: Expression | undefined;
  for (const child of node.children) {
    if (child.name === "VariableName" || child.name === "PropertyName") {
      value = keep(reader, named(reader, child, value));
    } else if (child.name === "ArgList" && value) {
      value = keep(reader, invoke(reader, { ...child, start: value.start }, value, child, true));
    } else if (EXPRESSIONS.has(child.name)) value = expression(reader, child);
  }
  return value ?? other(node);
}

function define(reader: Reader, node: Syntax, decorators: readonly Expression[]): void {
  const name = node.children.find((child) => child.name === "VariableName");
  const list = node.children.find((child) => child.name === "ParamList");
  const result = node.children.find((child) => child.name === "TypeDef");
  if (result) typed(reader, result);
  const head = {
    start: node.start,
    end: node.end,
    name: name ? reader.text.slice(name.start, name.end) : "",
    parameters: list ? parameters(reader, list) : [],
    decorators,
  };
  defineFunction(reader.into, head, () =>
    statements(
      reader,
      node.children.filter((child) => child.name === "Body"),
    ),
  );
}

function parameters(reader: Reader, list: Syntax): Parameter[] {
  return split(list.children, isComma).flatMap((group): Parameter[] => {
    const name = group.find((child) => child.name === "VariableName");
    if (!name) return [];
    const type = group.find((child) => child.name === "TypeDef");
    const equals = group.findIndex((child) => child.name === "AssignOp");
    const written = equals < 0 ? undefined : group[equals + 1];
    return [
      {
        name: reader.text.slice(name.start, name.end),
        ...(type && { annotation: typed(reader, type) }),
        ...(written && { fallback: expression(reader, written) }),
      },
    ];
  });
}

function typed(reader: Reader, node: Syntax): Expression {
  const type = node.children.find((child) => EXPRESSIONS.has(child.name));
  return type ? expression(reader, type) : other(node);
}

function defineClass(reader: Reader, node: Syntax, decorators: readonly Expression[]): void {
  const { into, text } = reader;
  const name = node.children.find((child) => child.name === "VariableName");
  const bases = node.children.find((child) => child.name === "ArgList");
  const defined: ClassNode = {
    name: name ? text.slice(name.start, name.end) : "",
    start: node.start,
    end: node.end,
    bases: bases ? argumentsOf(reader, bases).positional.map(pathOf) : [],
    decorators,
  };
  into.classes.push(defined);
  const { owner } = into;
  into.owner = owner === undefined ? defined.name : `${owner}.${defined.name}`;
  statements(
    reader,
    node.children.filter((child) => child.name === "Body"),
  );
  into.owner = owner;
}

const MAIN = /__name__\s*==\s*["']__main__["']/;

/** `if`/`elif`/`else` and `while`: bodies run under a condition, except that of a script's entry point. */
function branch(reader: Reader, node: Syntax): void {
  let entryPoint = false;
  let test = "";
  for (const child of node.children) {
    if (EXPRESSIONS.has(child.name)) {
      const asked = expression(reader, child);
      test = textOf(reader, child);
      entryPoint = MAIN.test(test);
      if (!entryPoint) reader.into.within?.tests.push(asked);
    } else if (child.name === "Body") {
      if (entryPoint) statements(reader, child.children);
      else guarded(reader.into, test, () => statements(reader, child.children));
      entryPoint = false;
    }
  }
}

function match(reader: Reader, node: Syntax): void {
  const subject = operands(node)[0];
  guarded(reader.into, subject ? textOf(reader, subject) : "", () => statements(reader, node.children));
}

function returned(reader: Reader, node: Syntax): void {
  for (const child of node.children) {
    if (!EXPRESSIONS.has(child.name)) continue;
    const result = expression(reader, child);
    reader.into.within?.results.push(result);
  }
}

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────────

const keep = <T extends Expression>({ into }: Reader, node: T): T => {
  into.expressions.push(node);
  return node;
};

const other = ({ start, end }: Syntax): Expression => ({ kind: "other", start, end });

const expression = (reader: Reader, node: Syntax): Expression =>
  deeper(reader.into, other(node), () => {
    if (node.name === "ParenthesizedExpression" || node.name === "AwaitExpression" || node.name === "NamedExpression") {
      const inner = node.children.findLast((child) => EXPRESSIONS.has(child.name));
      return inner ? expression(reader, inner) : other(node);
    }
    return keep(reader, (EXPRESSIONS.get(node.name) ?? unread)(reader, node));
  });

function unread(reader: Reader, node: Syntax): Expression {
  for (const child of node.children) anything(reader, child);
  return other(node);
}

const EXPRESSIONS: ReadonlyMap<string, (reader: Reader, node: Syntax) => Expression> = new Map([
  ["VariableName", (reader, node) => named(reader, node, undefined)],
  ["String", string],
  ["ContinuedString", continued],
  ["FormatString", template],
  ["Number", number],
  ["Boolean", ({ text }, { start, end }) => ({ kind: "boolean", value: text[start] === "T", start, end })],
  ["None", (_, { start, end }) => ({ kind: "null", start, end })],
  ["MemberExpression", member],
  ["CallExpression", call],
  ["ArrayExpression", list],
  ["TupleExpression", list],
  ["SetExpression", list],
  ["DictionaryExpression", dictionary],
  ["ArrayComprehensionExpression", comprehension],
  ["SetComprehensionExpression", comprehension],
  ["ComprehensionExpression", comprehension],
  ["DictionaryComprehensionExpression", unread],
  ["BinaryExpression", binary],
  ["UnaryExpression", unary],
  ["ConditionalExpression", conditional],
  ["LambdaExpression", lambda],
  ["ParenthesizedExpression", unread],
  ["AwaitExpression", unread],
  ["NamedExpression", unread],
  ["YieldExpression", unread],
]);

/** Enough of a condition to tell what it asks about. */
const textOf = ({ text }: Reader, { start, end }: Syntax): string => text.slice(start, Math.min(end, start + 200));

const operands = (node: Syntax): Syntax[] => node.children.filter((child) => EXPRESSIONS.has(child.name));

const keyOf = (text: string, { start, end }: Syntax): Key => ({ text: text.slice(start, end), start, end });

function named({ text }: Reader, node: Syntax, of: Expression | undefined): Name {
  const last = keyOf(text, node);
  return {
    kind: "name",
    path: of ? `${pathOf(of)}.${last.text}` : last.text,
    ...(of && { of }),
    last,
    subscript: false,
    start: of?.start ?? node.start,
    end: node.end,
  };
}

/** `a.b`, `a["b"]`, `a[i]`. */
function member(reader: Reader, node: Syntax): Expression {
  const [object, ...rest] = node.children;
  if (!object) return other(node);
  const of = expression(reader, object);
  const property = rest.find(({ name }) => name === "PropertyName");
  if (property) return named(reader, property, of);
  const subscripts = operands({ ...node, children: rest }).map((child) => expression(reader, child));
  const [first] = subscripts;
  if (!first) return other(node);
  const { start, end } = node;
  const index: Expression =
    subscripts.length > 1 ? { kind: "list", items: subscripts, start: first.start, end } : first;
  if (index.kind === "string") {
    const last: Key = { text: index.text, start: index.start, end: index.end };
    return { kind: "name", path: `${pathOf(of)}.${last.text}`, of, last, subscript: true, start, end };
  }
  return { kind: "index", path: `${pathOf(of)}[]`, of, index, start, end };
}

function call(reader: Reader, node: Syntax): Expression {
  const [callee, list] = node.children;
  if (!callee) return other(node);
  return invoke(reader, node, expression(reader, callee), list, false);
}

function invoke(
  reader: Reader,
  { start, end }: Syntax,
  callee: Expression,
  list: Syntax | undefined,
  decorator: boolean,
): Call {
  const given = list ? argumentsOf(reader, list) : { positional: [], named: [] };
  return addCall(reader.into, { callee, path: pathOf(callee), ...given, close: end - 1, decorator, start, end });
}

function argumentsOf(reader: Reader, list: Syntax): Pick<Call, "positional" | "named"> {
  const positional: Expression[] = [];
  const keywords: Entry[] = [];
  if (list.children.some(({ name }) => name === "for")) return { positional: [comprehension(reader, list)], named: [] };
  const inner = list.children.filter(({ name }) => name !== "(" && name !== ")");
  for (const group of split(inner, isComma)) {
    const [first, second, third] = group;
    if (!first) continue;
    if (second?.name === "AssignOp") {
      if (third) keywords.push({ key: keyOf(reader.text, first), value: expression(reader, third) });
    } else if (second && (first.name === "*" || first.name === "**")) {
      const value = expression(reader, second);
      positional.push(keep(reader, { kind: "spread", value, start: first.start, end: second.end }));
    } else positional.push(expression(reader, first));
  }
  return { positional, named: keywords };
}

function list(reader: Reader, { children, start, end }: Syntax): Expression {
  const items: Expression[] = [];
  for (const group of split(children, isComma)) {
    const starred = group.some(({ name }) => name === "*");
    const value = group.find((child) => EXPRESSIONS.has(child.name));
    if (!value) continue;
    const item = expression(reader, value);
    items.push(starred ? keep(reader, { kind: "spread", value: item, start: item.start, end: item.end }) : item);
  }
  return { kind: "list", items, start, end };
}

function dictionary(reader: Reader, { children, start, end }: Syntax): Expression {
  const entries: Entry[] = [];
  const spreads: Expression[] = [];
  for (const group of split(children, isComma)) {
    const [first, second] = group.filter(({ name }) => EXPRESSIONS.has(name));
    if (first && group.some(({ name }) => name === "**")) spreads.push(expression(reader, first));
    else if (first && second) {
      const key = expression(reader, first);
      const text = key.kind === "string" ? key.text : reader.text.slice(key.start, key.end);
      entries.push({ key: { text, start: key.start, end: key.end }, value: expression(reader, second) });
    }
  }
  return { kind: "object", entries, spreads, start, end };
}

function comprehension(reader: Reader, node: Syntax): Expression {
  const after = node.children.findIndex(({ name }) => name === "in");
  const written = operands(node)[0];
  const iterated = node.children.slice(after + 1).find((child) => EXPRESSIONS.has(child.name));
  if (!written || !iterated || after < 0) return unread(reader, node);
  const element = expression(reader, written);
  const source = expression(reader, iterated);
  for (const filter of node.children.slice(node.children.indexOf(iterated) + 1)) anything(reader, filter);
  return { kind: "comprehension", element, source, start: node.start, end: node.end };
}

const WORDED: ReadonlyMap<string, string> = new Map([["<>", "!="]]);

function binary(reader: Reader, node: Syntax): Expression {
  const [first, ...rest] = node.children;
  const last = rest.findLast((child) => EXPRESSIONS.has(child.name));
  if (!first || !last) return unread(reader, node);
  const between = rest.slice(0, rest.indexOf(last));
  const written = between.map(({ start, end }) => reader.text.slice(start, end)).join(" ");
  const left = expression(reader, first);
  if (written === "and" || written === "or") reader.into.within?.tests.push(left);
  const right =
    written === "and"
      ? guarded(reader.into, textOf(reader, first), () => expression(reader, last))
      : expression(reader, last);
  const { start, end } = node;
  return { kind: "operation", operator: WORDED.get(written) ?? written, left, right, start, end };
}

function unary(reader: Reader, node: Syntax): Expression {
  const [sign] = node.children;
  const [operand] = operands(node);
  if (!sign || !operand) return other(node);
  const operator = reader.text.slice(sign.start, sign.end);
  return { kind: "operation", operator, right: expression(reader, operand), start: node.start, end: node.end };
}

function conditional(reader: Reader, node: Syntax): Expression {
  const [yes, asked, no] = operands(node);
  if (!yes || !asked || !no) return unread(reader, node);
  const test = expression(reader, asked);
  reader.into.within?.tests.push(test);
  const consequent = guarded(reader.into, textOf(reader, asked), () => expression(reader, yes));
  const alternate = guarded(reader.into, textOf(reader, asked), () => expression(reader, no));
  return { kind: "conditional", test, consequent, alternate, start: node.start, end: node.end };
}

function lambda(reader: Reader, node: Syntax): Expression {
  const list = node.children.find(({ name }) => name === "ParamList");
  const body = node.children.findLast((child) => EXPRESSIONS.has(child.name));
  const head = {
    start: node.start,
    end: node.end,
    name: "",
    parameters: list ? parameters(reader, list) : [],
    decorators: [],
  };
  return defineFunction(reader.into, head, (open) => {
    if (body) open.results.push(expression(reader, body));
  });
}

function number({ text }: Reader, { start, end }: Syntax): Expression {
  const value = Number(text.slice(start, end).replaceAll("_", ""));
  return Number.isFinite(value) ? { kind: "number", value, start, end } : { kind: "other", start, end };
}

// ── Strings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function string(reader: Reader, node: Syntax): Expression {
  return { kind: "string", ...stringBody(reader.text, node) };
}

/** `"a" "b"`: one string, whose offsets are not those of its text. */
function continued(reader: Reader, node: Syntax): Expression {
  if (node.children.some(({ name, children }) => name === "FormatString" && children.length > 0)) {
    return template(reader, node);
  }
  const parts = node.children.map((child) => stringBody(reader.text, child));
  const start = parts[0]?.start ?? node.start;
  const end = parts.at(-1)?.end ?? node.end;
  return { kind: "string", text: parts.map(({ text }) => text).join(""), exact: false, start, end };
}

function template(reader: Reader, node: Syntax): Expression {
  const parts = replacements(node).flatMap((child) => operands(child).map((inner) => expression(reader, inner)));
  const { start, end } = stringBody(reader.text, node);
  return parts.length ? { kind: "template", parts, start, end } : { kind: "string", ...stringBody(reader.text, node) };
}

const replacements = (node: Syntax): Syntax[] =>
  node.children.flatMap((child) => (child.name === "FormatReplacement" ? [child] : replacements(child)));
