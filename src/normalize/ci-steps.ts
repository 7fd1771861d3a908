/** What the scalars of a pipeline say that is done: actions, images, shell commands. */
import type { Located, SourceFile } from "../model.ts";
import { entries, items, located, slice, text, type YamlNode } from "../parse/yaml.ts";
import { COMMANDS, type Does, type Known } from "./ci-tools.ts";

/** What was read of one pipeline so far. */
export interface Found {
  readonly does: Located<Does>[];
  /** What it calls outside the project. */
  readonly calls: Located<string>[];
}

/** Adds what a scalar stands for; true if it is known. */
export function match(known: Known, file: SourceFile, node: YamlNode | undefined, found: Found): boolean {
  const written = text(node)?.slice(0, 500);
  if (!node || !written) return false;
  let any = false;
  for (const [does, pattern] of known) {
    if (!pattern.test(written)) continue;
    any = true;
    for (const value of does) found.does.push({ value, span: located(file, node, null).span });
  }
  return any;
}

/** Longest line of a script that is read. */
const MAX_LINE = 2_000;

/** Adds what the commands of a script do, each with the words that say so; comments and `echo` say nothing. */
export function commands(file: SourceFile, node: YamlNode | undefined, found: Found): void {
  if (node?.kind !== "scalar" || text(node) === undefined) return;
  const done = new Set<Does>();
  let from = 0;
  for (const line of node.text.split("\n")) {
    const command = line.slice(0, MAX_LINE);
    if (!/^\s*(#|echo\b|printf\b|(sudo\s+)?(apt|apt-get|apk|brew|yum|dnf)\s|pip3?\s+install\b[^&;|]*$)/.test(command)) {
      for (const [does, pattern] of COMMANDS) {
        if (does.every((each) => done.has(each))) continue;
        const hit = pattern.exec(command);
        if (!hit || isComment(command, hit.index)) continue;
        const words = hit[0].trim();
        const start = from + hit.index + hit[0].indexOf(words);
        const span = slice(file, node, start, start + words.length);
        for (const value of does) {
          if (!done.has(value)) found.does.push({ value, span });
          done.add(value);
        }
      }
    }
    from += line.length + 1;
  }
}

const isComment = (command: string, at: number): boolean => /\s#/.test(command.slice(0, at));

const MAX_DEPTH = 12;

/** Every scalar under a node. */
export function scalars(node: YamlNode | undefined, visit: (node: YamlNode) => void, depth = 0): void {
  if (!node || depth > MAX_DEPTH) return;
  if (node.kind === "scalar") visit(node);
  for (const item of items(node)) scalars(item, visit, depth + 1);
  for (const { value } of entries(node)) scalars(value, visit, depth + 1);
}
