/** One fact a place, where several ways lead to the same words. */
import type { SourceFile, Span } from "../model.ts";

/** Of the facts that begin at one place the first; a fact without a place stays. */
export function firstAtEachPlace<T>(facts: readonly T[], placeOf: (fact: T) => Span | undefined): readonly T[] {
  const seen = new Map<SourceFile, Set<number>>();
  return facts.filter((fact) => {
    const span = placeOf(fact);
    if (!span) return true;
    const starts = seen.get(span.file) ?? new Set();
    seen.set(span.file, starts);
    if (starts.has(span.start)) return false;
    starts.add(span.start);
    return true;
  });
}
