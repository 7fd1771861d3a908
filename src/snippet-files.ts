/** Lines that fixes add to files beside the one they mend. */
import type { SourceFile } from "./model.ts";
import type { Addition } from "./rule.ts";

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** The line that makes git ignore `path`, in the nearest `.gitignore` above it, else in one that is made at the root. */
export function ignoreLine(path: string, files: readonly SourceFile[]): Addition {
  const [file] = files
    .filter((file) => /(?:^|\/)\.gitignore$/.test(file.path) && path.startsWith(folderOf(file.path)))
    .sort((a, b) => b.path.length - a.path.length);
  const pattern = path.slice(folderOf(file?.path ?? "").length).replace(/[\\*?[\]!# ]/g, "\\$&");
  return { path: file?.path ?? ".gitignore", file, key: path, text: pattern };
}
