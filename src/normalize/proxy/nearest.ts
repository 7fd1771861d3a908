/** Names in configurations are looked up over the whole project: the nearest file by folder is meant. */

/** Number of leading folders that two paths share. */
export function commonFolders(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let shared = 0;
  while (shared < left.length - 1 && shared < right.length - 1 && left[shared] === right[shared]) shared++;
  return shared;
}
