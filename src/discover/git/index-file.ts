/** The index of a git repository (gitformat-index(5)), versions 2 to 4: which paths are tracked. */

export interface TrackedPaths {
  /** Relative to the work tree, `/` separators. */
  readonly paths: ReadonlySet<string>;
  /** Folders of a sparse index, with a trailing `/`: what is below them is not listed one by one. */
  readonly sparse: readonly string[];
}

/** Why an index can not be read: the state of its files is unknown. */
export interface UnreadableIndex {
  readonly reason: string;
}

const HEADER = 12;
/** Ten 32-bit numbers that stand before the object id. */
const STAT = 40;
const EXTENDED = 0x4000;
const NAME_LENGTH = 0xfff;

/** `hashSize`: 20 bytes for SHA-1, 32 for SHA-256. Never throws. */
export function parseIndex(bytes: Buffer, hashSize: 20 | 32): TrackedPaths | UnreadableIndex {
  if (bytes.length < HEADER + hashSize || bytes.toString("latin1", 0, 4) !== "DIRC") return { reason: "it is damaged" };
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return { reason: `its version ${version} is not known` };
  const count = bytes.readUInt32BE(8);
  const end = bytes.length - hashSize;
  const paths = new Set<string>();
  const sparse: string[] = [];
  let at = HEADER;
  let previous: Buffer = Buffer.alloc(0);
  for (let n = 0; n < count; n++) {
    const start = at;
    const flagsAt = start + STAT + hashSize;
    if (flagsAt + 4 > end) return { reason: "it is damaged" };
    const flags = bytes.readUInt16BE(flagsAt);
    at = flagsAt + (version >= 3 && flags & EXTENDED ? 4 : 2);
    let name: Buffer;
    if (version === 4) {
      const drop = offsetNumber(bytes, at, end);
      const stop = drop ? bytes.indexOf(0, drop.at) : -1;
      if (!drop || drop.value > previous.length || stop < 0 || stop >= end) return { reason: "it is damaged" };
      name = Buffer.concat([previous.subarray(0, previous.length - drop.value), bytes.subarray(drop.at, stop)]);
      previous = name;
      at = stop + 1;
    } else {
      const length = flags & NAME_LENGTH;
      const stop = length < NAME_LENGTH ? at + length : bytes.indexOf(0, at);
      if (stop < 0 || stop >= end) return { reason: "it is damaged" };
      name = bytes.subarray(at, stop);
      // Padded with one to eight NUL bytes to a multiple of eight.
      at = start + ((stop - start + 8) & ~7);
    }
    const path = name.toString("utf8");
    if (path.endsWith("/")) sparse.push(path);
    else paths.add(path);
  }
  return isSplit(bytes, at, end) ? { reason: "it is split" } : { paths, sparse };
}

/** The variable-length number of version 4, as git's pack format writes offsets. */
function offsetNumber(bytes: Buffer, from: number, end: number): { value: number; at: number } | undefined {
  let value = -1;
  for (let at = from; at < end && at < from + 5; at++) {
    const byte = bytes[at]!;
    value = (value + 1) * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, at: at + 1 };
  }
  return undefined;
}

/** Extension `link`: most entries live in another file. */
function isSplit(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at + 8 <= end; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString("latin1", at, at + 4) === "link") return true;
  }
  return false;
}
