/** Durations and sizes as people write them in variables and settings. */
import type { TokenPolicy } from "../model.ts";

export interface ReadDuration {
  /** 0: without end. */
  readonly seconds: number;
  /** Unit of a bare number, "text" if the text names its own. */
  readonly unit: NonNullable<TokenPolicy["unit"]>;
}

type Unit = Exclude<ReadDuration["unit"], "text">;

const SECONDS: Readonly<Record<Unit, number>> = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** Last word of a name that gives the unit of a bare number. */
const NAMED_UNITS: readonly (readonly [pattern: RegExp, unit: Unit])[] = [
  [/(?:^|_)(?:ms|msec|msecs|millis|milliseconds?)$/, "milliseconds"],
  [/(?:^|_)(?:s|sec|secs|seconds?)$/, "seconds"],
  [/(?:^|_)(?:m|min|mins|minutes?)$/, "minutes"],
  [/(?:^|_)(?:h|hr|hrs|hours?)$/, "hours"],
  [/(?:^|_)(?:d|days?)$/, "days"],
];

/** Seconds of a unit inside a text, as `ms`, Go, systemd and `pytimeparse` write them. */
const UNITS: ReadonlyMap<string, number> = new Map(
  [
    ["ms msec msecs millis millisecond milliseconds", 0.001],
    ["s sec secs second seconds", 1],
    ["m min mins minute minutes", 60],
    ["h hr hrs hour hours", 3600],
    ["d day days", 86_400],
    ["w wk week weeks", 604_800],
    ["mo month months", 2_592_000],
    ["y yr yrs year years", 31_557_600],
  ].flatMap(([names, seconds]) =>
    String(names)
      .split(" ")
      .map((name) => [name, Number(seconds)] as const),
  ),
);

/** Longest text that is read, in UTF-16 code units. */
const LONGEST = 64;

/**
 * Reads a duration. A text with units (`15m`, `1h30m`, `2 days`, `PT15M`, `P7D`) says it itself; a bare number, or a
 * product of numbers (`60 * 24`), takes the unit that ends its name (`…_MINUTES`, `…_MS`), else that of its kind:
 * `…_TTL` and `…_MAX_AGE` count seconds. Under `JWT_EXPIRATION`, `…_EXPIRES_IN` and the like seconds, minutes and
 * milliseconds (Spring) are all in use, so the number decides: a multiple of 60,000 is milliseconds, 600 and more is
 * seconds, and what could as well be minutes or hours is left open. Never, 0 and negative numbers are 0: no end.
 * Absent: no duration, or its unit is open.
 */
export function durationOf(name: string, text: string): ReadDuration | undefined {
  const written = text.trim().toLowerCase();
  if (written === "" || written.length > LONGEST) return undefined;
  if (/^(?:never|infinite|infinity|unlimited)$/.test(written)) return { seconds: 0, unit: "text" };
  const number = product(written);
  if (number === undefined) {
    const seconds = iso(written) ?? spelled(written);
    return seconds === undefined ? undefined : { seconds, unit: "text" };
  }
  const snake = snakeCase(name);
  const unit = NAMED_UNITS.find(([pattern]) => pattern.test(snake))?.[1] ?? impliedUnit(snake, number);
  return unit && { seconds: number <= 0 ? 0 : rounded(number * SECONDS[unit]), unit };
}

/** A name in lower snake case: `jwtExpirationMs`, `jwt.expiration-ms`. What is longer than any name is cut. */
export const snakeCase = (name: string): string =>
  name
    .slice(0, 100)
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_");

/** Written in minutes by convention: 12 hours, 1 to 4 days, 7, 14, 30, 31 days. */
const MINUTES_AS_WELL: ReadonlySet<number> = new Set([720, 1440, 2880, 4320, 5760, 10_080, 20_160, 44_640]);

function impliedUnit(name: string, number: number): Unit | undefined {
  if (/(?:^|_)(?:ttl|max_age|maxage)$/.test(name)) return "seconds";
  if (!/expir|lifetime|validity|duration|timeout|(?:^|_)exp(?:$|_)/.test(name)) return undefined;
  if (number <= 0) return "seconds";
  if (number >= 60_000 && number % 60_000 === 0) return "milliseconds";
  return number >= 600 && !MINUTES_AS_WELL.has(number) ? "seconds" : undefined;
}

function product(text: string): number | undefined {
  const factors = text.replace(/_(?=\d)/g, "").split("*");
  if (!factors.every((factor) => /^\s*-?\d{1,15}(?:\.\d{1,6})?\s*$/.test(factor))) return undefined;
  return factors.reduce((sofar, factor) => sofar * Number(factor), 1);
}

/** ISO 8601: `PT15M`, `P7D`, `P1DT12H`. */
function iso(text: string): number | undefined {
  const match = /^p(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?$/.exec(text);
  if (!match || match.slice(1).every((part) => part === undefined)) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return weeks * 604_800 + days * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

/** `1h30m`, `2 days`, `1 day 12 hours`. */
function spelled(text: string): number | undefined {
  const token = /\s*(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]{1,12})\s*,?/y;
  let total = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    const unit = match && UNITS.get(match[2]!);
    if (!unit) return undefined;
    total += Number(match[1]) * unit;
  }
  return rounded(total);
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

const SIZES: ReadonlyMap<string, number> = new Map(
  [
    ["b byte bytes", 1],
    ["k kb kib ki", 1024],
    ["m mb mib mi", 1024 ** 2],
    ["g gb gib gi", 1024 ** 3],
  ].flatMap(([names, bytes]) =>
    String(names)
      .split(" ")
      .map((name) => [name, Number(bytes)] as const),
  ),
);

/**
 * Reads a size into bytes: `10MB`, `10m`, `1 GiB` (1 KB = 1024 bytes, as web servers count), a bare number in the
 * unit that ends its name (`…_MB`), else bytes. Unlimited is 0. Absent: no size.
 */
export function bytesOf(name: string, text: string): number | undefined {
  const written = text.trim().toLowerCase();
  if (/^(?:-1|unlimited|none|infinity)$/.test(written)) return 0;
  const number = product(written.slice(0, LONGEST));
  if (number !== undefined) {
    const unit = /_(kb|mb|gb|kib|mib|gib)$/.exec(snakeCase(name))?.[1] ?? "b";
    return number <= 0 ? 0 : number * SIZES.get(unit)!;
  }
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s?([a-z]{1,5})$/.exec(written);
  const unit = match && SIZES.get(match[2]!);
  return unit ? Math.round(Number(match[1]) * unit) : undefined;
}
