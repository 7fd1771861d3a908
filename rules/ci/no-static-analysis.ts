import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "ci/no-static-analysis",
    title: "Repository has CI but no static analysis or secret scan",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/static-analysis"],
    why: `
A scanner in the pipeline finds the injection or the key that a reviewer passes over, before it is merged. The QCA guide
names bandit and semgrep. A workflow of another repository that a job calls may hold one: where one is called, the rule is
silent.`,
    remedy: `
\`\`\`yaml
- run: pip install bandit semgrep && bandit -r . && semgrep --config=auto .
\`\`\`

\`\`\`yaml
# .gitlab-ci.yml
include:
  - template: Jobs/SAST.gitlab-ci.yml
  - template: Jobs/Secret-Detection.gitlab-ci.yml
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://owasp.org/www-community/Source_Code_Analysis_Tools"],
  },

  check(model, report) {
    const first = model.pipelines.find(({ watches }) => !watches);
    const unseen = model.pipelines.some(({ calls }) => calls.length > 0);
    if (!first || unseen || model.pipelines.some(({ does }) => does.some(({ value }) => ANALYSES.has(value)))) return;

    report({
      at: first.at,
      subject: first.file.path,
      message: "no job of this repository analyses the source or looks for secrets",
      snippet:
        first.provider === "gitlab"
          ? "include:\n  - template: Jobs/SAST.gitlab-ci.yml\n  - template: Jobs/Secret-Detection.gitlab-ci.yml"
          : first.provider === "github"
            ? "- run: pip install bandit semgrep && bandit -r . && semgrep --config=auto ."
            : "pip install bandit semgrep && bandit -r . && semgrep --config=auto .",
    });
  },
});

const ANALYSES: ReadonlySet<string> = new Set(["static-analysis", "secret-scan"]);
