/** Lines that fixes add to files beside the one they mend. */
import type { SourceFile } from "./model.ts";
import type { Addition } from "./rule.ts";
import { shellWord } from "./snippet-words.ts";

/** What a path names a file in, with its last `/`; "" is the root. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** What is known of the folder of a path, else of the nearest folder above it of which something is. */
export function nearestAbove<T>(byFolder: ReadonlyMap<string, T>, path: string): T | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder.slice(0, -1))) {
    const found = byFolder.get(folder);
    if (found !== undefined || folder === "") return found;
  }
}

/** The line that makes git ignore a path, in the nearest `.gitignore` above it, else in one that is made at the root. */
export function ignoreLines(files: readonly SourceFile[]): (path: string) => Addition {
  const ignoreFiles = files.filter(({ path }) => /(?:^|\/)\.gitignore$/.test(path));
  const byFolder = new Map(ignoreFiles.map((file) => [folderOf(file.path), file]));
  return (path) => {
    const file = nearestAbove(byFolder, path);
    const pattern = path.slice(folderOf(file?.path ?? "").length).replace(/[\\*?[\]!# ]/g, "\\$&");
    return { path: file?.path ?? ".gitignore", file, key: path, text: pattern };
  };
}

/** A command that adds a path to the `.gitignore` beside it. */
export const ignoreCommand = (path: string): string => {
  const word = shellWord(path);
  return `echo ${word === path ? `"${path}"` : word} >> .gitignore`;
};
