import { defineRule, type Edit, replace, rewritten, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "auth/debug-enabled",
    title: "Debug mode, auto-reload or a development server runs in a deployment",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/development-setup"],
    why: `
Debug pages show source, environment and secrets to whoever causes an error, and Werkzeug's debugger runs code. Reloaders
and development servers are not built to face users. A variable that only selects the development mode is medium. Files
for development, tests and examples are not judged.`,
    remedy: `
Switch it off where it is deployed, and run a production server.

\`\`\`bash
DEBUG=false
\`\`\`

\`\`\`dockerfile
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/489.html"],
  },

  check(model, report) {
    for (const { at, subject, key } of model.settings.debug) {
      if (!at.value || at.span.file.stage !== "production") continue;

      const written = textOf(at.span);
      const off = OFF[written];
      const edit = off === undefined ? withoutArgument(at.span) : replace(withRunner(at.span), off);
      report({
        at,
        subject,
        message: `${key} ${effect(key, written)}`,
        severity: selectsMode(key, written) ? "medium" : undefined,
        snippet: SNIPPETS[key] ?? ((edit && rewritten([edit], model.sensitive)) || undefined),
        fix: edit && { title: `${key} off`, safety: "unsafe", edits: [edit] },
      });
    }
  },
});

const textOf = ({ file, start, end }: Span): string => file.text.slice(start, end);

/** What takes the place of a switch, in its own spelling, and of a command for development. */
const OFF: Readonly<Record<string, string>> = {
  true: "false",
  True: "False",
  TRUE: "FALSE",
  "1": "0",
  yes: "no",
  on: "off",
  development: "production",
  dev: "start",
  "start:dev": "start:prod",
  nodemon: "node",
};

const SNIPPETS: Readonly<Record<string, string>> = {
  errorhandler: 'if (process.env.NODE_ENV === "development") app.use(errorhandler());',
  "flask run": "gunicorn --bind 0.0.0.0:8000 app:app",
  "python runserver": "gunicorn --bind 0.0.0.0:8000 config.wsgi",
};

const selectsMode = (key: string, written: string): boolean => /env/i.test(key) && /^(dev|local)/i.test(written);

function effect(key: string, written: string): string {
  if (/reload|watch|nodemon/i.test(key)) return "reloads code while it runs";
  if (selectsMode(key, written)) return `selects ${written}`;
  if (/--inspect/.test(key)) return "opens a debugger to the network";
  if (/runserver|flask run|php -S|\bdev\b|vite|webpack/i.test(key)) return "starts a development server";
  return key === "errorhandler" ? "shows stack traces to callers" : "switches debug mode on";
}

/** `npx nodemon` is one word more than `node`. */
function withRunner(span: Span): Span {
  const before = textOf(span) === "nodemon" && span.file.text.slice(Math.max(0, span.start - 20), span.start);
  const runner = before && /\bnpx(?:["'],?\s*["']|[ \t]+)$/.exec(before)?.[0];
  return runner ? { ...span, start: span.start - runner.length } : span;
}

/** Takes an option out of a command, with its quotes and what separates it from the word before. */
function withoutArgument({ file, start, end }: Span): Edit | undefined {
  if (!file.text.startsWith("--", start)) return undefined;
  const quote = file.text[end];
  const quotes = (quote === '"' || quote === "'") && file.text[start - 1] === quote ? 1 : 0;
  const from = start - quotes;
  const item = /(?:^|\n)([ \t]*-[ \t]+)$/.exec(file.text.slice(Math.max(0, from - 80), from))?.[1];
  const rest = item && /^[ \t]*(?:\r?\n|$)/.exec(file.text.slice(end + quotes, end + quotes + 80))?.[0];
  if (item && rest !== undefined) {
    const [at, to] = [from - item.length, end + quotes + rest.length];
    return replace(rest ? { file, start: at, end: to } : { file, start: Math.max(0, at - 1), end: to }, "");
  }
  const separator = /(?:\S,\s*|[^\s-][ \t]+)$/.exec(file.text.slice(Math.max(0, from - 40), from))?.[0];
  return separator ? replace({ file, start: from - separator.length + 1, end: end + quotes }, "") : undefined;
}
