/** What is promised to callers: CORS, tokens, rate limits, edges, applications, pipelines, switches. */
import type { Credential, Variable } from "./environment.ts";
import type { Blank, Located, SourceFile, Span } from "./files.ts";

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
  /** In seconds; 0: without end. The span is the number as written. */
  readonly lifetime?: Located<number>;
  /** How the lifetime is written: a bare number in this unit, or a text such as `7d`. */
  readonly unit?: "milliseconds" | "seconds" | "minutes" | "hours" | "days" | "text";
  /** A signing secret that is written out. The text itself is in `secret.value`, rules never print it. */
  readonly secret?: Located<string>;
  /** What kind of value `secret` is. */
  readonly credential?: Credential;
  readonly algorithms: readonly Located<string>[];
  readonly fallback?: Fallback;
  /** The variable that carries it, where an environment does. */
  readonly variable?: Variable;
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
  /** What kind of value `password` is. */
  readonly credential?: Credential;
  readonly host?: string;
  readonly port?: number;
  /** Query parameters, keys in lower case. */
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly span: Span }[];
  /** True if the host is a service of this project, loopback, has no dot, or is unknown. */
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
  /** Its class or scheme keeps it inside the network. */
  readonly internal?: true;
  readonly protocols: readonly Located<string>[];
  /** One entry for each word of a cipher list, prefixes (`!aNULL`) included. */
  readonly ciphers: readonly Located<string>[];
  /** Response headers that apply to the whole edge. */
  readonly headers: readonly Header[];
  readonly upstreams: readonly Located<string>[];
  readonly blank?: Blank;
  /** Something that cannot be seen (an unknown include or middleware) may set more headers. */
  readonly headersUnknown?: true;
  /** Places inside the edge that set headers of their own and thereby lose those of the edge (nginx `add_header`). */
  readonly dropsHeaders?: readonly DroppedHeaders[];
  /** Where a Traefik router takes a further middleware; absent where that is not known to be right. */
  readonly middleware?: MiddlewareBlank;
  /** The version of the proxy is sent to everyone; absent: unknown. */
  readonly showsVersion?: Located<boolean>;
}

export interface DroppedHeaders {
  readonly at: Span;
  readonly subject: string;
  /** Those that it sets instead. */
  readonly own: readonly Header[];
  /** Security headers of the edge that it does not set. */
  readonly lost: readonly Header[];
  readonly blank: Blank;
}

/** How a router of Traefik is given a middleware (Traefik 3 reference, "Middlewares"). */
export interface MiddlewareBlank {
  /** A name that nothing in the project has. */
  readonly name: string;
  /** Filled with the name. */
  readonly use: Blank;
  /** Labels: filled with one option, `name.headers.frameDeny`, sign and value. Files: with the lines of the definition. */
  readonly define: Blank;
  /** What stands between option and value of a label; absent in files. */
  readonly sign?: string;
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
  /** Workflows, templates and actions it calls outside the project: they may do anything. */
  readonly calls: readonly Located<string>[];
  /** The configuration of a bot or of hooks: evidence of scans, but nothing here runs jobs. */
  readonly watches?: true;
}
