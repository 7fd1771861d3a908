/**
 * CORS policies in source: middleware of the frameworks, Django settings, raw headers.
 * What each library does without options is its own documentation's word; see `LIBRARIES`.
 */
import type { CorsPolicy, Located, SourceFile } from "../../model.ts";
import { type Call, type Entry, type Expression, entriesOf, pathOf } from "../../parse/script.ts";
import { headersSet } from "./headers.ts";
import { type Binding, calleeWord, canonical, implied, located, type Module, place } from "./modules.ts";
import type { Read } from "./reads.ts";
import { asksAboutOrigin, isCallersOrigin, mirrorPlace, reflects } from "./reflection.ts";
import { booleanOf, type Context, fallbackOf, itemsOf, objectOf, partsOf, type Resolved, resolve } from "./resolve.ts";

interface Library {
  /** Canonical path of the call. */
  readonly made: RegExp;
  /** The call is a mount: its first or second argument is the library, by canonical path. */
  readonly mounts?: RegExp;
  /** Its settings are the value of this option. */
  readonly under?: string;
  readonly origins: readonly string[];
  /** It answers every origin where no origin is given; how that would be written instead. */
  readonly open?: { readonly before: string; readonly after: string };
}

const NODE_OPEN = { before: "{ origin: ", after: " }" };

const LIBRARIES: readonly Library[] = [
  { made: /(?:^|\.)(?:add_middleware|Middleware)$/, mounts: /(?:^|\.)CORSMiddleware$/, origins: ["allow_origins"] },
  { made: /(?:^|\.)CORSMiddleware$/, origins: ["allow_origins"] },
  // Flask-CORS: "Default: '*'", https://flask-cors.readthedocs.io/en/latest/api.html
  {
    made: /^flask_cors\.(?:.*\.)?(?:CORS|cross_origin)$/,
    origins: ["origins"],
    open: { before: ", origins=", after: "" },
  },
  { made: /^litestar\..*CORSConfig$/, origins: ["allow_origins"], open: { before: "allow_origins=", after: "" } },
  {
    made: /^quart_cors\.(?:cors|route_cors)$/,
    origins: ["allow_origin"],
    open: { before: ", allow_origin=", after: "" },
  },
  { made: /^flask_socketio\.SocketIO$|^socketio\.(?:Async)?Server$/, origins: ["cors_allowed_origins"] },
  // "origin": "*" is the default configuration, https://expressjs.com/en/resources/middleware/cors.html
  { made: /^(?:cors|@koa\/cors|koa2-cors|hono\/cors\.cors|micro-cors)$/, origins: ["origin"], open: NODE_OPEN },
  { made: /\.register$/, mounts: /^(?:@fastify\/cors|fastify-cors)$/, origins: ["origin"], open: NODE_OPEN },
  { made: /\.enableCors$/, origins: ["origin"], open: NODE_OPEN },
  {
    made: /(?:^|\.)NestFactory\.create$|(?:^|\.)WebSocketGateway$/,
    under: "cors",
    origins: ["origin"],
    open: NODE_OPEN,
  },
  { made: /^socket\.io(?:\.Server|\.listen)?$/, under: "cors", origins: ["origin"] },
  { made: /(?:^|\.)ApolloServer$|(?:^|\.)GraphQLServer$/, under: "cors", origins: ["origin"], open: NODE_OPEN },
];

const PATTERN = ["allow_origin_regex"];
const CREDENTIALS = ["allow_credentials", "supports_credentials", "credentials", "allowCredentials"];
const METHODS = ["allow_methods", "methods", "allowMethods"];
const HEADERS = ["allow_headers", "allowed_headers", "allowedHeaders", "allowHeaders"];

/** Policies of one file that a call, a Django setting or a header makes. */
export const corsOf = (within: Context, module: Module): CorsPolicy[] => [
  ...module.tree.calls.flatMap((call) => library(within, module, call)),
  ...django(within, module),
  ...raw(within, module),
];

