/** Durations as Go programs (Caddy, Traefik) write them. */

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `1m30s`, `500ms`, `1h`, or of a bare number; absent for anything else. */
export function seconds(written: string): number | undefined {
  if (/^\d{1,12}$/.test(written)) return Number(written);
  let total = 0;
  let read = 0;
  for (const match of written.matchAll(/(\d{1,12}(?:\.\d{1,9})?)(ms|[smhd])/g)) {
    total += Number(match[1]) * UNITS[match[2]!]!;
    read += match[0].length;
  }
  return read > 0 && read === written.length ? total : undefined;
}
