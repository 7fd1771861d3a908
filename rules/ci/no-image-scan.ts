import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "ci/no-image-scan",
    title: "Repository builds an image but never scans it",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/llm05-dependency-scanning"],
    why: `
The system packages of the base image are part of the service, and their holes are published after the image was built.
The QWED guide asks for regular scans of the deployment container.`,
    remedy: `
Scan the image that was built, before it is pushed.

\`\`\`yaml
- uses: aquasecurity/trivy-action@<commit>
  with:
    image-ref: app:\${{ github.sha }}
    exit-code: "1"
    severity: CRITICAL,HIGH
\`\`\`

\`\`\`yaml
# .gitlab-ci.yml
include:
  - template: Jobs/Container-Scanning.gitlab-ci.yml
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/1395.html"],
  },

  check(model, report) {
    const does = model.pipelines.flatMap((pipeline) => pipeline.does.map((job) => ({ pipeline, job })));
    const build = does.find(({ job }) => job.value === "image-build");
    const unseen = model.pipelines.some(({ calls }) => calls.length > 0);
    if (!build || unseen || does.some(({ job }) => job.value === "image-scan")) return;

    report({
      at: build.job,
      subject: build.pipeline.file.path,
      message: "an image is built here and no job scans it",
      snippet: SNIPPETS[build.pipeline.provider],
    });
  },
});

const SNIPPETS = {
  github: `- uses: aquasecurity/trivy-action@<commit>\n  with:\n    image-ref: app:\${{ github.sha }}\n    exit-code: "1"\n    severity: CRITICAL,HIGH`,
  gitlab: "include:\n  - template: Jobs/Container-Scanning.gitlab-ci.yml",
  other: "trivy image --exit-code 1 --severity CRITICAL,HIGH app:$COMMIT",
};
