/** Reading from a disk that may be hostile: regular files only, no links followed, bounded sizes, no exception leaves. */
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

export type Read =
  | { readonly bytes: Buffer /** POSIX permission bits. */; readonly mode: number }
  /** Why not, in words for a person. */
  | { readonly reason: string };

/** Neither links nor pipes: an open call that could block returns at once and is refused by `isFile`. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A regular file of at most `limit` bytes. */
export function readRegular(path: string, limit: number): Read {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, FLAGS);
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) return { reason: "a folder, not a file" };
    if (!stat.isFile()) return { reason: "not a regular file" };
    if (stat.size > limit) return { reason: `larger than ${megabytes(limit)}` };
    return { bytes: readFileSync(descriptor), mode: stat.mode & 0o777 };
  } catch (error) {
    return { reason: reasonOf(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The text of bytes, byte order mark kept, or why they are none. */
export function decode(bytes: Buffer): { readonly text: string } | { readonly reason: string } {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { reason: "UTF-16 text, not UTF-8" };
  }
  if (bytes.subarray(0, 8192).includes(0)) return { reason: "binary" };
  return isUtf8(bytes) ? { text: bytes.toString("utf8") } : { reason: "not UTF-8 text" };
}

/** A small text of git or of a .gitignore file; undefined if it can not be read. */
export function readText(path: string, limit = 1 << 20): string | undefined {
  const read = readRegular(path, limit);
  return "bytes" in read ? read.bytes.toString("utf8") : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  ENOENT: "gone while it was being read",
  ENOTDIR: "gone while it was being read",
  ELOOP: "a symbolic link, not followed",
  EISDIR: "a folder, not a file",
  ENXIO: "not a regular file",
  EMFILE: "too many open files",
  ENAMETOOLONG: "its path is too long",
};

/** Why a call of the file system failed, in words for a person. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (code ? `can not be read (${code})` : "can not be read");
}

const megabytes = (size: number): string => `${size / (1 << 20)} MiB`;
