import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type IgnoreRule, parseIgnoreRules, verdict } from "../src/discover/gitignore.ts";
import { type Discovered, discover, type OpenRepository } from "../src/discover/index.ts";
import type { HistoryEntry } from "../src/model.ts";

/**
 * A fixture folder as discovery sees it. Its git state is what its file `_git` says, one fact a line, `*` allowed:
 * `tracked PATH`, `ignored PATH`, `untracked PATH`, `history COMMIT PATH`, `mode OCTAL PATH`. Files that no line names are tracked. Without
 * `_git` the folder is in no repository; the repository around the fixtures is never seen.
 */
export function fixtureProject(folder: string): Discovered {
  const file = join(folder, "_git");
  if (!existsSync(file)) return discover([folder], { cwd: process.cwd(), openRepository: () => undefined });
  const facts = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.trim().split(/\s+/));
  const history = facts.flatMap(([word, commit = "", path = ""]): HistoryEntry[] =>
    word === "history" ? [{ commit, path }] : [],
  );
  const wrong = facts.find(([word]) => !["tracked", "ignored", "untracked", "history", "mode"].includes(word!));
  if (wrong) throw new Error(`${file}: no such fact: ${wrong.join(" ")}`);
  const modes = new Map(facts.flatMap(([word, mode = "", path = ""]) => (word === "mode" ? [[path, mode]] : [])));
  const found = discover([folder], { cwd: process.cwd(), openRepository: stated(facts, folder) });
  const files = found.files.map((each) => {
    const mode = modes.get(each.path);
    return mode === undefined ? each : { ...each, mode: Number.parseInt(mode, 8) };
  });
  return { ...found, files, history };
}

/** A repository at the fixture's root that believes what the file says. */
function stated(facts: readonly (readonly string[])[], folder: string): OpenRepository {
  const rules = (...words: readonly string[]): readonly IgnoreRule[] =>
    parseIgnoreRules(
      facts
        .filter(([word]) => words.includes(word!))
        .map(([word, path]) => (word === "tracked" ? `!${path}` : path))
        .join("\n"),
    );
  const untracked = rules("tracked", "ignored", "untracked");
  return (at) =>
    at.endsWith(`/${folder.replace(/^[./]+|\/+$/g, "")}`)
      ? {
          root: at,
          excludes: rules("ignored"),
          tracks: (path) => !verdict(untracked, path, false),
          tracksBelow: () => true,
        }
      : undefined;
}
