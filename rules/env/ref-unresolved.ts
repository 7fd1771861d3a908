import { type Container, defineRule, type Report, type Variable } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/ref-unresolved",
    title: "Variable refers to a Secret or ConfigMap key that is not in the project",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Kubernetes does not start a container whose reference leads nowhere (CreateContainerConfigError), and a program that gets the
name of a secret file which nobody mounts fails when it opens it. Secrets are often made outside of the repository: one that is
not there is silent, one that is there without the key is not. References marked \`optional\` are silent.`,
    remedy: `
Write the key into the object, or the right name into the reference.

\`\`\`yaml
env:
  - name: LOG_LEVEL
    valueFrom:
      configMapKeyRef:
        name: qwed-config
        key: log-level
\`\`\`

\`\`\`yaml
services:
  db:
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
\`\`\``,
    fix: "none",
    sameAs: { "kube-linter": ["env-value-from"] },
    references: [
      "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
      "https://docs.docker.com/compose/how-tos/use-secrets/",
    ],
  },

  check(model, report) {
    for (const container of model.containers) {
      for (const variable of container.variables) {
        if (container.format === "kubernetes") keyReference(variable, container, report);
        if (container.format === "compose") secretFile(variable, container, report);
      }
      for (const { kind, name, missing, optional } of container.environmentFrom ?? []) {
        if (!missing || optional || kind !== "config-map") continue;
        report({
          at: name,
          subject: container.subject,
          message: `${container.subject} takes its environment from ConfigMap ${name.value}, which is not there`,
        });
      }
    }
  },
});

function keyReference({ name, value }: Variable, { subject }: Container, report: Report): void {
  if (value.value.from !== "secret") return;
  const { secret } = value.value;
  const { missing, optional, store } = secret;
  if (!missing || optional || (missing === "object" && store === "kubernetes")) return;
  const object = `${store === "config-map" ? "ConfigMap" : "Secret"} ${secret.name}`;
  report({
    at: value,
    subject,
    message:
      missing === "key"
        ? `${name.value} takes key ${secret.key} from ${object}, which has no such key`
        : `${name.value} takes its value from ${object}, which is not there`,
  });
}

/** Compose mounts a secret at `/run/secrets/<name>` for the services that list it. */
function secretFile({ name, value, origin }: Variable, { subject, mounts }: Container, report: Report): void {
  if (value.value.from !== "literal" || !/_FILE$/i.test(name.value) || origin === "dockerfile-env") return;
  const path = value.value.text;
  if (!/^\/run\/secrets\/[\w.-]+$/.test(path)) return;
  if (mounts.some(({ target }) => target === path || path.startsWith(target.endsWith("/") ? target : `${target}/`)))
    return;
  report({
    at: value,
    subject,
    message: `${name.value} names ${path}, a secret that ${subject} does not get`,
  });
}
