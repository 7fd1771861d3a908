/** New files, all of them or none, each as a whole. */
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { UserError } from "../user-error.ts";

export interface NewFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Which of the files are there already. Throws `UserError` where something stands in the way that no file may replace:
 * a folder, a device, a symbolic link, a file where a folder has to be.
 */
export function present(root: string, files: readonly Pick<NewFile, "path">[]): readonly string[] {
  return files.map(({ path }) => path).filter((path) => isThere(root, path));
}

function isThere(root: string, path: string): boolean {
  const steps = path.split("/");
  for (const i of steps.keys()) {
    const way = steps.slice(0, i + 1).join("/");
    const stat = lstatSync(join(root, way), { throwIfNoEntry: false });
    if (!stat) return false;
    const last = i === steps.length - 1;
    if (stat.isSymbolicLink()) throw new UserError(`${way} is a symbolic link, which is not followed`);
    if (last ? !stat.isFile() : !stat.isDirectory()) throw new UserError(`${way} is not a ${last ? "file" : "folder"}`);
  }
  return true;
}

/**
 * Writes every file beside its place, in full and to the disk, and only then puts them there. A file that is there is
 * replaced only if `replace` names it: one that somebody made in the meantime stays. Throws `UserError`; then every file
 * is as it was, and no folder is left behind.
 */
export function createAll(root: string, files: readonly NewFile[], replace: ReadonlySet<string> = new Set()): void {
  const undo: (() => void)[] = [];
  const partials: string[] = [];
  let current = "";
  try {
    const prepared = files.map(({ path, text }, i) => {
      current = path;
      const target = join(root, path);
      const before = isThere(root, path) ? readFileSync(target) : undefined;
      makeFolders(root, path, undo);
      const partial = join(dirname(target), `.qwed-harden-${process.pid}-${i}.tmp`);
      partials.push(partial);
      writeNew(partial, text);
      return { path, target, partial, before };
    });
    for (const { path, target, partial, before } of prepared) {
      current = path;
      if (before === undefined || !replace.has(path)) {
        place(partial, target);
        undo.unshift(() => rmSync(target, { force: true }));
      } else {
        renameSync(partial, target);
        undo.unshift(() => writeFileSync(target, before));
      }
    }
  } catch (error) {
    for (const partial of partials) rmSync(partial, { force: true });
    for (const step of undo) step();
    if (error instanceof UserError) throw error;
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new UserError(`can not write ${current}${code}; nothing was written`);
  }
  for (const partial of partials) rmSync(partial, { force: true });
}

/** Unlike a rename, neither a link nor this copy replaces what is there; not every file system has links. */
function place(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!/^(?:EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(code)) throw error;
    copyFileSync(partial, target, constants.COPYFILE_EXCL);
  }
}

/** The folders above a file, each of them really below `root`. */
function makeFolders(root: string, path: string, undo: (() => void)[]): void {
  const steps = path.split("/").slice(0, -1);
  let folder = root;
  for (const step of steps) {
    folder = join(folder, step);
    if (!lstatSync(folder, { throwIfNoEntry: false })) {
      mkdirSync(folder);
      const made = folder;
      undo.unshift(() => rmdirSync(made));
    }
  }
  if (realpathSync(folder) !== [root.replace(/[/\\]$/, ""), ...steps].join(sep) && steps.length) {
    throw new UserError(`${steps.join("/")} lies behind a symbolic link; nothing was written`);
  }
}

function writeNew(file: string, text: string): void {
  const descriptor = openSync(file, "wx");
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
