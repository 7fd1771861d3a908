/**
 * The nouns of the project, types only. Everything downstream of `normalize/` speaks in these terms.
 *
 * Offsets are UTF-16 code units into `SourceFile.text`, durations are seconds, sizes are bytes. All of it is plain,
 * serialisable data: no functions, no classes, no cycles.
 *
 * Facts are three-valued: an optional field that is absent is *unknown* (unresolved `${X}`, an image we cannot see,
 * a template). Unknown never fires. A default that nobody wrote is present and marked `implied`.
 */

// ── Files and places ────────────────────────────────────────────────────────────────────────────────────────────────

export type GitState = "tracked" | "ignored" | "untracked" | "unknown";

/** What a file is for. `production` is what nothing in its name contradicts. */
export type Stage = "production" | "development" | "test" | "example";

/** How a file is parsed. What it means (Compose, Kubernetes, CI…) is found out in `normalize/`, from its content. */
export type Language =
  | "dotenv"
  | "yaml" // JSON too: every JSON document is a YAML document
  | "dockerfile"
  | "python"
  | "javascript" // TypeScript and JSX too
  | "nginx"
  | "caddyfile"
  | "toml"
  | "ignore"; // .gitignore, .dockerignore

export interface SourceFile {
  /** Relative to the root of the run, `/` separators on every system. */
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  readonly git: GitState;
  /** A tracked file that a .gitignore rule also matches: git goes on tracking it. */
  readonly alsoIgnored?: true;
  readonly stage: Stage;
  /** POSIX permission bits; absent where the system has none or the text came from stdin. */
  readonly mode?: number;
  /** Read only because a file under check refers to it or stands beside it: nothing is reported in it. */
  readonly context?: true;
}

/** Half-open range of UTF-16 offsets into one file. Lines and columns are derived by reporters, never stored. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/**
 * A value and where it was written. For a quoted string the span is the text between the quotes.
 * `implied`: nobody wrote it, the span is the token that leaves it out (a service's name, a `FROM` image).
 * `blank`: how it would be written there.
 */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
  readonly implied?: true;
  readonly blank?: Blank;
}

/** Where and how a missing value would be written: fixes fill in `before + text + after` at `span`. */
export interface Blank {
  readonly span: Span;
  readonly before: string;
  readonly after: string;
}

/** What could not be read. `unreadable`: a defect of the file. `template`: it must be rendered first. */
export interface Problem {
  readonly kind: "unreadable" | "template";
  readonly span: Span;
  readonly message: string;
}

/** The language a workload is written in. A Dockerfile's final stage counts as a container that nobody configured. */
export type Format = "compose" | "kubernetes" | "dockerfile";

// ── Environment ─────────────────────────────────────────────────────────────────────────────────────────────────────

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
  /** Part of the name that promises a credential: "password", "api-key", "token", "signing-secret", "url", "salt". */
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

// ── Workloads ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ImageReference {
  /** The reference as written, interpolation resolved where it could be. */
  readonly reference: Located<string>;
  /** Absent: Docker Hub. */
  readonly registry?: string;
  /** Without registry, tag and digest: "library" is left out, so "postgres" and "qwedai/qwed-verification". */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  /** False if a part that decides the tag is unresolved: rules stay silent. */
  readonly known: boolean;
  readonly subject: string;
  readonly format: Format;
  /** A platform pull policy, for Kubernetes. */
  readonly pullPolicy?: Located<string>;
}

export type Reach = "world" | "loopback" | "internal" | "unknown";

/** A port that something listens on or publishes. */
export interface Port {
  /** The whole token: `8000:8000`, the number of `containerPort`, `hostPort`, a Service's port. */
  readonly span: Span;
  readonly subject: string;
  /** Name of the service, container or object, for snippets. */
  readonly owner: string;
  readonly format: Format;
  readonly via:
    | "ports"
    | "expose"
    | "containerPort"
    | "hostPort"
    | "hostNetwork"
    | "NodePort"
    | "LoadBalancer"
    | "ClusterIP"
    | "Ingress";
  /** Port inside the container. Ranges give their first number. */
  readonly target?: number;
  readonly targetEnd?: number;
  /** Port on the host or load balancer; absent: random or unpublished. */
  readonly published?: number;
  readonly publishedEnd?: number;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly host?: string;
  readonly reach: Reach;
  /** What the container behind it is: "postgres", "grafana", "nginx"… from its image, see `normalize/products.ts`. */
  readonly product?: string;
}

export interface Mount {
  readonly span: Span;
  readonly subject: string;
  readonly kind: "bind" | "volume" | "tmpfs" | "config" | "secret" | "other";
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly format: Format;
}

