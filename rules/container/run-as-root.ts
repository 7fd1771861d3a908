import {
  byPlace,
  containerName,
  defineRule,
  type Format,
  isRootUser,
  replace,
  type Span,
  UNPRIVILEGED,
  unprivileged,
} from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "container/run-as-root",
    title: "Container is set to run as root",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/non-root-user"],
    why: `
Root in the container is root on the host's kernel. One escape, or one writable mount, and a flaw in the application
becomes control of the machine. An init container ends before anybody can reach it: medium.`,
    remedy: `
Create a user in the image and switch to it as the last \`USER\` of the final stage; name it by number where Kubernetes
has to verify it.

\`\`\`dockerfile
RUN adduser --disabled-password --gecos '' appuser
USER appuser
\`\`\`

In Compose an image that cannot be changed takes \`user: "10001:10001"\`; in Kubernetes:

\`\`\`yaml
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
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
    const root = model.containers.filter(({ user }) => user && !user.implied && isRootUser(user.value));
    for (const [container, ...others] of byPlace(root, ({ user }) => user!)) {
      const user = container.user!;
      report({
        at: user,
        subject: container.subject,
        severity: container.role === "init" ? "medium" : undefined,
        message: `${containerName(container)} runs as ${user.value === "root" ? "root" : `"${user.value}", which is root`}`,
        related: others.map((other) => ({ at: other.name, message: `${containerName(other)} runs as this user too` })),
        snippet: unprivileged(user.span, container, model.stages),
        fix: {
          title: `run as ${UNPRIVILEGED}`,
          safety: "unsafe",
          edits: [replace(user.span, numbered(container.format, user.span))],
        },
      });
    }
  },
});

/** A Compose file takes a string alone, so a plain scalar needs quotes; the Dockerfile behind a service needs none. */
const numbered = (format: Format, { file, start }: Span): string =>
  format === "compose" && file.language === "yaml" && !/["']/.test(file.text[start - 1] ?? "")
    ? `"${UNPRIVILEGED}"`
    : `${UNPRIVILEGED}`;
