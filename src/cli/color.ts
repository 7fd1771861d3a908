/** How many colours an output takes: flags, then NO_COLOR and FORCE_COLOR (no-color.org, force-color.org), then the terminal. */
import { colors, type Paint, plain } from "../report/colors.ts";
import type { Output, Streams } from "./streams.ts";

export type ColorLevel = 0 | 1 | 2 | 3;

/** `wanted`: what `--color` or `--no-color` says. */
export function colorLevel(output: Output, env: Streams["env"], wanted?: boolean): ColorLevel {
  if (wanted === false) return 0;
  const forced = wanted === undefined ? env.FORCE_COLOR : undefined;
  if (forced === "0" || forced === "false") return 0;
  if (wanted === undefined && forced === undefined && env.NO_COLOR) return 0;
  if (forced === "2" || forced === "3") return forced === "2" ? 2 : 3;
  if (wanted === undefined && forced === undefined && (!output.tty || env.TERM === "dumb")) return 0;
  if (/^(?:truecolor|24bit)$/.test(env.COLORTERM ?? "")) return 3;
  return /-256(?:color)?$/.test(env.TERM ?? "") ? 2 : 1;
}

/** Loads the colours only if there are any. */
export async function paintFor(output: Output, env: Streams["env"], wanted?: boolean): Promise<Paint> {
  const level = colorLevel(output, env, wanted);
  return level === 0 ? plain : colors(level, { links: output.tty && followsLinks(env) });
}

const followsLinks = (env: Streams["env"]): boolean =>
  !env.CI &&
  (/^(?:iTerm\.app|vscode|WezTerm|ghostty)$/.test(env.TERM_PROGRAM ?? "") ||
    Number(env.VTE_VERSION) >= 5000 ||
    !!env.WT_SESSION ||
    env.TERM === "xterm-kitty");

/** Columns of text: the terminal's, `COLUMNS`, or 100. */
export function widthOf(output: Output, env: Streams["env"]): number {
  const width = output.columns ?? Number(env.COLUMNS);
  return Number.isInteger(width) && width >= 20 ? width : 100;
}
