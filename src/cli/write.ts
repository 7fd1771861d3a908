/** Several files change together or not at all, and a reader never sees half of one. */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readRegular } from "../discover/read.ts";
import { visible } from "../report/visible.ts";
import { UserError } from "../user-error.ts";
import { unwritable } from "./unwritable.ts";

/** Texts of a file below the root, as it was read and as it is to be. */
export interface Rewrite {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** From the working directory, for messages; by default the path. */
  readonly shownAs?: string;
  /** Undefined: it is not there yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** POSIX permission bits of a new file, 0o666 less the process's mask by default. */
  readonly mode?: number | undefined;
}

interface Prepared extends Rewrite {
  readonly target: string;
  readonly partial: string;
}

/**
 * Writes every file beside its target, in full and to the disk, in folders that are made where they are missing, and only
 * then renames them one after the other, in the order given: who is killed in between has the first ones. Mode and owner stay. Refuses a path through a link, a file
 * that is not what was read, and one that can not be written; if a rename fails, the files renamed before it get their
 * old texts back. Throws `UserError`; then every file is as it was, or the message names those that are not.
 */
export function rewriteAll(root: string, files: readonly Rewrite[], rename: typeof renameSync = renameSync): void {
  const folders: string[] = [];
  const prepared: Prepared[] = [];
  const renamed: Prepared[] = [];
  try {
    for (const [i, file] of files.entries()) {
      const target = join(root, file.path);
      explained(file, () => makeFolder(dirname(target), folders));
      // Neither its name nor its ending is one that a linter or a deployment would read.
      const partial = join(dirname(target), `.qwed-harden-${process.pid}-${i}.tmp`);
      explained(file, () => prepare(root, target, partial, file, () => prepared.push({ ...file, target, partial })));
    }
    for (const file of prepared) explained(file, () => unchanged(file.target, file.before));
    for (const file of prepared) {
      explained(file, () => rename(file.partial, file.target));
      renamed.push(file);
    }
  } catch (error) {
    for (const { partial } of prepared) rmSync(partial, { force: true });
    const stuck = renamed.filter((file) => !restored(file, rename)).map(({ path, shownAs = path }) => shownAs);
    removeEmpty(folders.toReversed());
    if (stuck.length) throw new UserError(`stopped halfway: ${stuck.map(visible).join(", ")} could not be restored`);
    throw error;
  }
}

/** With the folders above it that are missing; they are added to `made`, outermost first. */
function makeFolder(folder: string, made: string[]): void {
  if (lstatSync(folder, { throwIfNoEntry: false })) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}

/** Up to the first that somebody else has put something into. */
function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {
    // It is theirs now, and what went wrong before is what has to be told.
  }
}

function restored({ target, partial, before }: Prepared, rename: typeof renameSync): boolean {
  try {
    if (before === undefined) rmSync(target);
    else {
      writeBeside(target, partial, before);
      rename(partial, target);
    }
    return true;
  } catch {
    rmSync(partial, { force: true });
    return false;
  }
}

function prepare(root: string, target: string, partial: string, file: Rewrite, begun: () => void): void {
  const folder = dirname(target);
  if (realpathSync(folder) !== folder || !`${folder}/`.replaceAll("\\", "/").startsWith(root.replace(/\/?$/, "/"))) {
    throw new Refusal("it lies behind a symbolic link");
  }
  sweep(folder);
  unchanged(target, file.before);
  if (file.before === undefined) {
    writeTo(openSync(partial, "wx", file.mode ?? 0o666), file.after, begun);
    return;
  }
  accessSync(target, constants.W_OK);
  writeBeside(target, partial, file.after, begun);
}

/** A new file with the mode and the owner of `target`; nobody else can read it before it has them. */
function writeBeside(target: string, partial: string, text: string, begun?: () => void): void {
  const { mode, uid, gid } = lstatSync(target);
  writeTo(openSync(partial, "wx", 0o600), text, begun, (descriptor) => {
    const own = lstatSync(partial);
    if (own.uid !== uid || own.gid !== gid) keepOwner(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o7777);
  });
}

function keepOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    throw new Refusal("it belongs to another user or group, who would lose it");
  }
}

function writeTo(descriptor: number, text: string, begun?: () => void, finish?: (descriptor: number) => void): void {
  begun?.();
  try {
    writeFileSync(descriptor, text);
    finish?.(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what processes that were killed have left: it may hold what a fix moved elsewhere. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^\.qwed-harden-(\d+)-\d+\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Keeps signals waiting while `act` runs, so that none comes between two renames; then they do what they do. */
export async function undisturbed(act: () => void): Promise<void> {
  const caught: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals) => caught.push(signal);
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    act();
    // Signals are handed over when the event loop polls: surely between two immediates, not always before the first.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const signal of SIGNALS) process.off(signal, note);
  }
  for (const signal of caught) process.kill(process.pid, signal);
}

/** Follows no link and compares bytes: a change since it was read is somebody else's. */
function unchanged(target: string, before: string | undefined): void {
  if (before === undefined) {
    if (lstatSync(target, { throwIfNoEntry: false })) throw new Refusal("it was not there when the project was read");
    return;
  }
  const now = readRegular(target, Number.POSITIVE_INFINITY);
  if ("reason" in now) throw new Refusal(now.reason);
  if (!now.bytes.equals(Buffer.from(before, "utf8"))) throw new Refusal("it has changed since it was read");
}

class Refusal extends Error {}

function explained<T>({ path, shownAs = path }: Rewrite, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const reason = error instanceof Refusal ? error.message : unwritable(error);
    throw new UserError(`can not write ${visible(shownAs)}: ${reason}; no file was changed`);
  }
}
