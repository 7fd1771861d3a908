import { defineRule, fromOutside, withoutFallback } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/provider-key",
    title: "LLM or cloud provider key is present",
    severity: "critical",
    presets: ["recommended"],
    guides: ["qwed/critical-secrets", "qca/openai-api-key-exposure"],
    why: `
The text has the format of a real key. Keys that were published are found by machines within minutes and spend money at
once. A key in a live \`.env\` that git ignores is where it belongs; in a tracked \`.env\` it is part of
\`secrets/env-file-committed\`.`,
    remedy: `
Revoke the key at the provider first, then keep the new one outside the repository.

\`\`\`yaml
env:
  - name: OPENAI_API_KEY
    valueFrom:
      secretKeyRef:
        name: qwed-secrets
        key: openai-api-key
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/798.html"],
    sameInEveryStage: true,
  },

  check(model, report) {
    const live = new Set(model.envFiles.filter((env) => env.live).map(({ file }) => file));
    const stores = new Set(
      model.secrets.filter(({ holds }) => holds === "values").flatMap(({ variables }) => variables),
    );
    for (const { title, span, variable } of model.providerKeys) {
      if (live.has(span.file) || span.file.git === "ignored" || (variable && stores.has(variable))) continue;

      report({
        at: span,
        subject: variable?.subject ?? span.file.path,
        message: `${variable?.name.value ?? fileName(span.file.path)} holds ${article(title)}`,
        snippet: variable && (withoutFallback(variable, model.sensitive) ?? fromOutside(variable)),
      });
    }
  },
});

const article = (title: string): string => `${/^[AEIOU]/.test(title) ? "an" : "a"} ${title}`;

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