// ── Libraries ───────────────────────────────────────────────────────────────────────────────────────────────────────

function library(within: Context, module: Module, call: Call): CorsPolicy[] {
  if (call.guard === "environment") return [];
  const path = canonical(module, call.path);
  const used = LIBRARIES.find(({ made, mounts }) => made.test(path) && (!mounts || mountsAny(module, call, mounts)));
  if (!used) return [];
  const { settings, complete } = settingsOf(within, module, call, used);
  if (settings === undefined) return [];
  return policies(within, module, call, used, settings, complete);
}

const mountsAny = (module: Module, call: Call, library: RegExp): boolean =>
  call.positional.slice(0, 2).some((argument) => library.test(canonical(module, pathOf(argument))));

interface Setting extends Entry {
  readonly module: Module;
}

/** Options by name. `complete`: none of them is out of sight, so what is missing is not set. */
function settingsOf(
  within: Context,
  module: Module,
  call: Call,
  { under, mounts }: Library,
): { settings?: readonly Setting[]; complete: boolean } {
  const own = call.named.map((entry) => ({ ...entry, module }));
  const javascript = module.tree.language === "javascript";
  let complete = true;
  const options = call.positional.slice(javascript && mounts ? 1 : 0).flatMap((argument): Setting[] => {
    const spread = argument.kind === "spread";
    const object = objectOf(within, module, spread ? argument.value : argument);
    if (object?.expression.kind === "object" && object.expression.spreads.length > 0) complete = false;
    // In Python a positional argument is the application; in JavaScript it may be the options.
    if (!object && (javascript || spread)) complete = false;
    return entriesOf(object?.expression).map((entry) => ({ ...entry, module: object?.module ?? module }));
  });
  const settings = [...own, ...options];
  if (!under) return { settings, complete };
  const value = settings.find(({ key }) => key.text === under);
  if (!value) return { complete };
  if (value.value.kind === "boolean" && value.value.value) {
    return { settings: [{ key: value.key, value: value.value, module: value.module }], complete: false };
  }
  const inner = objectOf(within, value.module, value.value);
  const entries = entriesOf(inner?.expression).map((entry) => ({ ...entry, module: inner?.module ?? module }));
  return { settings: entries, complete: complete && inner !== undefined };
}

function policies(
  within: Context,
  module: Module,
  call: Call,
  used: Library,
  settings: readonly Setting[],
  complete: boolean,
): CorsPolicy[] {
  const find = (names: readonly string[]) => settings.find(({ key }) => names.includes(key.text));
  const [first] = settings;
  const rest = {
    ...base(module),
    ...credentialsOf(within, find(CREDENTIALS)),
    methods: texts(within, find(METHODS)),
    headers: texts(within, find(HEADERS)),
  };
  // NestJS's `cors: true` is the middleware without options.
  if (used.under && first?.key.text === used.under) {
    return [{ ...rest, key: used.under, origins: [located(first.module, first.value, "*")] }];
  }
  const origin = find(used.origins);
  const regex = find(PATTERN);
  const pattern = regex && patternOf(within, regex);
  const written = [...(origin ? [origin] : []), ...resources(within, settings)];
  if (written.length > 0) {
    return written.map((setting) => ({
      ...rest,
      ...(pattern && { pattern }),
      ...originsOf(within, setting.module, setting.key.text, setting.value),
    }));
  }
  const [key = ""] = used.origins;
  const open = used.open && complete ? [everyOrigin(module, call, used.open)] : [];
  return [{ ...rest, ...(pattern && { pattern }), key: pattern ? (regex?.key.text ?? key) : key, origins: open }];
}

/** Flask-CORS: `resources={r"/api/*": {"origins": "*"}}`. */
function resources(within: Context, settings: readonly Setting[]): Setting[] {
  const setting = settings.find(({ key }) => key.text === "resources");
  const object = setting && objectOf(within, setting.module, setting.value);
  if (!object) return [];
  return entriesOf(object.expression).flatMap(({ value }) =>
    entriesOf(value).flatMap((entry) => (entry.key.text === "origins" ? [{ ...entry, module: object.module }] : [])),
  );
}

