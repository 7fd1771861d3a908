/** Image references and what well-known images are. */
import type { Container, Format, ImageReference, Located } from "../model.ts";

/** What is known about a published image by its repository name. */
export interface Product {
  /** "postgres", "redis", "nginx", "grafana", "python"… */
  readonly name: string;
  readonly kind: Container["productKind"];
  /** `root`: starts and stays as root. `drops`: its entry point gives up root by itself. `non-root`: has a USER. Absent: unknown. */
  readonly user?: "root" | "drops" | "non-root";
  /** Language runtime, for base images. */
  readonly runtime?: string;
  readonly family?: "debian" | "alpine" | "distroless" | "rpm";
  /** Ports it listens on by default. */
  readonly ports: readonly number[];
}

/** By repository (as in `ImageReference.repository`), registry and tag. Absent: an application or unknown. */
export function productOf(_image: Pick<ImageReference, "registry" | "repository" | "tag">): Product | undefined {
  return undefined;
}

/** Splits a reference by the rules of the distribution specification: registry port, tag, digest. `known` is false if `${…}` is left. */
export function imageReference(input: {
  readonly reference: Located<string>;
  readonly known: boolean;
  readonly subject: string;
  readonly format: Format;
  readonly pullPolicy?: Located<string>;
}): ImageReference {
  return { repository: input.reference.value, ...input };
}