export interface Container {
  /** Service name, container name or stage name. */
  readonly name: Located<string>;
  readonly subject: string;
  readonly format: Format;
  readonly role: "main" | "init" | "ephemeral";
  /** `service`, `Deployment`, `stage`… */
  readonly kind: string;
  /** Subject of the workload it belongs to; equals `subject` for Compose. */
  readonly workload: string;
  readonly image?: ImageReference;
  /** How its image is built here; paths relative to the root of the run. */
  readonly build?: Build;
  /** What the image is, from a table of well-known images; absent: an application or unknown. */
  readonly product?: string;
  /** `application`: built here or unknown image. `datastore`, `proxy`, `console`: from the product table. */
  readonly productKind: "application" | "datastore" | "proxy" | "console" | "other";

  /** Effective user: container, pod, Dockerfile `USER`, known base image. Absent: decided by an image we cannot see. */
  readonly user?: Located<string>;
  /** Kubernetes only: effective `runAsNonRoot`; implied false where nobody set it. */
  readonly runAsNonRoot?: Located<boolean>;
  readonly privileged?: Located<boolean>;
  /** True: the process may gain privileges (no `no-new-privileges`, `allowPrivilegeEscalation` not false). */
  readonly privilegeEscalation?: Located<boolean>;
  readonly readOnlyRoot?: Located<boolean>;
  readonly capabilitiesAdded: readonly Located<string>[];
  readonly capabilitiesDropped: readonly Located<string>[];
  /** "RuntimeDefault", "Unconfined", "Localhost"…; implied "default" in Compose, implied "" where Kubernetes has none. */
  readonly seccomp?: Located<string>;
  /** True if a memory limit is set, by any syntax; implied false. */
  readonly memoryLimit?: Located<boolean>;
  readonly networkMode?: Located<string>;
  readonly networks: readonly Located<string>[];
  readonly ports: readonly Port[];
  readonly mounts: readonly Mount[];
  readonly variables: readonly Variable[];
  /** Entry point and command as argv words; a shell-form command is one word per shell word. */
  readonly command: readonly Located<string>[];
  readonly healthcheck?: Located<boolean>;
  /** True if its log is bounded or shipped away; implied false where the default driver grows without limit. */
  readonly logRotation?: Located<boolean>;
  /** Processes serving in parallel: replicas times workers, at least 1. */
  readonly replicas?: Located<number>;
  readonly workers?: Located<number>;
  /** Compose profiles that must be active for it to run. */
  readonly profiles: readonly string[];
  readonly labels: readonly { readonly name: Located<string>; readonly value: Located<string> }[];
}

export interface Build {
  readonly context: string;
  readonly dockerfile: string;
  /** Named or numbered stage; absent: the final one. */
  readonly target?: string;
}

export interface BuildStage {
  /** Stage name, or its number. */
  readonly name: Located<string>;
  readonly subject: string;
  readonly file: SourceFile;
  readonly final: boolean;
  /** Subjects of containers that run this stage. */
  readonly ranBy: readonly string[];
  readonly image?: ImageReference;
  /** Name of the earlier stage it continues. */
  readonly parent?: string;
  readonly user?: Located<string>;
  readonly ports: readonly Port[];
  readonly variables: readonly Variable[];
  readonly instructions: readonly Instruction[];
  /** Name of the language runtime of the base: "python", "node", "golang", "java"… */
  readonly runtime?: string;
  /** Distribution family of the base for user creation: "debian" | "alpine" | "distroless" | "rpm"; absent: unknown. */
  readonly family?: "debian" | "alpine" | "distroless" | "rpm";
  /** Paths of `.env` files that COPY or ADD brings into the image from the build context. */
  readonly copiedEnvFiles: readonly { readonly at: Span; readonly path: string; readonly file?: SourceFile }[];
}

/** One Dockerfile instruction, for rules about instructions. Heredoc bodies are part of `text`, never instructions. */
export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  readonly span: Span;
  readonly keywordSpan: Span;
  /** Raw text after the keyword and its flags, continuations and comments removed. */
  readonly text: string;
  /** Words after flags; for the JSON form its strings. */
  readonly arguments: readonly Located<string>[];
  readonly flags: readonly { readonly name: string; readonly value: string; readonly span: Span }[];
  readonly json: boolean;
}

export interface Network {
  readonly name: Located<string>;
  readonly internal: boolean;
  readonly format: Format;
  /** Subjects of the containers attached. */
  readonly members: readonly string[];
}

/** A Kubernetes Secret with values in the repository, or a Compose secret. */
export interface SecretStore {
  readonly name: Located<string>;
  readonly subject: string;
  readonly format: Format;
  /** `values`: written here, plain or base64. `file`, `environment`, `external`: a reference. `sealed`: encrypted. */
  readonly holds: "values" | "file" | "environment" | "external" | "sealed";
  /** Key and decoded value of each entry. */
  readonly variables: readonly Variable[];
  readonly path?: Located<string>;
}

