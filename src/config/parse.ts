/** Text of a configuration file → `Config`, or every mistake in it with its place. Loads `yaml` and zod. */

import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import type * as z from "zod/mini";
import { suggestion } from "../nearest.ts";
import { UserError } from "../user-error.ts";
import { type Config, configSchema, wholeGroups } from "./schema.ts";
import { names } from "./settings.ts";

/** More mistakes than this are counted, not listed. */
const MOST = 20;

type Path = readonly PropertyKey[];
interface Mistake {
  readonly offset: number;
  readonly message: string;
}

/** Throws one `UserError` that lists all mistakes as `path:line:column: message`. JSON is read as the YAML it is. */
export function parseConfig(text: string, path: string, ruleIds: readonly string[]): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent", prettyErrors: false });
  const fail = (mistakes: readonly Mistake[]): never => {
    const listed = [...mistakes]
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => {
        const { line, col } = lines.linePos(offset);
        return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${message}`;
      });
    const more = listed.length > MOST ? [`and ${listed.length - MOST} more`] : [];
    throw new UserError([...listed.slice(0, MOST), ...more].join("\n"));
  };
  if (document.errors.length) {
    fail(document.errors.map(({ pos, message }) => ({ offset: pos[0], message: message.split("\n")[0]! })));
  }
  let data: unknown;
  try {
    data = document.toJS() ?? {};
  } catch {
    fail([{ offset: 0, message: "its aliases expand beyond any use" }]);
  }
  const parsed = configSchema.safeParse(data);
  const contents = document.contents as Node | null;
  if (!parsed.success) return fail(parsed.error.issues.flatMap((issue) => mistakes(issue, contents)));
  const groups = wholeGroups(ruleIds);
  const wrong = ruleMentions(parsed.data).filter(
    ({ id, group }) => !ruleIds.includes(id) && !(group && groups.includes(id)),
  );
  if (wrong.length) {
    fail(
      wrong.map(({ id, at, key }) => ({
        offset: offsetOf(contents, at, key),
        message: `there is no rule "${id}"${suggestion(id, ruleIds)}`,
      })),
    );
  }
  const { accepted = [], nonSuppressible = [] } = parsed.data;
  const locked = accepted.flatMap(({ rule }, i) =>
    nonSuppressible.some((name) => names(name, rule)) ? [{ rule, i }] : [],
  );
  if (locked.length) {
    fail(
      locked.map(({ rule, i }) => ({
        offset: offsetOf(contents, ["accepted", i, "rule"], false),
        message: `${rule} can not be accepted, nonSuppressible names it`,
      })),
    );
  }
  return parsed.data;
}

interface Mention {
  readonly id: string;
  readonly at: Path;
  readonly key: boolean;
  /** A whole group may stand there too. */
  readonly group?: true;
}

/** Everywhere the file names a rule. */
function ruleMentions({ rules, overrides, accepted, nonSuppressible }: Config): readonly Mention[] {
  const keys = (table: object | undefined, at: Path): Mention[] =>
    Object.keys(table ?? {}).map((id) => ({ id, at: [...at, id], key: true }));
  return [
    ...keys(rules, ["rules"]),
    ...(overrides ?? []).flatMap((override, i) => keys(override.rules, ["overrides", i, "rules"])),
    ...(accepted ?? []).map(({ rule }, i) => ({ id: rule, at: ["accepted", i, "rule"], key: false })),
    ...(nonSuppressible ?? []).map((id, i) => ({ id, at: ["nonSuppressible", i], key: false, group: true as const })),
  ];
}

type Issue = z.core.$ZodIssue;

function mistakes(issue: Issue, contents: Node | null): readonly Mistake[] {
  const here = offsetOf(contents, issue.path, false);
  const where = issue.path.length ? `${issue.path.map(String).join(".")} ` : "the configuration ";
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        offset: offsetOf(contents, [...issue.path, key], true),
        message: `unknown key "${key}"${suggestion(key, knownKeys(issue.path))}`,
      }));
    case "invalid_value": {
      const values = issue.values.map(String);
      const written = scalarAt(contents, issue.path);
      const wrong = written === undefined ? "" : `, not "${written}"${suggestion(written, values)}`;
      return [{ offset: here, message: `${where}is one of ${values.join(", ")}${wrong}` }];
    }
    case "invalid_type": {
      const missing = issue.path.length > 0 && nodeAt(contents, issue.path) === undefined;
      const wanted = NAMES[issue.expected] ?? `a ${issue.expected}`;
      return [{ offset: here, message: missing ? `${where}is missing` : `${where}is not ${wanted}` }];
    }
    case "too_small":
      return [{ offset: here, message: `${where}is empty` }];
    case "invalid_format":
      return [{ offset: here, message: `${where}is not a date such as 2026-12-31` }];
    default:
      return [{ offset: here, message: `${where}is not valid` }];
  }
}

const NAMES: Readonly<Record<string, string>> = {
  array: "a list",
  record: "a mapping",
  object: "a mapping",
  string: "text",
  boolean: "true or false",
};

/** Keys of the schema at a path of the file. */
function knownKeys(path: Path): readonly string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    schema = unwrapped(schema);
    const { element, shape } = (schema as { def: { element?: unknown; shape?: Record<PropertyKey, unknown> } }).def;
    schema = typeof step === "number" ? element : shape?.[step];
  }
  return Object.keys((unwrapped(schema) as { def?: { shape?: object } } | undefined)?.def?.shape ?? {});
}

function unwrapped(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrapped(inner);
}

/** Where a path of keys and indexes begins: the key of its last step, its value, or the nearest that is there. */
function offsetOf(contents: Node | null, path: Path, key: boolean): number {
  for (let length = path.length; length > 0; length--) {
    if (key || length < path.length) {
      const parent = nodeAt(contents, path.slice(0, length - 1));
      const pair = isMap(parent)
        ? (parent.items as Pair<Node>[]).find((item) => keyOf(item) === path[length - 1])
        : undefined;
      if (pair?.key.range) return pair.key.range[0];
    }
    const node = nodeAt(contents, path.slice(0, length));
    if (node?.range) return node.range[0];
  }
  return contents?.range?.[0] ?? 0;
}

const keyOf = ({ key }: Pair<Node>): unknown => (isScalar(key) ? String(key.value) : undefined);

function nodeAt(contents: Node | null, path: Path): Node | undefined {
  let node: unknown = contents;
  for (const step of path) {
    if (!node || typeof node !== "object" || !("get" in node) || typeof node.get !== "function") return undefined;
    node = node.get(typeof step === "number" ? step : String(step), true);
  }
  return (node as Node | null | undefined) ?? undefined;
}

function scalarAt(contents: Node | null, path: Path): string | undefined {
  const node = nodeAt(contents, path);
  return isScalar(node) ? String(node.value) : undefined;
}
