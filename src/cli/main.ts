/** argv → exit code. Commander is loaded only for command lines with options. */
import { inert } from "../report/inert.ts";
import { UserError } from "../user-error.ts";
import type { Output, Streams } from "./streams.ts";
import { version } from "./version.ts";

export { processStreams } from "./streams.ts";

/**
 * Runs one command line. Returns the exit code: 0 clean, 1 findings, 2 usage or configuration, 3 internal error. Writes
 * to `streams` only and never throws.
 */
export async function main(argv: readonly string[], given: Streams): Promise<number> {
  const streams: Streams = { ...given, err: harmless(given.err) };
  try {
    const [command, ...rest] = argv;
    if (command === "--version" && rest.length === 0) {
      streams.out.write(`${version}\n`);
      return 0;
    }
    if (command === "lint" && rest.every((argument) => argument !== "" && !argument.startsWith("-"))) {
      const { runLint } = await import("./lint.ts");
      return await runLint({ paths: rest.length ? rest : ["."] }, streams);
    }
    const { runProgram } = await import("./program.ts");
    return await runProgram(argv, streams);
  } catch (error) {
    if (error instanceof UserError) {
      streams.err.write(`error: ${error.message}\n`);
      return 2;
    }
    const message = error instanceof Error ? error.message : String(error);
    streams.err.write(`internal error: ${message}\n`);
    if (error instanceof Error && streams.env.QWED_HARDEN_DEBUG) streams.err.write(`${error.stack}\n`);
    else streams.err.write("Set QWED_HARDEN_DEBUG=1 for the place in the code, and please report it.\n");
    return 3;
  }
}

/**
 * Names, keys and values of files are in messages: what is written for people holds no control characters but line ends
 * and tabs, and no log obeys a line of it.
 */
const harmless = (output: Output): Output => ({
  tty: output.tty,
  get columns() {
    return output.columns;
  },
  write: (text) => output.write(inert(text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD"))),
});
