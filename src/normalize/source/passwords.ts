/** What source asks of passwords, and how it hashes them. */
import type { Setting, Settings } from "../../model.ts";
import { type Call, contains, type Expression, lastSegment, option } from "../../parse/script.ts";
import { type Binding, calleeWord, canonical, located, type Module, setting } from "./modules.ts";
import { type Context, numberOf } from "./resolve.ts";

/** Minimum lengths that fields, comparisons and Django's validators ask for. */
export const minimumLengths = (within: Context, module: Module): Setting<number>[] => [
  ...module.bindings.flatMap((binding) => passwordField(within, module, binding)),
  ...module.tree.expressions.flatMap((node) => comparedLength(within, module, node)),
  ...validators(within, module),
];

/** Hash functions applied to passwords. */
export const hashes = (within: Context, module: Module): Hash[] => [
  ...module.tree.calls.flatMap((call) => hashed(within, module, call)),
  ...firstHasher(module),
];

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

/** An empty list switches Django's password checks off. */
export const noValidators = (module: Module): Setting<boolean>[] =>
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
