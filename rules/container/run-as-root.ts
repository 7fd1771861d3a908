import { type Container, composeService, defineRule, fill, kubernetesContainer } from "../../src/rule.ts";

const UNPRIVILEGED = 10001;

export default defineRule({
  meta: {
    id: "container/run-as-root",
    title: "Container is set to run as root",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/non-root-user"],
    why: `
Root in the container is root on the host's kernel. One escape, or one writable mount, and a flaw in the application
becomes control of the machine.`,
    remedy: `
Create a user in the image and switch to it as the last \`USER\` of the final stage; name it by number where Kubernetes
has to verify it.

\`\`\`dockerfile
RUN adduser --disabled-password --gecos '' appuser
USER appuser
\`\`\``,
    fix: "unsafe",
    sameAs: {
      kics: ["dockerfile/last_user_is_root"],
      trivy: ["DS-0002", "KSV-0105"],
      checkov: ["CKV_DOCKER_8"],
      hadolint: ["DL3002"],
    },
    references: [
      "https://cwe.mitre.org/data/definitions/250.html",
      "https://docs.docker.com/build/building/best-practices/#user",
    ],
  },

  check(model, report) {
    for (const container of model.containers) {
      const { user, subject } = container;
      if (!user || user.implied || !isRoot(user.value)) continue;

      report({
        at: user,
        subject,
        message: `${container.name.value} runs as ${user.value === "root" ? "root" : `"${user.value}", which is root`}`,
        snippet: snippet(container),
        fix: user.blank && {
          title: `run as ${UNPRIVILEGED}`,
          safety: "unsafe",
          edits: [fill(user.blank, `${UNPRIVILEGED}`)],
        },
      });
    }
  },
});

const isRoot = (user: string): boolean => /^(root|0+)(:|$)/.test(user);

function snippet({ format, name }: Container): string {
  switch (format) {
    case "compose":
      return composeService(name.value, `user: "${UNPRIVILEGED}:${UNPRIVILEGED}"`);
    case "kubernetes":
      return kubernetesContainer(name.value, `securityContext:\n  runAsNonRoot: true\n  runAsUser: ${UNPRIVILEGED}`);
    case "dockerfile":
      return `RUN adduser --disabled-password --gecos '' appuser\nUSER appuser`;
  }
}
