/**
 * Paths and patterns of a build context: `.dockerignore` as moby's patternmatcher reads it, and the wildcards of COPY and
 * ADD (Go's `filepath.Match`). Matching walks pattern and path once for each other: no pattern is slow.
 */

type Token =
  | { readonly kind: "text"; readonly text: string }
  /** `?`, or a bracket expression. */
  | { readonly kind: "one"; readonly accepts: (character: string) => boolean }
  /** `*`: anything but `/`. */
  | { readonly kind: "star" }
  /** `**`: anything. With `folder` it is empty or ends with `/`. */
  | { readonly kind: "globstar"; readonly folder: boolean };

/** Cleans a slash path as Go's `path.Clean` does: no `.`, no `//`, `..` resolved, no `/` at the end. */
export function cleanPath(path: string): string {
  const result: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && result.length && result.at(-1) !== "..") result.pop();
    else if (part !== ".." || !path.startsWith("/")) result.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + result.join("/") || ".";
}

/**
 * Whether patterns of a `.dockerignore` keep a path (relative to the context) out of it: a pattern matches the path or a
 * folder above it, `!` takes back, the last match wins, all patterns are anchored at the context.
 */
export function ignoring(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns.flatMap((written) => {
    const exclusion = written.trim().startsWith("!");
    const pattern = cleanPath(
      written
        .trim()
        .slice(exclusion ? 1 : 0)
        .trim(),
    ).replace(/^\//, "");
    const tokens = pattern === "." || pattern === "" ? undefined : tokensOf(pattern, true);
    return tokens ? [{ exclusion, tokens }] : [];
  });
  return (path) => {
    let ignored = false;
    for (const { exclusion, tokens } of rules) {
      if (exclusion === ignored && matches(tokens, path)) ignored = !exclusion;
    }
    return ignored;
  };
}

/** Whether a COPY or ADD source brings `path` in: the source names it, a folder above it, or matches either. */
export function covers(source: string, path: string): boolean {
  const pattern = cleanPath(`/${source}`).slice(1);
  if (pattern === "") return true;
  const tokens = tokensOf(pattern, false);
  return tokens !== undefined && matches(tokens, path);
}

function tokensOf(pattern: string, globstars: boolean): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character === "*" && globstars && pattern[i + 1] === "*") {
      i++;
      const slash = pattern[i + 1] === "/";
      if (slash) i++;
      const rest = pattern.slice(i + 1);
      // moby: `**` stands for folders, but `**.env` is any path that ends so.
      const suffix = !slash && tokens.length === 0 && !/[*?[\]\\]/.test(rest);
      tokens.push({ kind: "globstar", folder: rest !== "" && !suffix });
    } else if (character === "*") tokens.push({ kind: "star" });
    else if (character === "?") tokens.push({ kind: "one", accepts: (other) => other !== "/" });
    else if (character === "[") {
      const close = pattern.indexOf("]", i + 2);
      if (close < 0) return undefined;
      tokens.push({ kind: "one", accepts: bracket(pattern.slice(i + 1, close)) });
      i = close;
    } else if (character === "\\" && i + 1 < pattern.length) tokens.push({ kind: "text", text: pattern[++i]! });
    else tokens.push({ kind: "text", text: character });
  }
  return tokens;
}

function bracket(body: string): (character: string) => boolean {
  const negated = body.startsWith("^");
  const characters = [...body.slice(negated ? 1 : 0)];
  const ranges: (readonly [string, string])[] = [];
  for (let i = 0; i < characters.length; i++) {
    const from = characters[i]!;
    if (characters[i + 1] === "-" && characters[i + 2]) {
      ranges.push([from, characters[i + 2]!]);
      i += 2;
    } else ranges.push([from, from]);
  }
  return (character) =>
    character !== "/" && ranges.some(([from, to]) => from <= character && character <= to) !== negated;
}

/**
 * Whether the pattern matches the path or a folder above it. Keeps all positions in the pattern that some reading of the
 * path can have reached, character by character.
 */
function matches(tokens: readonly Token[], path: string): boolean {
  let states = open(tokens, new Set([0]), true);
  for (let i = 0; i < path.length && states.size; i++) {
    const character = path[i]!;
    if (character === "/" && states.has(tokens.length)) return true;
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (!token) continue;
      if (token.kind === "text" ? token.text === character : token.kind === "one" && token.accepts(character)) {
        next.add(state + 1);
      } else if (token.kind === "star" && character !== "/") next.add(state);
      else if (token.kind === "globstar") next.add(state);
    }
    states = open(tokens, next, character === "/", states);
  }
  return states.has(tokens.length);
}

/**
 * Adds what wildcards reach without another character. A `**` that stands for folders is left only at a `/`, or empty,
 * right where it is entered.
 */
function open(
  tokens: readonly Token[],
  states: Set<number>,
  atSlash: boolean,
  before?: ReadonlySet<number>,
): Set<number> {
  for (const state of states) {
    const token = tokens[state];
    if (token?.kind === "star") states.add(state + 1);
    else if (token?.kind === "globstar" && (!token.folder || atSlash || !before?.has(state))) states.add(state + 1);
  }
  return states;
}
