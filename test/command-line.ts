import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { main } from "../src/cli/main.ts";
import type { Output, Streams } from "../src/cli/streams.ts";

export interface Given {
  readonly stdin?: string;
  readonly env?: Streams["env"];
  readonly tty?: boolean;
}

/** Runs one command line in a folder, without a process: its exit code and what it wrote. */
export async function runIn(
  cwd: string,
  argv: readonly string[],
  { stdin = "", env = {}, tty = false }: Given = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const texts = { out: "", err: "" };
  const output = (name: "out" | "err"): Output => ({
    tty,
    columns: tty ? 80 : undefined,
    write: (text) => {
      texts[name] += text;
    },
  });
  const streams: Streams = {
    cwd,
    env,
    out: output("out"),
    err: output("err"),
    stdin: () => stdin,
    today: "2026-11-21",
  };
  const code = await main(argv, streams);
  return { code, ...texts };
}

/** Writes files below a folder, with the folders they need. */
export function writeIn(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
