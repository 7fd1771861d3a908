/**
 * The nouns of the project, types only. Everything downstream of `normalize/` speaks in these terms.
 *
 * Offsets are UTF-16 code units into `SourceFile.text`, durations are seconds, sizes are bytes. All of it is plain,
 * serialisable data: no functions, no classes, no cycles.
 *
 * Facts are three-valued: an optional field that is absent is *unknown* (unresolved `${X}`, an image we cannot see,
 * a template). Unknown never fires. A default that nobody wrote is present and marked `implied`.
 */
import type { Override, UnknownKey, UnsetVariable } from "./model/compose.ts";
import type {
  CommandCredential,
  CredentialLiteral,
  EnvFile,
  EnvRead,
  OverwrittenVariable,
  ProviderKey,
  UnreadVariable,
  Variable,
} from "./model/environment.ts";
import type { Problem, SourceFile, Span, Suppression } from "./model/files.ts";
import type { FieldFault } from "./model/kubernetes.ts";
import type {
  Application,
  CorsPolicy,
  Edge,
  Pipeline,
  RateLimit,
  ServiceUrl,
  Settings,
  TokenPolicy,
} from "./model/policies.ts";
import type {
  BuildStage,
  Container,
  ImageReference,
  KubernetesObject,
  Mount,
  Network,
  Port,
  SecretStore,
} from "./model/workloads.ts";

export type * from "./model/compose.ts";
export type * from "./model/environment.ts";
export type * from "./model/files.ts";
export type * from "./model/kubernetes.ts";
export type * from "./model/policies.ts";
export type * from "./model/workloads.ts";

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
  readonly unknownKeys: readonly UnknownKey[];
  readonly unsetVariables: readonly UnsetVariable[];
  readonly overrides: readonly Override[];
  readonly objects: readonly KubernetesObject[];
  readonly fieldFaults: readonly FieldFault[];
  readonly envFiles: readonly EnvFile[];
  readonly variables: readonly Variable[];
  readonly reads: readonly EnvRead[];
  /** Variables that a later one of the same list replaces. */
  readonly overwritten: readonly OverwrittenVariable[];
  /** Variables that reach source of this project which reads all it needs by name, and not them. */
  readonly unread: readonly UnreadVariable[];
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
