/** Policies that send the caller's own origin back. */
import { contains, type Expression, type FunctionNode, type Name, pathOf } from "../../parse/script.ts";
import type { Module } from "./modules.ts";
import type { Resolved } from "./resolve.ts";

/** `origin: true`, and a function that lets every caller through. */
export function reflects({ expression, module }: Resolved): boolean {
  if (expression.kind === "boolean") return expression.value && module.tree.language === "javascript";
  return expression.kind === "function" && letsEveryoneIn(expression);
}

/** A function of many lines is shown at its first: the whole of it is no place. */
export const mirrorPlace = ({ expression, module }: Resolved): { start: number; end: number } => {
  const line = module.file.text.indexOf("\n", expression.start);
  return { start: expression.start, end: line < 0 ? expression.end : Math.min(expression.end, line) };
};

/** `(origin, callback) => callback(null, true)`, `origin => origin`: no condition looks at the origin. */
function letsEveryoneIn({ parameters, calls, results, tests }: FunctionNode): boolean {
  const [origin, callback] = parameters.map(({ name }) => name);
  if (origin === undefined || tests.some((test) => !isTruthiness(test))) return false;
  const everyone = (value: Expression | undefined): boolean =>
    value?.kind === "boolean" ? value.value : value?.kind === "string" ? value.text === "*" : pathOf(value) === origin;
  if (callback === undefined) return results.some(everyone);
  return calls.some(({ path, positional }) => path === callback && everyone(positional[1]));
}

/** `origin`, `!origin`, `!a || !b`: asks whether something is there, not what it is. */
const isTruthiness = (test: Expression): boolean =>
  test.kind === "name" ||
  (test.kind === "operation" &&
    ["not", "or", "and"].includes(test.operator) &&
    isTruthiness(test.right) &&
    (!test.left || isTruthiness(test.left)));

/** The caller's own origin: `req.headers.origin`, `request.headers.get("origin")`, `req.header("Origin")`. */
export function isCallersOrigin(module: Module, value: Expression): boolean {
  if (value.kind === "operation" && (value.operator === "or" || value.operator === "??")) {
    return value.left !== undefined && isCallersOrigin(module, value.left);
  }
  if (value.kind === "call") {
    const [name] = value.positional;
    return /(?:^|\.)(?:get|header)$/.test(value.path) && name?.kind === "string" && /^origin$/i.test(name.text);
  }
  if (value.kind !== "name") return false;
  if (/(?:^|\.)headers\.origin$/i.test(value.path)) return true;
  const assigned = module.defined.get(value.path);
  const [only] = assigned?.length === 1 ? assigned : [];
  return only?.value !== undefined && only.value.kind !== "name"
    ? isCallersOrigin(module, only.value)
    : isHeader(only?.value);
}

const isHeader = (value: Expression | undefined): value is Name =>
  value?.kind === "name" && /(?:^|\.)headers\.origin$/i.test(value.path);

/** A condition that compares the origin with something. */
export const asksAboutOrigin = (test: Expression): boolean =>
  !isTruthiness(test) &&
  contains(test, (node) => (node.kind === "name" || node.kind === "string") && /origin|allow/i.test(wordOf(node)));

const wordOf = (node: Expression): string => (node.kind === "string" ? node.text : pathOf(node));
