/** The command line as commander knows it: every command, every option, every help text. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { rules } from "../../rules/index.ts";
import { suggestion } from "../nearest.ts";
import { PRESETS, SEVERITIES } from "../rule.ts";
import { UserError } from "../user-error.ts";
import { widthOf } from "./color.ts";
import type { Shell } from "./completion.ts";
import type { InitCommand, Pipeline } from "./init.ts";
import { type LintCommand, runLint } from "./lint.ts";
import { type Destination, FORMATS } from "./outputs.ts";
import type { ProjectOptions } from "./project.ts";
import { guideNames, runExplain, runGuide, runModel, runRules } from "./reading.ts";
import type { Streams } from "./streams.ts";
import { version } from "./version.ts";

/** What `--rule ID=LEVEL` takes. */
export const LEVELS = ["off", "on", ...SEVERITIES] as const;
interface RuleLevel {
  readonly id: string;
  readonly level: (typeof LEVELS)[number];
  /** Written without a level: it is switched on, and nothing else is shown or fixed. */
  readonly alone?: true;
}

const EXIT_CODES = `
Exit codes:
  0  no finding at or above --fail-on
  1  findings
  2  wrong usage or configuration, or nothing there to check
  3  internal error`;

const SHELLS = ["bash", "zsh", "fish"] as const satisfies readonly Shell[];

const PIPELINES = ["github", "gitlab", "none"] as const satisfies readonly Pipeline[];

const COMPLETION_HELP = `
Install it, then start a new shell:
  bash  qwed-harden completion bash > ~/.qwed-harden.bash && echo '. ~/.qwed-harden.bash' >> ~/.bashrc
  zsh   qwed-harden completion zsh > "\${fpath[1]}/_qwed-harden"
  fish  qwed-harden completion fish > ~/.config/fish/completions/qwed-harden.fish`;

