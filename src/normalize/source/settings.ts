/** Switches and numbers in source: one table row a name, one small function where a call must be looked at. */
import type { Located, Setting, Settings } from "../../model.ts";
import { type Call, childrenOf, contains, type Expression, lastSegment, option, pathOf } from "../../parse/script.ts";
import { type Binding, calleeWord, canonical, located, type Module } from "./modules.ts";
import { booleanOf, type Context, type Found, holds, numberOf, stringOf, writtenIn } from "./resolve.ts";

type Language = Module["tree"]["language"];

interface Row {
  readonly language?: Language;
  /** Of the binding's canonical path. */
  readonly path: RegExp;
  /** What the value must not stand under: a class for development is no deployment. */
  readonly unless?: RegExp;
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
    { language: "python", path: /^DEBUG$/ },
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

/** Switches, numbers and calls of one file. Values that a deployment overrides are left out. */
export function settingsOf(within: Context, module: Module): Partial<Settings> {
  const { calls } = module.tree;
  return {
    debug: [...switches(within, module, SWITCHES.debug), ...calls.flatMap((call) => errorHandler(module, call))],
    authentication: [...switches(within, module, SWITCHES.authentication), ...openByDefault(module)],
    passwordMinLength: [
      ...numbers(within, module, NUMBERS.passwordMinLength),
      ...module.bindings.flatMap((binding) => passwordField(within, module, binding)),
      ...module.tree.expressions.flatMap((node) => comparedLength(within, module, node)),
      ...validators(within, module),
    ],
    passwordPolicy: noValidators(module),
    passwordHash: [...calls.flatMap((call) => hashed(within, module, call)), ...firstHasher(module)],
    poolSize: numbers(within, module, NUMBERS.poolSize),
    bodyLogging: calls.flatMap((call) => logged(module, call)),
    logLevel: calls.flatMap((call) => logLevel(within, module, call)),
  };
}

const setting = <T>(module: Module, at: Located<T>, key: string): Setting<T> => ({
  at,
  subject: module.file.path,
  key,
});

function matching(module: Module, rows: readonly Row[]): { binding: Binding; row: Row }[] {
  return module.bindings.flatMap((binding) => {
    if (binding.guard || !binding.value) return [];
    const path = canonical(module, binding.path);
    const row = rows.find(
      ({ language, path: pattern, unless }) =>
        (!language || language === module.tree.language) && pattern.test(path) && !unless?.test(path),
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

// ── Passwords ───────────────────────────────────────────────────────────────────────────────────────────────────────

const PASSWORD = /passw(?:or)?d|passphrase|(?:^|[._])pwd?$/i;

const mentionsPassword = (node: Expression): boolean =>
  contains(node, (inner) => inner.kind === "name" && PASSWORD.test(inner.last.text));

/**
 * Fields that hold a password: `password: str = Field(min_length=8)`, `password: z.string().min(8)`,
 * `@MinLength(8) password`. A minimum of one only says that it must be given.
 */
function passwordField(within: Context, module: Module, { key, value, assignment }: Binding): Setting<number>[] {
  if (!PASSWORD.test(key.text) || /current|old|hash/i.test(key.text)) return [];
  const annotated = [value, assignment?.annotation, ...(assignment?.decorators ?? [])];
  return annotated
    .flatMap((node) => minimums(node))
    .flatMap(({ value: written, name }) => {
      const length = numberOf(within, module, written);
      return length && length.at.value > 1 ? [setting(module, length.at, `${key.text} ${name}`)] : [];
    });
}

function minimums(node: Expression | undefined): { value: Expression; name: string }[] {
  const result: { value: Expression; name: string }[] = [];
  for (let current = node; current; ) {
    if (current.kind === "index") current = current.index;
    if (current.kind === "list") return current.items.flatMap((item) => minimums(item));
    if (current.kind !== "call") break;
    const word = lastSegment(current.path);
    const written = /^(?:min|minLength|MinLength|min_length)$/.test(word) ? current.positional[0] : undefined;
    const named = option(current, "min_length", "minLength", "minlength")?.value;
    const length = /^(?:Length|length|isLength)$/.test(word) ? (current.positional[0] ?? undefined) : undefined;
    const value = written ?? named ?? (length?.kind === "number" ? length : undefined);
    if (value) result.push({ value, name: word });
    current = current.callee.kind === "name" ? current.callee.of : undefined;
  }
  return result;
}

/** `len(password) < 8`, `password.length < 8`. */
function comparedLength(within: Context, module: Module, node: Expression): Setting<number>[] {
  if (node.kind !== "operation" || node.operator !== "<" || !node.left) return [];
  const { left } = node;
  const measured =
    left.kind === "call" && left.path === "len"
      ? left.positional[0]
      : left.kind === "name" && left.last.text === "length"
        ? left.of
        : undefined;
  if (measured?.kind !== "name" || !PASSWORD.test(measured.last.text)) return [];
  const length = numberOf(within, module, node.right);
  return length && length.at.value > 1 ? [setting(module, length.at, `${measured.path} length`)] : [];
}

/** Django's validators; MinimumLengthValidator asks for 8 unless told otherwise. */
function validators(within: Context, module: Module): Setting<number>[] {
  return lists(module, "AUTH_PASSWORD_VALIDATORS").flatMap(({ items }) =>
    items.flatMap((item) => {
      if (item.kind !== "object") return [];
      const name = item.entries.find(({ key }) => key.text === "NAME")?.value;
      if (name?.kind !== "string" || !name.text.endsWith(".MinimumLengthValidator")) return [];
      const options = item.entries.find(({ key }) => key.text === "OPTIONS")?.value;
      const written =
        options?.kind === "object" ? options.entries.find(({ key }) => key.text === "min_length") : undefined;
      const length = numberOf(within, module, written?.value)?.at;
      if (written && !length) return [];
      return [
        setting(module, length ?? { ...located(module, name, 8), implied: true as const }, "MinimumLengthValidator"),
      ];
    }),
  );
}

const lists = (module: Module, name: string): Extract<Expression, { kind: "list" }>[] =>
  (module.defined.get(name) ?? []).flatMap(({ value, guard }) => (value?.kind === "list" && !guard ? [value] : []));

const noValidators = (module: Module): Setting<boolean>[] =>
  lists(module, "AUTH_PASSWORD_VALIDATORS").flatMap((list) =>
    list.items.length === 0 ? [setting(module, located(module, list, false), "AUTH_PASSWORD_VALIDATORS")] : [],
  );

const HASHES: ReadonlyMap<string, string> = new Map([
  ["hashlib.md5", "md5"],
  ["hashlib.sha1", "sha1"],
  ["md5", "md5"],
  ["sha1", "sha1"],
  ["crypto-js.MD5", "md5"],
  ["crypto-js.SHA1", "sha1"],
]);

type Hash = Settings["passwordHash"][number];

/** MD5 and SHA-1 of a password, and the cost that bcrypt is given. */
function hashed(within: Context, module: Module, call: Call): Hash[] {
  const path = canonical(module, call.path);
  const word = calleeWord(call);
  const plain = HASHES.get(path);
  if (plain) return call.positional.some(mentionsPassword) ? [setting(module, located(module, word, plain), path)] : [];
  const [first, second] = call.positional;
  if (/createHash\(\)\.update$/.test(path) && first && mentionsPassword(first)) {
    const made = call.callee.kind === "name" ? call.callee.of : undefined;
    const name = made?.kind === "call" ? made.positional[0] : undefined;
    return name?.kind === "string"
      ? [setting(module, located(module, name, name.text.toLowerCase()), "createHash")]
      : [];
  }
  if (/(?:^|\.)hashlib\.new$/.test(path) && first?.kind === "string" && call.positional.some(mentionsPassword)) {
    return [setting(module, located(module, first, first.text.toLowerCase()), path)];
  }
  if (/(?:^|\.)CryptContext$/.test(path)) return passlib(within, module, call);
  const rounds = /(?:^|\.)gen_?salt(?:Sync)?$/i.test(path)
    ? (option(call, "rounds")?.value ?? first)
    : /^bcrypt(?:js)?\.hash(?:Sync)?$/.test(path)
      ? second
      : undefined;
  const cost = numberOf(within, module, rounds);
  return cost ? [{ ...setting(module, { ...cost.at, value: "bcrypt" }, path), cost: cost.at.value }] : [];
}

function passlib(within: Context, module: Module, call: Call): Hash[] {
  const schemes = option(call, "schemes")?.value;
  const first = schemes?.kind === "list" ? schemes.items[0] : schemes;
  if (first?.kind !== "string") return [];
  const cost = numberOf(within, module, option(call, `${first.text}__rounds`, `${first.text}__default_rounds`)?.value);
  const at = located(module, first, first.text.replace(/_crypt$|^hex_|^django_/, ""));
  return [
    {
      ...setting(module, cost ? { ...cost.at, value: at.value } : at, "CryptContext"),
      ...(cost && { cost: cost.at.value }),
    },
  ];
}

/** Django hashes with the first: `django.contrib.auth.hashers.MD5PasswordHasher`. */
const firstHasher = (module: Module): Hash[] =>
  lists(module, "PASSWORD_HASHERS").flatMap(({ items: [first] }) => {
    const name = first?.kind === "string" ? /(?:Unsalted)?(\w+?)PasswordHasher$/.exec(first.text)?.[1] : undefined;
    return first && name ? [setting(module, located(module, first, name.toLowerCase()), "PASSWORD_HASHERS")] : [];
  });

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
