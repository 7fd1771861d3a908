/** Paths inside the run: relative to its root, `/` separators, "" for the root itself. */

/** Folder of a file: everything before the last `/`. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * `path` as seen from `folder`, normalized. Absent if it is absolute, in the home folder, a URL, or leaves the root:
 * all of that is out of sight.
 */
export function within(folder: string, path: string): string | undefined {
  if (/^[/\\~]|^[A-Za-z]:[\\/]|^[A-Za-z][\w+.-]*:\/\/|^git@/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
