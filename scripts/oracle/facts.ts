/** Documents by their scalars: what two of them differ in, and whether that is meant. */
import type { Allowed } from "./allowed.ts";

/** `["services", "api", "ports", "[8000]", "published"]`: keys, and items of lists by what they are about. */
export type Path = readonly string[];

export interface Change {
  readonly path: Path;
  /** JSON; undefined: nothing there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Lists whose items mean what they mean by their order. */
const ORDERED: ReadonlySet<string> = new Set(["command", "entrypoint", "args", "test", "Cmd", "Entrypoint", "Test"]);

const KEYS = ["name", "target", "containerPort", "port", "key", "path", "source"] as const;

/** Scalars of a document by their paths; what is empty says nothing. */
function* scalars(value: unknown, path: Path = []): Generator<readonly [Path, string]> {
  if (typeof value !== "object" || value === null || ORDERED.has(path.at(-1) ?? ""))
    yield [path, JSON.stringify(value)];
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* scalars(item, [...path, `[${identity(item) ?? index}]`]);
  } else for (const [key, item] of Object.entries(value)) yield* scalars(item, [...path, key]);
}

/** An item by what it is about, so that a new one in front of it leaves it what it is. */
function identity(item: unknown): string | undefined {
  if (typeof item === "string") return item;
  if (typeof item !== "object" || item === null) return undefined;
  const fields = item as Readonly<Record<string, unknown>>;
  const key = KEYS.find((name) => fields[name] !== undefined);
  return key && `${fields[key]}${fields.published === undefined ? "" : ` as ${fields.published}`}`;
}

const SEPARATOR = "\u0000";

/** Everything that is in one document and not, or otherwise, in the other. */
export function changesOf(before: unknown, after: unknown): readonly Change[] {
  const read = (document: unknown) => {
    const found = new Map<string, Set<string>>();
    for (const [path, value] of scalars(document)) {
      const key = path.join(SEPARATOR);
      found.set(key, (found.get(key) ?? new Set()).add(value));
    }
    return found;
  };
  const [was, is] = [read(before), read(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [old, now] = [was, is].map((facts) => facts.get(key) && [...facts.get(key)!].sort().join());
    return old === now ? [] : [{ path: key.split(SEPARATOR), before: old, after: now }];
  });
}

/** `services.*.ports` holds for everything below a port of any service, `**.env` for every `env`, wherever it is. */
export function covers(row: string, path: Path): boolean {
  if (row.startsWith("**.")) return path.some((_, index) => covers(row.slice("**.".length), path.slice(index)));
  const names = row.split(".");
  return names.length <= path.length && names.every((name, index) => name === "*" || name === path[index]);
}

export const textOf = ({ path, before, after }: Change): string =>
  `${path.join(".")}: ${before ?? "nothing"} → ${after ?? "nothing"}`;

/** Differences between documents that no row of the rules that were fixed covers, and the rows that nothing needed. */
export function meant(allowed: Allowed) {
  const used = new Set<string>();
  const rowsOf = (rule: string): readonly string[] => allowed[rule as keyof Allowed] ?? [];
  return {
    unexplained: (rules: readonly string[], before: unknown, after: unknown): readonly string[] =>
      changesOf(before, after)
        .filter(({ path }) => {
          const covering = rules.flatMap((rule) =>
            rowsOf(rule).flatMap((row) => (covers(row, path) ? [`${rule}: ${row}`] : [])),
          );
          for (const row of covering) used.add(row);
          return !covering.length;
        })
        .map(textOf),
    idle: (): readonly string[] =>
      Object.keys(allowed)
        .flatMap((rule) => rowsOf(rule).map((row) => `${rule}: ${row}`))
        .filter((row) => !used.has(row))
        .map((row) => `allowed.ts allows what nothing needs: ${row}`),
  };
}