/** A Kubernetes object that rules look at as such: ConfigMap, NetworkPolicy, CronJob, PersistentVolumeClaim… */
export interface KubernetesObject {
  readonly kind: Located<string>;
  readonly apiVersion: Located<string>;
  readonly name: Located<string>;
  readonly namespace?: string;
  readonly subject: string;
}

// ── Policies ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a policy holds only because a variable is unset: `os.getenv("CORS_ORIGINS", "*")`. */
export interface Fallback {
  readonly variable: Located<string>;
  /** Who sets the variable after all. Empty: the fallback is what runs. */
  readonly providedBy: readonly Variable[];
}

export interface CorsPolicy {
  readonly subject: string;
  readonly syntax: "environment" | "python" | "javascript" | "nginx" | "caddy" | "traefik" | "ingress";
  /** Name of the variable, setting or header that carries the origins. */
  readonly key: string;
  /** One entry per origin as written, with the span of that origin alone. */
  readonly origins: readonly Located<string>[];
  /** `allow_origin_regex` and the like. */
  readonly pattern?: Located<string>;
  /** The policy sends the caller's own origin back. */
  readonly reflected?: Located<true>;
  readonly credentials?: Located<boolean>;
  readonly methods: readonly Located<string>[];
  readonly headers: readonly Located<string>[];
  readonly fallback?: Fallback;
}

export interface TokenPolicy {
  readonly subject: string;
  readonly syntax: "environment" | "python" | "javascript";
  /** Name of the variable, setting or argument. */
  readonly key: string;
  readonly kind: "access" | "refresh";
  /** In seconds. `blank`-less: the span is the number as written. */
  readonly lifetime?: Located<number>;
  /** How the lifetime is written: a bare number in this unit, or a text such as `7d`. */
  readonly unit?: "milliseconds" | "seconds" | "minutes" | "hours" | "days" | "text";
  /** A signing secret that is written out. The text itself is in `secret.value`, rules never print it. */
  readonly secret?: Located<string>;
  /** What kind of value `secret` is. */
  readonly credential?: Credential;
  readonly algorithms: readonly Located<string>[];
  readonly fallback?: Fallback;
}

export interface RateLimit {
  readonly subject: string;
  readonly where: "application" | "environment" | "proxy";
  readonly key: string;
  readonly enabled?: Located<boolean>;
  readonly requests?: Located<number>;
  /** Seconds that `requests` is counted over. */
  readonly window?: number;
  /** Where counts are kept. Absent: unknown. */
  readonly storage?: Located<"memory" | "shared">;
}

/** A fact that one switch or number decides, wherever it is written. */
export interface Setting<T> {
  readonly at: Located<T>;
  readonly subject: string;
  /** The variable, option or call that decides it: `FLASK_DEBUG`, `--reload`, `app.run(debug=…)`. */
  readonly key: string;
}

/** Switches and numbers, by what they decide. `true` and the larger number are what the name says. */
export interface Settings {
  /** Debug mode, auto-reload, a development server. */
  readonly debug: readonly Setting<boolean>[];
  /** False: authentication is off (`AUTH_ENABLED=false`, `POSTGRES_HOST_AUTH_METHOD=trust`, anonymous admin). */
  readonly authentication: readonly Setting<boolean>[];
  /** Interval of key rotation in seconds; 0: off. */
  readonly keyRotation: readonly Setting<number>[];
  readonly passwordMinLength: readonly Setting<number>[];
  /** False: the password policy is switched off. */
  readonly passwordPolicy: readonly Setting<boolean>[];
  /** "md5", "sha1", "bcrypt"… with its cost where it has one. */
  readonly passwordHash: readonly (Setting<string> & { readonly cost?: number })[];
  /** Upper case. */
  readonly logLevel: readonly Setting<string>[];
  /** True: Authorization headers or request bodies are logged. */
  readonly bodyLogging: readonly Setting<boolean>[];
  /** Largest request in bytes; 0: unlimited. */
  readonly requestSize: readonly Setting<number>[];
  /** Upper bound of a database connection pool; 0: unlimited. */
  readonly poolSize: readonly Setting<number>[];
}

/** A URL of a service or database, from whatever names it. Absent parts are unknown or not written. */
export interface ServiceUrl {
  readonly at: Located<string>;
  readonly subject: string;
  /** Variable, argument or option that carries it. */
  readonly key: string;
  readonly scheme: string;
  readonly user?: Located<string>;
  /** Present only if a literal password is written in it. */
  readonly password?: Located<string>;
  readonly host?: string;
  readonly port?: number;
  /** Query parameters, keys in lower case. */
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly span: Span }[];
  /** True if the host is a service of this project, loopback, or has no dot. */
  readonly internal: boolean;
  readonly database: boolean;
}

