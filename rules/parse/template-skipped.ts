import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "parse/template-skipped",
    title: "File is a template that must be rendered before it can be checked",
    severity: "info",
    presets: ["strict"],
    guides: [],
    why: `
A Helm or Jinja template is not YAML until it is rendered: what it deploys depends on values that are not in the file. It
is left out of the check, and this finding says so.`,
    remedy: `
Render it and pipe the result in.

\`\`\`bash
helm template . | npx qwed-harden lint --stdin-filename rendered.yaml -
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://helm.sh/docs/helm/helm_template/"],
  },

  check(model, report) {
    for (const { kind, span, message } of model.problems) {
      if (kind !== "template") continue;

      report({
        at: span,
        subject: span.file.path,
        message,
        snippet: HELM.test(span.file.text)
          ? "helm template . | npx qwed-harden lint --stdin-filename rendered.yaml -"
          : `npx qwed-harden lint --stdin-filename ${span.file.path} - < rendered`,
      });
    }
  },
});

/** Built-in objects and functions that only Helm has. */
const HELM =
  /\{\{-?\s*(include|template|tpl|toYaml|with|if|range|define)?[^{}\n]*\.(Values|Release|Chart|Capabilities|Files)\b/;
