/**
 * Token policies in source: lifetimes, signing secrets, algorithms. PyJWT, python-jose, Flask-JWT-Extended, SimpleJWT,
 * jsonwebtoken, jose, NestJS. One policy a fact, so that each is reported at its own place.
 */
import type { Located, TokenPolicy } from "../../model.ts";
import { type Call, childrenOf, contains, type Expression } from "../../parse/script.ts";
import { durationOf } from "../durations.ts";
import { type Binding, canonical, type Module } from "./modules.ts";
import type { Read } from "./reads.ts";
import {
  type Context,
  type Duration,
  fallbackOf,
  itemsOf,
  numberOf,
  partsOf,
  resolve,
  stringOf,
  timedelta,
  writtenIn,
} from "./resolve.ts";

/** Whose lifetime: tokens of a session, not those of one-time links. */
const TOKEN = /token|jwt|(?:^|\.)sign(?:async)?\./i;
const LIFETIME = /expir|lifetime|ttl|max_?age|validity|duration/i;
const ONE_TIME =
  /reset|verif|invit|confirm|e?mail|csrf|activat|magic|otp|passw|presign|signed_?url|upload|download|share|cache|leeway/i;
const MOMENT = /^(?:token_?)?(?:exp|expire|expires|expiry|expiration)(?:_?(?:at|time|date|delta))?$/i;

const LIBRARY =
  /^(?:jwt|jose|jsonwebtoken|authlib|flask_jwt_extended|@nestjs\/jwt|express-jwt|koa-jwt|fast-jwt|passport-jwt)\b/;
const SIGNS = /(?:^|\.)(?:encode|decode|sign|signAsync|verify|verifyAsync)$/;

const SECRET =
  /^(?:\w*_)?(?:secret_?key(?:_base)?|signing_?key|jwt_?(?:\w+_)?secret(?:_?key)?|token_?secret|session_?secret|secret_?or_?(?:private_?)?key)$|^(?:\w+[a-z0-9])?(?:Jwt|Token|Session)Secret$|^\w*[jJ]wtSecret(?:Key)?$/i;
const FOREIGN = /aws|amazon|s3|minio|stripe|captcha|webhook|client_?secret|oauth|paypal|twilio|azure|google|github/i;

/** Policies of one file; lifetimes and secrets that several names lead to are given once, at their literal. */
export function tokensOf(within: Context, module: Module, reads: readonly Read[]): TokenPolicy[] {
  const policies = [
    ...module.bindings.flatMap((binding) => ofBinding(within, module, binding)),
    ...module.tree.calls.flatMap((call) => ofCall(within, module, call)),
    ...reads.flatMap((read) => ofRead(within, module, read)),
  ];
  return policies.map((policy) => ({ ...policy, subject: module.file.path, syntax: module.tree.language }));
}

/** The first policy at each place: a constant before what is computed from it. */
export function oncePerPlace(policies: readonly TokenPolicy[]): TokenPolicy[] {
  const seen = new Set<string>();
  return policies.filter((policy) => {
    const at = policy.lifetime ?? policy.secret ?? policy.algorithms[0];
    const place = at && `${at.span.file.path}:${at.span.start}`;
    if (place === undefined || seen.has(place)) return place === undefined;
    seen.add(place);
    return true;
  });
}

type Policy = Omit<TokenPolicy, "subject" | "syntax">;

const kindOf = (words: string): TokenPolicy["kind"] => (/refresh/i.test(words) ? "refresh" : "access");

function ofBinding(within: Context, module: Module, binding: Binding): Policy[] {
  const { path, key, call, guard } = binding;
  if (guard === "environment") return [];
  const { value, variable } = writtenIn(within, module, binding);
  if (!value) return [];
  const where = call ? `${canonical(module, call.path)}.${path}` : path;
  const said = call ? saidOf(call) : "";
  const scope = `${where} ${binding.within?.name ?? ""} ${said}`;
  if (isLifetime(where, key.text)) {
    if (ONE_TIME.test(said)) return [];
    const duration = durationIn(within, module, key.text, value, variable) ?? added(within, module, value);
    return duration ? [lifetime(within, key.text, scope, duration)] : [];
  }
  if (MOMENT.test(key.text) && issues(module, scope)) {
    const duration = added(within, module, value);
    return duration ? [lifetime(within, key.text, scope, duration)] : [];
  }
  if (isSecret(where, key.text)) {
    return secret(within, module, key.text === "secret" ? path : key.text, value, variable);
  }
  return isAlgorithm(module, where, key.text) ? algorithms(within, module, key.text, value) : [];
}

/** What a call says of its token: texts of the payload (`type: "refresh"`), and whatever names the key. */
const saidOf = ({ positional: [payload, key] }: Call): string =>
  [...words(payload, false), ...words(key, true)].join(" ").slice(0, 400);

const words = (node: Expression | undefined, names: boolean): string[] => {
  if (!node) return [];
  if (node.kind === "string") return [node.text];
  return node.kind === "name" ? (names ? [node.path] : []) : childrenOf(node).flatMap((child) => words(child, names));
};

const isLifetime = (path: string, key: string): boolean =>
  LIFETIME.test(key) && TOKEN.test(path) && !ONE_TIME.test(path);

const isSecret = (path: string, key: string): boolean =>
  !FOREIGN.test(path) &&
  (SECRET.test(key) || (key === "secret" && /jwt|session|passport|cookie/i.test(path.slice(0, -key.length))));

const isAlgorithm = (module: Module, path: string, key: string): boolean =>
  /^jwt_?algorithms?$/i.test(key) || (/^algorithms?$/i.test(key) && (/jwt|jose/i.test(path) || usesTokens(module)));

