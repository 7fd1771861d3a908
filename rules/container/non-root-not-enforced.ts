import {
  byPlace,
  type Container,
  containerName,
  defineRule,
  type Filled,
  type Fix,
  fillTogether,
  isRootUser,
  type Located,
  opensLowPort,
  replace,
  spanOf,
  unprivileged,
  unprivilegedUser,
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
        fix: [container, ...others].some(opensLowPort)
          ? undefined
          : fixOf(container, unprivilegedUser(container, model.stages)),
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

/** An image that starts as root is given a user beside the demand for one: without it Kubernetes would not start it. */
function fixOf(container: Container, value: string): Fix | undefined {
  const { format, user, runAsNonRoot } = container;
  const wanted: [Located<unknown> | undefined, string][] = [[user, value]];
  if (format === "kubernetes") wanted.unshift([runAsNonRoot, "true"]);
  const written = wanted.filter(([fact]) => fact && !fact.implied);
  const blanks = wanted.flatMap(([fact, text]): Filled[] => (fact?.blank ? [[fact.blank, text]] : []));
  if (wanted.some(([fact]) => fact?.implied && !fact.blank)) return undefined;
  const edits = [...written.map(([fact, text]) => replace(fact!.span, text)), ...fillTogether(blanks)];
  return { title: `run as ${value}`, safety: "unsafe", edits };
}
