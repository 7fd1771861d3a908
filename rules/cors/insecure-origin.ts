import { corsKey, defineRule, type Edit, replace, rewritten, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/insecure-origin",
    title: "CORS trusts a plain http origin that is not localhost",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
Whoever sits on the network path of a visitor can serve any page under a plain http origin, and that page then reads the
API's answers as if it were the front end.`,
    remedy: `
Serve the front end over https and list it with that scheme.

\`\`\`bash
export CORS_ALLOWED_ORIGINS="https://app.yourcompany.com"
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
  },

  check(model, report) {
    for (const { subject, key, origins, fallback } of model.cors) {
      if (fallback?.providedBy.length) continue;
      const all = new Set(origins.map(({ value }) => value));
      for (const origin of origins) {
        if (origin.span.file.stage !== "production" || !isPlain(origin.value)) continue;

        const host = origin.value.slice("http:".length);
        const twice = all.has(`https:${host}`);
        const secure = replace({ ...origin.span, end: origin.span.start + "http".length }, "https");
        const edit = twice ? without(origin.span) : /:\d+$/.test(host) ? undefined : secure;
        report({
          at: origin,
          subject,
          message: `${corsKey(key)} trusts ${origin.value}, which is not encrypted`,
          snippet: twice ? undefined : rewritten([secure], model.sensitive),
          fix: edit && {
            title: twice ? "trust https alone" : `trust https:${host}`,
            safety: "unsafe",
            edits: [edit],
          },
        });
      }
    }
  },
});

/** Takes an item out of a list, with its quotes, what separates it from its neighbours, and a line that it has for itself. */
function without({ file, start, end }: Span): Edit | undefined {
  const { text } = file;
  const quote = /["']/.test(text[start - 1] ?? "") && text[start - 1] === text[end] ? 1 : 0;
  const [from, to] = [start - quote, end + quote];
  const before = text.slice(Math.max(0, from - 80), from);
  const after = text.slice(to, to + 80);
  const line = /(?:^|\n)([ \t]*(?:-[ \t]+)?)$/.exec(before);
  const rest = /^,?[ \t]*\r?\n/.exec(after);
  if (line && rest) return replace({ file, start: from - line[1]!.length, end: to + rest[0].length }, "");
  const separator = /(?:,[ \t]*|[ \t]+)$/.exec(before);
  if (separator && /^[\s,\])"']|^$/.test(after))
    return replace({ file, start: from - separator[0].length, end: to }, "");
  const next = /^(?:,[ \t]*|[ \t]+)(?=\S)/.exec(after);
  return next ? replace({ file, start: from, end: to + next[0].length }, "") : undefined;
}

/** Names without a dot and private addresses are inside a network; loopback is `cors/localhost-origin`. */
function isPlain(origin: string): boolean {
  const host = /^http:\/\/([^/:?#\s]+)/.exec(origin)?.[1];
  return (
    host?.includes(".") === true &&
    !/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0)|\.(local|localhost|internal|test|example)$/.test(
      host,
    )
  );
}
