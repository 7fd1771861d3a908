/** Random YAML texts: values in every style of writing, with anchors, aliases, merge keys, tags, comments. */
import fc from "fast-check";

/** What is to be written, and how. */
export type Draft =
  | {
      readonly kind: "word";
      readonly text: string;
      readonly style: "plain" | "single" | "double";
      readonly mark: number;
    }
  | { readonly kind: "lines"; readonly lines: readonly string[]; readonly header: string; readonly mark: number }
  | { readonly kind: "alias"; readonly mark: number }
  | {
      readonly kind: "mapping";
      readonly entries: readonly (readonly [key: string, value: Draft])[];
      readonly merge: number;
      readonly flow: boolean;
      readonly mark: number;
    }
  | { readonly kind: "sequence"; readonly items: readonly Draft[]; readonly flow: boolean; readonly mark: number };

const TYPED =
  "true false True FALSE null ~ Null NULL 0 1 -1 +7 42 0o17 0x1F 017 1e3 -1.5E-2 .5 5. .inf -.Inf +.INF .nan .NaN 1_000 0b1 0O7 -0 1:30 12e 99999999999999999999 yes no on off y n 2024-01-01 1.2.3 << = 0x 0o8 . - -- +".split(
    " ",
  );
const STRINGS = [
  ..."a web api-1 app.kubernetes.io/name ${X:-y} $$ a#b http://x:80/y? -v --flag 8080:80 a:b x,y".split(" "),
  "two words",
  "é😀",
  "it's",
  'say "hi"',
  "back\\slash",
  "tab\tin",
  "# no comment",
  "a: b",
  "[x]",
  "{y}",
  "*a",
  "&a",
  "!t",
  "%d",
  "@at",
  "`b`",
  " padded ",
  "",
];

/** Decides on anchors, on the one that an alias names, and on comments. */
const mark = fc.nat(17);

const word: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constant("word" as const),
  text: fc.constantFrom(...TYPED, ...STRINGS),
  style: fc.constantFrom("plain", "plain", "single", "double"),
  mark,
});
const lines: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constant("lines" as const),
  lines: fc.array(fc.constantFrom("a", "two words", "", "  deeper", "- x", "# text", "k: v"), {
    minLength: 1,
    maxLength: 5,
  }),
  header: fc.constantFrom("|", "|-", "|+", ">", ">-", ">+", "|2", ">2-"),
  mark,
});
const alias: fc.Arbitrary<Draft> = fc.record({ kind: fc.constant("alias" as const), mark });

const { draft } = fc.letrec<{ draft: Draft }>((tie) => ({
  draft: fc.oneof(
    { maxDepth: 5, depthIdentifier: "draft" },
    { arbitrary: word, weight: 6 },
    { arbitrary: lines, weight: 1 },
    { arbitrary: alias, weight: 2 },
    {
      arbitrary: fc.record({
        kind: fc.constant("mapping" as const),
        entries: fc.uniqueArray(
          fc.tuple(
            fc.constantFrom("a", "b", "c d", "e.f/g", "1", "true", "null", "on", "x-y", "__proto__", "constructor"),
            tie("draft"),
          ),
          { maxLength: 5, selector: ([key]) => key },
        ),
        merge: fc.nat(3),
        flow: fc.boolean(),
        mark,
      }),
      weight: 4,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant("sequence" as const),
        items: fc.array(tie("draft"), { maxLength: 4 }),
        flow: fc.boolean(),
        mark,
      }),
      weight: 3,
    },
  ),
}));

/** Layout of a whole text, drawn with it. */
export interface Layout {
  readonly eol: string;
  readonly bom: boolean;
  readonly step: number;
  readonly comments: boolean;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  eol: fc.constantFrom("\n", "\n", "\r\n"),
  bom: fc.boolean(),
  step: fc.constantFrom(2, 2, 3, 4),
  comments: fc.boolean(),
});

interface Writing extends Layout {
  /** Anchors written so far; those of `mappings` stand on mappings. */
  readonly anchors: string[];
  readonly mappings: string[];
  count: number;
}

const anchored = (writing: Writing, draft: Draft): string => {
  if (draft.kind === "alias" || draft.mark > (draft.kind === "mapping" ? 9 : 3)) return "";
  return `&n${writing.count++} `;
};

