/** The command line as data, read from commander itself: what a completion knows. */
import type { Argument, Command, Option } from "commander";
import { FORMATS } from "./outputs.ts";
import { LEVELS } from "./program.ts";
import { ruleIds } from "./project.ts";
import { guideNames } from "./reading.ts";

/** What may stand at one place of the command line. */
export interface Values {
  readonly words: readonly string[];
  /** What follows behind `WORD=`; undefined: the words stand alone. */
  readonly after?: Values;
  /** Paths stand there too. */
  readonly paths?: "files" | "folders";
}

export interface OptionShape {
  /** Every spelling: `-h`, `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined: it takes no value. */
  readonly value?: Values & { readonly name: string /** Only as `--option=VALUE`. */; readonly optional: boolean };
  readonly repeatable: boolean;
  /** It answers and ends, whatever else is there. */
  readonly alone: boolean;
}

export interface PlaceShape extends Values {
  readonly name: string;
  readonly optional: boolean;
  /** Any number of them, the last place of its command. */
  readonly variadic: boolean;
}

export interface CommandShape {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionShape[];
  readonly places: readonly PlaceShape[];
  readonly commands: readonly CommandShape[];
}

/** Keyed by what `--help` calls a value; those with choices of their own need no entry. */
const VALUES: ReadonlyMap<string, Values> = new Map<string, Values>([
  ["paths", { words: [], paths: "files" }],
  ["file", { words: [], paths: "files" }],
  ["name", { words: [], paths: "files" }],
  ["folder", { words: [], paths: "folders" }],
  ["ref", { words: [] }],
  ["id", { words: [...ruleIds] }],
  ["rule", { words: [...ruleIds] }],
  ["id=level", { words: [...ruleIds], after: { words: LEVELS } }],
  ["format=file", { words: FORMATS, after: { words: [], paths: "files" } }],
  ["guide", { words: guideNames, paths: "files" }],
]);

/** Throws an `Error` for a value that it knows nothing about: a gap in the table above. */
function valuesOf(name: string, choices: readonly string[] | undefined): Values {
  const values = choices ? { words: choices } : VALUES.get(name);
  if (!values) throw new Error(`completion knows no values for <${name}>`);
  return values;
}

function optionShape({ flags, short, long, description, argChoices, optional, defaultValue }: Option): OptionShape {
  const name = /[<[]([^\]>]+)[\]>]/.exec(flags)?.[1];
  return {
    flags: [short, long].flatMap((flag) => flag ?? []),
    description,
    ...(name !== undefined && { value: { ...valuesOf(name, argChoices), name, optional } }),
    repeatable: Array.isArray(defaultValue),
    alone: long === "--help" || long === "--version",
  };
}

const placeShape = (argument: Argument): PlaceShape => ({
  ...valuesOf(argument.name(), argument.argChoices),
  name: argument.name(),
  optional: !argument.required,
  variadic: argument.variadic,
});

/** The command line that `command` parses, with all commands below it. */
export function shapeOf(command: Command): CommandShape {
  const help = command.createHelp();
  return {
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(optionShape),
    places: command.registeredArguments.map(placeShape),
    commands: help.visibleCommands(command).map(shapeOf),
  };
}
