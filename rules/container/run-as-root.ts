import {
  byPlace,
  type Container,
  containerName,
  defineRule,
  type Fix,
  type Format,
  fill,
  givesUpRoot,
  isRootUser,
  opensLowPort,
  replace,
  type Span,
  UNPRIVILEGED,
  unprivileged,
  unprivilegedUser,
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
becomes control of the machine. An init container ends before anybody can reach it: medium. The official databases start
as root anyway and give it up by themselves: low.`,
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
        severity: container.role === "init" ? "medium" : givesUpRoot(container) ? "low" : undefined,
        message: `${containerName(container)} runs as ${user.value === "root" ? "root" : `"${user.value}", which is root`}`,
        related: others.map((other) => ({ at: other.name, message: `${containerName(other)} runs as this user too` })),
        snippet: unprivileged(user.span, container, model.stages),
        fix: [container, ...others].every(mayChange)
          ? fixOf(container, unprivilegedUser(container, model.stages))
          : undefined,
      });
    }
  },
});

/**
 * A product runs as its publisher made it, an init container is root for what it does, the socket of the engine is root's,
 * and on many hosts so are ports below 1024.
 */
const mayChange = (container: Container): boolean =>
  container.productKind === "application" &&
  container.role !== "init" &&
  !container.mounts.some(({ target }) => target.endsWith("/docker.sock")) &&
  !opensLowPort(container);

function fixOf({ format, user }: Container, value: string): Fix | undefined {
  const { span, blank } = user!;
  if (span.file.language === "dockerfile" && !blank) return undefined;
  const edit = blank ? fill(blank, value) : replace(span, numbered(format, span));
  return { title: `run as ${value}`, safety: "unsafe", edits: [edit] };
}

/** A Compose file takes a string alone, so a plain scalar needs quotes. */
const numbered = (format: Format, { file, start }: Span): string =>
  format === "compose" && !/["']/.test(file.text[start - 1] ?? "") ? `"${UNPRIVILEGED}"` : `${UNPRIVILEGED}`;
