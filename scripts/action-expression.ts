/**
 * Expressions of GitHub Actions, as far as this repository uses them: contexts, strings, `!`, `==`, `!=`, `&&`, `||`,
 * brackets, functions of strings. https://docs.github.com/actions/reference/workflows-and-actions/expressions
 */

export type Value = string | boolean | null;

export interface Scope {
  /** What a name such as `inputs.fail-on` stands for. Throws for a name that can not be there. */
  readonly lookup: (name: string) => Value;
  /** What a function such as `hashFiles` gives. Throws for one that is not known. */
  readonly call: (name: string, args: readonly Value[]) => Value;
  /** Has no step failed so far? */
  readonly success: boolean;
}

const TOKEN = /\s*(?:(==|!=|&&|\|\||[!(),])|'((?:[^']|'')*)'|([A-Za-z_][\w-]*(?:\.[\w-]+)*))/y;

interface Token {
  readonly kind: "sign" | "text" | "name" | "end";
  readonly text: string;
}

/** The value of what stands between `${{` and `}}`. Throws for whatever is not of the kinds above. */
export function evaluate(expression: string, scope: Scope): Value {
  const tokens = tokenize(expression);
  let at = 0;
  const peek = () => tokens[at]!;
  const takes = (sign: string) => peek().kind === "sign" && peek().text === sign && ++at > 0;
  const either = (): Value => {
    let left = both();
    while (takes("||")) {
      const right = both();
      left = truthy(left) ? left : right;
    }
    return left;
  };
  const both = (): Value => {
    let left = comparison();
    while (takes("&&")) {
      const right = comparison();
      left = truthy(left) ? right : left;
    }
    return left;
  };
  const comparison = (): Value => {
    const left = operand();
    if (takes("==")) return equal(left, operand());
    if (takes("!=")) return !equal(left, operand());
    return left;
  };
  const operand = (): Value => {
    if (takes("!")) return !truthy(operand());
    if (takes("(")) {
      const value = either();
      expect(")");
      return value;
    }
    const { kind, text } = tokens[at++]!;
    if (kind === "text") return text;
    if (kind !== "name") throw unknown(expression);
    if (takes("(")) return call(text, listed());
    if (text === "true" || text === "false") return text === "true";
    return text === "null" ? null : scope.lookup(text);
  };
  const expect = (sign: string) => {
    if (!takes(sign)) throw unknown(expression);
  };
  const listed = (): readonly Value[] => {
    const values: Value[] = [];
    while (!takes(")")) {
      if (values.length) expect(",");
      values.push(either());
    }
    return values;
  };
  const call = (name: string, args: readonly Value[]): Value => {
    if (name === "always") return true;
    if (name === "success") return scope.success;
    if (name === "failure") return !scope.success;
    // Nobody cancels a run here.
    if (name === "cancelled") return false;
    return scope.call(name, args);
  };
  const value = either();
  if (peek().kind !== "end") throw unknown(expression);
  return value;
}

/** Does a step with this `if` run? Without a status function of its own it does so after success alone. */
export function holds(condition: string | undefined, scope: Scope): boolean {
  const text = (condition ?? "success()").trim();
  const expression = /^\$\{\{([\s\S]*)\}\}$/.exec(text)?.[1] ?? text;
  const asks = /\b(?:always|success|failure|cancelled)\s*\(/.test(expression);
  const value = truthy(evaluate(expression, scope));
  return value && (asks || scope.success);
}

/** A text with each `${{ … }}` of it replaced. */
export function filled(text: string, scope: Scope): string {
  return text.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression: string) => String(evaluate(expression, scope) ?? ""));
}

function tokenize(expression: string): readonly Token[] {
  const text = expression.trim();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (!found) throw unknown(expression);
    const [, sign, quoted, name] = found;
    if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replaceAll("''", "'") });
    else tokens.push({ kind: "name", text: name! });
  }
  return [...tokens, { kind: "end", text: "" }];
}

const truthy = (value: Value): boolean => value !== null && value !== false && value !== "";

/** Strings regardless of case, values of different types as numbers. */
function equal(a: Value, b: Value): boolean {
  if (typeof a === "string" && typeof b === "string") return a.toLowerCase() === b.toLowerCase();
  return a === b || Number(a) === Number(b);
}

const unknown = (expression: string): Error => new Error(`not an expression that is known here: ${expression.trim()}`);
