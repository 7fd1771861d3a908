/** What BuildKit makes of Dockerfiles. */
import { spawnSync } from "node:child_process";

/** Unknown: a variable in it is set by nobody in the file. */
export interface Text {
  readonly value: string;
  readonly unknown?: true;
}

/** A Dockerfile as BuildKit has it, as far as it is compared. */
export interface Dockerfile {
  readonly error?: string;
  /** Why a stage can not be converted to what BuildKit solves. */
  readonly refused?: string;
  readonly stages:
    | readonly {
        readonly name: string;
        readonly base: Text;
        readonly user?: Text;
        readonly env: Readonly<Record<string, Text>>;
        readonly expose: readonly Text[];
        /** By their names, as written; RUN with the user it runs as. */
        readonly instructions: Readonly<Record<string, readonly string[]>>;
        /** Configuration of its image. */
        readonly image?: unknown;
      }[]
    | null;
}

/** One answer for each absolute path. `program` is the built oracle. Throws where it does not run. */
export function ask(program: string, paths: readonly string[]): readonly Dockerfile[] {
  const input = JSON.stringify(paths);
  const { stdout, stderr, status } = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  return JSON.parse(stdout) as readonly Dockerfile[];
}