/** Runs one command line and returns its exit code. Throws `UserError` as the commands do. */
export async function runProgram(argv: readonly string[], streams: Streams): Promise<number> {
  let code = 0;
  const done = async (result: Promise<number>) => {
    code = await result;
  };
  const program = new Command("qwed-harden")
    .description(
      "Checks deployment configuration: .env, Compose, Dockerfile, Kubernetes, CORS and JWT in source, proxies",
    )
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .showSuggestionAfterError()
    .addHelpText("after", `${EXIT_CODES}\n\nBegin with: qwed-harden lint`);

  project(
    program
      .command("lint")
      .argument("[paths...]", "files and folders (default: .)")
      .description("check files and folders")
      .addOption(new Option("--format <format>", "format on standard output (default: pretty)").choices(FORMATS))
      .addOption(
        new Option("--output <format=file>", "write a report to a file too, - for standard output; repeatable")
          .argParser(collect(destination))
          .default([], "none"),
      )
      .addOption(
        new Option("--fail-on <severity>", "least severity that fails the run (default: medium)").choices([
          ...SEVERITIES,
          "never",
        ]),
      )
      .addOption(new Option("--min-severity <severity>", "least severity that is shown").choices(SEVERITIES))
      .addOption(
        new Option("--preset <preset>", "rules beside the recommended ones (default: recommended)").choices([
          ...PRESETS,
          "all",
        ]),
      )
      .addOption(
        new Option(
          "--rule <id=level>",
          `switch a rule: ${LEVELS.join(", ")}; an id alone: this rule and no other; repeatable`,
        )
          .argParser(collect(ruleLevel))
          .default([], "none"),
      )
      .addOption(
        new Option("--only <id>", "show and fix the findings of this rule alone; repeatable")
          .argParser(collect(ruleId))
          .default([], "none"),
      )
      .addOption(
        new Option(
          "--fix [safety]",
          "repair what has a safe fix; --fix=unsafe: also what somebody should review",
        ).choices(["safe", "unsafe"]),
      )
      .option("--diff", "print what --fix would change, for reading: secrets are masked; write nothing")
      .option("--stdin-filename <name>", "check standard input as if it were this file")
      .option("--history", "search the history of git for environment files too")
      .option("--baseline <file>", "leave out the findings that this file knows")
      .option("--update-baseline", "write the findings of this run into the baseline and drop those that are gone")
      .option("--changed-since <ref>", "only findings in lines that changed since this branch, tag or commit")
      .option("--staged", "only findings in lines that are staged, read as they are staged")
      .option("--config-from-ref <ref>", "read configuration and baseline from this branch, tag or commit")
      .option("--sarif-category <name>", "category of the SARIF upload")
      .option("--report-suppressed", "list silenced findings too, in formats that can tell them from the others")
      .option("--no-inline-ignores", "heed no qwed-harden-ignore comment")
      .addHelpText("after", EXIT_CODES),
  ).action((paths: string[], { output, rule, ...options }: LintFlags) =>
    done(
      runLint(
        {
          ...options,
          paths: orHere(paths),
          outputs: output,
          rules: rule,
          only: [...options.only, ...rule.filter(({ alone }) => alone).map(({ id }) => id)],
        },
        streams,
      ),
    ),
  );

  colored(program.command("rules"))
    .description("list all rules")
    .addOption(new Option("--format <format>", "format").choices(["json", "markdown", "pretty"]).default("pretty"))
    .action(({ format, ...options }) => done(runRules(format, options, streams)));

  colored(program.command("explain").argument("<rule>", "id of a rule"))
    .description("tell why a rule is there and what to do about its findings")
    .action((id: string, options) => done(runExplain(id, options, streams)));

  project(program.command("guide"))
    .description("both hardening guides as a checklist for this project")
    .addArgument(new Argument("[guide]", `${guideNames.join(" or ")}; both if left out`))
    .argument("[paths...]", "files and folders (default: .)")
    .action((first: string | undefined, rest: string[], options) => {
      const guide = first !== undefined && guideNames.includes(first) ? first : undefined;
      const paths = guide === undefined && first !== undefined ? [first, ...rest] : rest;
      return done(runGuide(guide, { ...options, paths: orHere(paths) }, streams));
    });

  project(program.command("model").argument("[paths...]", "files and folders (default: .)"))
    .description("print the deployment as this tool understands it, secrets masked")
    .addOption(new Option("--format <format>", "format").choices(["json"]).default("json"))
    .action((paths: string[], options) => done(runModel({ ...options, paths: orHere(paths) }, streams)));

  program
    .command("init")
    .addArgument(new Argument("[folder]", "root of the repository").default(".", "."))
    .description("write a configuration, a pipeline and a baseline; asks what its options do not say")
    .addOption(new Option("--preset <preset>", "rules beside the recommended ones").choices([...PRESETS, "all"]))
    .addOption(new Option("--ci <service>", "pipeline for this service").choices(PIPELINES))
    .option("--baseline", "let the findings pass that are there")
    .option("--no-baseline", "let none pass")
    .option("--yes", "take the defaults, ask nothing")
    .option("--force", "replace files that are there")
    .option("--dry-run", "tell what would be written and write nothing")
    .action(async (folder: string, options: Omit<InitCommand, "folder">) =>
      done((await import("./init.ts")).runInit({ ...options, folder }, streams)),
    );

  program
    .command("completion")
    .addArgument(new Argument("<shell>", "whose script to print").choices(SHELLS))
    .description("print a script that completes commands, options and rule ids at a TAB")
    .addHelpText("after", COMPLETION_HELP)
    .action(async (shell: Shell) => {
      const { completionScript } = await import("./completion.ts");
      streams.out.write(completionScript(shell, program));
    });

  for (const command of [program, ...program.commands]) {
    command.configureHelp({ minWidthToWrap: 20 });
    command.exitOverride().configureOutput({
      writeOut: (text) => streams.out.write(text),
      writeErr: (text) => streams.err.write(text),
      getOutHelpWidth: () => widthOf(streams.out, streams.env),
      getErrHelpWidth: () => widthOf(streams.err, streams.env),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  if (argv.length === 0) {
    streams.err.write(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync(argv.map(explicitFix), { from: "user" });
  } catch (error) {
    // Commander has said what is wrong; help and version end the same way, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return code;
}

interface LintFlags extends Omit<LintCommand, "paths" | "outputs" | "rules" | "only"> {
  readonly output: readonly Destination[];
  readonly rule: readonly RuleLevel[];
  readonly only: readonly string[];
}

/** `--fix` alone never takes the path behind it for its value. Throws `UserError` where that is not what was meant. */
function explicitFix(argument: string, i: number, argv: readonly string[]): string {
  if (argument !== "--fix") return argument;
  const next = argv[i + 1];
  if (next === "safe" || next === "unsafe")
    throw new UserError(`write --fix=${next}, or --fix ./${next} for that path`);
  return "--fix=safe";
}

const orHere = (paths: readonly string[]): readonly string[] => (paths.length ? paths : ["."]);

const colored = (command: Command): Command =>
  command.option("--color", "colours even where there is no terminal").option("--no-color", "no colours");

const project = (command: Command): Command =>
  colored(command)
    .option("--config <file>", "configuration file (default: qwed-harden.config.yaml, .yml or .json, found upwards)")
    .option("--no-config", "no configuration file") satisfies Command & { opts(): Partial<ProjectOptions> };

const collect =
  <T>(parse: (text: string) => T) =>
  (text: string, before: readonly T[]): readonly T[] => [...before, parse(text)];

function destination(text: string): Destination {
  const at = text.indexOf("=");
  const format = FORMATS.find((known) => known === text.slice(0, at));
  if (at < 0 || !format || at === text.length - 1) {
    throw new InvalidArgumentError(`It is FORMAT=FILE with one of ${FORMATS.join(", ")}.`);
  }
  return { format, file: text.slice(at + 1) };
}

function ruleLevel(text: string): RuleLevel {
  const at = text.lastIndexOf("=");
  const id = text.slice(0, Math.max(at, 0));
  const level = LEVELS.find((known) => known === text.slice(at + 1));
  if (at < 0) return { id: ruleId(text), level: "on", alone: true };
  if (!level) throw new InvalidArgumentError(`It is ID=LEVEL with one of ${LEVELS.join(", ")}.`);
  return { id: ruleId(id), level };
}

function ruleId(id: string): string {
  const ids = rules.map(({ meta }) => meta.id as string);
  if (!ids.includes(id)) throw new InvalidArgumentError(`There is no rule "${id}"${suggestion(id, ids)}`);
  return id;
}
