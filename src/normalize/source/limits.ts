/** Rate limits in source: libraries, and what projects write for themselves. */

import type { Located, RateLimit } from "../../model.ts";
import { lineEnd } from "../../parse/lines.ts";
import { type Call, type Expression, lastSegment, option, pathOf } from "../../parse/script.ts";
import { calleeWord, canonical, implied, located, type Module } from "./modules.ts";
import { booleanOf, type Context, numberOf, stringOf } from "./resolve.ts";

interface Library {
  /** Canonical path of the call. */
  readonly made: RegExp;
  /** Options that say where counts are kept; without them, in memory. */
  readonly storage: readonly string[];
  readonly requests: readonly string[];
  /** Option for the window, and how many seconds one of its units is. */
  readonly window?: readonly [option: string, seconds: number];
  /** Counts are always shared: the library works on Redis only. */
  readonly shared?: true;
}

const LIBRARIES: readonly Library[] = [
  { made: /^slowapi(?:\.extension)?\.Limiter$/, storage: ["storage_uri"], requests: [] },
  { made: /^flask_limiter(?:\.extension)?\.Limiter$/, storage: ["storage_uri"], requests: [] },
  { made: /^fastapi_limiter\.FastAPILimiter\.init$/, storage: [], requests: [], shared: true },
  {
    made: /^fastapi_limiter\.depends\.RateLimiter$/,
    storage: [],
    requests: ["times"],
    window: ["seconds", 1],
    shared: true,
  },
  {
    made: /^express-rate-limit(?:\.rateLimit)?$/,
    storage: ["store"],
    requests: ["max", "limit"],
    window: ["windowMs", 0.001],
  },
  { made: /^rate-limiter-flexible\.RateLimiterMemory$/, storage: [], requests: ["points"], window: ["duration", 1] },
  {
    made: /^rate-limiter-flexible\.RateLimiter(?:Redis|Memcache|Mongo|MySQL|Postgres)$/,
    storage: [],
    requests: ["points"],
    window: ["duration", 1],
    shared: true,
  },
  { made: /^@nestjs\/throttler\.ThrottlerModule\.forRoot(?:Async)?$/, storage: ["storage"], requests: ["limit"] },
  { made: /^(?:@fastify\/rate-limit|fastify-rate-limit)$/, storage: ["redis", "store"], requests: ["max"] },
  { made: /^koa-ratelimit$/, storage: [], requests: ["max"], window: ["duration", 0.001] },
];

const NAMED = /rate[-_]?limit|(?:^|[._])limiter|throttl/i;

/** Limits that a call of one file makes. */
export function rateLimitsOf(within: Context, module: Module): RateLimit[] {
  return module.tree.calls.flatMap((call): RateLimit[] => {
    const library = libraryOf(module, call);
    if (!library) return [];
    const named = (names: readonly string[]) => options(call).find(({ name }) => names.includes(name))?.value;
    const requests = numberOf(within, module, named(library.requests));
    const [windowOption, seconds] = library.window ?? ["", 0];
    const window = numberOf(within, module, named([windowOption]))?.at.value;
    const limit = firstLimit(within, module, call);
    const count = requests?.at ?? limit?.requests;
    const span = window === undefined ? limit?.window : window * seconds;
    const enabled = booleanOf(within, module, named(["enabled"]));
    const storage = storageOf(within, module, call, library, named(library.storage));
    return [
      {
        subject: module.file.path,
        where: "application",
        key: call.path,
        ...(enabled && { enabled: enabled.at }),
        ...(count && { requests: count }),
        ...(span !== undefined && { window: span }),
        ...(storage && { storage }),
      },
    ];
  });
}