function everyOrigin(module: Module, call: Call, open: { before: string; after: string }): Located<string> {
  const bare = call.positional.length + call.named.length === 0;
  const object = call.positional.find(({ kind }) => kind === "object");
  const blank = object
    ? { span: place(module, object.start + 1), before: " origin: ", after: entriesOf(object).length ? "," : " " }
    : {
        span: place(module, call.close),
        before: bare ? open.before.replace(/^, /, "") : comma(open.before),
        after: open.after,
      };
  return implied(module, calleeWord(call), "*", blank);
}

const comma = (before: string): string => (before.startsWith(",") ? before : `, ${before}`);

const base = ({ file, tree }: Module): Pick<CorsPolicy, "subject" | "syntax"> => ({
  subject: file.path,
  syntax: tree.language,
});

function credentialsOf(within: Context, setting: Setting | undefined): Pick<CorsPolicy, "credentials"> {
  const value = setting && booleanOf(within, setting.module, setting.value);
  return value ? { credentials: value.at } : {};
}

const texts = (within: Context, setting: Setting | undefined): Located<string>[] =>
  setting ? itemsOf(within, setting.module, setting.value).flatMap(partsOf) : [];

function patternOf(within: Context, { module, value }: Setting): Located<string> | undefined {
  const resolved = resolve(within, module, value);
  const literal = resolved?.expression;
  return literal?.kind === "string" || literal?.kind === "regex"
    ? located(resolved?.module ?? module, literal, literal.text)
    : undefined;
}

/** Origins, pattern and fallback of what an option is set to. Unknown: a policy without origins. */
function originsOf(
  within: Context,
  module: Module,
  key: string,
  value: Expression,
): Pick<CorsPolicy, "key" | "origins" | "pattern" | "reflected" | "fallback"> {
  const items = itemsOf(within, module, value);
  const variable = items.find((item) => item.variable)?.variable;
  const pattern = items.find(isPattern);
  const mirror = items.find((item) => reflects(item));
  return {
    key,
    origins: items.filter((item) => !isPattern(item)).flatMap(partsOf),
    ...(pattern && {
      pattern: located(pattern.module, pattern.expression, (pattern.expression as { text: string }).text),
    }),
    ...(mirror && { reflected: located(mirror.module, mirrorPlace(mirror), true as const) }),
    ...fallbackOf(within, variable),
  };
}

/** Flask-CORS takes a string with regular expression syntax for a pattern. */
const isPattern = ({ expression, module: { tree } }: Resolved): boolean =>
  expression.kind === "regex" ||
  (expression.kind === "string" && tree.language === "python" && /[\\^$|()]|\.[*+]/.test(expression.text));

// ── Headers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `Access-Control-Allow-Origin` set by hand. */
function raw(within: Context, module: Module): CorsPolicy[] {
  const set = headersSet(module);
  const named = (name: string) => set.filter((header) => header.name.toLowerCase() === name);
  const [allows] = named("access-control-allow-credentials");
  const credentials = allows && headerText(within, module, allows.value);
  const shared = {
    ...base(module),
    methods: named("access-control-allow-methods").flatMap((header) => list(within, module, header.value)),
    headers: named("access-control-allow-headers").flatMap((header) => list(within, module, header.value)),
    ...(credentials && { credentials: { ...credentials, value: /^true$/i.test(credentials.value) } }),
  };
  return named("access-control-allow-origin").flatMap(({ name, value, within: scope, guard }) => {
    if (guard === "environment") return [];
    const policy = { ...shared, key: name };
    const mirrored = isCallersOrigin(module, value) && !(scope?.tests ?? []).some(asksAboutOrigin);
    if (mirrored) return [{ ...policy, origins: [], reflected: located(module, value, true as const) }];
    return [{ ...policy, ...originsOf(within, module, name, value) }];
  });
}