const PLAIN =
  /^[^\s!&*#?:,[\]{}|>@`"'%-](?:[^\s:#,[\]{}]|:(?=[^\s,[\]{}])|(?<=\S)#| (?=[^\s#]))*$|^[-:?][^\s,[\]{}:#]+$/;

function inline(writing: Writing, draft: Draft): string {
  switch (draft.kind) {
    case "word":
      return quoted(draft.text, draft.style);
    case "lines":
      return JSON.stringify(draft.lines.join("\n"));
    case "alias":
      return writing.anchors.length ? `*${writing.anchors[draft.mark % writing.anchors.length]} ` : "none";
    case "sequence":
      return `[${draft.items.map((item) => node(writing, item)).join(", ")}]`;
    case "mapping":
      return `{${draft.entries.map(([key, value]) => `${key}: ${node(writing, value)}`).join(", ")}}`;
  }
}

/** In flow style, its anchor in front. An anchor may be named only once its node is complete. */
function node(writing: Writing, draft: Draft): string {
  const anchor = anchored(writing, draft);
  const text = anchor + inline(writing, draft);
  remember(writing, draft, anchor);
  return text;
}

function remember(writing: Writing, draft: Draft, anchor: string): void {
  if (!anchor) return;
  writing.anchors.push(anchor.slice(1, -1));
  if (draft.kind === "mapping") writing.mappings.push(anchor.slice(1, -1));
}

function quoted(text: string, style: "plain" | "single" | "double"): string {
  if (style === "plain" && PLAIN.test(text)) return text;
  if (style === "single" && !text.includes("\t")) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text);
}

/** Behind `key:` or `-`, which stand at `margin`. */
function block(writing: Writing, draft: Draft, margin: string): string {
  const { eol, step, comments } = writing;
  const inner = margin + " ".repeat(step);
  const remark = comments && draft.mark % 5 === 0 ? " # why: 'x" : "";
  if (draft.kind === "lines") {
    const anchor = anchored(writing, draft);
    const indicator = /\d/.test(draft.header);
    const [first = ""] = draft.lines;
    const written = !indicator && /^ |^$/.test(first) ? ["start", ...draft.lines] : draft.lines;
    const indent = indicator ? `${margin}  ` : inner;
    const text = ` ${anchor}${draft.header}${eol}${written.map((line) => (line ? indent + line : "")).join(eol)}${eol}`;
    remember(writing, draft, anchor);
    return text;
  }
  const empty =
    draft.kind === "mapping" ? draft.entries.length === 0 : draft.kind === "sequence" && !draft.items.length;
  if ((draft.kind !== "mapping" && draft.kind !== "sequence") || draft.flow || empty) {
    return ` ${node(writing, draft)}${remark}${eol}`;
  }
  const anchor = anchored(writing, draft);
  const opening = `${anchor && ` ${anchor.trimEnd()}`}${remark}${eol}`;
  const text = opening + body(writing, draft, inner);
  remember(writing, draft, anchor);
  return text;
}

function body(writing: Writing, draft: Draft & { kind: "mapping" | "sequence" }, margin: string): string {
  if (draft.kind === "sequence") return draft.items.map((item) => `${margin}-${block(writing, item, margin)}`).join("");
  const { mappings, eol } = writing;
  const sources = mappings.slice(-2).map((name) => `*${name}`);
  const merge =
    draft.merge > 1 || !sources.length
      ? ""
      : `${margin}<<: ${draft.merge || sources.length < 2 ? sources[0] : `[${sources.join(", ")}]`}${eol}`;
  return merge + draft.entries.map(([key, value]) => `${margin}${key}:${block(writing, value, margin)}`).join("");
}

/** A stream of one to three documents. */
export const yamlText: fc.Arbitrary<string> = fc
  .tuple(fc.array(draft, { minLength: 1, maxLength: 3 }), layout)
  .map(([drafts, chosen]) => {
    const documents = drafts.map((root) => {
      const writing: Writing = { ...chosen, anchors: [], mappings: [], count: 0 };
      const isBlock =
        (root.kind === "mapping" && root.entries.length > 0) || (root.kind === "sequence" && root.items.length > 0);
      if (isBlock && !root.flow) return body(writing, root, "");
      return `${node(writing, root)}${chosen.eol}`;
    });
    return (chosen.bom ? "\ufeff" : "") + documents.join(`---${chosen.eol}`);
  });