/** The file issues tokens, or this place of it does. */
const issues = (module: Module, scope: string): boolean =>
  !ONE_TIME.test(scope) && (/token|jwt/i.test(scope) || usesTokens(module));

const usesTokens = ({ imports }: Module): boolean =>
  [...imports.values()].some(({ module, imported }) => LIBRARY.test(module) || imported === "jwt");

const lifetime = (within: Context, key: string, scope: string, { at, unit, variable }: Lifetime): Policy => ({
  key: variable?.value ?? key,
  kind: kindOf(`${scope} ${variable?.value ?? ""}`),
  lifetime: at,
  ...(unit && { unit }),
  algorithms: [],
  ...fallbackOf(within, variable),
});

interface Lifetime {
  readonly at: Located<number>;
  readonly unit?: NonNullable<TokenPolicy["unit"]>;
  readonly variable?: Located<string>;
}

/** Options that count seconds where they are given a number. */
const SECONDS = /^expires_?in$|^JWT_(?:ACCESS|REFRESH)_TOKEN_EXPIRES$|^exp(?:ires)?_seconds$/i;

function durationIn(
  within: Context,
  module: Module,
  key: string,
  value: Expression,
  field?: Located<string>,
): Lifetime | undefined {
  const resolved = resolve(within, module, value);
  const of = (duration: Duration | undefined): Lifetime | undefined => {
    const variable = duration?.variable ?? resolved?.variable ?? field;
    return duration && { ...duration, ...(variable && { variable }) };
  };
  const delta = resolved && timedelta(within, resolved.module, resolved.expression);
  if (delta) return of(delta);
  const number = numberOf(within, module, value);
  const text = number ? undefined : stringOf(within, module, value);
  const variable = number?.variable ?? text?.variable ?? field;
  const written = number?.at ?? text?.at;
  if (!written) return undefined;
  const read =
    (variable && durationOf(variable.value, String(written.value))) ?? durationOf(key, String(written.value));
  const rest = variable && { variable };
  if (read && !(number && SECONDS.test(key)))
    return { at: { ...written, value: read.seconds }, unit: read.unit, ...rest };
  return number && SECONDS.test(key) ? { at: number.at, unit: "seconds", ...rest } : undefined;
}

/** `now() + timedelta(hours=1)`, `Math.floor(Date.now() / 1000) + 3600`, `now() + (delta or timedelta(minutes=15))`. */
function added(within: Context, module: Module, value: Expression): Lifetime | undefined {
  if (value.kind !== "operation" || value.operator !== "+" || !value.left) return undefined;
  const given = value.right.kind === "operation" && value.right.operator === "or" ? value.right.right : value.right;
  const resolved = resolve(within, module, given);
  const delta = resolved && timedelta(within, resolved.module, resolved.expression);
  const variable = delta?.variable ?? resolved?.variable;
  if (delta) return { ...delta, ...(variable && { variable }) };
  const clock = contains(
    value.left,
    (node) => node.kind === "call" && /^(?:Date\.now|time\.time|time)$/.test(node.path),
  );
  const amount = clock ? numberOf(within, module, given) : undefined;
  if (!amount) return undefined;
  const milliseconds =
    module.tree.language === "javascript" &&
    !contains(value.left, (node) => node.kind === "operation" && node.operator === "/");
  return {
    at: { ...amount.at, value: milliseconds ? amount.at.value / 1000 : amount.at.value },
    unit: milliseconds ? "milliseconds" : "seconds",
    ...(amount.variable && { variable: amount.variable }),
  };
}

function secret(within: Context, module: Module, key: string, value: Expression, field?: Located<string>): Policy[] {
  const text = stringOf(within, module, value);
  if (!text || text.at.value === "" || text.at.value.startsWith("-----BEGIN")) return [];
  const variable = text.variable ?? field;
  return [
    {
      key: variable?.value ?? key,
      kind: kindOf(key),
      secret: text.at,
      algorithms: [],
      ...fallbackOf(within, variable),
    },
  ];
}

function algorithms(within: Context, module: Module, key: string, value: Expression): Policy[] {
  const found = itemsOf(within, module, value);
  const names = found.flatMap(partsOf);
  const variable = found.find((item) => item.variable)?.variable;
  return names.length ? [{ key, kind: "access", algorithms: names, ...fallbackOf(within, variable) }] : [];
}

/** Positional arguments: `jwt.encode(payload, key, algorithm)`, `jwt.sign(payload, secret)`, `.setExpirationTime("2h")`. */
function ofCall(within: Context, module: Module, call: Call): Policy[] {
  const path = canonical(module, call.path);
  const [first, second, third] = call.positional;
  if (/\.setExpirationTime$/.test(path) && first) {
    const duration = durationIn(within, module, "expiresIn", first);
    return duration ? [lifetime(within, "setExpirationTime", path, duration)] : [];
  }
  if (!SIGNS.test(path) || !(LIBRARY.test(path) || /(?:^|\.)(?:jwt|_?jwt_?service)\.[^.]+$/i.test(path))) return [];
  const key = second ?? call.named.find(({ key }) => key.text === "key")?.value;
  return [
    ...(key ? secret(within, module, path, key) : []),
    ...(third && (third.kind === "string" || third.kind === "list")
      ? algorithms(within, module, "algorithms", third)
      : []),
  ];
}

/** A variable that promises a lifetime or a signing secret, wherever its value goes. */
function ofRead(within: Context, module: Module, { name, fallback }: Read): Policy[] {
  if (!fallback) return [];
  if (isLifetime(name.value, name.value)) {
    const duration = durationIn(within, module, name.value, fallback, name);
    return duration ? [lifetime(within, name.value, name.value, { ...duration, variable: name })] : [];
  }
  return isSecret(name.value, name.value) ? secret(within, module, name.value, fallback, name) : [];
}
