/** Caddyfile trees → sites whose imports and snippets are filled in. */
import type { Located, SourceFile } from "../../model.ts";
import type { CaddyDirective, CaddyTree } from "../../parse/caddyfile.ts";
import type { Parsed } from "../../parse/index.ts";

/** A directive after imports: `arguments` leave matcher and name out. */
export interface Line {
  readonly name: Located<string>;
  /** `*`, `/path` or `@name`; absent: every request. */
  readonly matcher?: Located<string>;
  readonly arguments: readonly Located<string>[];
  readonly block: readonly Line[];
}

export interface Site {
  readonly file: SourceFile;
  readonly addresses: readonly Located<string>[];
  readonly lines: readonly Line[];
  /** An import that is not part of the project. */
  readonly opaque: boolean;
  /** The tree's own directive, for places. */
  readonly directive: CaddyDirective;
}

export interface Configuration {
  readonly file: SourceFile;
  readonly options: readonly Line[];
  readonly sites: readonly Site[];
}

const BUDGET = 200_000;
const MAX_IMPORTS = 10;

/** Directives whose first argument is never a matcher worth knowing (Caddyfile Directives). */
const NO_MATCHER = new Set(["tls", "bind", "log", "root"]);

/** Blocks that hold directives, which may have matchers: a site (""), and those that group. */
const ORDERED = new Set(["", "route", "handle", "handle_path", "handle_errors"]);

type Snippets = ReadonlyMap<string, CaddyDirective>;

/** Reads every file: global options, snippets, sites. A file without braces around its only site is one site. */
export function configurations(parsed: readonly Parsed<CaddyTree>[]): Configuration[] {
  let budget = BUDGET;
  const byName = new Map<string, Parsed<CaddyTree>[]>();
  for (const each of parsed) {
    const name = each.file.path.split("/").at(-1)!;
    byName.set(name, [...(byName.get(name)?.slice(0, 10) ?? []), each]);
  }

  return parsed.map(({ file, tree }) => {
    const isSnippet = ({ words, block }: CaddyDirective) => block && /^\(.*\)$/.test(words[0]?.value ?? "");
    const snippets: Snippets = new Map(
      tree.directives.filter(isSnippet).map((each) => [each.words[0]!.value.slice(1, -1), each]),
    );
    const rest = tree.directives.filter((each) => !isSnippet(each));
    const options = rest[0]?.block && !rest[0].words.length ? rest.shift()!.block! : [];

    const read = (
      directives: readonly CaddyDirective[],
      passed: readonly Located<string>[],
      through: readonly string[],
      inside: string,
    ): Pick<Site, "lines" | "opaque"> => {
      const lines: Line[] = [];
      let opaque = false;
      for (const directive of directives) {
        budget--;
        const [name, ...given] = directive.words.map((word) => argument(word, passed));
        if (!name) continue;
        if (name.value === "import") {
          const target = given[0]?.value ?? "";
          const body = snippets.get(target)?.block ?? fileNamed(byName, target)?.tree.directives;
          if (!body || budget <= 0 || through.length >= MAX_IMPORTS || through.includes(target)) opaque = true;
          else {
            const inner = read(body, given.slice(1), [...through, target], inside);
            lines.push(...inner.lines);
            opaque ||= inner.opaque;
          }
          continue;
        }
        const inner = read(directive.block ?? [], passed, through, name.value);
        opaque ||= inner.opaque;
        const matcher =
          ORDERED.has(inside) && !NO_MATCHER.has(name.value) && /^(\*$|\/|@)/.test(given[0]?.value ?? "")
            ? given.shift()
            : undefined;
        lines.push({ name, ...(matcher && { matcher }), arguments: given, block: inner.lines });
      }
      return { lines, opaque };
    };

    const braced = rest.filter(({ block, words }) => block && words.length && isAddress(words[0]!.value));
    const single = rest[0] && !rest[0].block && isAddress(rest[0].words[0]?.value ?? "") ? rest[0] : undefined;
    const site = (directive: CaddyDirective, body: readonly CaddyDirective[]): Site => ({
      file,
      addresses: directive.words.flatMap(address),
      ...read(body, [], [], ""),
      directive,
    });
    return {
      file,
      options: read(options, [], [], "options").lines,
      sites: single ? [site(single, rest.slice(1))] : braced.map((directive) => site(directive, directive.block!)),
    };
  });
}

/** Site addresses, and not a directive of a fragment that other files import, nor a named route `&(name)`. */
const isAddress = (word: string): boolean =>
  /^(https?:\/\/|:\d|:\{|\*\.|\{[$%]|localhost\b|\[|unix\/)|^[\w*-]+(\.[\w*-]+)+|^[\w.-]+:\d+|^[^\s@/&(]+,$/i.test(
    word,
  );

/** Addresses are separated by commas, blanks or both. */
function address(word: Located<string>): Located<string>[] {
  const value = word.value.replace(/,+$/, "");
  return value ? [{ value, span: { ...word.span, end: word.span.end - (word.value.length - value.length) } }] : [];
}

const fileNamed = (byName: ReadonlyMap<string, readonly Parsed<CaddyTree>[]>, path: string) =>
  path.includes("*") ? undefined : byName.get(path.split("/").at(-1)!)?.[0];

/** `{args[0]}` or `{args.0}` as a whole word is the argument of the import, with the place where that is written. */
function argument(word: Located<string>, passed: readonly Located<string>[]): Located<string> {
  const index = /^\{args[.[](\d{1,3})\]?\}$/.exec(word.value)?.[1];
  return (index === undefined ? undefined : passed[Number(index)]) ?? word;
}

/** Lines of that name. */
export const named = (lines: readonly Line[], name: string): readonly Line[] =>
  lines.filter((line) => line.name.value === name);

/** The lines and all lines inside their blocks. */
export function* within(lines: readonly Line[]): Generator<Line> {
  for (const line of lines) {
    yield line;
    yield* within(line.block);
  }
}

/** Caddy fills `{placeholder}` and `{$VARIABLE}` in: the text is unknown here. */
export const isUnknown = (text: string): boolean => /\{[^}]*\}/.test(text);
