/** What a value is, judged by its name and itself: see `CredentialKind` in the model. */
import type { Credential, EnvValue, Located, Span } from "../model.ts";
import { purposeOf } from "./credentials-names.ts";
import { kindOf } from "./credentials-values.ts";
import { providerOf } from "./provider-keys.ts";
import { holds, passwordOf, splitUrl } from "./urls-syntax.ts";
import { HOLE, masked, parts } from "./written.ts";

/**
 * Judges the value, never the name alone: a name only says what to expect. Absent if neither the name promises a
 * credential nor the value is one. Of a value with references the literal parts are judged: a password written into a
 * URL, the fallback of `${X:-…}`; what a `.env` gives a reference is judged in the `.env`. Never throws.
 */
export function credentialOf(name: string, value: Located<EnvValue>): Credential | undefined {
  const purpose = purposeOf(name);
  const reference = purpose === undefined ? undefined : { kind: "reference" as const, span: value.span, purpose };
  const held = value.value;
  switch (held.from) {
    case "secret":
      return held.secret.store === "config-map"
        ? reference
        : { kind: "reference", span: value.span, purpose: purpose ?? "secret" };
    case "host":
      return reference;
    case "literal":
      return judge(name, purpose, held.text, value.span);
    case "variable": {
      const written = judge(name, purpose, held.text, value.span);
      if (written && written.kind !== "reference") return written;
      const passwordHole = purpose ?? written?.purpose;
      for (const { fallback, value: given } of held.references) {
        if (!fallback || given || masked(fallback.value).includes(HOLE)) continue;
        const judged = judge(
          name,
          passwordHole === "url" && !splitUrl(fallback.value) ? inUrl(held.text) : purpose,
          fallback.value,
          fallback.span,
        );
        if (judged && judged.kind !== "reference" && judged.kind !== "empty") return judged;
      }
      return written ?? reference;
    }
  }
}

/** What a fallback inside a URL is: its password only if the password is the one thing left open. */
function inUrl(text: string): string | undefined {
  const url = splitUrl(text);
  const range = url && passwordOf(url);
  return range && holds(text, range) ? "password" : undefined;
}

/** In UTF-16 code units: longer texts are documents, and only what marks a private key in them counts. */
const LONGEST = 8192;
const PRIVATE_KEY = "PRIVATE KEY-----";

function judge(name: string, purpose: string | undefined, text: string, span: Span): Credential | undefined {
  if (text.includes(PRIVATE_KEY)) return { kind: "strong", span, purpose: "private-key" };
  if (text.length > LONGEST) return purpose && purpose !== "url" ? { kind: "strong", span, purpose } : undefined;
  const inner = credentialIn(name, purpose, text);
  if (inner) {
    const { from, to } = inner;
    const place = from === 0 && to === text.length ? span : parts(span, text)(from, to);
    const secret = text.slice(from, to);
    if (holds(text, inner)) return { kind: "reference", span: place, purpose: inner.purpose };
    const provider = providerOf(name, secret);
    if (provider) return { kind: "provider", provider: provider.provider, span: place, purpose: inner.purpose };
    return { kind: kindOf(secret, "password"), span: place, purpose: inner.purpose };
  }
  const trimmed = text.trim();
  const provider = providerOf(name, trimmed);
  if (provider) return { kind: "provider", provider: provider.provider, span, purpose: purpose ?? "api-key" };
  if (purpose === undefined) return undefined;
  if (purpose === "url") {
    const kind = splitUrl(trimmed) ? "reference" : kindOf(trimmed, purpose);
    return { kind: kind === "empty" || kind === "placeholder" ? kind : "reference", span, purpose };
  }
  if (isResourceName(name, trimmed)) return { kind: "reference", span, purpose };
  return { kind: kindOf(trimmed, purpose), span, purpose };
}

/** Where the credential stands inside a larger text: the password of a URL, of `user:password`, of `neo4j/password`. */
function credentialIn(
  name: string,
  purpose: string | undefined,
  text: string,
): { readonly from: number; readonly to: number; readonly purpose: string } | undefined {
  const url = splitUrl(text);
  const range = url && passwordOf(url);
  if (range) return { ...range, purpose: "url" };
  const split = !url && purpose === "password" && /_AUTH$/i.test(name) ? /[:/]/.exec(text) : null;
  return split && split.index + 1 < text.length
    ? { from: split.index + 1, to: text.length, purpose: "password" }
    : undefined;
}

/** `secretKey: db-password`, `existingSecret: redis-auth`: in manifests and charts these keys name a Secret or its key. */
const isResourceName = (name: string, text: string): boolean =>
  /^(?:secretKey|existingSecret)$/.test(name) && /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+$/.test(text) && !/\d{4}/.test(text);
