/** What messages call things. */

/** The key of a CORS policy: an annotation without its prefix, an option of one word as an option. */
export const corsKey = (key: string): string =>
  /^(?:cors|origins?|allow_origins?)$/.test(key) ? `CORS option ${key}` : key.slice(key.lastIndexOf("/") + 1);

const UNITS = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** Seconds in the largest unit that holds them without a rest, in days from two days on: "7 days", "90 minutes". */
export function durationWords(seconds: number): string {
  const [size, unit] =
    UNITS.find(([size]) => seconds >= size && (seconds % size === 0 || seconds >= 2 * UNITS[0][0])) ?? UNITS[3];
  const amount = Math.round(seconds / size);
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

/** As a POSIX shell takes it for one word. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The same for a path that follows options: one that begins with a dash is none of them. */
export const shellPath = (path: string): string => shellWord(path.startsWith("-") ? `./${path}` : path);