const list = (within: Context, module: Module, value: Expression): Located<string>[] =>
  itemsOf(within, module, value).flatMap(partsOf);

function headerText(within: Context, module: Module, value: Expression): Located<string> | undefined {
  const resolved = resolve(within, module, value);
  const literal = resolved?.expression;
  if (literal?.kind === "string") return located(module, literal, literal.text);
  return literal?.kind === "boolean" ? located(module, literal, String(literal.value)) : undefined;
}

// ── Settings by name ────────────────────────────────────────────────────────────────────────────────────────────────

/** django-cors-headers (https://github.com/adamchainz/django-cors-headers#configuration) and `ALLOWED_HOSTS`. */
function django(within: Context, module: Module): CorsPolicy[] {
  if (module.tree.language !== "python") return [];
  const setting = (path: string): Binding | undefined =>
    module.defined.get(path)?.find(({ guard, value }) => guard !== "environment" && value);
  const allow = setting("CORS_ALLOW_CREDENTIALS");
  const credentials = allow && booleanOf(within, module, allow.value);
  const empty = { ...base(module), methods: [], headers: [], ...(credentials && { credentials: credentials.at }) };
  return DJANGO.flatMap(([key, kind]): CorsPolicy[] => {
    const value = setting(key)?.value;
    if (!value) return [];
    if (kind === "switch") {
      const all = booleanOf(within, module, value);
      if (!all?.at.value) return [];
      return [{ ...empty, key, origins: [{ ...all.at, value: "*" }], ...fallbackOf(within, all.variable) }];
    }
    const found = originsOf(within, module, key, value);
    if (kind === "patterns") {
      const [pattern] = itemsOf(within, module, value);
      return pattern?.expression.kind === "string" || pattern?.expression.kind === "regex"
        ? [
            {
              ...empty,
              key,
              origins: [],
              pattern: located(pattern.module, pattern.expression, pattern.expression.text),
            },
          ]
        : [];
    }
    if (kind === "origins") return [{ ...empty, ...found }];
    const every = found.origins.filter(({ value }) => value === "*");
    return every.length ? [{ ...base(module), methods: [], headers: [], ...found, origins: every }] : [];
  });
}

const DJANGO = [
  ["CORS_ALLOW_ALL_ORIGINS", "switch"],
  ["CORS_ORIGIN_ALLOW_ALL", "switch"],
  ["CORS_ALLOWED_ORIGINS", "origins"],
  ["CORS_ORIGIN_WHITELIST", "origins"],
  ["CORS_ALLOWED_ORIGIN_REGEXES", "patterns"],
  ["CORS_ORIGIN_REGEX_WHITELIST", "patterns"],
  ["ALLOWED_HOSTS", "hosts"],
] as const;

const ORIGINS = /(?:^|_)(?:CORS_(?:ALLOW(?:ED)?_)?ORIGINS?|ALLOW(?:ED)?_(?:CORS_)?ORIGINS?|CORS_ALLOW_ORIGINS?)$/i;

/**
 * Origins that a variable's fallback lists where no policy of the project was seen to use it: the read itself is the
 * policy. `known`: places of origins that a policy already has.
 */
export function originReads(
  within: Context,
  reads: readonly { module: Module; read: Read }[],
  known: readonly CorsPolicy[],
): CorsPolicy[] {
  const places = new Set(known.flatMap(({ origins }) => origins.map(({ span }) => placeKey(span.file, span.start))));
  return reads.flatMap(({ module, read }) => {
    if (!ORIGINS.test(read.name.value) || !read.fallback) return [];
    const origins = itemsOf(within, module, read.fallback).flatMap(partsOf);
    if (origins.length === 0 || origins.some(({ span }) => places.has(placeKey(span.file, span.start)))) return [];
    return [
      {
        ...base(module),
        key: read.name.value,
        origins,
        methods: [],
        headers: [],
        ...fallbackOf(within, read.name),
      },
    ];
  });
}

const placeKey = (file: SourceFile, start: number): string => `${file.path}:${start}`;
