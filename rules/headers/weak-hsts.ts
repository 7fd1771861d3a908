import { defineRule, replace } from "../../src/rule.ts";

const YEAR = 31_536_000;

export default defineRule({
  meta: {
    id: "headers/weak-hsts",
    title: "Strict-Transport-Security lasts less than a year",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/security-headers"],
    why: `
Once the header has run out, a visitor's first request goes over plain HTTP again and can be taken over. The QCA guide
sets one year, the value that preload lists ask for.`,
    remedy: `
\`\`\`nginx
add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security"],
  },

  check(model, report) {
    const senders = [...model.edges, ...model.applications];
    for (const { subject, headers } of senders) {
      for (const { name, value } of headers) {
        if (name.value.toLowerCase() !== "strict-transport-security" || value.implied) continue;
        const seconds = /max-age\s*=\s*"?(\d{1,12})/i.exec(value.value)?.[1];
        if (seconds === undefined || Number(seconds) >= YEAR) continue;

        const written = value.span.file.text.slice(value.span.start, value.span.end);
        const start = value.span.start + written.indexOf(seconds);
        const exact = written.includes(seconds) ? { ...value.span, start, end: start + seconds.length } : value.span;
        report({
          at: exact,
          subject,
          message:
            Number(seconds) === 0
              ? "Strict-Transport-Security is switched off"
              : `Strict-Transport-Security lasts ${days(Number(seconds))}`,
          snippet: "max-age=31536000; includeSubDomains",
          fix: written.includes(seconds)
            ? { title: "one year", safety: "safe", edits: [replace(exact, String(YEAR))] }
            : undefined,
        });
      }
    }
  },
});

const days = (seconds: number): string => {
  const count = Math.floor(seconds / 86_400);
  return count === 0 ? "less than a day" : count === 1 ? "one day" : `${count} days`;
};
