/** What runs: containers, the images and stages behind them, ports, mounts, networks, stores. */
import type { Variable } from "./environment.ts";
import type { Blank, Format, Located, SourceFile, Span } from "./files.ts";
import type { Retirement } from "./kubernetes.ts";

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

/** `application`: built here or unknown image. The others come from the table of well-known images. */
export type ProductKind = "application" | "datastore" | "proxy" | "console" | "other";

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
  /** A number above 65535, at its digits. Then nothing else is known about the port. */
  readonly outOfRange?: Located<number>;
  /** How an address of the host would be written, in the place of one that is every interface. */
  readonly bind?: Blank;
  /** How it would be open to its project or cluster alone, each filled in with "". Absent: there is no place for that. */
  readonly closed?: readonly Blank[];
  readonly reach: Reach;
  /** Of a Service: the workload it sends to, as `Container.workload` names it. */
  readonly workload?: string;
  /** What the container behind it is: "postgres", "grafana", "nginx"… from its image, see `normalize/products.ts`. */
  readonly product?: string;
  /** Of the container behind it, but `console` where a product of another kind is managed; absent where none is known. */
  readonly productKind?: ProductKind;
}

export interface Mount {
  readonly span: Span;
  readonly subject: string;
  /** `ephemeral`: on disk, and gone with its pod. */
  readonly kind: "bind" | "volume" | "ephemeral" | "tmpfs" | "config" | "secret" | "other";
  readonly source?: string;
  /** Of a bind mount in Compose: its source relative to the root of the run; absent: outside the root, or unknown. */
  readonly path?: string;
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
  /** Main file of its Compose project; containers of two projects may have one subject. */
  readonly project?: string;
  /** Subject of the workload it belongs to; equals `subject` for Compose. */
  readonly workload: string;
  readonly image?: ImageReference;
  /** The later file of the project whose changes made this variant of the service; absent: the project as it starts. */
  readonly overlay?: string;
  /** The name that the engine is told to give it, unique on a host. */
  readonly containerName?: Located<string>;
  /** Files and folders that it cannot start or be built without and that are not there, of Compose. */
  readonly missing?: readonly MissingPath[];
  /** How its image is built here; paths relative to the root of the run. */
  readonly build?: Build;
  /** What the image is, from a table of well-known images; absent: an application or unknown. */
  readonly product?: string;
  readonly productKind: ProductKind;

  /** Effective user: container, pod, Dockerfile `USER`, known base image. Absent: decided by an image we cannot see. */
  readonly user?: Located<string>;
  /** Kubernetes only: effective `runAsNonRoot`; implied false where nobody set it. */
  readonly runAsNonRoot?: Located<boolean>;
  readonly privileged?: Located<boolean>;
  /**
   * True: the process may gain privileges (no `no-new-privileges`, `allowPrivilegeEscalation` not false), though nothing in
   * its image is known to need that.
   */
  readonly privilegeEscalation?: Located<boolean>;
  readonly readOnlyRoot?: Located<boolean>;
  readonly capabilitiesAdded: readonly Located<string>[];
  readonly capabilitiesDropped: readonly Located<string>[];
  /** It keeps all that the engine gives: nothing is dropped. Absent: something is, its image needs them, or nobody knows. */
  readonly defaultCapabilities?: Located<true>;
  /** What its image cannot do without when the rest is taken from it. Absent: not known. */
  readonly needs?: Needs;
  /** "RuntimeDefault", "Unconfined", "Localhost"…; implied "default" in Compose, implied "" where Kubernetes has none. */
  readonly seccomp?: Located<string>;
  /** True if a memory limit is set, by any syntax; implied false. */
  readonly memoryLimit?: Located<boolean>;
  readonly networkMode?: Located<string>;
  readonly networks: readonly Located<string>[];
  readonly ports: readonly Port[];
  readonly mounts: readonly Mount[];
  readonly variables: readonly Variable[];
  /** Objects and files that fill the environment as a whole: `envFrom`, `env_file`. */
  readonly environmentFrom?: readonly EnvironmentSource[];
  /** Entry point and command as argv words; a shell-form command is one word per shell word. */
  readonly command: readonly Located<string>[];
  readonly healthcheck?: Located<boolean>;
  /** Commands of its health check, probes and hooks, each as argv words. */
  readonly checks?: readonly (readonly Located<string>[])[];
  /** True if its log is bounded or shipped away; implied false where the default driver grows without limit. */
  readonly logRotation?: Located<boolean>;
  /** Processes serving in parallel: replicas times workers, at least 1. */
  readonly replicas?: Located<number>;
  readonly workers?: Located<number>;
  /** Compose profiles that must be active for it to run. */
  readonly profiles: readonly string[];
  readonly labels: readonly { readonly name: Located<string>; readonly value: Located<string> }[];
}

