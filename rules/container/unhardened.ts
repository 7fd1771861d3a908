import {
  type Container,
  composeService,
  defineRule,
  fillTogether,
  kubernetesContainer,
  MEASURES,
  type Measure,
} from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "container/unhardened",
    title: "Container lacks hardening",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/deployment-container-security"],
    why: `
Each of these closes a way from a flaw in the application to the rest of the machine: no new privileges, no capabilities,
a read-only root filesystem, a seccomp profile, a memory limit. One finding names all that is missing; the rules of the
\`strict\` preset report each by itself. It speaks only where at least three are missing.`,
    remedy: `
An image that starts as root and gives it up by itself, as the official databases do, needs some capabilities back, and
what an image writes to outside its volumes needs a \`tmpfs\`: the fix writes both where the image is known, and leaves out
what might stop one that is not.

\`\`\`yaml
services:
  api:
    security_opt: ["no-new-privileges:true"]
    cap_drop: [ALL]
    read_only: true
    tmpfs: [/tmp]
    mem_limit: 512m
\`\`\`

\`\`\`yaml
securityContext:
  allowPrivilegeEscalation: false
  capabilities: { drop: [ALL] }
  readOnlyRootFilesystem: true
  seccompProfile: { type: RuntimeDefault }
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: [
      "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
      "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    ],
  },

  check(model, report) {
    for (const container of model.containers) {
      const { name, subject, format, role, privileged } = container;
      if (format === "dockerfile" || role !== "main" || name.span.file.stage !== "production" || privileged?.value)
        continue;
      const missing = MEASURES.filter((measure) => measure.missing(container));
      if (missing.length < 3) continue;

      const wrap = format === "compose" ? composeService : kubernetesContainer;
      const written = missing.filter(({ written }) => written?.(container));
      report({
        at: name,
        subject,
        message: `${name.value} lacks ${list(missing.map(({ title }) => title))}`,
        snippet: wrap(name.value, body(missing, container)),
        fix: written.length
          ? {
              title: `add ${list(written.map(({ title }) => title))}`,
              safety: "unsafe",
              edits: fillTogether(written.flatMap(({ written }) => written!(container)!)),
            }
          : undefined,
      });
    }
  },
});

function body(missing: readonly Measure[], container: Container): string {
  if (container.format === "compose") return missing.map(({ compose }) => compose(container)).join("\n");
  const context = missing
    .flatMap(({ kubernetes }) => kubernetes(container).split("\n"))
    .filter((line) => line)
    .map((line) => `  ${line}`);
  const limits = missing.some(({ title }) => title === "memory limit")
    ? ["resources:", "  limits:", "    memory: 512Mi"]
    : [];
  return [...(context.length ? ["securityContext:", ...context] : []), ...limits].join("\n");
}

const list = (words: readonly string[]): string =>
  words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : `${words[0]}`;
