import { defineRule, replace, rewritten } from "../../src/rule.ts";

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
\`\`\`

\`\`\`python
response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: [
      "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
      "https://hstspreload.org/",
    ],
  },

  check(model, report) {
    const senders = [...model.edges, ...model.applications];
    for (const { subject, headers } of senders) {
      for (const { name, value } of headers) {
        if (name.value.toLowerCase() !== "strict-transport-security" || value.implied) continue;
        const seconds = /max-age\s*=\s*"?(\d{1,12})/i.exec(value.value)?.[1];
        if (seconds === undefined || Number(seconds) >= YEAR) continue;

        const { span } = value;
        const offset = span.file.text.slice(span.start, span.end).indexOf(seconds);
        const start = span.start + offset;
        const edit = offset < 0 ? undefined : replace({ ...span, start, end: start + seconds.length }, String(YEAR));
        const shared = OTHER_CONSTANT.test(span.file.text.slice(Math.max(0, start - 80), start));
        report({
          at: edit?.span ?? value,
          subject,
          message:
            Number(seconds) === 0
              ? "Strict-Transport-Security is switched off"
              : `Strict-Transport-Security lasts ${days(Number(seconds))}`,
          snippet: (edit && !shared && rewritten([edit], model.sensitive)) || "max-age=31536000; includeSubDomains",
          // Whoever switches it off has a reason.
          fix:
            edit && !shared && Number(seconds) > 0 ? { title: "one year", safety: "safe", edits: [edit] } : undefined,
        });
      }
    }
  },
});

/** `HOUR = 3600` means an hour wherever else it is used. */
const OTHER_CONSTANT = /(?:^|[^\w-])(?!\w*(?:hsts|sts_|age|transport))\w+\s*=\s*$/i;

const days = (seconds: number): string => {
  const count = Math.floor(seconds / 86_400);
  return count === 0 ? "less than a day" : count === 1 ? "one day" : `${count} days`;
};
