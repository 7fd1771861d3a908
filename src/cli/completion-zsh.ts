/** Completion for zsh (zshcompsys(1), `_arguments`): a file of `$fpath`, or sourced after compinit. */

import { shellWord } from "../rule.ts";
import type { CommandShape, OptionShape, PlaceShape, Values } from "./completion-shape.ts";

export function zshScript(program: CommandShape): string {
  const commands = program.commands.flatMap(({ name, options, places }) => [
    `    ${shellWord(name)})`,
    ...specs([...options.map(optionSpec), ...places.map(placeSpec)], "      "),
    "      ;;",
  ]);
  const names = program.commands.map(({ name, description }) => `    ${shellWord(`${name}:${description}`)}`);
  const lines = [
    `#compdef ${program.name}`,
    `# Completion of ${program.name} for zsh.`,
    "_qwed_harden() {",
    '  local curcontext="$curcontext" context state state_descr ret=1',
    "  local -a line",
    "  local -A opt_args",
    ...specs(
      [...program.options.map(optionSpec), shellWord("1:command:_qwed_harden_commands"), shellWord("*:: :->arguments")],
      "  ",
      "-C ",
    ),
    "  [[ ${state-} == arguments ]] || return ret",
    '  case "${line[1]-}" in',
    ...commands,
    "  esac",
    "  return ret",
    "}",
    "",
    "_qwed_harden_commands() {",
    "  local -a commands=(",
    ...names,
    "  )",
    "  _describe -t commands command commands",
    "}",
    "",
    "# $1: what follows the =, `files` or words; then what stands before it.",
    "_qwed_harden_pairs() {",
    "  if compset -P '*='; then",
    "    if [[ $1 == files ]]; then _files; else compadd -- ${=1}; fi",
    "  else",
    '    compadd -S = -- "${@[2,-1]}"',
    "  fi",
    "}",
    "",
    "_qwed_harden_words_and_files() {",
    '  compadd -- "$@"',
    "  _files",
    "}",
    "",
    "# A file of $fpath is itself the body of the function.",
    'if [[ "${funcstack[1]-}" == _qwed[_-]harden ]]; then',
    '  _qwed_harden "$@"',
    "else",
    `  compdef _qwed_harden ${program.name}`,
    "fi",
    "",
  ];
  return lines.join("\n");
}

const specs = (all: readonly string[], indent: string, flags = ""): readonly string[] => [
  `${indent}_arguments ${flags}-S : \\`,
  ...all.map((spec, i) => `${indent}  ${spec}${i === all.length - 1 ? " && ret=0" : " \\"}`),
];

/** `(exclusions)--option=[what it is]:name:action`, each spelling in braces of its own. */
function optionSpec({ flags, description, value, repeatable, alone }: OptionShape): string {
  const others = alone ? "(- : *)" : repeatable ? "*" : flags.length > 1 ? `(${flags.join(" ")})` : "";
  const means = `[${escaped(description)}]`;
  const takes = value ? `${value.optional ? "::" : ":"}${escaped(value.name)}:${action(value)}` : "";
  const sign = value ? (value.optional ? "=-" : "=") : "";
  const [only] = flags;
  return flags.length === 1
    ? shellWord(`${others}${only}${sign}${means}${takes}`)
    : `${shellWord(others)}{${flags.map((flag) => flag + sign).join(",")}}${shellWord(means + takes)}`;
}

const placeSpec = (place: PlaceShape, i: number): string =>
  shellWord(
    `${place.variadic ? "*" : i + 1}${place.optional && !place.variadic ? "::" : ":"}${escaped(place.name)}:${action(place)}`,
  );

const escaped = (text: string): string => text.replace(/[\\:[\]]/g, "\\$&");

/** A leading blank: the call is made as it is written. */
function action({ words, after, paths }: Values): string {
  const list = words.map(shellWord).join(" ");
  if (after) return ` _qwed_harden_pairs ${after.paths ?? shellWord(after.words.join(" "))} ${list}`;
  if (paths === "folders") return "_files -/";
  if (paths) return words.length ? ` _qwed_harden_words_and_files ${list}` : "_files";
  return words.length ? `(${list})` : " ";
}
