/** Completion for bash 3.2 and later (Bash Reference Manual, "Programmable Completion"), with `set -u` and without bash-completion. */

import { shellWord } from "../rule.ts";
import type { CommandShape, Values } from "./completion-shape.ts";

/** Where a value stands, as the script writes it: command, then option or number of the place. */
interface Branch extends Values {
  readonly patterns: readonly string[];
}

export function bashScript(program: CommandShape): string {
  const all = [{ ...program, name: "" }, ...program.commands];
  const flags = all.map(({ name, options }) => {
    const own = options.flatMap((option) => option.flags);
    return `      ${shellWord(name)}) words=(${own.map(shellWord).join(" ")}) ;;`;
  });
  const taking = all.flatMap(({ name, options }) =>
    options
      .filter(({ value }) => value && !value.optional)
      .flatMap((option) => option.flags.map((flag) => shellWord(`${name} ${flag}`))),
  );
  const lines = [
    `# Completion of ${program.name} for bash.`,
    "_qwed_harden() {",
    "  local cur='' head='' command='' option='' ended='' paths='' place=0 count=0 i word",
    "  local -a given words",
    "  given=() words=() COMPREPLY=()",
    "",
    "  # Readline splits words at =, the shell does not.",
    "  for ((i = 1; i <= COMP_CWORD; i++)); do",
    "    word=${COMP_WORDS[i]-}",
    "    if ((count)) && [[ $word == =* || ${given[count - 1]} == *= ]] &&",
    "      ! [[ $i -eq $COMP_CWORD && ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]]; then",
    "      given[count - 1]+=$word",
    "    else",
    "      given[count]=$word",
    "      count=$((count + 1))",
    "    fi",
    "  done",
    "  ((count)) || return 0",
    "  cur=${given[count - 1]}",
    "",
    "  for ((i = 0; i < count - 1; i++)); do",
    "    word=${given[i]}",
    "    if [[ $option ]]; then",
    "      option=''",
    "    elif [[ $ended || $word != -?* ]]; then",
    "      if [[ $command ]]; then place=$((place + 1)); else command=$word; fi",
    "    elif [[ $word == -- ]]; then",
    "      ended=1",
    "    else",
    `      case "$command $word" in`,
    `        ${taking.join(" | ")}) option=$word ;;`,
    "      esac",
    "    fi",
    "  done",
    "  if [[ ! $option && ! $ended && $cur == --*=* ]]; then",
    "    option=${cur%%=*}",
    "    cur=${cur#*=}",
    "    head=$option=",
    "  fi",
    "",
    "  if [[ ! $option && ! $ended && $cur == -* ]]; then",
    '    case "$command" in',
    ...flags,
    "    esac",
    "  elif [[ ! $command ]]; then",
    `    words=(${program.commands.map(({ name }) => shellWord(name)).join(" ")})`,
    "  else",
    '    case "$command ${option:-$place}" in',
    ...branches(program.commands).flatMap(branch),
    "    esac",
    "  fi",
    "",
    "  # What is left of the last = is there already.",
    "  case ${COMP_WORDBREAKS-} in *=*) head='' ;; esac",
    "  # bash-completion aside, a word alone is matched: nothing of it is evaluated.",
    '  for word in ${words[@]+"${words[@]}"}; do',
    '    if [[ $word == "$cur"* ]]; then COMPREPLY+=("$head$word"); fi',
    "  done",
    "  # Without an answer readline completes paths. Bash 3.2 has no compopt and does so everywhere.",
    "  if [[ $paths == files && ${#words[@]} -gt 0 ]]; then",
    "    compopt -o filenames 2>/dev/null || :",
    '    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")',
    "  elif [[ $paths == folders ]]; then",
    "    compopt +o bashdefault +o default -o dirnames 2>/dev/null || :",
    "  elif [[ ! $paths ]]; then",
    "    compopt +o bashdefault +o default 2>/dev/null || :",
    "  fi",
    "  if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace 2>/dev/null || :; fi",
    "}",
    `complete -o bashdefault -o default -F _qwed_harden ${program.name}`,
    "",
  ];
  return lines.join("\n");
}

/** Of all commands; places that take the same values share one. */
function branches(commands: readonly CommandShape[]): readonly Branch[] {
  const all = commands.flatMap(({ name, options, places }): readonly Branch[] => [
    ...options.flatMap(({ flags, value }) =>
      value ? [{ ...value, patterns: flags.map((flag) => shellWord(`${name} ${flag}`)) }] : [],
    ),
    ...places.map((place, i) => ({
      ...place,
      patterns: [place.variadic ? `${shellWord(`${name} `)}[0-9]*` : shellWord(`${name} ${i}`)],
    })),
  ]);
  const key = ({ words, after, paths }: Values) => JSON.stringify([words, after, paths]);
  const merged = new Map<string, Branch>();
  for (const branch of all) {
    const same = merged.get(key(branch));
    merged.set(key(branch), same ? { ...same, patterns: [...same.patterns, ...branch.patterns] } : branch);
  }
  // An exact place comes before "any place".
  return [...merged.values()].sort((a, b) => Number(isOpen(a)) - Number(isOpen(b)));
}

const isOpen = ({ patterns }: Branch): boolean => patterns.some((pattern) => pattern.endsWith("*"));

function branch({ patterns, ...values }: Branch): readonly string[] {
  const { words, after } = values;
  const body = after
    ? [
        "if [[ $cur == *=* ]]; then",
        "  head=$head${cur%%=*}=",
        "  cur=${cur#*=}",
        ...assigned(after).map((line) => `  ${line}`),
        "else",
        `  words=(${words.map((word) => shellWord(`${word}=`)).join(" ")})`,
        "fi",
      ]
    : assigned(values);
  return [`      ${patterns.join(" | ")})`, ...body.map((line) => `        ${line}`), "        ;;"];
}

const assigned = ({ words, paths }: Values): readonly string[] => [
  ...(words.length ? [`words=(${words.map(shellWord).join(" ")})`] : []),
  ...(paths ? [`paths=${paths}`] : []),
  ...(words.length || paths ? [] : [":"]),
];
