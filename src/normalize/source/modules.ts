/** Files of source as modules: what each binds to which name, and where a name of one file is defined in another. */
import type { Located, Setting, SourceFile, Span } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import {
  type Assignment,
  type Call,
  type ClassNode,
  type Expression,
  entriesOf,
  type FunctionNode,
  type Guard,
  type Import,
  type Key,
  lastSegment,
  type ScriptTree,
  spanOf,
} from "../../parse/script.ts";

/**
 * A value under a dotted name, however it is written: an assignment (`app.debug = …`), an entry of an object
 * (`SIMPLE_JWT.ALGORITHM`), an argument (`jwt.sign.expiresIn`), a parameter's default (`create_token.expires_delta`).
 */
export interface Binding {
  readonly path: string;
  readonly key: Key;
  readonly value?: Expression;
  /** The call whose argument it is. */
  readonly call?: Call;
  readonly assignment?: Assignment;
  readonly guard?: Guard;
  readonly within?: FunctionNode;
}

export interface Module {
  readonly file: SourceFile;
  readonly tree: ScriptTree;
  readonly imports: ReadonlyMap<string, Import>;
  /** Of two classes of one name the last counts. */
  readonly classes: ReadonlyMap<string, ClassNode>;
  readonly bindings: readonly Binding[];
  /** Bindings by path, those of arguments and parameters left out. Class attributes: `Settings.DEBUG`. */
  readonly defined: ReadonlyMap<string, readonly Binding[]>;
}

export interface Definition {
  readonly module: Module;
  readonly binding: Binding;
}

export interface Modules {
  readonly all: readonly Module[];
  /** Definitions of all files by the last segment of their path. */
  readonly named: ReadonlyMap<string, readonly Definition[]>;
}

/** Indexes parsed files; files whose tree is empty are left out. Linear. */
export function modules(script: readonly Parsed<ScriptTree>[]): Modules {
  const all = script.filter(({ tree }) => tree.expressions.length > 0).map(moduleOf);
  const named = new Map<string, Definition[]>();
  for (const module of all) {
    for (const binding of [...module.defined.values()].flat()) {
      append(named, `${module.tree.language}:${lastSegment(binding.path)}`, { module, binding });
    }
  }
  return { all, named };
}

function moduleOf({ file, tree }: Parsed<ScriptTree>): Module {
  const bindings = bindingsOf(tree);
  const defined = new Map<string, Binding[]>();
  for (const binding of bindings) if (binding.assignment) append(defined, binding.path, binding);
  const imports = new Map(tree.imports.map((item) => [item.local, item]));
  const classes = new Map(tree.classes.map((item) => [item.name, item]));
  return { file, tree, imports, classes, bindings, defined };
}

/** Items by key, in their order. */
export function grouped<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return groups;
}

function append<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/** Objects inside objects are followed this deep: settings nest two or three levels. */
const LEVELS = 6;

