/** Every place that holds a secret and must be masked in output. */
import type { Credential, Deployment, SourceFile, Span, Variable } from "../model.ts";
import { credentialOf } from "./credentials.ts";

type Parts = Pick<
  Deployment,
  | "files"
  | "variables"
  | "secrets"
  | "containers"
  | "stages"
  | "reads"
  | "tokens"
  | "providerKeys"
  | "urls"
  | "commandCredentials"
  | "credentialLiterals"
>;

const isSecret = (credential: Pick<Credential, "kind"> | undefined): boolean =>
  credential?.kind === "weak" || credential?.kind === "strong" || credential?.kind === "provider";

/**
 * Weak, strong and provider credentials of variables, source and command lines, values of Secrets that are stored in
 * the project (plain or base64), passwords in URLs, signing secrets, keys of providers, private keys and signed
 * JSON Web Tokens in any text. Sorted by path and place, spans of one file never overlap.
 */
export function sensitive(model: Parts): readonly Span[] {
  const variables = [
    ...model.variables,
    ...model.containers.flatMap((container) => container.variables),
    ...model.stages.flatMap((stage) => stage.variables),
    ...model.secrets.flatMap((store) => store.variables),
  ];
  return merged([
    ...[...new Set(variables)].flatMap(({ credential }) =>
      credential && isSecret(credential) ? [credential.span] : [],
    ),
    ...model.secrets.filter(({ holds }) => holds === "values").flatMap((store) => store.variables.flatMap(stored)),
    ...model.reads.flatMap(({ name, fallback }) => {
      if (!fallback) return [];
      const credential = credentialOf(name.value, {
        value: { from: "literal", text: fallback.value },
        span: fallback.span,
      });
      return credential && isSecret(credential) ? [credential.span] : [];
    }),
    ...model.tokens.flatMap(({ secret, credential }) =>
      secret && (!credential || isSecret(credential)) ? [secret.span] : [],
    ),
    ...model.providerKeys.map(({ span }) => span),
    ...model.urls.flatMap(({ password }) => (password ? [password.span] : [])),
    ...model.commandCredentials.filter(isSecret).map(({ span }) => span),
    ...model.credentialLiterals.flatMap(({ credential }) => (isSecret(credential) ? [credential.span] : [])),
    ...model.files.flatMap(written),
  ]);
}

/** A value of a stored Secret is one whatever its name, unless it is empty, a reference or a placeholder. */
const stored = ({ value, credential }: Variable): readonly Span[] =>
  value.value.from === "literal" && (!credential || isSecret(credential)) ? [value.span] : [];

/** Signed JSON Web Tokens (RFC 7519). */
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{4,8192}\.[\w-]{16,2048}/g;
const BEGIN = "PRIVATE KEY-----";
const END = "-----END";

/** Bodies of PEM private keys and signed tokens in the text of a file. */
function written(file: SourceFile): readonly Span[] {
  const { text } = file;
  const found: Span[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; ) {
    const start = at + BEGIN.length;
    const end = text.indexOf(END, start);
    if (end < 0) break;
    if (end - start > 8) found.push({ file, start, end });
    const closed = text.indexOf(BEGIN, end);
    at = closed < 0 ? -1 : text.indexOf(BEGIN, closed + 1);
  }
  if (!text.includes("eyJ")) return found;
  for (const match of text.matchAll(JSON_WEB_TOKEN)) {
    found.push({ file, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const sorted = spans
    .filter(({ start, end }) => end > start)
    .sort((a, b) =>
      a.file.path < b.file.path ? -1 : a.file.path > b.file.path ? 1 : a.start - b.start || a.end - b.end,
    );
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last && last.file === span.file && span.start <= last.end) {
      if (span.end > last.end) result[result.length - 1] = { ...last, end: span.end };
    } else result.push(span);
  }
  return result;
}
