/** Questions on a terminal, one a line, each with its default. */
import { createInterface } from "node:readline";
import { UserError } from "../user-error.ts";
import type { Streams } from "./streams.ts";

/** Answers with one of `choices`. Throws `UserError` where nobody answers. */
export type Ask = <T extends string>(question: string, choices: readonly T[], usual: T) => Promise<T>;

export interface Questions {
  readonly ask: Ask;
  /** Lets go of the terminal. */
  readonly end: () => void;
}

/** `--yes`: every default. A terminal: somebody types. Neither: every question is a `UserError` that names its option. */
export function questions(yes: boolean, { keyboard, out }: Streams): Questions {
  if (yes) return { ask: async (_question, _choices, usual) => usual, end: () => {} };
  const input = out.tty ? keyboard?.() : undefined;
  if (!input) {
    const ask: Ask = async (question, choices) => {
      throw new UserError(
        `there is no terminal to ask "${question}" (${choices.join(", ")}) on; --yes takes the defaults, or say it as an option`,
      );
    };
    return { ask, end: () => {} };
  }
  // Line by line as the terminal itself edits it, so that Ctrl-C is the signal that it always is.
  const lines = createInterface({ input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
  const typed = lines[Symbol.asyncIterator]();
  return {
    end: () => lines.close(),
    async ask(question, choices, usual) {
      for (;;) {
        out.write(`${question}: ${choices.join(", ")} [${usual}] `);
        const { value, done } = (await typed.next()) as IteratorResult<string, undefined>;
        if (done) {
          out.write("\n");
          throw new UserError("no answer, so nothing was written");
        }
        const answer = value.trim().toLowerCase();
        if (answer === "") return usual;
        const begun = choices.filter((choice) => choice.startsWith(answer));
        const meant = choices.find((choice) => choice === answer) ?? (begun.length === 1 ? begun[0] : undefined);
        if (meant !== undefined) return meant;
        out.write("It is one of these, or the first letters of one\n");
      }
    },
  };
}
