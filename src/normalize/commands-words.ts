/** Command lines as simple commands: words with their places, scripts of `sh -c` and lists of commands taken apart. */
import type { Located } from "../model.ts";
import { masked, parts } from "./written.ts";

export type Words = readonly Located<string>[];

/** Scripts inside scripts that are followed: `sh -c "bash -c '…'"`. */
const DEPTH = 3;
/** Longest script that is read, in UTF-16 code units. */
const LONGEST = 65_536;

/**
 * The simple commands of an argv. `&&`, `||`, `;`, `|`, `&` and `then` end one; a script handed to `sh -c` (or any word
 * behind `-c` that holds blanks) and a command line in one word are commands of their own.
 */
export function simpleCommands(argv: Words, depth = 0): readonly Words[] {
  const found: Words[] = [];
  let current: Located<string>[] = [];
  const flush = () => {
    if (current.length) found.push(current);
    current = [];
  };
  argv.forEach((word, index) => {
    const script = /\s/.test(word.value) && (argv.length === 1 || /^-\w*c$/.test(argv[index - 1]?.value ?? ""));
    if (script && depth < DEPTH && word.value.length <= LONGEST) {
      flush();
      found.push(...simpleCommands(shellWords(word), depth + 1));
    } else if (SEPARATOR.test(word.value)) flush();
    else if (word.value.endsWith(";") && word.value.length > 1) {
      const { value, span } = word;
      current.push({ value: value.slice(0, -1), span: parts(span, value)(0, value.length - 1) });
      flush();
    } else current.push(word);
  });
  flush();
  return found;
}

const SEPARATOR = /^(?:&&|\|\|?|;;?|&|then|do|else|exec)$/;

/**
 * Splits one text as a POSIX shell would: blanks separate words outside quotes and `${…}`; unquoted `;`, `&`, `|` and
 * line ends are words of their own. Quotes around a whole word are taken off and not in its span; other quotes and
 * backslashes stay as they are written. Linear.
 */
export function shellWords({ value, span }: Located<string>): Words {
  const mask = masked(value);
  const spanOf = parts(span, value);
  const words: Located<string>[] = [];
  let from = -1;
  let quote = "";
  const end = (to: number) => {
    if (from < 0) return;
    const quoted =
      to - from > 1 &&
      /["']/.test(value[from]!) &&
      value[to - 1] === value[from] &&
      value.indexOf(value[from]!, from + 1) === to - 1;
    const [start, stop] = quoted ? [from + 1, to - 1] : [from, to];
    words.push({ value: value.slice(start, stop), span: spanOf(start, stop) });
    from = -1;
  };
  for (let at = 0; at < mask.length; at++) {
    const character = mask[at]!;
    if (quote) {
      if (character === quote) quote = "";
      else if (character === "\\" && quote === '"') at++;
      continue;
    }
    if (character === "\\" && /\r?\n/.test(mask.slice(at + 1, at + 3))) end(at++);
    else if (/[;&|\n]/.test(character)) {
      end(at);
      words.push({ value: character === "\n" ? ";" : character, span: spanOf(at, at + 1) });
    } else if (/\s/.test(character)) end(at);
    else {
      if (from < 0) from = at;
      if (character === '"' || character === "'") quote = character;
      else if (character === "\\") at++;
    }
  }
  end(value.length);
  return words;
}

/** Base name of the program that a simple command runs, behind `NAME=value` and runners such as `exec` and `sudo`. */
export function programOf(words: Words): { readonly name: string; readonly index: number } {
  const index = words.findIndex(({ value }) => !/^\w+=/.test(value) && !RUNNERS.has(value));
  const path = words[index]?.value ?? "";
  return { name: path.slice(path.lastIndexOf("/") + 1), index: index < 0 ? words.length : index };
}

const RUNNERS: ReadonlySet<string> = new Set(
  "exec sudo env nohup time tini dumb-init gosu su-exec -- npx bunx pnpx uv poetry pipenv pdm rye hatch run bundle docker-entrypoint.sh docker-php-entrypoint ddtrace-run newrelic-admin run-program opentelemetry-instrument".split(
    " ",
  ),
);
