/** Literal credentials that a proxy adds to requests. */
import type { CredentialLiteral, Located } from "../../model.ts";
import { credentialOf } from "../credentials.ts";
import { part } from "./edge.ts";

const HEADERS =
  /^(proxy-)?authorization$|^(x-)?(api|auth|access)[-_]?(key|token)$|^apikey$|^x-(vault-token|secret|functions-key)$/i;

/**
 * A header with a literal credential: `Authorization: Basic dXNlcjpwYXNz`, `X-Api-Key: 4f…`. The span leaves the scheme
 * out. Absent if the header carries none or its value comes from a variable or placeholder.
 */
export function headerCredential(
  name: Located<string>,
  value: Located<string>,
  subject: string,
): CredentialLiteral | undefined {
  if (!HEADERS.test(name.value) || /[${]/.test(value.value)) return undefined;
  const scheme = /^(Basic|Bearer|Token|ApiKey)\s+/i.exec(value.value);
  const token = part(value, scheme?.[0].length ?? 0, value.value.length);
  return token.value ? literal(name, token, secretOf(scheme?.[1], token.value), subject) : undefined;
}

/** The password inside a Basic token, so that a weak one is known as weak. */
function secretOf(scheme: string | undefined, token: string): string {
  if (scheme?.toLowerCase() !== "basic") return token;
  const decoded = Buffer.from(token, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon < 0 ? token : decoded.slice(colon + 1);
}

function literal(name: Located<string>, token: Located<string>, secret: string, subject: string): CredentialLiteral {
  const found = credentialOf("AUTHORIZATION_TOKEN", { value: { from: "literal", text: secret }, span: token.span });
  const credential = { kind: "strong", purpose: "authorization", ...found, span: token.span } as const;
  return { name, credential, subject };
}

/** A value compared with or assigned to a variable whose name promises a credential: `if ($http_x_api_key = "…")`. */
export function variableCredential(
  name: Located<string>,
  value: Located<string>,
  subject: string,
): CredentialLiteral | undefined {
  const bare = name.value.replace(/^\$\{?|\}$/g, "").replace(/^(http|arg|cookie)_/, "");
  if (!value.value || /[${]/.test(value.value) || !/(key|token|secret|password|authorization)$/i.test(bare))
    return undefined;
  const scheme = /^(Basic|Bearer|Token)\s+/i.exec(value.value);
  const token = part(value, scheme?.[0].length ?? 0, value.value.length);
  return token.value ? literal(name, token, secretOf(scheme?.[1], token.value), subject) : undefined;
}
