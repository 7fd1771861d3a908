/** What every proxy's facts are made with: edges, header-based CORS policies, sizes, places for new lines. */
import type { Blank, CorsPolicy, Header, Located, Span } from "../../model.ts";

/** What stands for the allowed origins of one policy, resolved. */
export interface Origins {
  readonly origins: readonly Located<string>[];
  readonly patterns: readonly Located<string>[];
  readonly reflected?: Located<true>;
}

export const NO_ORIGINS: Origins = { origins: [], patterns: [] };

/** Headers of one block that are looked at: blocks inherit, and what they hold must stay in proportion to the text. */
export const MAX_HEADERS = 100;
/** Patterns of one policy that are looked at, for the same reason. */
const MAX_PATTERNS = 20;

export const ALLOW_ORIGIN = "Access-Control-Allow-Origin";

/**
 * One policy for the headers of one block: empty if nothing is known about the origins. A policy carries one pattern,
 * so further patterns give further policies.
 */
export function corsPolicies(
  base: Pick<CorsPolicy, "subject" | "syntax" | "key">,
  allowed: Origins,
  headers: readonly Header[],
): CorsPolicy[] {
  if (!allowed.origins.length && !allowed.patterns.length && !allowed.reflected) return [];
  const of = (name: string) => headers.find((header) => header.name.value.toLowerCase() === name)?.value;
  const flag = of("access-control-allow-credentials");
  const methods = of("access-control-allow-methods");
  const allowHeaders = of("access-control-allow-headers");
  const policy: CorsPolicy = {
    ...base,
    origins: allowed.origins,
    ...(allowed.reflected && { reflected: allowed.reflected }),
    ...(flag && /^(true|false)$/i.test(flag.value) && { credentials: { ...flag, value: /^true$/i.test(flag.value) } }),
    methods: methods ? words(methods) : [],
    headers: allowHeaders ? words(allowHeaders) : [],
  };
  const [first, ...more] = allowed.patterns;
  return [
    first ? { ...policy, pattern: first } : policy,
    ...more.slice(0, MAX_PATTERNS).map((pattern) => ({ ...policy, origins: [], pattern })),
  ];
}

/** Words of a list separated by commas or blanks, each with its own span. Exact where the text is written as it reads. */
export function words(list: Located<string>): Located<string>[] {
  return [...list.value.matchAll(/[^\s,]+/g)].map((match) => part(list, match.index, match.index + match[0].length));
}

/** `value.slice(from, to)` with its span; the whole span where escapes stand between text and value. */
export function part(whole: Located<string>, from: number, to: number): Located<string> {
  const { file, start, end } = whole.span;
  const value = whole.value.slice(from, to);
  return end - start === whole.value.length
    ? { value, span: { file, start: start + from, end: start + to } }
    : { value, span: whole.span };
}

/**
 * Where a line would go behind `span`: at the end of its line, indented like it; straight behind it where more than a
 * comment follows on that line.
 */
export function blankAfter({ file, start, end }: Span, deeper = ""): Blank {
  const before = lineBefore({ file, start });
  const line = /^[ \t]*(?:#[^\n]*?)?(?=\r?\n|$)/.exec(file.text.slice(end, end + LONGEST_LINE))?.[0];
  const at = line === undefined || line.length === LONGEST_LINE ? end : end + line.length;
  const newline = file.text.startsWith("\r\n", at) ? "\r\n" : "\n";
  return { span: { file, start: at, end: at }, before: newline + /^[ \t]*/.exec(before)![0] + deeper, after: "" };
}

/** Of a longer line no more is looked at, in UTF-16 code units. */
const LONGEST_LINE = 1_000;

/** What stands before `start` on its line. */
export function lineBefore({ file, start }: Pick<Span, "file" | "start">): string {
  const near = file.text.slice(Math.max(0, start - LONGEST_LINE), start);
  return near.slice(near.lastIndexOf("\n") + 1);
}

/** One indentation step as the file uses it, for a first line inside a block. */
export const indentStep = (text: string): string => /^([ \t]+)\S/m.exec(text.slice(0, 5_000))?.[1] ?? "    ";

/** Headers whose absence or loss matters (QCA guide, "Security Headers to Add"), lower case. */
export const SECURITY_HEADERS: ReadonlySet<string> = new Set([
  "x-content-type-options",
  "x-frame-options",
  "x-xss-protection",
  "strict-transport-security",
  "content-security-policy",
  "referrer-policy",
  "permissions-policy",
  "cross-origin-opener-policy",
]);

/** OpenSSL's name of a TLS version as any proxy writes it (`TLSv1`, `tls1.2`, `VersionTLS10`); else the text itself. */
export function protocolName(written: string): string {
  const match = /^(?:Version)?TLS[v]?(1)\.?([0-3])?$/i.exec(written);
  if (!match) return /^SSLv[23]$/i.test(written) ? `SSLv${written.at(-1)}` : written;
  return match[2] && match[2] !== "0" ? `TLSv1.${match[2]}` : "TLSv1";
}