function bindingsOf(tree: ScriptTree): Binding[] {
  const found: Binding[] = [];
  const seen = new Set<Expression>();
  const put = (binding: Binding, level = 0): void => {
    found.push(binding);
    if (binding.value) below(binding.path, binding.value, binding, level);
  };
  const below = (path: string, value: Expression, origin: Omit<Binding, "path" | "key" | "value">, level: number) => {
    if (level >= LEVELS) return;
    if (value.kind === "list") for (const item of value.items) below(path, item, origin, level + 1);
    if (value.kind === "object" && seen.has(value)) return;
    const { call, assignment, guard, within } = origin;
    seen.add(value);
    for (const { key, value: inner } of entriesOf(value)) {
      const deeper = path ? `${path}.${key.text}` : key.text;
      put(
        {
          path: deeper,
          key,
          value: inner,
          ...(call && { call }),
          ...(assignment && { assignment }),
          ...(guard && { guard }),
          ...(within && { within }),
        },
        level + 1,
      );
    }
  };
  for (const assignment of tree.assignments) {
    const { target, name, value, owner, guard, within } = assignment;
    put({
      path: owner === undefined ? target : `${owner}.${target}`,
      key: name,
      assignment,
      ...(value && { value }),
      ...(guard && { guard }),
      ...(within && { within }),
    });
  }
  for (const call of tree.calls) {
    const origin = { call, ...(call.guard && { guard: call.guard }), ...(call.within && { within: call.within }) };
    if (call.path !== "dict") {
      for (const { key, value } of call.named) put({ path: `${call.path}.${key.text}`, key, value, ...origin });
    }
    for (const value of call.positional) below(call.path, value, origin, 0);
  }
  for (const node of tree.functions) {
    for (const { name, fallback } of node.parameters) {
      if (!fallback) continue;
      const key = { text: name, start: fallback.start, end: fallback.end };
      put({ path: `${node.name}.${name}`, key, value: fallback, within: node });
    }
  }
  for (const value of tree.expressions) {
    if (value.kind === "object" && !seen.has(value)) below("", value, {}, 0);
  }
  return found;
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A path as the libraries call it: imports and plain aliases of the file are followed, so `from flask_cors import CORS
 * as C` makes `C` read `flask_cors.CORS`, and `const env = process.env` makes `env.X` read `process.env.X`.
 */
export function canonical(module: Module, path: string, hops = 3): string {
  const dot = path.search(/[.([]/);
  const root = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? "" : path.slice(dot);
  const imported = module.imports.get(root);
  if (imported) {
    const whole = imported.imported === "*" || imported.imported === "default";
    return `${imported.module}${whole ? "" : `.${imported.imported}`}${rest}`;
  }
  const alias = only(module.defined.get(root))?.value;
  if (hops > 0 && alias?.kind === "name" && alias.path !== root) return canonical(module, alias.path, hops - 1) + rest;
  return path;
}

/** Canonical path of the call that made what a name holds: `environ.Env` for `env = environ.Env(…)`. */
export function maker(module: Module, name: string): string | undefined {
  const made = only(module.defined.get(name))?.value;
  return made?.kind === "call" ? canonical(module, made.path) : undefined;
}

/** More definitions of one name than this: it is no configuration value, and looking through all would be quadratic. */
const CANDIDATES = 16;

/**
 * Where a name is defined: once in its own file, else by its last segment in the project, in the file that shares the
 * longest folder path. Absent if that leaves more than one: two branches may assign two values, and which one runs is
 * unknown.
 */
export function definition({ named }: Modules, module: Module, path: string): Definition | undefined {
  const own = module.defined.get(path);
  if (own) {
    const binding = only(own);
    return binding && { module, binding };
  }
  const inherited = path.replace(/^(?:self|cls|this)\./, "");
  const root = inherited.slice(0, inherited.search(/[.([]|$/));
  if (inherited === path && !module.imports.has(root) && !module.defined.has(root)) return undefined;
  const imported = module.imports.get(path)?.imported;
  const name = imported !== undefined && imported !== "*" && imported !== "default" ? imported : lastSegment(path);
  const candidates = named.get(`${module.tree.language}:${name}`) ?? [];
  if (candidates.length > CANDIDATES) return undefined;
  const near = nearest(module.file.path, candidates);
  return near.length === 1 ? near[0] : undefined;
}

function nearest(path: string, candidates: readonly Definition[]): readonly Definition[] {
  let best = -1;
  let near: Definition[] = [];
  for (const candidate of candidates) {
    const shared = sharedFolders(path, candidate.module.file.path);
    if (shared < best) continue;
    if (shared > best) near = [];
    best = shared;
    near.push(candidate);
  }
  return near;
}

function sharedFolders(a: string, b: string): number {
  const [left, right] = [a.split("/").slice(0, -1), b.split("/").slice(0, -1)];
  const end = left.findIndex((folder, index) => folder !== right[index]);
  return end < 0 ? left.length : end;
}

const only = <T>(list: readonly T[] | undefined): T | undefined => (list?.length === 1 ? list[0] : undefined);

// ── Places ──────────────────────────────────────────────────────────────────────────────────────────────────────────

type Place = { readonly start: number; readonly end: number };

/** A value at a node of this file. */
export const located = <T>(module: Module, node: Place, value: T): Located<T> => ({
  value,
  span: spanOf(module.file, node),
});

/** A value that nobody wrote, at the node that leaves it out. */
export const implied = <T>(module: Module, node: Place, value: T, blank?: Located<T>["blank"]): Located<T> => ({
  ...located(module, node, value),
  implied: true,
  ...(blank && { blank }),
});

/** The empty span at an offset (UTF-16 code units): where something would be inserted. */
export const place = (module: Module, at: number): Span => spanOf(module.file, { start: at, end: at });

/** The word that names what is called: `CORSMiddleware` of `cors.CORSMiddleware(…)`. */
export const calleeWord = ({ callee, start, end }: Call): Place =>
  callee.kind === "name" ? callee.last : { start, end };

/** A `Setting` of this file. */
export const setting = <T>(module: Module, at: Located<T>, key: string): Setting<T> => ({
  at,
  subject: module.file.path,
  key,
});
