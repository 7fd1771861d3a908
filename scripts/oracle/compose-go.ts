/** What compose-go makes of Compose projects. */
import { spawnSync } from "node:child_process";

export interface Request {
  /** Absolute folder that paths of `files` start at; the first file is the main one. */
  readonly directory: string;
  readonly files: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Services have the variables of their env_file. */
  readonly resolve?: true;
}

/** A project as compose-go prints it, as far as it is compared. */
export interface Answer {
  readonly error?: string;
  readonly services?: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

export interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly { target: number; published?: string; host_ip?: string; protocol?: string }[];
  readonly volumes?: readonly { type: string; source?: string; target: string; read_only?: boolean }[];
  readonly tmpfs?: readonly string[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly secrets?: readonly { source: string; target?: string }[];
  readonly configs?: readonly { source: string; target?: string }[];
  readonly build?: {
    readonly context?: string;
    readonly dockerfile?: string;
    readonly dockerfile_inline?: string;
    readonly target?: string;
  };
  readonly container_name?: string;
}

/** One answer for each request. `program` is the built oracle. Throws where it does not run. */
export function ask(program: string, requests: readonly Request[]): readonly Answer[] {
  if (!requests.length) return [];
  const input = requests.map((request) => JSON.stringify(request)).join("\n");
  const { stdout, error, status } = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 28, env: {} });
  if (error || status !== 0) throw error ?? new Error(`the oracle failed with ${status}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}

/** The same requests with a value for every variable that a project refuses to start without. */
export function withRequired(program: string, requests: readonly Request[]): readonly Request[] {
  return ask(program, requests).map(({ error = "" }, index) => {
    const names = [...error.matchAll(/required variable (\w+) is missing/g)].map(([, name]) => name!);
    return { ...requests[index]!, environment: Object.fromEntries(names.map((name) => [name, "1"])) };
  });
}
