/** What is silenced, by whom and why: inline comments and `accepted` findings of the configuration. */
import { byPlace, type CheckOptions, check, type Finding } from "./check.ts";
import { glob } from "./glob.ts";
import type { Deployment, Located, SourceFile, Span, Suppression } from "./model.ts";
import { type Edit, type Fix, GROUPS, type Report, type Rule, type RuleId, replace } from "./rule.ts";

/** An accepted finding of the configuration. `until` is an ISO date, inclusive. */
export interface Accepted {
  readonly rule: RuleId;
  /** Glob of paths relative to the root of the run. */
  readonly path: string;
  readonly subject?: string | undefined;
  readonly reason: string;
  readonly until?: string | undefined;
}

export interface Silenced {
  readonly finding: Finding;
  readonly by: "comment" | "configuration" | "baseline";
  readonly reason: string;
  /** The comment. */
  readonly at?: Span;
}

/** What may be silenced at all. */
export interface Suppressible {
  /** False: no comment silences anything. */
  readonly inlineIgnores?: boolean | undefined;
  /** Ids of rules whose findings nothing silences. */
  readonly nonSuppressible?: ReadonlySet<string> | undefined;
}

export interface SuppressOptions extends CheckOptions, Suppressible {
  /** The rules that ran. Those of `suppression/` among them are reported here: only here is known what matched and what day it is. */
  readonly rules: readonly Rule[];
  readonly accepted?: readonly Accepted[];
  /** ISO date. */
  readonly today: string;
  /** Every rule there is. Given, a misspelt rule name counts as unused; else only a name outside all groups does. */
  readonly known?: ReadonlySet<string> | undefined;
}

export interface SuppressResult {
  readonly kept: readonly Finding[];
  readonly silenced: readonly Silenced[];
  /** Accepted findings past their end date: they silence nothing any more. */
  readonly expired: readonly Accepted[];
}

/**
 * Silences findings by comments, then by configuration, and adds what the rules of `suppression/` say about the comments.
 * A finding that a comment would silence if it were heeded points to it.
 */
export function suppress(model: Deployment, findings: readonly Finding[], options: SuppressOptions): SuppressResult {
  const { accepted = [], today, inlineIgnores = true, nonSuppressible } = options;
  const used = new Set<Located<string>>();
  const comments = byFileAndRule(model.suppressions.filter((suppression) => lasts(suppression.until, today)));
  const acceptable = accepted
    .filter(({ until }) => lasts(until, today))
    .map((entry) => ({ ...entry, matches: glob(entry.path) }));

  const kept: Finding[] = [];
  const silenced: Silenced[] = [];
  const sift = (finding: Finding) => {
    const { rule, span, subject } = finding;
    const id = rule.meta.id;
    const comment = comments
      .get(span.file)
      ?.get(id)
      ?.find(({ suppression }) => covers(suppression, span.start));
    const locked = nonSuppressible?.has(id) ?? false;
    if (comment) used.add(comment.name);
    if (comment && inlineIgnores && !locked) {
      silenced.push({ finding, by: "comment", reason: comment.suppression.reason ?? "", at: comment.suppression.span });
      return;
    }
    const entry = acceptable.find(
      (a) =>
        !locked && a.rule === id && (a.subject === undefined || a.subject === subject) && a.matches(span.file.path),
    );
    if (entry) silenced.push({ finding, by: "configuration", reason: entry.reason });
    else kept.push(comment ? unheeded(finding, comment.suppression, locked) : finding);
  };
  findings.forEach(sift);
  check(model, watchers(options, used), options).findings.forEach(sift);
  return { kept: kept.sort(byPlace), silenced, expired: accepted.filter(({ until }) => !lasts(until, today)) };
}

const unheeded = (finding: Finding, { span }: Suppression, locked: boolean): Finding => ({
  ...finding,
  related: [
    ...finding.related,
    {
      at: span,
      message: locked
        ? "this comment does not silence it: the configuration says that nothing may"
        : "this comment does not silence it: comments are switched off",
    },
  ],
});

/** Nothing but a real ISO date that is not over lasts: a suppression with a misspelt end must not last for ever. */
const lasts = (until: string | undefined, today: string): boolean =>
  until === undefined || (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(until) && until >= today);

const covers = ({ lines }: Suppression, offset: number): boolean =>
  lines.some(({ start, end }) => start <= offset && offset <= end);