export interface Header {
  readonly name: Located<string>;
  readonly value: Located<string>;
}

/** A listener that faces users: an nginx server, a Caddy site, a Traefik router, an Ingress, a Gateway. */
export interface Edge {
  readonly subject: string;
  readonly kind: "nginx" | "caddy" | "traefik" | "ingress" | "gateway";
  /** The token that opens it: `server`, the site address, the router's rule, the Ingress name. */
  readonly span: Span;
  readonly hosts: readonly Located<string>[];
  readonly listens: readonly { readonly port: number; readonly tls: boolean; readonly span: Span }[];
  /** It ends TLS here. */
  readonly tls: boolean;
  /** Its plain listener answers with a redirect to https, or it has none. */
  readonly redirectsToHttps: boolean;
  /** It serves content or proxies (a pure redirect does not). */
  readonly serves: boolean;
  readonly protocols: readonly Located<string>[];
  readonly ciphers: readonly Located<string>[];
  /** Response headers that apply to the whole edge. */
  readonly headers: readonly Header[];
  /** Headers that the proxy sets by itself (Caddy's automatic HTTPS sends none of them). */
  readonly upstreams: readonly Located<string>[];
  readonly blank?: Blank;
}

/** An HTTP application in source. */
export interface Application {
  readonly subject: string;
  readonly language: "python" | "javascript";
  readonly framework: string;
  /** Where the application object is made. */
  readonly at: Span;
  readonly files: readonly SourceFile[];
  readonly routes: readonly Located<string>[];
  /** Places that show an authentication dependency, middleware or decorator. */
  readonly authentication: readonly Located<string>[];
  readonly rateLimits: readonly Located<string>[];
  /** Security headers the application sets itself; helmet and the like expand to what they set. */
  readonly headers: readonly Header[];
}

/** A continuous integration file. */
export interface Pipeline {
  readonly file: SourceFile;
  readonly provider: "github" | "gitlab" | "other";
  /** First token of the file that names the pipeline or its jobs. */
  readonly at: Span;
  /** What its steps do, with the step that does it. */
  readonly does: readonly Located<
    "dependency-scan" | "image-scan" | "static-analysis" | "secret-scan" | "image-build"
  >[];
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

/** `# qwed-harden-ignore rule -- reason until=2026-12-31` */
export interface Suppression {
  readonly span: Span;
  readonly rules: readonly Located<string>[];
  readonly reason?: string;
  /** ISO date, inclusive. */
  readonly until?: string;
  /** Offsets of what it silences: its own line, the next line, and the block that the next line opens. */
  readonly lines: readonly Span[];
}

/** A file that was met and not checked, and why: "larger than 5 MiB", "not a regular file", "not UTF-8 text". */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

// ── The whole ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the git repository says about environment files that are no longer there. */
export interface HistoryEntry {
  readonly path: string;
  readonly commit: string;
}

/** The whole deployment, flat on purpose: a rule is one loop over one of these lists. */
export interface Deployment {
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** What each file turned out to be: "Compose", "Kubernetes", ".env", "Dockerfile", "nginx", "Python source"… */
  readonly roles: readonly { readonly file: SourceFile; readonly role: string }[];
  /** Git is present, and states of files are known. */
  readonly git: boolean;
  readonly history: readonly HistoryEntry[];
  readonly containers: readonly Container[];
  readonly stages: readonly BuildStage[];
  readonly images: readonly ImageReference[];
  readonly ports: readonly Port[];
  readonly mounts: readonly Mount[];
  readonly networks: readonly Network[];
  readonly secrets: readonly SecretStore[];
  readonly objects: readonly KubernetesObject[];
  readonly envFiles: readonly EnvFile[];
  readonly variables: readonly Variable[];
  readonly reads: readonly EnvRead[];
  readonly providerKeys: readonly ProviderKey[];
  readonly credentialLiterals: readonly CredentialLiteral[];
  readonly commandCredentials: readonly CommandCredential[];
  readonly urls: readonly ServiceUrl[];
  readonly cors: readonly CorsPolicy[];
  readonly tokens: readonly TokenPolicy[];
  readonly rateLimits: readonly RateLimit[];
  readonly settings: Settings;
  readonly edges: readonly Edge[];
  readonly applications: readonly Application[];
  readonly pipelines: readonly Pipeline[];
  readonly suppressions: readonly Suppression[];
  /** Every place that holds a secret. Reporters mask these, in every format. */
  readonly sensitive: readonly Span[];
}
