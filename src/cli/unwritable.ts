/** Why a call of the file system that writes has failed, in words for a person. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the quota of the disk is used up",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EBUSY: "it is mounted or in use",
  ENAMETOOLONG: "its name is too long",
};

/** Codes that have no words here stand for themselves. */
export function unwritable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (code || String(error));
}
