/** What the rules about token lifetimes share: how 30 minutes are written (QWED guide, section 3, "Session Management"). */
import { type Edit, type Located, replace, type TokenPolicy } from "../src/rule.ts";

/** Longest lifetime of an access token in seconds. */
export const LIMIT = 30 * 60;

/** A name whose number nothing but a lifetime is made of; `HOUR = 3600` means an hour wherever else it is used. */
const LIFETIME = /expir|exp(?:_|$)|lifetime|ttl|age(?:_|$)|valid|duration|delta|timeout|^default$/i;

const MINUTES = "minutes=30";

/** 30 minutes as this policy writes its lifetime; absent where its unit cannot hold them, or where the number has other uses. */
export function shortened({ key, unit, syntax, lifetime }: TokenPolicy): Edit | undefined {
  if (!lifetime || lifetime.implied) return undefined;
  const { file, start, end } = lifetime.span;
  const written = file.text.slice(start, end);
  const before = file.text.slice(Math.max(0, start - 120), start);
  if (syntax === "python") {
    const call = /^[\w.]*timedelta\s*\((?=[^()]*\)$)/.exec(written)?.[0];
    if (call) return replace({ file, start: start + call.length, end: end - 1 }, MINUTES);
    const argument = /timedelta\s*\(\s*((?:weeks|days|hours)\s*=\s*)?$/.exec(before);
    if (argument) return replace({ file, start: start - (argument[1]?.length ?? 0), end }, MINUTES);
  }
  const name = /([\w.$-]+)\s*(?::\s*[\w.,[\]| ]{1,40})?=\s*["']?$/.exec(before)?.[1];
  if (
    syntax !== "environment" &&
    name &&
    name !== key &&
    !LIFETIME.test(name) &&
    !/timedelta\s*\(\s*\w+\s*=\s*$/.test(before)
  )
    return undefined;
  if (unit === "seconds" && isLikelyMilliseconds(lifetime.value) && !/sec/i.test(key)) return undefined;
  const text = amount(unit, written);
  return text === undefined ? undefined : replace(lifetime.span, text);
}

/** Whole minutes in milliseconds; 30 days and a year in seconds are none. */
const isLikelyMilliseconds = (value: number): boolean => value >= 1_800_000 && value % 60_000 === 0;

/** A product stays one; hours and days as numbers cannot hold 30 minutes. */
function amount(unit: TokenPolicy["unit"], written: string): string | undefined {
  const product = written.includes("*");
  switch (unit) {
    case "milliseconds":
      return product ? "30 * 60 * 1000" : "1800000";
    case "seconds":
      return product ? "30 * 60" : "1800";
    case "minutes":
      return "30";
    case "text":
      return /^p/i.test(written) ? "PT30M" : /\d\s+[a-z]/i.test(written) ? "30 minutes" : "30m";
    default:
      return undefined;
  }
}

/** What to write where `shortened` has nothing: a name that promises hours or days, made one that can hold 30 minutes. */
export function inMinutes(key: string, { span }: Located<number>, syntax: TokenPolicy["syntax"]): string | undefined {
  const name = key.replace(/_(?:hours?|days?)$/i, (unit) => (unit === unit.toUpperCase() ? "_MINUTES" : "_minutes"));
  if (name === key)
    return syntax === "python" ? `timedelta(${MINUTES})` : key === "expiresIn" ? `expiresIn: "30m"` : undefined;
  return span.file.language === "yaml" ? `${name}: "30"` : `${name}${syntax === "environment" ? "=" : " = "}30`;
}
