/** Where and how lines are added to Traefik's labels and files (Traefik 3 reference, "Docker", "File"). */
import type { Blank, Container, MiddlewareBlank, Span } from "../../model.ts";
import { blankAfter, lineBefore } from "./edge.ts";
import { type Configuration, type Option, option } from "./traefik-tree.ts";

interface Label {
  readonly blank: Blank;
  readonly sign: string;
}

/** A line behind a label that is `- name=value` or `name: value` on a line of its own. */
function behind({ name, value }: Container["labels"][number]): Label | undefined {
  const { file, start } = name.span;
  const { text } = file;
  const before = lineBefore(name.span);
  const between = text.slice(name.span.end, value.span.start);
  const item = between === "=";
  const quote = quoteAt(text, (item ? start : value.span.start) - 1);
  const end = value.span.end + quote.length;
  if (!(item ? ITEM : KEY).test(before) || !(item || /^["']?:[ \t]+["']?$/.test(between))) return undefined;
  const { span } = blankAfter({ file, start, end });
  const alone = /^[ \t]*(?:#.*)?$/.test(text.slice(end, span.end)) && /^\s|^$/.test(text.slice(span.end, span.end + 1));
  // Behind the last label in braces a comma would be needed too.
  if (!alone || /^\s*\}/.test(text.slice(span.end, span.end + 300))) return undefined;
  const line = (after: string): Blank => ({ span, before: `\n${before}`, after });
  return item ? { blank: line(quote), sign: "=" } : { blank: line('"'), sign: `${quoteAt(text, start - 1)}: "` };
}

const ITEM = /^[ \t]*-[ \t]+["']?$/;
const KEY = /^[ \t]+["']?$/;

const quoteAt = (text: string, at: number): string => (/["']/.test(text[at] ?? "") ? text[at]! : "");

/** Absent where the name is `taken`, where the router is written in flow style, as TOML or by other means. */
export function middlewareBlank(
  router: Option,
  from: Configuration,
  taken: (name: string) => boolean,
): MiddlewareBlank | undefined {
  const name = `${router.key.value}-headers`;
  if (taken(name) || !/^[\w-]+$/.test(name)) return undefined;
  return from.labels ? ofLabels(name, router, from) : ofFile(name, router, from);
}

/** The last label of each router, by its name in lower case: labels that routers share stand elsewhere. */
function lastLabels(from: Configuration): ReadonlyMap<string, Container["labels"][number]> {
  const known = lasts.get(from);
  if (known) return known;
  const found = new Map(
    (from.labels ?? []).flatMap((label) => {
      const router = /^traefik\.http\.routers\.([^.]+)\./i.exec(label.name.value)?.[1];
      return router ? [[router.toLowerCase(), label] as const] : [];
    }),
  );
  lasts.set(from, found);
  return found;
}
const lasts = new WeakMap<Configuration, ReturnType<typeof lastLabels>>();

function ofLabels(name: string, router: Option, from: Configuration): MiddlewareBlank | undefined {
  const last = lastLabels(from).get(router.key.value.toLowerCase());
  const found = last && behind(last);
  if (!found) return undefined;
  const { blank, sign } = found;
  const prefix = `${blank.before}traefik.http.`;
  const used = option(router, "middlewares");
  if (used && !used.value?.value) return undefined;
  return {
    name,
    use: used?.value
      ? at({ ...used.value.span, start: used.value.span.end }, ",", "")
      : { ...blank, before: `${prefix}routers.${router.key.value}.middlewares${sign}` },
    define: { ...blank, before: `${prefix}middlewares.` },
    sign,
  };
}

const at = (span: Span, before: string, after: string): Blank => ({ span, before, after });

function ofFile(name: string, router: Option, { root, file }: Configuration): MiddlewareBlank | undefined {
  const http = option(root, "http");
  const rule = option(router, "rule");
  const first = http?.children.values().next().value;
  if (file.language !== "yaml" || !http || !rule?.value || !first || !opensBlock(http.key.span)) return undefined;
  const use = usedIn(router, rule);
  const there = option(http, "middlewares");
  const sibling = there?.children.values().next().value;
  if (!use || !startsLine(first.key.span) || (there && (!opensBlock(there.key.span) || !sibling))) return undefined;
  if (sibling && !startsLine(sibling.key.span)) return undefined;
  const step = indentOf(first.key.span);
  const define = there
    ? { ...blankAfter(withColon(there.key.span)), before: `\n${indentOf(sibling!.key.span)}` }
    : { ...blankAfter(withColon(http.key.span)), before: `\n${step}middlewares:\n${step}${step}` };
  return { name, use, define };
}

/** Behind the last of its middlewares, else a line behind its rule. */
function usedIn(router: Option, rule: Option): Blank | undefined {
  const used = option(router, "middlewares");
  if (!used) return startsLine(rule.key.span) ? middlewaresLine(rule) : undefined;
  const last = [...used.children.values()].at(-1)?.value?.span;
  if (!last) return undefined;
  const { file, start, end } = last;
  const quote = quoteAt(file.text, start - 1);
  const line = blankAfter({ ...last, end: end + quote.length });
  if (/^[ \t]*-[ \t]+["']?$/.test(lineBefore(last))) return { ...line, before: `${line.before}- ` };
  const flow = /^[ \t]*["']?middlewares["']?:[ \t]*\[/.test(lineBefore(last));
  return flow ? at({ file, start: end + quote.length, end: end + quote.length }, ", ", "") : undefined;
}

/** Behind the line of the rule; before it where the rule has several lines. */
function middlewaresLine({ key, value }: Option): Blank {
  const { file, start, end } = value!.span;
  const { text } = file;
  const name = "middlewares: [";
  if (/^["']?:[ \t]+["']?$/.test(text.slice(key.span.end, start)) && !text.slice(start, end).includes("\n")) {
    const line = blankAfter({ ...key.span, end: end + quoteAt(text, end).length });
    return { ...line, before: line.before + name, after: "]" };
  }
  const from = key.span.start - quoteAt(text, key.span.start - 1).length;
  return at({ file, start: from, end: from }, name, `]\n${indentOf(key.span)}`);
}

const indentOf = (span: Span): string => /^[ \t]*/.exec(lineBefore(span))![0];

const startsLine = (span: Span): boolean => /^[ \t]*["']?$/.test(lineBefore(span));

const withColon = (span: Span): Span => ({ ...span, end: span.file.text.indexOf(":", span.end) + 1 });

/** A key of a mapping in block style: nothing but a comment follows on its line. */
const opensBlock = (span: Span): boolean =>
  startsLine(span) && /^["']?:[ \t]*(?:#[^\n]*)?\r?\n/.test(span.file.text.slice(span.end, span.end + 300));
