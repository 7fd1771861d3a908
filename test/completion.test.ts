import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { bashScript } from "../src/cli/completion-bash.ts";
import { fishScript } from "../src/cli/completion-fish.ts";
import type { CommandShape } from "../src/cli/completion-shape.ts";
import { zshScript } from "../src/cli/completion-zsh.ts";
import { runIn, writeIn } from "./command-line.ts";

let folder: string;
const scripts: Record<string, string> = {};
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qwed-completion-")));
  writeIn(folder, { "compose.yaml": "", "a b.yaml": "", "qwed.env": "" });
  mkdirSync(join(folder, "deploy"));
  for (const shell of ["bash", "zsh", "fish"]) {
    scripts[shell] = (await runIn(folder, ["completion", shell])).out;
    writeFileSync(join(folder, `.script.${shell}`), scripts[shell]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const ids = rules.map(({ meta }) => meta.id as string);
const FORMATS = ["pretty", "json", "sarif", "github", "gitlab", "junit", "markdown", "checkstyle", "csv"];
const LEVELS = ["off", "on", "critical", "high", "medium", "low", "info"];

/** Options of a command by its own help. */
async function flagsOf(...command: readonly string[]): Promise<readonly string[]> {
  const { out } = await runIn(folder, [...command, "--help"]);
  return [...out.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)].flatMap(
    ([, short, long]) => [short, long!].filter(Boolean) as string[],
  );
}

/**
 * What bash has after a TAB at the end of `line`: COMPREPLY and the settings of compopt. `breaks` are the characters that
 * readline splits words at beside blanks.
 */
function bash(
  line: string,
  { breaks = "=", script = ".script.bash" } = {},
): { readonly reply: string[]; readonly options: string } {
  const words = line.match(breaks ? /=+|[^\s=]+/g : /\S+/g)!;
  if (/\s$/.test(line)) words.push("");
  const program = `
    set -eu
    compopt() { OPTIONS+=" $*"; }
    . "$1"
    shift
    OPTIONS='' COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDBREAKS=$2
    shift 2
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _qwed_harden "\${COMP_WORDS[0]}" "\${COMP_WORDS[COMP_CWORD]}" ''
    printf '%s\\n' "$OPTIONS" \${COMPREPLY[@]+"\${COMPREPLY[@]}"}`;
  const output = execFileSync("bash", ["--norc", "-c", program, "bash", script, line, breaks, ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  const [options = "", ...reply] = output.replace(/\n$/, "").split("\n");
  return { reply, options };
}

const FILES = "";
const NOTHING_ELSE = " +o bashdefault +o default";

describe("bash", () => {
  test.each([
    ["qwed-harden ", ["lint", "rules", "explain", "guide", "model", "init", "completion"]],
    ["qwed-harden li", ["lint"]],
    ["qwed-harden --v", ["--version"]],
    ["qwed-harden lint --min", ["--min-severity"]],
    ["qwed-harden lint --format ", FORMATS],
    ["qwed-harden lint --format s", ["sarif"]],
    ["qwed-harden lint --format=s", ["sarif"]],
    ["qwed-harden lint --format=", FORMATS],
    ["qwed-harden lint --fail-on ", ["critical", "high", "medium", "low", "info", "never"]],
    ["qwed-harden lint --preset st", ["strict", "style"]],
    ["qwed-harden lint --fix=", ["safe", "unsafe"]],
    ["qwed-harden lint --only cors/wildcard-o", ["cors/wildcard-origin"]],
    ["qwed-harden lint --only ", ids],
    ["qwed-harden lint --rule cors/wildcard-origin=", LEVELS],
    ["qwed-harden lint --rule cors/wildcard-origin=o", ["off", "on"]],
    ["qwed-harden lint --rule=cors/wildcard-origin=o", ["off", "on"]],
    ["qwed-harden lint --rule a=off --rule cors/wildcard-origin=me", ["medium"]],
    ["qwed-harden lint --changed-since ", []],
    ["qwed-harden rules --format m", ["markdown"]],
    ["qwed-harden rules ", []],
    ["qwed-harden explain secrets/env-file-in-h", ["secrets/env-file-in-history"]],
    ["qwed-harden explain ", ids],
    ["qwed-harden explain a ", []],
    ["qwed-harden completion ", ["bash", "zsh", "fish"]],
    ["qwed-harden lint --format zz", []],
    ["qwed-harden nothing ", []],
  ])("%s: these and no path", (line, expected) => {
    expect(bash(line)).toEqual({ reply: expected, options: NOTHING_ELSE });
  });

  test.each([
    "qwed-harden lint ",
    "qwed-harden lint comp",
    "qwed-harden lint . ",
    "qwed-harden lint --fix ",
    "qwed-harden lint --format json ",
    "qwed-harden lint --format=json ",
    "qwed-harden lint --output sarif=a --only x ",
    "qwed-harden lint -- --format ",
    "qwed-harden lint -- --for",
    "qwed-harden lint --config ",
    "qwed-harden lint --config=",
    "qwed-harden lint --baseline ha",
    "qwed-harden lint --output sarif=",
    "qwed-harden lint --output sarif=co",
    "qwed-harden lint --output=sarif=co",
    "qwed-harden guide qwed ",
    "qwed-harden model ",
  ])("%s: paths, by readline itself", (line) => {
    expect(bash(line)).toEqual({ reply: [], options: FILES });
  });

  test("every option of every command, from the help of each", async () => {
    for (const command of [[], ["lint"], ["rules"], ["explain"], ["guide"], ["model"], ["completion"], ["init"]]) {
      const line = ["qwed-harden", ...command, "-"].join(" ");
      expect(bash(line).reply, line).toEqual(await flagsOf(...command));
    }
  });

  test("a word with more behind its = gets no blank", () => {
    expect(bash("qwed-harden lint --rule cors/wildcard-o")).toEqual({
      reply: ["cors/wildcard-origin="],
      options: `${NOTHING_ELSE} -o nospace`,
    });
    expect(bash("qwed-harden lint --output s").reply).toEqual(["sarif="]);
  });

  test("a guide or a path, names with blanks included", () => {
    expect(bash("qwed-harden guide q").reply).toEqual(["qwed", "qca", "qwed.env"]);
    expect(bash("qwed-harden guide a").reply).toEqual(["a b.yaml"]);
    expect(bash("qwed-harden guide a").options).toBe(" -o filenames");
  });

  test("a folder for init", () => {
    expect(bash("qwed-harden init ").options).toBe(`${NOTHING_ELSE} -o dirnames`);
  });

  test("where = does not break words, the whole word is given back", () => {
    const whole = (line: string) => bash(line, { breaks: "" }).reply;
    expect(whole("qwed-harden lint --format=s")).toEqual(["--format=sarif"]);
    expect(whole("qwed-harden lint --rule cors/wildcard-origin=of")).toEqual(["cors/wildcard-origin=off"]);
    expect(whole("qwed-harden lint --rule=cors/wildcard-origin=of")).toEqual(["--rule=cors/wildcard-origin=off"]);
  });

  test("the script parses, registers the program and leaves nothing else behind", () => {
    execFileSync("bash", ["-n", ".script.bash"], { cwd: folder });
    const seen = "{ compgen -v; compgen -A function; } || :";
    const program = `set -eu; before=; after=; before=$(${seen}); . ./.script.bash; after=$(${seen})
      complete -p qwed-harden; diff <(echo "$before") <(echo "$after") | grep '^[<>]' || :`;
    const told = execFileSync("bash", ["--norc", "-c", program], { cwd: folder, encoding: "utf8" });
    expect(told).toBe("complete -o bashdefault -o default -F _qwed_harden qwed-harden\n> _qwed_harden\n");
  });
});

/** Every text of it would be evaluated by a shell that sees it unquoted. */
const HOSTILE = "it's $(touch pwned) `touch pwned` \\ [x]: *";
const hostile: CommandShape = {
  name: "qwed-harden",
  description: HOSTILE,
  places: [],
  options: [],
  commands: [
    {
      name: "lint",
      description: HOSTILE,
      commands: [],
      options: [
        {
          flags: ["--only"],
          description: HOSTILE,
          repeatable: false,
          alone: false,
          value: { name: "id", optional: false, words: [HOSTILE, "$(touch pwned)"] },
        },
      ],
      places: [],
    },
  ],
};

describe("names are data", () => {
  test("bash", () => {
    writeFileSync(join(folder, ".hostile.bash"), bashScript(hostile));
    expect(bash("qwed-harden lint --only ", { script: ".hostile.bash" }).reply).toEqual([HOSTILE, "$(touch pwned)"]);
    expect(bash("qwed-harden guide ").reply).not.toContain("pwned");
  });

  test("zsh and fish", () => {
    expect(zshScript(hostile)).toContain("'lint:it'\\''s $(touch pwned) `touch pwned` \\ [x]: *'");
    expect(zshScript(hostile)).toContain("[it'\\''s $(touch pwned) `touch pwned` \\\\ \\[x\\]\\: *]");
    expect(fishScript(hostile)).toContain("-d 'it\\'s $(touch pwned) `touch pwned` \\\\ [x]: *'");
  });
});

describe("zsh", () => {
  test("the text: a function of $fpath that knows every command, option and rule", async () => {
    const script = scripts.zsh!;
    expect(script).toMatch(/^#compdef qwed-harden\n/);
    for (const id of ids) expect(script).toContain(` ${id}`);
    for (const command of ["lint", "rules", "explain", "guide", "model", "completion", "init"]) {
      const branch = script.slice(script.indexOf(`\n    ${command})\n`)).split("\n      ;;")[0]!;
      for (const flag of await flagsOf(command)) expect(branch, command).toMatch(new RegExp(`${flag}[=[,}]`));
    }
    expect(script).toContain("'--fix=-[");
    expect(script).toContain("'*--only=[");
  });

  test.skipIf(!installed("zsh"))("zsh parses it (skipped where zsh is not installed)", () => {
    execFileSync("zsh", ["-f", "-n", ".script.zsh"], { cwd: folder });
  });
});

describe("fish", () => {
  test("the text: every command, option and rule", async () => {
    const lines = scripts.fish!.split("\n");
    for (const command of ["lint", "rules", "explain", "guide", "model", "completion", "init"]) {
      const own = lines.filter((line) =>
        line.startsWith(`complete -c qwed-harden -n '__qwed_harden_command ${command}'`),
      );
      for (const flag of await flagsOf(command)) {
        const spelling = flag.startsWith("--") ? ` -l ${flag.slice(2)} ` : ` -s ${flag.slice(1)} `;
        expect(
          own.some((line) => line.includes(spelling)),
          `${command} ${flag}`,
        ).toBe(true);
      }
    }
    expect(lines.find((line) => line.includes("lint' -l only -r -f "))).toContain(`-a '${ids.join(" ")}'`);
  });

  test.skipIf(!installed("fish")).each([
    ["qwed-harden li", ["lint"]],
    ["qwed-harden lint --format=s", ["--format=sarif"]],
    ["qwed-harden lint --rule cors/wildcard-origin=o", ["cors/wildcard-origin=off", "cors/wildcard-origin=on"]],
    ["qwed-harden lint --output sarif=co", ["sarif=compose.yaml"]],
    ["qwed-harden lint explain comp", ["compose.yaml"]],
    ["qwed-harden guide q", ["qca", "qwed", "qwed.env"]],
    ["qwed-harden rules ", []],
  ])("%s (skipped where fish is not installed)", (line, expected) => {
    const output = execFileSync("fish", ["--no-config", "-c", 'source .script.fish; complete -C "$argv[1]"', line], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(output.split("\n").flatMap((row) => row.split("\t")[0] || [])).toEqual(expected);
  });
});

describe("the command", () => {
  test.each([
    [["completion", "tcsh"], "Allowed choices are bash, zsh, fish"],
    [["completion"], "missing required argument 'shell'"],
  ])("%j: exit code 2 and what there is", async (argv, message) => {
    const { code, out, err } = await runIn(folder, argv);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });

  test("help tells how to install each", async () => {
    const { code, out } = await runIn(folder, ["completion", "--help"]);
    expect(code).toBe(0);
    for (const shell of ["bash", "zsh", "fish"]) expect(out).toContain(`qwed-harden completion ${shell} >`);
  });
});
