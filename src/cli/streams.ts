/** The world outside: standard streams, environment, clock. Tests hand in their own. */
import { fstatSync, readSync, statSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import type { Readable } from "node:stream";
import { UserError } from "../user-error.ts";

export interface Output {
  write(text: string): void;
  readonly tty: boolean;
  /** Width of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
}

export interface Streams {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  /** All of standard input as UTF-8. Throws `UserError` if it is too large. */
  stdin(): string;
  /** Standard input line by line where somebody types it; undefined: nobody does. */
  readonly keyboard?: () => Readable | undefined;
  /** ISO date. */
  readonly today: string;
}

export const processStreams = (): Streams => ({
  cwd: process.cwd(),
  env: process.env,
  out: output(1, () => process.stdout.columns),
  err: output(2, () => process.stderr.columns),
  stdin: () => readAll(0),
  keyboard: () => (process.stdin.isTTY ? process.stdin : undefined),
  today: new Date().toISOString().slice(0, 10),
});

/** Synchronous and complete: a pipe that is full is waited for, a reader that has left ends the output quietly. */
function output(descriptor: 1 | 2, columns: () => number | undefined): Output {
  const tty = isTerminal(descriptor);
  let closed = false;
  return {
    tty,
    // `process.stdout` takes milliseconds to make: only a terminal needs it.
    get columns() {
      return tty ? columns() : undefined;
    },
    write(text) {
      let rest: Uint8Array = Buffer.from(text, "utf8");
      while (rest.length && !closed) {
        const written = patiently(() => writeSync(descriptor, rest));
        if (written === undefined) closed = true;
        else rest = rest.subarray(written);
      }
    },
  };
}

/** Only a character device can be one; the null device is none, and asking `process.stdout` takes milliseconds. */
const isTerminal = (descriptor: 1 | 2): boolean => {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev === statSync(devNull).rdev) return false;
    return !!(descriptor === 1 ? process.stdout : process.stderr).isTTY;
  } catch {
    return false;
  }
};

const LARGEST_INPUT = 5 << 20;

function readAll(descriptor: number): string {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(1 << 16);
    const read = patiently(() => readSync(descriptor, chunk)) ?? 0;
    if (read === 0) return Buffer.concat(chunks).toString("utf8");
    size += read;
    if (size > LARGEST_INPUT) throw new UserError("standard input is larger than 5 MiB");
    chunks.push(chunk.subarray(0, read));
  }
}

/** Repeats a call that would block. Undefined if the other side is gone. */
function patiently(call: () => number): number | undefined {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE" || code === "EOF") return undefined;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
