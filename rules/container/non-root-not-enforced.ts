import {
  byPlace,
  type Container,
  containerName,
  defineRule,
  type Fix,
  fill,
  isRootUser,
  type Located,
  replace,
  spanOf,
  UNPRIVILEGED,
  unprivileged,
} from "../../src/rule.ts";

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
are not reported; where the image cannot be seen, only Kubernetes is asked to enforce it. A published proxy or console that
starts as root in Compose is its publisher's choice: low.`,
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
    const free = model.containers.filter((container) => missing(container));
    for (const [container, ...others] of byPlace(free, (each) => missing(each)!)) {
      const { runAsNonRoot, subject, format, productKind } = container;
      const at = missing(container)!;

      const name = containerName(container);
      const enforced = format === "kubernetes";
      report({
        at,
        subject,
        message: enforced
          ? `${name} may run as root: runAsNonRoot is ${runAsNonRoot?.implied ? "not set" : "false"}`
          : `${name} runs as root: no user is set`,
        severity: format === "compose" && productKind !== "application" ? "low" : undefined,
        related: others.map((other) => ({ at: other.name, message: `${containerName(other)} does so too` })),
        snippet: unprivileged(spanOf(at), container, model.stages),
        fix: fixOf(at, enforced ? "true" : `${UNPRIVILEGED}`),
      });
    }
  },
});

/** What lets the container run as root; absent where something stops it or nobody knows. */
function missing({ format, user, runAsNonRoot }: Container): Located<unknown> | undefined {
  const isRoot = user !== undefined && isRootUser(user.value);
  if (format !== "kubernetes") return user?.implied && isRoot ? user : undefined;
  // A user that is set decides by itself; root that is set is `container/run-as-root`.
  if (user && (!user.implied || !isRoot)) return undefined;
  return runAsNonRoot?.value === false ? runAsNonRoot : undefined;
}

function fixOf(at: Located<unknown>, value: string): Fix | undefined {
  if (at.implied && !at.blank) return undefined;
  const edit = at.blank ? fill(at.blank, value) : replace(at.span, value);
  return { title: "run as an unprivileged user", safety: "unsafe", edits: [edit] };
}