/** Of images in a table of well-known ones, see `normalize/products-needs.ts`. */
export interface Needs {
  /** Capabilities that its entry point uses while it is root. */
  readonly capabilities: Need;
  /** Folders that it writes to and that nothing is mounted at. Absent: not known. */
  readonly folders?: Need;
}

export interface Need {
  readonly names: readonly string[];
  /** How they would be given to it, each filled in with ""; none where it has them. Absent: there is no place for them. */
  readonly blanks?: readonly Blank[];
}

/** `extended`: a service that this one extends. `found` false: the project does not hold it, so what it brings is unknown. */
export interface EnvironmentSource {
  readonly kind: "secret" | "config-map" | "env-file" | "extended";
  readonly name: Located<string>;
  readonly found: boolean;
  /** The project writes no object of that name, and nothing that would make one. */
  readonly missing?: true;
  /** It starts without (`optional: true`, `required: false`). */
  readonly optional?: true;
}

export interface MissingPath {
  readonly kind: "env-file" | "build-context" | "dockerfile";
  /** Relative to the root of the run; the span is the path as written, or what leaves it out. */
  readonly path: Located<string>;
}

export interface Build {
  readonly context: string;
  readonly dockerfile: string;
  /** Named or numbered stage; absent: the final one. */
  readonly target?: string;
  /** The target is chosen by a file that is not for production (an override): what production runs is the final stage. */
  readonly notForProduction?: true;
}

export interface BuildStage {
  /** Stage name, or its number. */
  readonly name: Located<string>;
  readonly subject: string;
  readonly file: SourceFile;
  readonly final: boolean;
  /** Subjects of containers that run this stage. */
  readonly ranBy: readonly string[];
  /** It is final, or run, or such a stage continues it: what it holds is in an image. */
  readonly shipped: boolean;
  readonly image?: ImageReference;
  /** Name of the earlier stage it continues. */
  readonly parent?: string;
  /** The one that it ends as. Its `blank` is another `USER`: in its place, or at the end where steps follow it. */
  readonly user?: Located<string>;
  /** Whom it can run as but root. Absent: that is for the base to say. */
  readonly account?: Account;
  readonly ports: readonly Port[];
  readonly variables: readonly Variable[];
  readonly instructions: readonly Instruction[];
  /** Name of the language runtime of the base: "python", "node", "golang", "java"… */
  readonly runtime?: string;
  /** Distribution family of the base for user creation: "debian" | "alpine" | "distroless" | "rpm"; absent: unknown. */
  readonly family?: "debian" | "alpine" | "distroless" | "rpm";
  /** Paths of `.env` files that COPY or ADD brings into the image from the build context. */
  readonly copiedEnvFiles: readonly {
    readonly at: Span;
    readonly path: string;
    readonly file?: SourceFile;
    /** Path of the `.dockerignore` that decides; it may not be there. */
    readonly ignoreFile: string;
  }[];
}

/** A user of an image. */
export interface Account {
  /** As `USER` takes it. */
  readonly user: string;
  /** Its number, where that is known. */
  readonly id?: string;
  /** The command that makes it; absent: it is there. */
  readonly create?: string;
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
  /** Without a way to the outside. Absent: an external network, or what a variable decides. */
  readonly internal?: boolean;
  readonly format: Format;
  /** As in `Container`. */
  readonly project?: string;
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
  /** Of a NetworkPolicy or CiliumNetworkPolicy: it restricts outgoing traffic of what it selects. Absent: no policy. */
  readonly restrictsEgress?: boolean;
  /** The apiVersion is past its time. */
  readonly retired?: Retirement;
}
