/** argv → exit code. Commander is loaded only for command lines with options. */
import { UserError } from "../user-error.ts";
import type { Streams } from "./streams.ts";
import { version } from "./version.ts";

export { processStreams } from "./streams.ts";

/**
 * Runs one command line. Returns the exit code: 0 clean, 1 findings, 2 usage or configuration, 3 internal error. Writes
 * to `streams` only and never throws.
 */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
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
