/** nginx trees → scopes with includes followed: what a block holds and what it inherits. */
import type { SourceFile } from "../../model.ts";
import type { Parsed } from "../../parse/index.ts";
import type { NginxDirective, NginxTree } from "../../parse/nginx.ts";
import { commonFolders } from "./nearest.ts";

export interface Scope {
  /** Name of the directive that opens it: `http`, `server`, `location`, `if`…; "" for a file. */
  readonly kind: string;
  readonly file: SourceFile;
  readonly directive?: NginxDirective;
  readonly parent?: Scope;
  /** Simple directives by name, includes replaced by what they hold. */
  readonly own: ReadonlyMap<string, readonly NginxDirective[]>;
  readonly children: readonly Scope[];
  /** An include that may hold anything is not part of the project. */
  readonly opaque: boolean;
}

/** Includes that hold nothing of interest, or that every distribution ships. */
const HARMLESS =
  /(mime\.types|_params|fastcgi(-php)?\.conf|(conf|default|modules|sites-enabled|modules-enabled|stream\.d)(\.d)?\/\*(\.conf)?|options-ssl-nginx\.conf|koi-|win-utf)$/;

/** Followed includes may make a configuration this many directives larger, over the whole project. */
const BUDGET = 200_000;
const MAX_INCLUDES = 10;
/** Files of one name (or in folders of one name) that are compared to find the nearest. */
const MAX_CANDIDATES = 200;

/** One scope per file that no other file includes. Files in an include cycle start where their path sorts first. */
export function scopes(parsed: readonly Parsed<NginxTree>[]): Scope[] {
  const follow = includes(parsed);
  const visited = new Set<SourceFile>();
  const included = new Set<SourceFile>();
  for (const { file, tree } of parsed) {
    each(tree.directives, (directive) => {
      if (directive.name.value !== "include") return;
      for (const target of follow(file, directive) ?? []) if (target.file !== file) included.add(target.file);
    });
  }

  let budget = BUDGET;
  const build = (
    file: SourceFile,
    directives: readonly NginxDirective[],
    chain: readonly SourceFile[],
    head: Pick<Scope, "kind" | "directive" | "parent">,
  ): Scope => {
    const own = new Map<string, NginxDirective[]>();
    const children: Scope[] = [];
    const scope = { ...head, file, own, children, opaque: false };
    const take = (from: SourceFile, list: readonly NginxDirective[], through: readonly SourceFile[]) => {
      visited.add(from);
      for (const directive of list) {
        if (through.length > chain.length || chain.length > 1) budget--;
        if (directive.name.value === "include" && !directive.block) {
          const targets = follow(from, directive);
          if (!targets) scope.opaque ||= !HARMLESS.test(directive.arguments[0]?.value ?? "");
          else if (budget <= 0 || through.length > MAX_INCLUDES) scope.opaque = true;
          else {
            for (const target of targets) {
              if (!through.includes(target.file)) take(target.file, target.tree.directives, [...through, target.file]);
            }
          }
        } else if (directive.block) {
          const kind = directive.name.value;
          children.push(build(from, directive.block, through, { kind, directive, parent: scope }));
        } else append(own, directive.name.value, directive);
      }
    };
    take(file, directives, chain);
    return scope;
  };

  const roots: Scope[] = [];
  for (const skipIncluded of [true, false]) {
    for (const { file, tree } of parsed) {
      if (visited.has(file) || (skipIncluded && included.has(file))) continue;
      roots.push(build(file, tree.directives, [file], { kind: "" }));
    }
  }
  return roots;
}

function append<T>(index: Map<string, T[]>, key: string, value: T): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}

function each(directives: readonly NginxDirective[], visit: (directive: NginxDirective) => void): void {
  for (const directive of directives) {
    visit(directive);
    if (directive.block) each(directive.block, visit);
  }
}

type Follow = (from: SourceFile, include: NginxDirective) => readonly Parsed<NginxTree>[] | undefined;

/**
 * Finds what an include names. Paths are those of the deployed machine, so the end of the path decides: the folder for
 * a glob, the file name else; of several the ones nearest to the including file.
 */
function includes(parsed: readonly Parsed<NginxTree>[]): Follow {
  const byName = new Map<string, Parsed<NginxTree>[]>();
  const byFolder = new Map<string, Parsed<NginxTree>[]>();
  const known = new Map<string, readonly Parsed<NginxTree>[] | undefined>();
  for (const each of parsed) {
    const segments = each.file.path.split("/");
    append(byName, segments.at(-1)!, each);
    append(byFolder, segments.at(-2) ?? "", each);
  }
  return (from, include) => {
    const path = include.arguments[0]?.value;
    if (!path) return undefined;
    const id = `${from.path}\0${path}`;
    if (!known.has(id)) {
      const segments = path.split("/");
      const name = segments.at(-1)!;
      const candidates = name.includes("*")
        ? (byFolder.get(segments.at(-2) ?? "") ?? []).filter(({ file }) => glob(name, file.path.split("/").at(-1)!))
        : (byName.get(name) ?? byName.get(`${name}.template`) ?? []);
      const near = nearest(
        from.path,
        candidates.filter(({ file }) => file !== from),
      );
      known.set(id, near.length ? near : undefined);
    }
    return known.get(id);
  };
}

/** `*` stands for any characters; linear. */
function glob(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop() ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const middle of rest) {
    const found = name.indexOf(middle, at);
    if (found < 0) return false;
    at = found + middle.length;
  }
  return at <= name.length - last.length;
}

function nearest(path: string, candidates: readonly Parsed<NginxTree>[]): readonly Parsed<NginxTree>[] {
  const considered = candidates.slice(0, MAX_CANDIDATES);
  const shared = considered.map(({ file }) => commonFolders(path, file.path));
  const most = Math.max(...shared);
  return considered.filter((_, i) => shared[i] === most);
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Own simple directives of that name. */
export const own = (scope: Scope, name: string): readonly NginxDirective[] => scope.own.get(name) ?? [];

/** Directives of that name from the nearest scope that has any: how nginx inherits arrays such as `add_header`. */
export function effective(scope: Scope, name: string): readonly NginxDirective[] {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = own(at, name);
    if (found.length) return found;
  }
  return [];
}

/** The scope and everything inside it, in the order of the text. */
export function* descendants(scope: Scope): Generator<Scope> {
  yield scope;
  for (const child of scope.children) yield* descendants(child);
}

/** The nearest enclosing scope of that kind, itself included. */
export function enclosing(scope: Scope, kind: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.kind === kind) return at;
  return undefined;
}

/** `${NAME}` and `$NAME` in capitals are filled in by envsubst before nginx sees them: unknown here. */
export const isUnknown = (text: string): boolean => /\$\{?[A-Z][A-Z0-9_]*/.test(text);
