import { defineRule, replace } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "auth/debug-enabled",
    title: "Debug mode, auto-reload or a development server runs in a deployment",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/development-setup"],
    why: `
Debug pages show source, environment and secrets to whoever causes an error, and Werkzeug's debugger runs code. Reloaders
and development servers are not built to face users. Files for development, tests and examples are not judged.`,
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

      const written = at.span.file.text.slice(at.span.start, at.span.end);
      const off = OFF[written];
      report({
        at,
        subject,
        message: `${key} switches debugging or a development server on`,
        snippet: off && /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=${off}` : undefined,
        fix: off ? { title: `${key} off`, safety: "unsafe", edits: [replace(at.span, off)] } : undefined,
      });
    }
  },
});

/** The opposite, in the same spelling. */
const OFF: Readonly<Record<string, string>> = {
  true: "false",
  True: "False",
  TRUE: "FALSE",
  "1": "0",
  yes: "no",
  on: "off",
  development: "production",
};
