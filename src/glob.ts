/** Globs of the configuration over paths with `/` separators. */

/** Alternatives of `{a,b}` beyond this many are not expanded: the pattern then matches its own text only. */
const MOST_ALTERNATIVES = 64;

/**
 * A test for paths relative to the root of the run. `*` and `?` stay within one segment, `**` spans segments, `{a,b}`
 * are alternatives. As in .gitignore, a pattern without a slash matches at any depth, and what matches a folder
 * matches everything below it. Matching takes time proportional to pattern × path, whatever the pattern.
 */
export function glob(pattern: string): (path: string) => boolean {
  const alternatives = expand(pattern.replace(/^\.?\/+/, "").replace(/\/+$/, "")).map((alternative) => {
    const segments = alternative.split("/");
    return segments.length === 1 && !pattern.startsWith("/") ? ["**", ...segments] : segments;
  });
  return (path) => {
    const segments = path.split("/");
    return alternatives.some((alternative) => matchSegments([...alternative, "**"], segments));
  };
}

/** `a{b,c}d` → `abd`, `acd`; nested braces included. */
function expand(pattern: string): readonly string[] {
  let done: string[] = [];
  let open = [pattern];
  while (open.length) {
    const next: string[] = [];
    for (const candidate of open) {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(candidate);
      if (!braces) done.push(candidate);
      else {
        const after = candidate.slice(braces.index + braces[0].length);
        for (const choice of braces[1]!.split(",")) next.push(candidate.slice(0, braces.index) + choice + after);
      }
    }
    if (done.length + next.length > MOST_ALTERNATIVES) return [pattern];
    open = next;
  }
  done = [...new Set(done)];
  return done;
}

const matchSegments = (pattern: readonly string[], path: readonly string[]): boolean =>
  wild(
    pattern,
    path,
    (segment) => segment === "**",
    (segment, name) =>
      wild(
        [...segment],
        [...name],
        (c) => c === "*",
        (c, d) => c === "?" || c === d,
      ),
  );

/** Wildcard matching that remembers only the last star: what an earlier star took need never be reconsidered. */
export function wild<P, T>(
  pattern: ArrayLike<P>,
  text: ArrayLike<T>,
  star: (p: P) => boolean,
  same: (p: P, t: T) => boolean,
): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let resume = 0;
  while (t < text.length) {
    if (p < pattern.length && star(pattern[p]!)) {
      starAt = p++;
      resume = t;
    } else if (p < pattern.length && same(pattern[p]!, text[t]!)) {
      p++;
      t++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      t = ++resume;
    } else return false;
  }
  while (p < pattern.length && star(pattern[p]!)) p++;
  return p === pattern.length;
}
