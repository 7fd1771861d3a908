/** What discovery would say of files once they are written as they are here. */
import { lstatSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SourceFile } from "../model.ts";
import { parseIgnoreRules, verdict } from "./gitignore.ts";
import type { Discovered, DiscoverOptions } from "./index.ts";
import { languageOf } from "./language.ts";
import { stageOf } from "./stage.ts";

/** A file that is not there yet, as it would be read; undefined where there is anything already, or no folder for it. */
export function created({ git, presence, root }: Discovered, stated?: DiscoverOptions["stageOf"]) {
  // Many fixes ask for one file.
  const known = new Map<string, boolean>();
  const isFree = (path: string): boolean => {
    const target = join(root, path);
    const folder = statSync(dirname(target), { throwIfNoEntry: false });
    return !!folder?.isDirectory() && !lstatSync(target, { throwIfNoEntry: false });
  };
  return (path: string, text: string): SourceFile | undefined => {
    const free = known.get(path) ?? isFree(path);
    known.set(path, free);
    if (!free) return undefined;
    return {
      path,
      text,
      language: languageOf(path, text) ?? "yaml",
      git: git ? (presence(path) === "ignored" ? "ignored" : "untracked") : "unknown",
      stage: stated?.(path) ?? stageOf(path),
    };
  };
}

/**
 * Untracked files that a .gitignore among `files` now names become ignored; the nearest .gitignore that speaks decides.
 * States only ever change in this direction: what git ignored for another reason stays so.
 */
export function restated(files: readonly SourceFile[]): readonly SourceFile[] {
  const ignores = files
    .filter(({ path }) => /(?:^|\/)\.gitignore$/.test(path))
    .map(({ path, text }) => ({ folder: path.slice(0, -".gitignore".length), rules: parseIgnoreRules(text) }))
    .sort((a, b) => b.folder.length - a.folder.length);
  const isIgnored = (path: string): boolean => {
    for (const { folder, rules } of ignores) {
      if (!path.startsWith(folder)) continue;
      const below = path.slice(folder.length).split("/");
      for (let length = 1; length <= below.length; length++) {
        const said = verdict(rules, below.slice(0, length).join("/"), length < below.length);
        if (said === true) return true;
        if (said === false && length === below.length) return false;
      }
    }
    return false;
  };
  return files.map((file) => (file.git === "untracked" && isIgnored(file.path) ? { ...file, git: "ignored" } : file));
}
