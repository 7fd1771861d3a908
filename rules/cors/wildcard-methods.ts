import { type CorsPolicy, defineRule, type Edit, replace, rewritten, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/wildcard-methods",
    title: "CORS allows every method",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/cors-configuration"],
    why: `
A trusted origin that is taken over can then delete and overwrite, not only read. It is reported only where the origins are
a real list: with a wildcard origin that is the finding.`,
    remedy: `
List the methods that the front end uses.

\`\`\`python
allow_methods=["GET", "POST", "PUT", "DELETE"],
\`\`\`

\`\`\`nginx
add_header Access-Control-Allow-Methods "GET, POST, PUT, DELETE" always;
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/942.html"],
  },

  check(model, report) {
    for (const policy of model.cors) {
      const { subject, methods, origins, reflected } = policy;
      const wildcard = methods.find(({ value }) => value === "*");
      if (!wildcard || wildcard.implied || reflected || origins.some(({ value }) => value === "*")) continue;

      const edit = listed(policy, wildcard.span);
      report({
        at: wildcard,
        subject,
        message: "CORS allows every method",
        snippet: edit && rewritten([edit], model.sensitive),
        fix: edit && { title: "allow the methods of the guide", safety: "unsafe", edits: [edit] },
      });
    }
  },
});

const METHODS = ["GET", "POST", "PUT", "DELETE"];

/** What may stand in a list before an item: its bracket, which calls nothing, and texts. */
const FIRST_OR_LATER_ITEM = /(?:^|[^\w\])])[[({]\s*(?:(["'])\w*\1\s*,\s*)*$/;
const LAST_ITEM = /^\\?["']\s*,?\s*\]/;
/** Behind a comment, or as an argument that no word tells about, it could be either. */
const UNCLEAR = /[,\n]\s*$/;
const HEADER_ARGUMENT = /\w\(\s*["'][\w-]+["']\s*,\s*$/;
/** A list that Python takes for one text (`allow_methods="*"`); a header is a text indeed. */
const PYTHON_ARGUMENT = /methods\s*=\s*$/i;

/** The methods of the guide that are not allowed beside it, as the place of the wildcard writes a list. */
function listed({ methods, syntax }: CorsPolicy, span: Span): Edit | undefined {
  const { file, start, end } = span;
  const names = METHODS.filter((name) => !methods.some(({ value }) => value.toUpperCase() === name));
  if (file.text.slice(start, end) !== "*" || !names.length) return undefined;

  const before = file.text.slice(Math.max(0, start - 200), start);
  const quote = /\\?["']$/.exec(before)?.[0] ?? "";
  const left = before.slice(0, before.length - quote.length);
  const dash = file.language === "yaml" && /(?:^|\n)([ \t]*-[ \t]+)$/.exec(left)?.[1];
  if (quote && dash) return replace(span, names.join(`${quote}\n${dash}${quote}`));
  if (quote && (FIRST_OR_LATER_ITEM.test(left) || LAST_ITEM.test(file.text.slice(end, end + 200)))) {
    const line = /\n([ \t]*)$/.exec(left)?.[0];
    const blank = line ?? (file.language === "dotenv" || file.language === "dockerfile" ? "" : " ");
    return replace(span, names.join(`${quote},${blank}${quote}`));
  }
  if (syntax === "python" && PYTHON_ARGUMENT.test(left)) {
    const list = names.map((name) => `${quote}${name}${quote}`).join(", ");
    return replace({ file, start: start - quote.length, end: end + quote.length }, `[${list}]`);
  }
  if (quote && UNCLEAR.test(left) && !HEADER_ARGUMENT.test(left)) return undefined;
  return replace(span, names.join(quote && HEADERS.has(syntax) ? ", " : ","));
}

/** Where a quoted list is the text of a header. */
const HEADERS: ReadonlySet<CorsPolicy["syntax"]> = new Set(["nginx", "caddy", "ingress"]);
