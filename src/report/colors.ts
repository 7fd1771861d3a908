/** Colours by what they mean. Reporters get a `Paint`; without colours every function is the identity and chalk is never loaded. */
import type { Severity } from "../rule.ts";

export type Paint = Readonly<
  Record<Severity | "bold" | "dim" | "frame" | "good", (text: string) => string> & {
    /** A terminal hyperlink. */
    readonly link: (text: string, url: string) => string;
  }
>;

const same = (text: string): string => text;

export const plain: Paint = {
  critical: same,
  high: same,
  medium: same,
  low: same,
  info: same,
  bold: same,
  dim: same,
  frame: same,
  good: same,
  link: same,
};

/** Loads chalk. `level` as in chalk: 1 has 16 colours, 2 has 256, 3 has all. `links`: the terminal is one that can follow hyperlinks. */
export async function colors(level: 1 | 2 | 3, { links = false } = {}): Promise<Paint> {
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level });
  // One argument each: chalk joins all it gets, the index of a `map` among them.
  const only = (style: (text: string) => string) => (text: string) => style(text);
  return {
    critical: only(chalk.bold.red),
    high: only(chalk.red),
    medium: only(chalk.yellow),
    low: only(chalk.cyan),
    info: only(chalk.blue),
    bold: only(chalk.bold),
    dim: only(chalk.dim),
    frame: only(chalk.blue),
    good: only(chalk.green),
    link: links ? (text, url) => `\u001b]8;;${url}\u0007${text}\u001b]8;;\u0007` : same,
  };
}
