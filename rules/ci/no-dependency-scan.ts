import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "ci/no-dependency-scan",
    title: "Repository has CI but no dependency scan",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/llm05-dependency-scanning", "qca/dependency-scanning"],
    why: `
Most known holes of a service come in with its dependencies. Nobody notices a published vulnerability unless something
looks for it on every change. Dependabot and Renovate configurations count as a scan.`,
    remedy: `
Add one of them to the pipeline.

\`\`\`yaml
- run: pip install safety && safety check
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/1395.html",
      "https://owasp.org/www-project-top-10-for-large-language-model-applications/",
    ],
  },

  check(model, report) {
    const first = model.pipelines.find(({ watches }) => !watches);
    const unseen = model.pipelines.some(({ calls }) => calls.length > 0);
    if (!first || unseen || model.pipelines.some(({ does }) => does.some(({ value }) => value === "dependency-scan")))
      return;

    report({
      at: first.at,
      subject: first.file.path,
      message: "no job of this repository scans dependencies",
      snippet: SNIPPETS[first.provider],
    });
  },
});

const SNIPPETS: Readonly<Record<string, string>> = {
  github: `# .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: pip
    directory: /
    schedule:
      interval: weekly`,
  gitlab: "include:\n  - template: Jobs/Dependency-Scanning.gitlab-ci.yml",
};
