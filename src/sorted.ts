/** Searching what is sorted. */

/** How many entries at the start of `sorted` are before the place that is looked for. Logarithmic. */
export function countBefore<T>(sorted: readonly T[], isBefore: (entry: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
