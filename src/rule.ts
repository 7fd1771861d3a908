/** What a rule is, and all that a rule may import. */
import type { Blank, Deployment, Edge, Located, SourceFile, Span } from "./model.ts";

export type * from "./model.ts";
export * from "./snippet.ts";
export * from "./snippet-deployment.ts";
export * from "./snippet-files.ts";
export * from "./snippet-hardening.ts";
export * from "./snippet-moves.ts";
export * from "./snippet-ports.ts";
export * from "./snippet-users.ts";
export * from "./snippet-variables.ts";
export * from "./snippet-words.ts";

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const PRESETS = ["recommended", "strict", "style", "inventory"] as const;
export type Preset = (typeof PRESETS)[number];

export const GROUPS = [
  "api",
  "auth",
  "ci",
  "compose",
  "container",
  "cors",
  "database",
  "dockerfile",
  "env",
  "headers",
  "image",
  "jwt",
  "k8s",
  "logging",
  "network",
  "packages",
  "parse",
  "ratelimit",
  "secrets",
  "suppression",
  "tls",
] as const;
/** Path of the module in `rules/`, of its examples in `fixtures/`, of its page in `docs/rules/`. */
export type RuleId = `${(typeof GROUPS)[number]}/${string}`;

export interface RuleMeta {
  readonly id: RuleId;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Of the usual case; a finding may raise or lower it and `why` says when. */
  readonly severity: Severity;
  readonly presets: readonly Preset[];
  /** Controls of the guides that ask for it, ids of `rules/guides.ts`. */
  readonly guides: readonly string[];
  /** Markdown: what an attacker gains. */
  readonly why: string;
  /** Markdown: what to do by hand, with the guide's snippet for each format. */
  readonly remedy: string;
  readonly fix: "safe" | "unsafe" | "none";
  /** The same check in other tools: tool → ids, from the catalogue. */
  readonly sameAs: Readonly<Record<string, readonly string[]>>;
  readonly references: readonly string[];
  /** More specific rules: where one of them reports the same token, this one keeps silent. */
  readonly yieldsTo?: readonly RuleId[];
  /** As severe in development, test and example files as in production: a leaked key is leaked anywhere. */
  readonly sameInEveryStage?: true;
}

/** Places that show a control is fulfilled. */
export type Evidence = (model: Deployment) => readonly Note[];

/** What a guide asks for. `rules/guides.ts` holds them all. */
export interface Control {
  /** `guide/what-it-asks-for`. Public: once shipped it never changes meaning. */
  readonly id: string;
  /** "qwed" or "qca". */
  readonly guide: string;
  readonly section: string;
  /** What the guide asks for, in our words: a sentence without a final stop. */
  readonly text: string;
  /** Any finding of one of these fails the control. Empty: no linter can decide it. */
  readonly rules: readonly RuleId[];
  /** Without one, silence of the rules is not taken for fulfilment. */
  readonly evidence?: Evidence;
  /** False where the project has nothing the control speaks about. Absent: it always applies. */
  readonly applies?: (model: Deployment) => boolean;
}

export interface Rule {
  readonly meta: RuleMeta;
  check(model: Deployment, report: Report): void;
}

export type Place = Span | Located<unknown>;

export interface Note {
  readonly at: Place;
  /** Present tense, no final stop, never a secret value. */
  readonly message: string;
}

/** Insert: start = end. Delete: text = "". */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** Lines that a file is to end with. The file is made if it is not there. */
export interface Addition {
  /** Relative to the root of the run. */
  readonly path: string;
  /** The file, where it is there. */
  readonly file?: SourceFile | undefined;
  /**
   * What tells it from other additions to the file: the name it binds, the pattern it ignores. Fixes that ask for the same
   * text share it, fixes that ask for another one wait for each other.
   */
  readonly key: string;
  /** Without a final line end. */
  readonly text: string;
  /** For the eyes of its owner alone: git is told to ignore the file, and one that is made is readable by nobody else. */
  readonly private?: true | undefined;
}

/** All or nothing. */
export interface Fix {
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  readonly edits: readonly Edit[];
  readonly additions?: readonly Addition[] | undefined;
  /** A command that a person has to run for it, where no edit can do it: it is shown and never run. Never a secret value. */
  readonly command?: string | undefined;
}

export type Report = (finding: {
  /** The exact range of the offending token. */
  readonly at: Place;
  /** Present tense, names the thing, no advice, no final stop, first sentence under 100 characters, never a secret value. */
  readonly message: string;
  /** Who it is about: "service api", "Deployment web / container api", "stage runtime". */
  readonly subject?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly related?: readonly Note[] | undefined;
  /** The guide's remedy filled in with names of this deployment, in the language of that file (see `snippet.ts`). */
  readonly snippet?: string | undefined;
  readonly fix?: Fix | undefined;
}) => void;

/** What people call the kinds of edges, for messages. */
export const EDGE_NAMES: Readonly<Record<Edge["kind"], string>> = {
  nginx: "nginx",
  caddy: "Caddy",
  traefik: "Traefik",
  ingress: "Ingress",
  gateway: "Gateway",
};

export const defineRule = (rule: Rule): Rule => rule;

export const spanOf = (place: Place): Span => ("file" in place ? place : place.span);

export const replace = (span: Span, text: string): Edit => ({ span, text });

/** Lines of `text` behind the first get the indentation of the blank. */
export const fill = ({ span, before, after, indent = "" }: Blank, text: string): Edit => ({
  span,
  text: before + text.replaceAll("\n", `\n${indent}`) + after,
});
