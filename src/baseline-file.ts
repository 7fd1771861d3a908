/** The baseline as a file: JSON with one entry a line, so that a merge and a reader see entries. */
import type { BaselineEntry } from "./baseline.ts";
import { UserError } from "./user-error.ts";

const VERSION = 1;
/** More faults than this are counted, not listed. */
const MOST = 10;

/** Ends with a line end; the same entries give the same bytes. */
export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ rule, path, subject, fingerprint, count }) =>
    JSON.stringify({ rule, path, subject, fingerprint, count }),
  );
  const list = lines.length ? `[\n    ${lines.join(",\n    ")}\n  ]` : "[]";
  return `{\n  "baseline": "qwed-harden",\n  "version": ${VERSION},\n  "findings": ${list}\n}\n`;
}

/** Throws a `UserError` that names the place: line and column of broken JSON, the entry of what is no baseline. */
export function parseBaseline(text: string, name: string): readonly BaselineEntry[] {
  const clean = text.replace(/^\uFEFF/, "");
  let data: unknown;
  try {
    data = JSON.parse(clean);
  } catch {
    throw new UserError(`${name}:${place(clean)}: not JSON`);
  }
  if (!isObject(data) || data.baseline !== "qwed-harden" || !Array.isArray(data.findings)) {
    throw new UserError(`${name}:1:1: not a baseline of qwed-harden`);
  }
  if (data.version !== VERSION) {
    throw new UserError(`${name}:1:1: a baseline of version ${VERSION} is needed; --update-baseline writes one`);
  }
  const faults = data.findings.flatMap((entry: unknown, i) => {
    const fault = faultOf(entry);
    return fault === undefined ? [] : [`${name}: findings[${i}]: ${fault}`];
  });
  if (faults.length) {
    const more = faults.length > MOST ? [`and ${faults.length - MOST} more`] : [];
    throw new UserError([...faults.slice(0, MOST), ...more].join("\n"));
  }
  return (data.findings as BaselineEntry[]).map(({ rule, path, subject, fingerprint, count }) => ({
    rule,
    path,
    subject,
    fingerprint,
    count,
  }));
}

const isObject = (data: unknown): data is Readonly<Record<string, unknown>> =>
  typeof data === "object" && data !== null && !Array.isArray(data);

function faultOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return "an entry is an object";
  for (const key of ["rule", "path", "subject", "fingerprint"]) {
    if (typeof entry[key] !== "string") return `"${key}" is not a text`;
  }
  const path = entry.path as string;
  if (path === "" || path.startsWith("/") || path.includes("\0") || path.split("/").includes("..")) {
    return `"path" does not stay below the root of the repository`;
  }
  if (!/^[0-9a-f]{16}$/.test(entry.fingerprint as string)) return `"fingerprint" is not 16 hexadecimal digits`;
  return Number.isSafeInteger(entry.count) && (entry.count as number) > 0
    ? undefined
    : `"count" is not a whole number from 1`;
}

/** A sign, a string or another value of JSON, with the blanks before it. */
const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\p{Cc}]*)*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/uy;

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma" | "end";

/** Line and column of the first token that JSON (RFC 8259) has no place for, as `line:column`. Linear. */
function place(text: string): string {
  const open: ("{" | "[")[] = [];
  let expected: Expected | undefined = "value";
  let at = 0;
  while (expected) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    expected = token ? after(expected, token[1] ?? (token[2] === undefined ? "literal" : "string"), open) : undefined;
    if (expected) at += token![0].length;
  }
  while (/[\t\n\r ]/.test(text[at] ?? "")) at++;
  const before = text.slice(0, at).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

/** What may follow once `token` came; undefined: it may not come. Keeps `open` up to date. */
function after(expected: Expected, token: string, open: ("{" | "[")[]): Expected | undefined {
  const valueDone = (): Expected => (open.length ? "comma" : "end");
  if (expected === "colon") return token === ":" ? "value" : undefined;
  if (expected === "key" || expected === "key or end") {
    if (token === "string") return "colon";
    if (token !== "}" || expected === "key") return undefined;
  } else if (expected === "comma") {
    if (token === ",") return open.at(-1) === "{" ? "key" : "value";
    if (token !== (open.at(-1) === "{" ? "}" : "]")) return undefined;
  } else if (expected === "end" || token === ":" || token === "," || token === "}") return undefined;
  else if (token === "{" || token === "[") {
    open.push(token);
    return token === "{" ? "key or end" : "value or end";
  } else if (token !== "]") return valueDone();
  else if (expected !== "value or end") return undefined;
  open.pop();
  return valueDone();
}
