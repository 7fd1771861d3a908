/** `qwed-harden completion`: the script of one shell. */
import type { Command } from "commander";
import { bashScript } from "./completion-bash.ts";
import { fishScript } from "./completion-fish.ts";
import { shapeOf } from "./completion-shape.ts";
import { zshScript } from "./completion-zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export type Shell = keyof typeof SCRIPTS;

/** The script that teaches a shell this program. It is complete: nothing is run at a TAB. */
export const completionScript = (shell: Shell, program: Command): string => SCRIPTS[shell](shapeOf(program));
