import { type Container, composeService, defineRule, fill, kubernetesContainer } from "../../src/rule.ts";

const UNPRIVILEGED = 10001;

export default defineRule({
  meta: {
    id: "container/non-root-not-enforced",
    title: "Nothing stops the container from running as root",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/non-root-user"],
    why: `
An image without \`USER\` runs as root, and so does a Kubernetes container whose image says nothing: root in the container
is root on the host's kernel. Images that give up root by themselves (the official databases) and images that have a user
are not reported; where the image cannot be seen, only Kubernetes is asked to enforce it.`,
    remedy: `
\`\`\`dockerfile
RUN adduser --disabled-password --gecos '' appuser
USER appuser
\`\`\`

\`\`\`yaml
securityContext:
  runAsNonRoot: true
\`\`\``,
    fix: "unsafe",
    sameAs: {
      kics: ["dockerfile/missing_user_instruction", "k8s/containers_running_as_root"],
      trivy: ["DS-0002", "KSV-0012"],
      checkov: ["CKV_DOCKER_3", "CKV_K8S_23"],
      "kube-linter": ["run-as-non-root"],
      polaris: ["runAsRootAllowed"],
      kubescape: ["C-0013"],
      kubesec: ["RunAsNonRoot"],
    },
    references: [
      "https://cwe.mitre.org/data/definitions/250.html",
      "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    ],
    yieldsTo: ["container/run-as-root"],
  },

  check(model, report) {
    for (const container of model.containers) {
      const { user, runAsNonRoot, subject, name, format } = container;
      const at =
        format === "kubernetes"
          ? isSafe(container)
            ? undefined
            : runAsNonRoot
          : user?.implied && isRoot(user.value)
            ? user
            : undefined;
      if (!at) continue;

      const value = format === "kubernetes" ? "true" : String(UNPRIVILEGED);
      report({
        at,
        subject,
        message:
          format === "kubernetes"
            ? `${name.value} may run as root: runAsNonRoot is ${runAsNonRoot?.implied ? "not set" : "false"}`
            : `${name.value} runs as root: no user is set`,
        snippet: snippet(container),
        fix: at.blank && { title: "run as an unprivileged user", safety: "unsafe", edits: [fill(at.blank, value)] },
      });
    }
  },
});

const isRoot = (user: string): boolean => /^(root|0+)(:|$)/.test(user);

/** An explicit user that is not root satisfies the rule as `runAsNonRoot` does; explicit root is `container/run-as-root`. */
const isSafe = ({ runAsNonRoot, user }: Container): boolean =>
  runAsNonRoot === undefined || runAsNonRoot.value || (user !== undefined && (!user.implied || !isRoot(user.value)));

function snippet({ format, name, image }: Container): string {
  switch (format) {
    case "compose":
      return composeService(name.value, `user: "${UNPRIVILEGED}:${UNPRIVILEGED}"`);
    case "kubernetes":
      return kubernetesContainer(name.value, `securityContext:\n  runAsNonRoot: true\n  runAsUser: ${UNPRIVILEGED}`);
    case "dockerfile":
      return image?.tag?.includes("alpine")
        ? "RUN adduser -D appuser\nUSER appuser"
        : "RUN adduser --disabled-password --gecos '' appuser\nUSER appuser";
  }
}
