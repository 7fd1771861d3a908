import { defineRule, keptForTheHost, type Port, unpublished } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/ssh-port-exposed",
    title: "Port 22 is exposed, so an SSH daemon is likely in the container",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
A daemon with a shell beside the application is one more login to guess and one more key to lose, and what is done
through it leaves no trace in the image or the cluster's audit log. Git servers serve SSH on purpose and are not
reported.`,
    remedy: `
Leave SSH out of the image; \`docker exec\` and \`kubectl exec\` open a shell with the rights of the host or cluster.

\`\`\`dockerfile
EXPOSE 8000
\`\`\``,
    fix: "unsafe",
    sameAs: {
      kics: ["dockerfile/exposing_port_22"],
      trivy: ["DS-0004"],
      checkov: ["CKV_DOCKER_1"],
      "kube-linter": ["ssh-port"],
      kubescape: ["C-0042"],
    },
    references: ["https://cwe.mitre.org/data/definitions/668.html"],
  },

  check(model, report) {
    const exposed = model.stages.flatMap(({ instructions }) =>
      instructions.filter(({ keyword }) => keyword === "EXPOSE"),
    );
    for (const port of model.ports) {
      if (
        port.protocol !== "tcp" ||
        port.via === "hostNetwork" ||
        !opensSsh(port) ||
        SERVES_SSH.has(port.product ?? "")
      )
        continue;
      const name = port.format === "dockerfile" ? port.subject : port.owner;
      const alone = exposed.find(
        ({ span, arguments: words }) =>
          words.length === 1 &&
          span.file === port.span.file &&
          span.start < port.span.start &&
          port.span.end <= span.end,
      );
      report({
        at: port.span,
        subject: port.subject,
        message: `${name} ${PUBLISHES.has(port.via) ? "publishes" : "exposes"} port 22, that of SSH`,
        snippet: port.via === "ports" && port.reach === "world" ? unpublished(port) : undefined,
        fix:
          (PUBLISHES.has(port.via) ? keptForTheHost(port) : undefined) ??
          (alone && { title: "remove EXPOSE", safety: "unsafe", edits: [{ span: line(alone.span), text: "" }] }),
      });
    }
  },
});

const PUBLISHES: ReadonlySet<Port["via"]> = new Set(["ports", "hostPort", "NodePort", "LoadBalancer"]);

/** Products whose business is SSH. */
const SERVES_SSH: ReadonlySet<string> = new Set(["gitea", "gitlab", "gogs", "forgejo", "sftp"]);

const opensSsh = ({ target, targetEnd = target, published, via }: Port): boolean =>
  (target !== undefined && target <= 22 && 22 <= (targetEnd ?? target)) || (via === "hostPort" && published === 22);

/** The instruction with the end of its line. */
function line(span: Port["span"]): Port["span"] {
  const { file, start, end } = span;
  const rest = /^[ \t]*\r?\n/.exec(file.text.slice(end, end + 80))?.[0] ?? "";
  return { file, start, end: end + rest.length };
}
