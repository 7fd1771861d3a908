/** Names bound to values, what the values are, and the credentials among them. */
import type { Format, Located, SourceFile, Span } from "./files.ts";

/** One `${NAME…}` inside a value. `fallback` is the text after `:-`, `value` what a project `.env` gives it. */
export interface Reference {
  readonly name: string;
  readonly span: Span;
  readonly fallback?: Located<string>;
  readonly value?: Located<string>;
  /** `${NAME:?message}`: the deployment refuses to start without it. */
  readonly required?: true;
}

export interface SecretRef {
  readonly store: "kubernetes" | "config-map" | "compose" | "file" | "vault" | "ci";
  readonly name: string;
  readonly key?: string;
}

export type EnvValue =
  | { readonly from: "literal"; readonly text: string }
  /** Holds at least one reference. `resolved` is present only if every reference has a value or a fallback. */
  | {
      readonly from: "variable";
      readonly text: string;
      readonly references: readonly Reference[];
      readonly resolved?: string;
    }
  | { readonly from: "secret"; readonly secret: SecretRef }
  /** A bare `- NAME`: taken from whoever starts it. */
  | { readonly from: "host" };

/**
 * What a value is, judged by itself and its name, for values that hold or ought to hold a credential:
 * - `empty`
 * - `reference`: `${X}`, a Secret reference, a path, a `_FILE` name, a URL without credentials
 * - `placeholder`: `<your-key>`, `PLACEHOLDER`, `xxx`
 * - `weak`: a well-known value that works (`changeme`, `postgres`, `secret`)
 * - `provider`: has the format of a provider's key, `provider` names it
 * - `strong`: any other literal
 */
export type CredentialKind = "empty" | "reference" | "placeholder" | "weak" | "provider" | "strong";

export interface Credential {
  readonly kind: CredentialKind;
  /** Name in `provider-keys`: "openai", "anthropic", "aws"… */
  readonly provider?: string;
  /** The credential itself: the password inside a URL, the fallback inside `${X:-…}`, else the whole value. */
  readonly span: Span;
  /** What the name promises: "password", "token", "secret", "api-key", "signing-secret", "private-key", "encryption-key", "salt", "url". */
  readonly purpose: string;
}

export type VariableOrigin =
  | "env-file"
  | "compose"
  | "compose-build-arg"
  | "dockerfile-env"
  | "dockerfile-arg"
  | "kubernetes"
  | "config-map"
  | "secret"
  | "ci";

/** A name bound to a value in an environment, wherever that is written. */
export interface Variable {
  readonly name: Located<string>;
  readonly value: Located<EnvValue>;
  readonly origin: VariableOrigin;
  readonly phase: "build" | "run";
  /** Whose environment: "service api", "Deployment web / container api", "stage runtime", ".env". */
  readonly subject: string;
  /** Present if the name promises a credential or the value is one. */
  readonly credential?: Credential;
}

/** A `.env` file. `live` is false for examples and templates. */
export interface EnvFile {
  readonly file: SourceFile;
  readonly live: boolean;
  readonly variables: readonly Variable[];
  /** Subjects of the containers that load it with `env_file`. */
  readonly usedBy: readonly string[];
}

/** A variable that source code reads. `fallback` is the literal it uses when nobody sets the variable. */
export interface EnvRead {
  readonly name: Located<string>;
  readonly fallback?: Located<string>;
  readonly required: boolean;
  /** Every variable of the project that provides it to a deployment (example files do not). */
  readonly providedBy: readonly Variable[];
}

/** A string that has the format of a provider's key or token, in any file, comments included. */
export interface ProviderKey {
  readonly provider: string;
  /** Human name: "OpenAI API key". */
  readonly title: string;
  readonly span: Span;
  /** The variable that holds it, where one does. */
  readonly variable?: Variable;
}

/** A literal credential in source or proxy configuration: `password = "…"`, `proxy_set_header Authorization "…"`. */
export interface CredentialLiteral {
  readonly name: Located<string>;
  readonly credential: Credential;
  readonly subject: string;
}

/** A command line somewhere that carries a credential as an argument. */
export interface CommandCredential {
  readonly subject: string;
  readonly format: Format;
  /** The option: `--requirepass`, `-p`. */
  readonly option: string;
  /** The credential alone. */
  readonly span: Span;
  readonly kind: CredentialKind;
}