type Named = { readonly suppression: Suppression; readonly name: Located<string> };

function byFileAndRule(
  suppressions: readonly Suppression[],
): ReadonlyMap<SourceFile, ReadonlyMap<string, readonly Named[]>> {
  const files = new Map<SourceFile, Map<string, Named[]>>();
  for (const suppression of suppressions) {
    const rules = files.get(suppression.span.file) ?? new Map<string, Named[]>();
    files.set(suppression.span.file, rules);
    for (const name of suppression.rules) {
      const named = rules.get(name.value) ?? [];
      named.push({ suppression, name });
      rules.set(name.value, named);
    }
  }
  return files;
}

/** The `suppression/` rules among those that run, with the check that needs the date or the matches. */
function watchers(
  { rules, today, known, severityOf }: SuppressOptions,
  used: ReadonlySet<Located<string>>,
): readonly Rule[] {
  const ran = new Map(rules.map((rule) => [rule.meta.id as string, rule]));
  const checks: Readonly<Record<string, Rule["check"]>> = {
    "suppression/expired": ({ suppressions }, report) => expired(suppressions, today, report),
    "suppression/unused": ({ suppressions }, report) => {
      for (const suppression of suppressions) {
        if (!lasts(suppression.until, today)) continue;
        const path = suppression.span.file.path;
        unused(suppression, report, (name) => {
          if (used.has(name)) return undefined;
          if (known ? !known.has(name.value) : !isRuleName(name.value))
            return `${JSON.stringify(name.value)} is not the name of a rule`;
          const rule = ran.get(name.value);
          return rule && severityOf?.(rule, path) !== "off"
            ? `suppression of ${name.value} matches no finding`
            : undefined;
        });
      }
    },
  };
  return rules.flatMap(({ meta }) => (Object.hasOwn(checks, meta.id) ? [{ meta, check: checks[meta.id]! }] : []));
}

const isRuleName = (name: string): boolean => GROUPS.some((group) => name.startsWith(`${group}/`));

function expired(suppressions: readonly Suppression[], today: string, report: Report): void {
  for (const { span, rules, until } of suppressions) {
    if (until === undefined || lasts(until, today)) continue;
    const what = `suppression of ${rules.map(({ value }) => value).join(", ") || "no rule"}`;
    const dated = /^\d{4}-\d\d-\d\d$/.test(until) && until < today;
    report({
      at: span,
      subject: span.file.path,
      message: dated ? `${what} ended on ${until}` : `${what} ends at ${JSON.stringify(until)}, which is no date`,
    });
  }
}

/** `why` tells what is wrong with a rule's name in the comment, or nothing if it is in use or cannot be judged. */
function unused(
  { span, rules }: Suppression,
  report: Report,
  why: (name: Located<string>) => string | undefined,
): void {
  const subject = span.file.path;
  const found = rules.flatMap((name) => why(name) ?? []).length;
  if (!rules.length)
    report({
      at: span,
      subject,
      message: "suppression names no rule",
      fix: removal(wholeComment(span), "remove the comment"),
    });
  for (const name of rules) {
    const message = why(name);
    if (message === undefined) continue;
    const edit = found === rules.length ? wholeComment(span) : listEntry(name, rules);
    report({
      at: name,
      subject,
      message,
      fix: removal(edit, found === rules.length ? "remove the comment" : `remove ${name.value}`),
    });
  }
}

const removal = (edit: Edit, title: string): Fix => ({ title, safety: "safe", edits: [edit] });

/** With the blanks before it, and with its line if nothing else stands there. */
function wholeComment({ file, start, end }: Suppression["span"]): Edit {
  let from = start;
  while (from > 0 && /[ \t]/.test(file.text[from - 1]!)) from--;
  const alone = from === 0 || /[\r\n\ufeff]/.test(file.text[from - 1]!);
  const lineEnd = /^[ \t]*(\r\n?|\n)/.exec(file.text.slice(end, end + 200))?.[0].length ?? 0;
  return replace({ file, start: from, end: alone ? end + lineEnd : end }, "");
}

/** With the comma that parts it from its neighbour. */
function listEntry(name: Located<string>, rules: readonly Located<string>[]): Edit {
  const index = rules.indexOf(name);
  const following = rules[index + 1];
  const { file, start, end } = name.span;
  return replace(
    following ? { file, start, end: following.span.start } : { file, start: rules[index - 1]!.span.end, end },
    "",
  );
}
