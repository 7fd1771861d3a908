/**
 * Building blocks of snippets: the guide's remedy in the language of the file, with the user's own names.
 * Each function returns text without a final line end.
 */

import type { Span, Variable } from "./model.ts";

const indent = (text: string, by: number): string =>
  text
    .split("\n")
    .map((line) => (line ? " ".repeat(by) + line : line))
    .join("\n");

/** `services:` → `name:` → `body` (YAML lines without indentation). */
export const composeService = (name: string, body: string): string => `services:\n  ${name}:\n${indent(body, 4)}`;

/** `containers:` → `- name: name` → `body`. */
export const kubernetesContainer = (name: string, body: string): string =>
  `containers:\n  - name: ${name}\n${indent(body, 4)}`;

/** `OPENAI_API_KEY` → `openai-api-key`: the key of a Kubernetes Secret as the QWED guide writes it. */
export const secretKey = (variable: string): string => variable.toLowerCase().replaceAll("_", "-");

/** One `env` entry that takes `variable` from a Secret (QWED guide, section 1). */
export const secretKeyRef = (variable: string, secret: string): string =>
  `- name: ${variable}\n  valueFrom:\n    secretKeyRef:\n      name: ${secret}\n      key: ${secretKey(variable)}`;

/** Longest text that makes a snippet, in UTF-16 code units. */
const LONGEST = 240;

/**
 * The user's own lines with `edits` applied, indented no further than the first of them: right in every language.
 * `edits` lie in one file, in order, none inside another. Absent where one of `secrets` stands on these lines, or
 * where they are too long to read.
 */
export function rewritten(
  edits: readonly { readonly span: Span; readonly text: string }[],
  secrets: readonly Span[],
): string | undefined {
  const [first, last] = [edits[0]?.span, edits.at(-1)?.span];
  if (!first || !last) return undefined;
  const { file } = first;
  const from = file.text.lastIndexOf("\n", first.start - 1) + 1;
  const until = file.text.indexOf("\n", last.end);
  const to = until < 0 ? file.text.length : until;
  if (to - from > LONGEST) return undefined;
  if (secrets.some((secret) => secret.file === file && secret.start < to && secret.end > from)) return undefined;
  let text = "";
  let at = from;
  for (const { span, text: instead } of edits) {
    text += file.text.slice(at, span.start) + instead;
    at = span.end;
  }
  const lines = (text + file.text.slice(at, to)).split(/\r?\n/);
  const depth = lines[0]!.search(/\S|$/);
  return lines.map((line) => line.slice(Math.min(depth, line.search(/\S|$/))).trimEnd()).join("\n");
}

// ── Variables that take a credential from outside ───────────────────────────────────────────────────────────────────

const CONTAINER = /^\S+ (\S+) \/ container (\S+)$/;

/** Name for a Secret of the workload that `subject` names: `Deployment web / container api` → `web-secrets`. */
export const secretOf = (subject: string): string => `${CONTAINER.exec(subject)?.[1] ?? "app"}-secrets`;

/** `env` entries of the container that `subject` names, or of any. */
export function containerEnv(subject: string, entries: string): string {
  const env = `env:\n${indent(entries, 2)}`;
  const container = CONTAINER.exec(subject)?.[2];
  return container ? kubernetesContainer(container, env) : env;
}

/** How a variable is handed over from outside the file it is written in, in the language of that file. */
export function fromOutside({ name, origin, subject }: Variable): string {
  const variable = name.value;
  const id = secretKey(variable);
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
      return `kubectl create secret generic ${subject.replace(/^\S+ /, "")} --from-literal=${variable}="$(openssl rand -base64 24)"`;
    case "ci":
      return /\.gitlab(-ci|\/)/.test(name.span.file.path)
        ? `# Settings > CI/CD > Variables: ${variable}, masked and protected`
        : `env:\n  ${variable}: \${{ secrets.${variable} }}`;
    case "compose-build-arg":
      return `build:\n  secrets: [${id}]\nsecrets:\n  ${id}:\n    environment: ${variable}`;
    case "dockerfile-arg":
      return `RUN --mount=type=secret,id=${id} ${variable}="$(cat /run/secrets/${id})" …`;
    case "dockerfile-env":
      return `# no ENV ${variable}: hand it over at run time\ndocker run --env-file .env …`;
    case "env-file":
      return `${variable}=`;
  }
}

/** The user's own line with `${NAME:?…}` where the fallback of a reference is a credential; absent for anything else. */
export function withoutFallback({ value, credential }: Variable, secrets: readonly Span[]): string | undefined {
  if (value.value.from !== "variable" || !credential) return undefined;
  const { start, end } = credential.span;
  const at = value.value.references.find(
    ({ fallback }) => fallback && fallback.span.start <= start && fallback.span.end >= end,
  );
  if (!at) return undefined;
  const others = secrets.filter((secret) => secret.start < at.span.start || secret.end > at.span.end);
  return rewritten([{ span: at.span, text: `\${${at.name}:?set ${at.name} in .env}` }], others);
}

/** What messages call the key of a policy: an annotation without its prefix, an option of one word as an option. */
export const corsKey = (key: string): string =>
  /^(?:cors|origins?|allow_origins?)$/.test(key) ? `CORS option ${key}` : key.slice(key.lastIndexOf("/") + 1);
