/** Switches and numbers in source: one table row a name, one small function where a call must be looked at. */
import type { Located, Setting, Settings } from "../../model.ts";
import { type Call, childrenOf, type Expression, option, pathOf } from "../../parse/script.ts";
import { type Binding, calleeWord, canonical, located, type Module } from "./modules.ts";
import { hashes, minimumLengths, noValidators } from "./passwords.ts";
import { booleanOf, type Context, type Found, holds, numberOf, stringOf, writtenIn } from "./resolve.ts";

type Language = Module["tree"]["language"];

interface Row {
  readonly language?: Language;
  /** Of the binding's canonical path. */
  readonly path: RegExp;
  /** What the value must not stand under: a class for development is no deployment. */
  readonly unless?: RegExp;
  /** Only in a file of settings: elsewhere the name is a constant like any other. */
  readonly settings?: true;
  /** The switch says the opposite of the setting. */
  readonly inverted?: true;
}

const DEVELOPMENT = /dev|test|local/i;

const SWITCHES: { readonly [K in "debug" | "authentication"]: readonly Row[] } = {
  debug: [
    {
      language: "python",
      path: /(?:^|\.)(?:app|application|server|socketio|api|web)\.run\.(?:debug|use_reloader|reload)$/,
    },
    { language: "python", path: /^uvicorn\.run\.reload$/ },
    { language: "python", path: /(?:^|\.)(?:FastAPI|Starlette|Sanic|Litestar)\.debug$/ },
    { language: "python", path: /(?:^|\.)(?:app|application)\.(?:debug|config\.DEBUG)$/ },
    { language: "python", path: /^DEBUG$/, settings: true },
    { language: "python", path: /^\w*(?:Settings|Config)\.debug$/i, unless: DEVELOPMENT },
  ],
  authentication: [
    { path: /(?:^|[._])(?:AUTH(?:ENTICATION)?|LOGIN|API_KEYS?)_(?:ENABLED|REQUIRED)$/i },
    { path: /(?:^|[._])(?:ENABLE|REQUIRE)_(?:AUTH(?:ENTICATION)?|LOGIN|API_KEYS?)$/i },
    {
      path: /(?:^|[._])(?:DISABLE_AUTH(?:ENTICATION)?|AUTH(?:ENTICATION)?_DISABLED|LOGIN_DISABLED|SKIP_AUTH)$/i,
      inverted: true,
    },
  ],
};

const NUMBERS: { readonly [K in "passwordMinLength" | "poolSize" | "keyRotation"]: readonly Row[] } = {
  passwordMinLength: [
    {
      path: /(?:^|[._])(?:MIN(?:IMUM)?_?PASS(?:WORD|WD)?_?LEN(?:GTH)?|PASS(?:WORD|WD)?_?MIN(?:IMUM)?(?:_?LEN(?:GTH)?)?)$/i,
    },
  ],
  poolSize: [
    { language: "python", path: /(?:^|\.)create_(?:async_)?engine\.pool_size$/ },
    { language: "javascript", path: /(?:^|\.)pool\.max$|(?:^|\.)Pool\.max$|\.connectionLimit$/ },
  ],
  keyRotation: [],
};

/** How far a pool may grow past its size; below 0 without limit. */
const OVERFLOW: readonly Row[] = [{ language: "python", path: /(?:^|\.)create_(?:async_)?engine\.max_overflow$/ }];

/** Switches, numbers and calls of one file. Values that a deployment overrides are left out. */
export function settingsOf(within: Context, module: Module): Partial<Settings> {
  const { calls } = module.tree;
  return {
    debug: [...switches(within, module, SWITCHES.debug), ...calls.flatMap((call) => errorHandler(module, call))],
    authentication: [...switches(within, module, SWITCHES.authentication), ...openByDefault(module)],
    passwordMinLength: [...numbers(within, module, NUMBERS.passwordMinLength), ...minimumLengths(within, module)],
    passwordPolicy: noValidators(module),
    passwordHash: hashes(within, module),
    poolSize: [
      ...numbers(within, module, NUMBERS.poolSize),
      ...numbers(within, module, OVERFLOW).filter(({ at }) => at.value < 0),
    ],
    bodyLogging: calls.flatMap((call) => logged(module, call)),
    logLevel: calls.flatMap((call) => logLevel(within, module, call)),
  };
}

const setting = <T>(module: Module, at: Located<T>, key: string): Setting<T> => ({
  at,
  subject: module.file.path,
  key,
});

/** Named so, or defines what Django's settings define. */
const holdsSettings = ({ file, defined }: Module): boolean =>
  /(?:settings|config)[^/]*\.\w+$|(?:settings|config)\//i.test(file.path) ||
  ["INSTALLED_APPS", "ALLOWED_HOSTS", "SECRET_KEY", "ROOT_URLCONF"].some((name) => defined.has(name));

