/** Snippets that bind a variable without writing its value out. Each function returns text without a final line end. */
import type { Span, Variable } from "./model.ts";
import { composeService, kubernetesContainer, rewritten, secretKey, secretKeyRef } from "./snippet.ts";
import { shellWord } from "./snippet-words.ts";

const CONTAINER = /^\S+ (\S+) \/ container (\S+)$/;

/** Name for the Secret of the workload that `subject` names ("Deployment web / container api"). */
export const secretOf = (subject: string): string => `${CONTAINER.exec(subject)?.[1] ?? "app"}-secrets`;

/** Lines of `env:` in the container that `subject` names, in any container if it names none. */
export function containerEnv(subject: string, entries: string): string {
  const env = `env:\n${entries.replaceAll(/^/gm, "  ")}`;
  const container = CONTAINER.exec(subject)?.[2];
  return container ? kubernetesContainer(container, env) : env;
}

/**
 * The variable bound from outside, in the language of the place that writes it out: `${NAME:?…}` of Compose, a
 * `secretKeyRef`, a secret of the pipeline, a mounted build secret.
 */
export function fromOutside({ name, origin, subject }: Pick<Variable, "name" | "origin" | "subject">): string {
  const variable = name.value;
  switch (origin) {
    case "compose":
      return composeService(
        subject.replace(/^service /, ""),
        `environment:\n  ${variable}: \${${variable}:?set ${variable} in .env}`,
      );
    case "kubernetes":
    case "config-map":
      return containerEnv(subject, secretKeyRef(variable, secretOf(subject)));
    case "secret":
      return `kubectl create secret generic ${shellWord(subject.replace(/^\S+ /, ""))} ${shellWord(`--from-literal=${variable}`)}="$(openssl rand -base64 24)"`;
    case "ci":
      return /\.gitlab(-ci|\/)/.test(name.span.file.path)
        ? `# Settings > CI/CD > Variables: ${variable}, masked and protected`
        : `env:\n  ${variable}: \${{ secrets.${variable} }}`;
    case "compose-build-arg": {
      const id = secretKey(variable);
      return `build:\n  secrets: [${id}]\nsecrets:\n  ${id}:\n    environment: ${variable}`;
    }
    case "dockerfile-arg": {
      const id = secretKey(variable);
      return `RUN --mount=type=secret,id=${id} ${variable}="$(cat /run/secrets/${id})" …`;
    }
    case "dockerfile-env":
      return `# no ENV ${variable}: hand it over at run time\ndocker run --env-file .env …`;
    case "env-file":
      return `${variable}=`;
  }
}

/**
 * The user's own line with `${NAME:?…}` for the reference that falls back to the credential. Absent if none does, or
 * where another of `secrets` stands on the line.
 */
export function withoutFallback({ value, credential }: Variable, secrets: readonly Span[]): string | undefined {
  if (value.value.from !== "variable" || !credential) return undefined;
  const { start, end } = credential.span;
  const found = value.value.references.find(
    ({ fallback }) => fallback && fallback.span.start <= start && fallback.span.end >= end,
  );
  if (!found) return undefined;
  const { name, span } = found;
  return rewritten([{ span, text: `\${${name}:?set ${name} in .env}` }], secrets, span);
}