/** `ThrottlerModule.forRoot([{ ttl, limit }])` has its options in a list. */
const options = (call: Call): { name: string; value: Expression }[] => [
  ...call.named.map(({ key, value }) => ({ name: key.text, value })),
  ...call.positional
    .flatMap((argument) => (argument.kind === "list" ? argument.items : [argument]))
    .flatMap((argument) =>
      argument.kind === "object" ? argument.entries.map(({ key, value }) => ({ name: key.text, value })) : [],
    ),
];

function libraryOf(module: Module, call: Call): Library | undefined {
  const path = canonical(module, call.path);
  const direct = LIBRARIES.find(({ made }) => made.test(path));
  const [plugin] = lastSegment(call.path) === "register" ? call.positional : [];
  return direct ?? (plugin && LIBRARIES.find(({ made }) => made.test(canonical(module, pathOf(plugin)))));
}

/** Absent where the options are out of sight or the store is an unknown one. */
function storageOf(
  within: Context,
  module: Module,
  call: Call,
  library: Library,
  written: Expression | undefined,
): RateLimit["storage"] {
  const word = calleeWord(call);
  if (library.shared) return implied(module, word, "shared" as const);
  if (!written) {
    const hidden = call.positional.some(({ kind }) => kind === "spread" || kind === "function");
    const named = module.tree.language === "javascript" && call.positional.some(({ kind }) => kind === "name");
    const plugin = lastSegment(call.path) === "register" && call.positional.length < 3;
    if (hidden || (named && !plugin)) return undefined;
    return implied(module, word, "memory" as const);
  }
  const uri = stringOf(within, module, written);
  if (uri) return { ...uri.at, value: /^(?:async\+)?memory:/.test(uri.at.value) ? "memory" : "shared" };
  if (written.kind === "call") {
    return located(module, written, /memory/i.test(written.path) ? ("memory" as const) : ("shared" as const));
  }
  return library.storage[0] === "redis" ? located(module, written, "shared" as const) : undefined;
}

const PERIODS: ReadonlyMap<string, number> = new Map([
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
  ["month", 2_592_000],
  ["year", 31_536_000],
]);

/** `default_limits=["100/minute"]`, in the notation of https://limits.readthedocs.io/en/stable/quickstart.html */
function firstLimit(
  within: Context,
  module: Module,
  call: Call,
): { requests: Located<number>; window: number } | undefined {
  const written = option(call, "default_limits", "application_limits")?.value;
  const text = stringOf(within, module, written?.kind === "list" ? written.items[0] : written);
  const match = /^\s*(\d+)\s*(?:\/|per)\s*(\d*)\s*(second|minute|hour|day|month|year)/.exec(text?.at.value ?? "");
  const [, count = "", several, period = ""] = match ?? [];
  const seconds = PERIODS.get(period);
  if (!text || seconds === undefined) return undefined;
  return { requests: { ...text.at, value: Number(count) }, window: seconds * (several ? Number(several) : 1) };
}

/** Places that show a limit of any kind: a library's call, a decorator, a name that says so. */
export function rateLimitEvidence(module: Module): Located<string>[] {
  const { tree, imports, file } = module;
  const words = [
    ...tree.calls.filter(({ path }) => NAMED.test(canonical(module, path))).map(calleeNamed),
    ...tree.classes.flatMap(({ name, start }) => (NAMED.test(name) ? [{ text: name, start, end: start + 5 }] : [])),
    ...tree.functions.flatMap(({ name, start, end }) =>
      NAMED.test(name) ? [{ text: name, start, end: Math.min(end, lineEnd(file.text, start)) }] : [],
    ),
    ...[...imports.values()].flatMap(({ module: from, local, start, end }) =>
      NAMED.test(from) || NAMED.test(local) ? [{ text: local, start, end }] : [],
    ),
    ...module.bindings.flatMap(({ key }) => (/^DEFAULT_THROTTLE_(?:CLASSES|RATES)$/.test(key.text) ? [key] : [])),
  ];
  return words.map((word) => located(module, word, word.text));
}

const calleeNamed = (call: Call) => ({ ...calleeWord(call), text: call.path });
