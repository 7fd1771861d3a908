/** A `ScriptTree` while a parser walks. */
import type { Problem } from "../model.ts";
import type {
  Assignment,
  Call,
  ClassNode,
  Expression,
  FunctionNode,
  Guard,
  Import,
  Name,
  ScriptTree,
} from "./script.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A function while its body is read. */
type OpenFunction = Omit<Writable<FunctionNode>, "results" | "tests" | "calls"> & {
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

/** Nothing read yet. */
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

/** Keeps a call, under the function and the condition it stands in. */
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

/** Keeps an assignment, under the class, the function and the condition it stands in. */
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

type Place = { readonly start: number; readonly end: number };

const byPlace = (a: Place, b: Place): number => a.start - b.start || b.end - a.end;

/** The tree, in source order. */
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
