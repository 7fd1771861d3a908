/** What stands at a path, answered from the listings of the walk, without another look at the disk. */
import type { Dirent } from "node:fs";
import type { Presence } from "../model.ts";
import { isIgnored, type Scope } from "./scope.ts";

export interface Listing {
  readonly scope: Scope;
  readonly entries: readonly Dirent[];
}

/**
 * Presence by a path relative to the root, "" for the root itself; `listings` are the folders that were walked, by the
 * same kind of path. Undefined where nobody looked: outside the root, below a folder that was left out, and in an empty
 * folder (a submodule that is not checked out looks like one), and for links.
 */
export const presenceIn =
  (listings: ReadonlyMap<string, Listing>) =>
  (path: string): Presence | undefined => {
    if (listings.has(path)) return "folder";
    let folder = "";
    for (const name of path.split("/")) {
      const listing = listings.get(folder);
      const below = folder ? `${folder}/${name}` : name;
      folder = below;
      if (!listing) continue;
      if (listing.entries.length === 0) return undefined;
      const entry = listing.entries.find((entry) => entry.name === name);
      if (!entry) return absent(listing.scope, name);
      if (below === path) return entry.isDirectory() ? "folder" : entry.isFile() ? "file" : undefined;
      if (entry.isFile()) return "missing";
    }
    return undefined;
  };

const absent = (scope: Scope, name: string): Presence =>
  isIgnored(scope, name, false) || isIgnored(scope, name, true) ? "ignored" : "missing";
