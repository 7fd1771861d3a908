/** Files and places: where everything else in the model was written. */
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

/**
 * What is at a path below the root: `ignored` is nothing, but git would ignore it, so it may well be there where the
 * deployment runs.
 */
export type Presence = "file" | "folder" | "ignored" | "missing";

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
  /** What lines of the text behind its first are indented with; absent where it has to be one line. */
  readonly indent?: string;
}

/** What could not be read. `unreadable`: a defect of the file. `template`: it must be rendered first. */
export interface Problem {
  readonly kind: "unreadable" | "template";
  readonly span: Span;
  readonly message: string;
}

/** The language a workload is written in. A Dockerfile's final stage counts as a container that nobody configured. */
export type Format = "compose" | "kubernetes" | "dockerfile";

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
