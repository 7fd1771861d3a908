/** What command lines say: credentials, development servers, authentication switched off, log levels, workers. */
import type { BuildStage, CommandCredential, Container, Format, Located, Setting, Settings } from "../model.ts";
import { credentialsIn } from "./commands-credentials.ts";
import { programOf, shellWords, simpleCommands, type Words } from "./commands-words.ts";
import { levelOf } from "./environment-settings.ts";
import { integerOf, textOf } from "./environment-values.ts";
import type { Facts } from "./facts.ts";
import { firstAtEachPlace } from "./places.ts";

interface Line {
  readonly subject: string;
  readonly format: Format;
  /** It is what runs, not a step of a build or a check. */
  readonly serves: boolean;
  readonly words: Words;
}

/**
 * Reads entry points, commands and checks of containers and CMD, ENTRYPOINT, RUN and HEALTHCHECK of build stages. What only a
 * running process decides (debug, authentication, log level) is read from commands that run; of a stage that nothing
 * runs, only its credentials. A word that several containers share is read once.
 */
export function commands(containers: readonly Container[], stages: readonly BuildStage[]): Facts {
  const lines = [...containers.flatMap(linesOfContainer), ...stages.flatMap(linesOfStage)];
  const credentials = lines.flatMap(({ words, subject, format }): CommandCredential[] =>
    credentialsIn(words).map(({ option, credential: { span, kind } }) => ({ subject, format, option, span, kind })),
  );
  const running = lines.filter(({ serves }) => serves);
  const settings: Partial<Settings> = {
    debug: firstAtEachPlace(
      running.flatMap((line) => debugOf(line)),
      ({ at }) => at.span,
    ),
    authentication: firstAtEachPlace(running.flatMap(authenticationOf), ({ at }) => at.span),
    logLevel: firstAtEachPlace(running.flatMap(logLevelOf), ({ at }) => at.span),
  };
  return { commandCredentials: firstAtEachPlace(credentials, ({ span }) => span), settings };
}

const linesOfContainer = ({ subject, format, command, checks = [] }: Container): readonly Line[] => [
  ...simpleCommands(command).map((words) => ({ subject, format, serves: true, words })),
  ...checks.flatMap((check) => simpleCommands(check).map((words) => ({ subject, format, serves: false, words }))),
];

const linesOfStage = ({ subject, instructions, final, ranBy }: BuildStage): readonly Line[] =>
  instructions.flatMap(({ keyword, arguments: all }) => {
    if (!/^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword)) return [];
    const serves = (keyword === "CMD" || keyword === "ENTRYPOINT") && (final || ranBy.length > 0);
    const argv = keyword === "HEALTHCHECK" && all[0]?.value.toUpperCase() === "CMD" ? all.slice(1) : all;
    return simpleCommands(argv).map((words) => ({ subject, format: "dockerfile" as const, serves, words }));
  });

// ── Switches ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Programs that serve for development, by program and, where it takes one, the word that asks for it. */
const DEVELOPMENT: readonly (readonly [program: RegExp, word?: RegExp])[] = [
  [/^(?:uvicorn|gunicorn|hypercorn|fastapi|granian|python3?|sanic|litestar|puma)$/, /^--(?:auto-)?reload$/],
  [/^(?:flask|quart|sanic|litestar)$/, /^--(?:debug|debugger)$/],
  [/^fastapi$/, /^dev$/],
  [/^(?:flask|quart)$/, /^run$/],
  [/^(?:manage\.py|django-admin)$/, /^runserver(?:_plus)?$/],
  [/^python3?(?:\.\d+)?$/, /^(?:runserver(?:_plus)?|http\.server)$/],
  [/^(?:npm|yarn|pnpm|bun)$/, /^(?:dev|develop|start:dev|watch|start:watch)$/],
  [/^(?:nodemon|ts-node-dev|tsnd|webpack-dev-server|node-dev|air|browser-sync)$/],
  [/^(?:tsx|dotnet|deno|nest)$/, /^(?:watch|--watch)$/],
  [/^node$/, /^--(?:watch|inspect|inspect-brk)(?:=.*)?$/],
  [/^(?:next|nuxt|nuxi|astro|remix|gatsby)$/, /^(?:dev|develop)$/],
  [/^(?:ng|webpack|vue-cli-service|hugo|jekyll|mkdocs)$/, /^(?:serve|server)$/],
  [/^react-scripts$/, /^start$/],
  [/^php$/, /^(?:-S|artisan)$/],
  [/^cargo(?:-watch)?$/, /^watch$/],
  [/^vault$/, /^-dev$/],
];

function debugOf({ subject, words }: Line): readonly Setting<boolean>[] {
  const { name, index } = programOf(words);
  const rest = words.slice(index + 1);
  for (const [program, word] of DEVELOPMENT) {
    if (!program.test(name)) continue;
    const at = word ? rest.find(({ value }) => word.test(value)) : words[index];
    if (!at || (at.value === "artisan" && !rest.some(({ value }) => value === "serve"))) continue;
    return [{ at: { value: true, span: at.span }, subject, key: word ? `${name} ${at.value}` : name }];
  }
  return name === "python" || name === "python3" ? debugOfModule({ subject, words, rest }) : [];
}

/** `python -m flask run`: the module is the program. */
function debugOfModule({
  subject,
  rest,
}: Pick<Line, "subject" | "words"> & { readonly rest: Words }): readonly Setting<boolean>[] {
  const module = rest.findIndex(({ value }) => value === "-m");
  return module < 0 || !rest[module + 1]
    ? []
    : debugOf({ subject, format: "dockerfile", serves: true, words: rest.slice(module + 1) });
}

