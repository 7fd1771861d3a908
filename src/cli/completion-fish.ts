/** Completion for fish 3 and later (fish-shell documentation, "Writing your own completions"). */
import type { CommandShape, OptionShape, Values } from "./completion-shape.ts";

export function fishScript(program: CommandShape): string {
  const { name, commands, options } = program;
  const lines = [
    `# Completion of ${name} for fish.`,
    "# The command is the first word without a dash; $argv: one that is asked for, or none for none yet.",
    "function __qwed_harden_command",
    "  set -l words (commandline -opc)",
    "  for word in $words[2..]",
    "    string match -q -- '-*' $word; and continue",
    '    test "$word" = "$argv"',
    "    return",
    "  end",
    '  test -z "$argv"',
    "end",
    "",
    `complete -c ${name} -e`,
    ...commands.map((command) => line(name, "", ["-f", `-a ${quoted(command.name)}`], command.description)),
    ...options.map((option) => optionLine(name, "", option)),
    ...commands.flatMap((command) => ["", ...commandLines(name, command)]),
    "",
  ];
  return lines.join("\n");
}

/** Where a condition holds. */
function line(program: string, command: string, flags: readonly string[], description: string): string {
  const condition = quoted(command ? `__qwed_harden_command ${command}` : "__qwed_harden_command");
  const means = description ? ` -d ${quoted(description)}` : "";
  return `complete -c ${program} -n ${condition} ${flags.join(" ")}${means}`;
}

const optionLine = (program: string, command: string, { flags, description, value }: OptionShape): string =>
  line(
    program,
    command,
    [
      ...flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)),
      ...(value ? valueFlags(value, value.optional) : []),
    ],
    description,
  );

function commandLines(program: string, { name, options, places }: CommandShape): readonly string[] {
  const words = places.flatMap((place) => place.words);
  const folders = places.some(({ paths }) => paths === "folders");
  const paths = places.some((place) => place.paths === "files");
  return [
    line(program, name, [paths ? "-F" : "-f", ...answers({ words })], ""),
    ...(folders ? [line(program, name, [`-a '(__fish_complete_directories)'`], "")] : []),
    ...options.map((option) => optionLine(program, name, option)),
  ];
}

function valueFlags(values: Values, optional: boolean): readonly string[] {
  const { words, after, paths } = values;
  const open = paths === "files" || after?.paths === "files";
  // `-r`: a value follows; an optional one only behind `=`, which is what fish takes from a list without it.
  return [...(optional ? [] : ["-r"]), open ? "-F" : "-f", ...answers({ words, ...(after && { after }) })];
}

function answers({ words, after }: Values): readonly string[] {
  const all = after
    ? words.flatMap((word) => (after.words.length ? after.words : [""]).map((end) => `${word}=${end}`))
    : words;
  return all.length ? [`-a ${quoted(all.join(" "))}`] : [];
}

/** Within `'`, a backslash and `'` itself take a backslash. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