function matching(module: Module, rows: readonly Row[]): { binding: Binding; row: Row }[] {
  return module.bindings.flatMap((binding) => {
    if (binding.guard || !binding.value) return [];
    const path = canonical(module, binding.path);
    const row = rows.find(
      ({ language, path: pattern, unless, settings }) =>
        (!language || language === module.tree.language) &&
        pattern.test(path) &&
        !unless?.test(path) &&
        (!settings || holdsSettings(module)),
    );
    return row ? [{ binding, row }] : [];
  });
}

function found<T>(
  within: Context,
  module: Module,
  binding: Binding,
  read: (within: Context, module: Module, value: Expression | undefined) => Found<T> | undefined,
): Setting<T>[] {
  const { value, variable } = writtenIn(within, module, binding);
  const result = read(within, module, value);
  if (!result || !holds(within, result.variable ?? variable)) return [];
  return [setting(module, result.at, binding.call ? `${binding.call.path}(${binding.key.text}=…)` : binding.key.text)];
}

const switches = (within: Context, module: Module, rows: readonly Row[]): Setting<boolean>[] =>
  matching(module, rows).flatMap(({ binding, row }) =>
    found(within, module, binding, booleanOf).map((result) =>
      row.inverted ? { ...result, at: { ...result.at, value: !result.at.value } } : result,
    ),
  );

const numbers = (within: Context, module: Module, rows: readonly Row[]): Setting<number>[] =>
  matching(module, rows).flatMap(({ binding }) => found(within, module, binding, numberOf));

/** `app.use(errorhandler())` shows stack traces to callers: https://expressjs.com/en/resources/middleware/errorhandler.html */
function errorHandler(module: Module, call: Call): Setting<boolean>[] {
  if (call.guard || canonical(module, call.path) !== "errorhandler") return [];
  return [setting(module, located(module, calleeWord(call), true), "errorhandler")];
}

/** Django REST framework: every view is open unless it says otherwise. */
function openByDefault(module: Module): Setting<boolean>[] {
  return module.bindings.flatMap(({ key, value }) => {
    if (key.text !== "DEFAULT_PERMISSION_CLASSES" || value?.kind !== "list" || value.items.length !== 1) return [];
    const [item] = value.items;
    if (item?.kind !== "string" || !item.text.endsWith(".AllowAny")) return [];
    return [setting(module, located(module, item, false), key.text)];
  });
}

// ── Logs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const LOGGER =
  /(?:^|\.)_?(?:log(?:ger|ging)?|console|winston|pino)\.(?:debug|info|log|warn|warning|error|trace)$|^print$/i;
const WHOLE =
  /(?:^|\.)req(?:uest)?\.(?:headers|body|headers\.authorization|headers\.Authorization|cookies|json\(\)|body\(\))$/i;

/** `req.body`, also inside another call or a template; `req.body.id` is one field of it. */
const isWholeRequest = (node: Expression): boolean =>
  WHOLE.test(pathOf(node)) ||
  (node.kind === "call"
    ? [...node.positional, ...node.named.map(({ value }) => value)].some(isWholeRequest)
    : node.kind !== "name" && childrenOf(node).some(isWholeRequest));

/** Headers or bodies of requests in a log, morgan's tokens for them included. */
function logged(module: Module, call: Call): Setting<boolean>[] {
  const path = canonical(module, call.path);
  const [first] = call.positional;
  if (path === "morgan" && first?.kind === "string" && /:req\[(?:authorization|cookie)\]|:body\b/i.test(first.text)) {
    return [setting(module, located(module, first, true), "morgan")];
  }
  if (!LOGGER.test(call.path)) return [];
  const argument = call.positional.find(isWholeRequest);
  return argument ? [setting(module, located(module, argument, true), call.path)] : [];
}

/** `logging.basicConfig(level=logging.DEBUG)`, `uvicorn.run(log_level="debug")`. */
function logLevel(within: Context, module: Module, call: Call): Setting<string>[] {
  const written = /(?:^|\.)(?:basicConfig|setLevel|run|createLogger|pino)$/.test(call.path)
    ? (option(call, "level", "log_level")?.value ?? (/setLevel$/.test(call.path) ? call.positional[0] : undefined))
    : undefined;
  if (!written || call.guard) return [];
  const name = /^logging\.([A-Z]+)$/.exec(canonical(module, pathOf(written)))?.[1];
  if (name) return [setting(module, located(module, written, name), call.path)];
  const text = stringOf(within, module, written);
  return text && holds(within, text.variable)
    ? [setting(module, { ...text.at, value: text.at.value.toUpperCase() }, call.path)]
    : [];
}
