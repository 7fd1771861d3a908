import { type Deployment, defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "ci/no-dependency-scan",
    title: "Repository has CI but no dependency scan",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/llm05-dependency-scanning", "qca/dependency-scanning"],
    why: `
Most known holes of a service come in with its dependencies. Nobody notices a published vulnerability unless something
looks for it on every change. Dependabot and Renovate configurations count as a scan, and a workflow of another repository
that a job calls may hold one: where one is called, the rule is silent.`,
    remedy: `
Add one of them to the pipeline.

\`\`\`yaml
- run: pip install safety && safety check
- run: npm audit --audit-level=high
\`\`\`

\`\`\`yaml
# .gitlab-ci.yml
include:
  - template: Jobs/Dependency-Scanning.gitlab-ci.yml
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
      snippet: SNIPPETS[first.provider](model),
    });
  },
});

const SNIPPETS = {
  github: (model: Deployment) =>
    `# .github/dependabot.yml\nversion: 2\nupdates:\n${ecosystems(model)
      .map((name) => `  - package-ecosystem: ${name}\n    directory: /\n    schedule:\n      interval: weekly`)
      .join("\n")}`,
  gitlab: () => "include:\n  - template: Jobs/Dependency-Scanning.gitlab-ci.yml",
  other: () => "trivy fs --exit-code 1 --severity CRITICAL,HIGH .",
};

/** Dependabot's names for what the project is made of. */
function ecosystems({ files, stages }: Deployment): readonly string[] {
  const has = (language: string, runtime: string) =>
    files.some((file) => file.language === language) || stages.some((stage) => stage.runtime === runtime);
  return [
    ...(has("python", "python") ? ["pip"] : []),
    ...(has("javascript", "node") ? ["npm"] : []),
    ...(stages.some(({ runtime }) => runtime === "golang") ? ["gomod"] : []),
    ...(stages.length ? ["docker"] : []),
    "github-actions",
  ];
}
