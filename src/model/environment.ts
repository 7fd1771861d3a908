/** Names bound to values, what the values are, and the credentials among them. */
import type { Blank, Format, Located, SourceFile, Span } from "./files.ts";

/** One `${NAME…}` inside a value. `fallback` is the text after `:-`, `value` what a project `.env` gives it. */
export interface Reference {
  readonly name: string;
  readonly span: Span;
  readonly fallback?: Located<string>;
  readonly value?: Located<string>;
  /** `${NAME:?message}`: the deployment refuses to start without it. */
  readonly required?: true;
  /** Nothing gives it a value: it is in no `.env` and has neither default nor guard. */
  readonly unset?: true;
}

export interface SecretRef {
  readonly store: "kubernetes" | "config-map" | "compose" | "file" | "vault" | "ci";
  readonly name: string;
  readonly key?: string;
  /** The project does not write the object, or writes it without that key. Absent: it is there, or nobody can tell. */
  readonly missing?: "object" | "key";
  /** The workload starts without it (`optional: true`). */
  readonly optional?: true;
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
  /**
   * Where a reference to a value outside the file would be written in the place of this value: `${NAME}` of Compose,
   * `valueFrom` of Kubernetes instead of `value`.
   */
  readonly reference?: Blank;
  /** The `.env` that Compose fills `${NAME}` in this value from, by path: it may not be there yet. */
  readonly filledFrom?: string;
}

/** A `.env` file. `live` is false for examples and templates. */
export interface EnvFile {
  readonly file: SourceFile;
  readonly live: boolean;
  readonly variables: readonly Variable[];
  /** Subjects of the containers that load it with `env_file`. */
  readonly usedBy: readonly string[];
  /** Engines that read it, as far as the project shows: the line that makes them. Empty: unknown. */
  readonly readBy: readonly EnvReader[];
  /** Its lines as written, those that are no variable for any engine too. */
  readonly lines: readonly EnvLine[];
  /** Names that comments show as `# NAME=value`. */
  readonly documented: readonly Located<string>[];
}

/** `node`: dotenv 18. `python`: python-dotenv 1. `compose`: compose-go 2. */
export type EnvDialect = "compose" | "node" | "python";

export interface EnvReader {
  readonly dialect: EnvDialect;
  /** The service, import or call that makes the engine read the file. */
  readonly at: Span;
  /** It replaces `${NAME}` in values. Node does by libraries other than dotenv. */
  readonly expands: boolean;
}

/** One assignment in a `.env` file, as written. */
export interface EnvLine {
  /** Whatever stands before the separator, also where it is no valid name. */
  readonly name: Located<string>;
  /** `=` or `:` alone; absent for a name that stands alone. */
  readonly separator?: Span;
  /** Blanks before the name, and on both sides of the separator. Empty ones are left out. */
  readonly blanks: { readonly indent?: Span; readonly before?: Span; readonly after?: Span };
  readonly quote: "none" | "single" | "double" | "backtick";
  /** Without quotes and comment; empty behind the separator where nothing is written. */
  readonly value: Span;
  /** From the name, or `export` before it, to the end of value and comment. */
  readonly span: Span;
  /** What each engine takes from the line; absent where all agree. */
  readonly readings?: readonly EnvReading[];
  /** Places where Compose takes a bare `$` for a reference that nothing before it sets, or `$$` for one `$`. */
  readonly dollars: readonly Span[];
}

export interface EnvReading {
  readonly dialect: EnvDialect;
  /** `inherited`: from whoever starts it. `dropped`: the line is skipped. `refused`: so is the whole file. */
  readonly result: "value" | "inherited" | "dropped" | "refused";
  /** References left as written. */
  readonly value?: Located<string>;
}

/** A variable of a list in which a later one has the same name: it is lost. */
export interface OverwrittenVariable {
  readonly variable: Pick<Variable, "name" | "value" | "origin" | "subject">;
  /** The one that counts. */
  readonly by: Located<string>;
  /** Both have the same value. */
  readonly same: boolean;
}

/** A variable that a deployment sets for source of this project which does not read it. */
export interface UnreadVariable {
  readonly variable: Variable;
  /** Name that the source reads, that nothing sets, and that differs by a typo or a prefix. */
  readonly meant?: Located<string>;
}

/** A variable that source code reads. `fallback` is the literal it uses when nobody sets the variable. */
export interface EnvRead {
  readonly name: Located<string>;
  readonly fallback?: Located<string>;
  readonly required: boolean;
  /** Every variable of the project that provides it to a deployment (example files do not). */
  readonly providedBy: readonly Variable[];
  /** A platform, a runtime or a library sets or shares it: `PATH`, `PORT`, `AWS_REGION`. */
  readonly foreign?: true;
  /** Containers that run this source with an environment that is wholly known and lacks it. Absent: nobody can tell. */
  readonly missingIn?: readonly { readonly subject: string; readonly name: Located<string> }[];
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