/** Options that switch authentication off: the option, and what its value must be where it takes one. */
const OPEN: readonly (readonly [option: RegExp, value?: RegExp])[] = [
  [/^--(?:no-?auth|noauth|disable-auth(?:entication)?|without-authentication|skip-grant-tables|skip-auth|anonymous)$/],
  [/^--auth$/, /^(?:none|off|false|disabled)$/],
  [/^--(?:auth-mode|authentication|auth-method|authorization-mode)$/, /^(?:none|off|disabled|AlwaysAllow)$/],
  [/^--anonymous-auth$/, /^true$/],
  [/^--protected-mode$/, /^no$/],
  [/^--(?:NotebookApp|ServerApp|IdentityProvider)\.token$/, /^$/],
  [/^--api\.insecure$/, /^(?:true)?$/],
  [/^-E(?:xpack|plugins)\.security\.enabled$/, /^false$/],
];

/** Redis's protected mode stands in for a password: with one it decides nothing. */
const PASSWORD = /^--(?:requirepass|aclfile)\b/;

function authenticationOf({ subject, words }: Line): readonly Setting<boolean>[] {
  const cockroach = programOf(words).name === "cockroach" || words.some(({ value }) => value === "start-single-node");
  return words.flatMap((word, index) => {
    const equals = word.value.indexOf("=");
    const option = equals < 0 ? word.value : word.value.slice(0, equals);
    if (option === "--insecure" && cockroach) return [{ at: { value: false, span: word.span }, subject, key: option }];
    const row = OPEN.find(([pattern]) => pattern.test(option));
    if (!row || (option === "--protected-mode" && words.some(({ value }) => PASSWORD.test(value)))) return [];
    const next = words[index + 1];
    const value = equals >= 0 ? word.value.slice(equals + 1).replace(/^(["'])(.*)\1$/, "$2") : (next?.value ?? "");
    const bare = option === "--api.insecure" && equals < 0;
    const off = row[1]
      ? bare || (equals < 0 && !next ? false : row[1].test(value))
      : equals < 0 || /^true$/.test(value);
    return off ? [{ at: { value: false, span: word.span }, subject, key: option }] : [];
  });
}

const logLevelOf = ({ subject, words }: Line): readonly Setting<string>[] =>
  optionsOf(words, /^--?(?:log[-_.]?level|logging[-_.]level|verbosity)$/i).flatMap(({ option, at }) => {
    const level = levelOf(at.value);
    return level && !/^\d+$/.test(at.value) ? [{ at: { value: level, span: at.span }, subject, key: option }] : [];
  });

/** Values of an option, `--option=value` and `--option value`, each at its place. */
function optionsOf(words: Words, names: RegExp): readonly { readonly option: string; readonly at: Located<string> }[] {
  return words.flatMap((word, index) => {
    const equals = word.value.indexOf("=");
    const option = equals < 0 ? word.value : word.value.slice(0, equals);
    if (!names.test(option)) return [];
    if (equals < 0) return words[index + 1] ? [{ option, at: words[index + 1]! }] : [];
    const { file, start, end } = word.span;
    const exact = end - start === word.value.length;
    const span = exact ? { file, start: start + equals + 1, end } : word.span;
    return [{ option, at: { value: word.value.slice(equals + 1), span } }];
  });
}

// ── Workers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SERVERS = /^(?:gunicorn|uvicorn|hypercorn|granian|puma|uwsgi|waitress-serve|fastapi|daphne|sanic)$/;
const WORKERS = /^(?:-w|--workers|--processes|--worker-processes)$/;
const WORKER_VARIABLES =
  /^(?:WEB_CONCURRENCY|(?:UVICORN_|GUNICORN_|HYPERCORN_|GRANIAN_)?WORKERS|UVICORN_NUM_WORKERS|WEB_WORKERS)$/;

/**
 * How many worker processes a container's server starts: by the option of its command, else by `WEB_CONCURRENCY` and
 * the like, else by `GUNICORN_CMD_ARGS`. Absent: not written, or not a number.
 */
export function workersOf({
  command,
  variables,
}: Pick<Container, "command" | "variables">): Located<number> | undefined {
  for (const words of simpleCommands(command)) {
    const server = words.findIndex(({ value }) => SERVERS.test(value.slice(value.lastIndexOf("/") + 1)));
    const found = server < 0 ? undefined : workersIn(words.slice(server + 1));
    if (found) return found;
  }
  for (const variable of variables) {
    if (!WORKER_VARIABLES.test(variable.name.value)) continue;
    const at = textOf(variable);
    const number = at && integerOf(at.value);
    if (at && number !== undefined && number > 0) return { value: number, span: at.span };
  }
  const options = variables.find(({ name }) => name.value === "GUNICORN_CMD_ARGS");
  const at = options && textOf(options);
  return at && workersIn(shellWords(at));
}

function workersIn(words: Words): Located<number> | undefined {
  const separate = optionsOf(words, WORKERS).map(({ at }) => at);
  const attached = words.flatMap(({ value, span }) => {
    const digits = /^-w(\d+)$/.exec(value)?.[1];
    const exact = span.end - span.start === value.length;
    return digits ? [{ value: digits, span: exact ? { ...span, start: span.start + 2 } : span }] : [];
  });
  for (const { value, span } of [...separate, ...attached]) {
    const number = integerOf(value);
    if (number !== undefined && number > 0) return { value: number, span };
  }
  return undefined;
}
