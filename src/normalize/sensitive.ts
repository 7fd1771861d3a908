/** Every place that holds a secret, found once, so that no reporter has to know what a secret is. */
import type { CredentialKind, Deployment, SourceFile, Span } from "../model.ts";

/** Kinds that are worth hiding: the others are public by nature, or nothing. */
const HIDDEN: ReadonlySet<CredentialKind> = new Set(["weak", "strong", "provider"]);

/**
 * Spans of credentials in variables, Secrets (as written, base64 too), literals, URLs, command lines and of provider
 * keys. Sorted by file and place; overlapping spans of a file are one.
 */
export function sensitive(model: Omit<Deployment, "sensitive">): readonly Span[] {
  const variables = [...model.variables, ...model.secrets.flatMap((secret) => secret.variables)];
  const credentials = [...variables, ...model.credentialLiterals].flatMap(({ credential }) =>
    credential && HIDDEN.has(credential.kind) ? [credential.span] : [],
  );
  return merged([
    ...credentials,
    ...model.providerKeys.map(({ span }) => span),
    ...model.urls.flatMap(({ password }) => (password ? [password.span] : [])),
    ...model.tokens.flatMap(({ secret, credential }) =>
      secret && HIDDEN.has(credential?.kind ?? "strong") ? [secret.span] : [],
    ),
    ...model.commandCredentials.flatMap(({ span, kind }) => (HIDDEN.has(kind) ? [span] : [])),
  ]);
}

function merged(spans: readonly Span[]): readonly Span[] {
  const byFile = new Map<SourceFile, Span[]>();
  for (const span of spans) {
    const of = byFile.get(span.file);
    if (of) of.push(span);
    else byFile.set(span.file, [span]);
  }
  return [...byFile.entries()]
    .sort(([a], [b]) => (a.path < b.path ? -1 : 1))
    .flatMap(([file, of]) => {
      const result: { file: SourceFile; start: number; end: number }[] = [];
      for (const { start, end } of of.sort((a, b) => a.start - b.start)) {
        const last = result.at(-1);
        if (last && start <= last.end) last.end = Math.max(last.end, end);
        else result.push({ file, start, end });
      }
      return result;
    });
}
