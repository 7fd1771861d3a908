/** An identity of a finding that survives everything but the finding's own line: shifted lines, indentation, other findings. */
import type { Finding } from "../check.ts";
import { lineSpan, positionOf } from "./lines.ts";
import { type Mask, maskedText } from "./mask.ts";

const line = (value: string): string => value.trim().replace(/\s+/g, " ");

/** A line that is longer is told by what stands around the token. */
const LONGEST = 400;

/**
 * One fingerprint a finding, 16 hexadecimal digits, in the order of `findings`. Made of path from the root of the
 * repository and content; findings that are alike in both are numbered.
 */
export function fingerprints(findings: readonly Finding[], mask: Mask, repositoryPrefix: string): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = `${repositoryPrefix + finding.span.file.path}\0${contentOf(finding, mask)}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return hash(`${key}\0${ordinal}`);
  });
}

/** What remains of a finding whose file moves: 16 hexadecimal digits. */
export const contentFingerprint = (finding: Finding, mask: Mask): string => hash(contentOf(finding, mask));

/** Rule, subject and the token's line with secrets masked, so that it says nothing about a secret. */
function contentOf({ rule, span, subject }: Finding, mask: Mask): string {
  const { start, end } = lineSpan(span.file, positionOf(span.file, span.start).line);
  const from = Math.max(start, span.start - LONGEST);
  const to = Math.min(end, Math.max(span.start, from) + LONGEST);
  const text = line(maskedText(mask, { file: span.file, start: from, end: to }));
  return [rule.meta.id, subjectWithPath(subject, span.file.path, ""), text].join("\0");
}

/** Some subjects are, or begin with, the path of their file from the root of the run: it depends on where the run began. */
export const subjectWithPath = (subject: string, path: string, instead: string): string =>
  subject === path || subject.startsWith(`${path} `) ? instead + subject.slice(path.length) : subject;

/** 64 bits as hexadecimal: two FNV-1a lanes of 32 bits over UTF-16 code units, mixed at the end (MurmurHash3's finalizer). */
export function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ (a >>> 15), 0x85ebca6b);
  }
  return hexadecimal(mixed(a ^ (b >>> 7))) + hexadecimal(mixed(b ^ (a >>> 11)));
}

function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const hexadecimal = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
