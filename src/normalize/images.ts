/** Image references and what well-known images are. */
import type { Format, ImageReference, Located, ProductKind } from "../model.ts";
import { PRODUCTS } from "./products.ts";
import { BASES, RUNTIMES } from "./products-bases.ts";
import { HOLE, masked } from "./written.ts";

/** What is known about a published image by its repository name. */
export interface Product {
  /** "postgres", "redis", "nginx", "grafana", "python"… */
  readonly name: string;
  /** Language runtimes and distributions are an `application`: what runs in them is somebody's own. */
  readonly kind: ProductKind;
  /** `root`: starts and stays as root. `drops`: its entry point gives up root by itself. `non-root`: has a USER. Absent: unknown. */
  readonly user?: "root" | "drops" | "non-root";
  /** Language runtime, for base images. */
  readonly runtime?: string;
  readonly family?: "debian" | "alpine" | "distroless" | "rpm";
  /** Ports it listens on by default. */
  readonly ports: readonly number[];
}

/**
 * What an image is, by registry, repository (as in `ImageReference.repository`) and tag. Absent: an application or
 * unknown. A copy of a well-known datastore, proxy or console under another owner (`acme/postgres`) is taken for that
 * product, but nothing is said about its user.
 */
export function productOf(image: Pick<ImageReference, "registry" | "repository" | "tag">): Product | undefined {
  const { registry, repository, tag = "" } = image;
  const path = repository.replace(/^(?:docker\/)?library\//, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (registry === "cgr.dev" || path.startsWith("chainguard/")) return chainguard(last, tag);
  if (path.startsWith("distroless/")) return distroless(last, tag);

  const base = BASES.get(path) ?? (registry ? BASES.get(`${registry}/${path}`) : undefined);
  if (base) {
    const chiseled = base.runtime === "dotnet" && tag.includes("chiseled");
    const family = chiseled ? "distroless" : (familyOf(tag) ?? base.family);
    const user = chiseled ? "non-root" : base.user;
    return { ...withoutFamily(base), kind: "application", user, ports: [], ...(family && { family }) };
  }
  const family = familyOf(tag);
  const product = PRODUCTS.get(path);
  if (product) {
    const unprivileged = /unprivileged|rootless|nonroot/.test(tag);
    return { ...product, ...(unprivileged && { user: "non-root" as const }), ...(family && { family }) };
  }
  if (path.startsWith("bitnami/") || path.startsWith("bitnamilegacy/")) {
    const runtime = RUNTIMES.get(last);
    return {
      name: last,
      kind: "application",
      user: "non-root",
      family: "debian",
      ports: [],
      ...(runtime && { runtime }),
    };
  }
  const copied = path.includes("/") ? COPIED.get(last) : undefined;
  return copied && { name: copied.name, kind: copied.kind, ports: copied.ports, ...(family && { family }) };
}

/** Products whose bare name says what they are, whoever publishes them. */
const COPIED: ReadonlyMap<string, Product> = new Map(
  [...PRODUCTS].flatMap(([repository, product]) => {
    if (product.kind === "application" || product.kind === "other") return [];
    const last = repository.slice(repository.lastIndexOf("/") + 1);
    return repository === product.name || last === product.name ? [[product.name, product] as const] : [];
  }),
);

const withoutFamily = <T extends { readonly family?: unknown }>({ family: _, ...rest }: T) => rest;

const familyOf = (tag: string): Product["family"] | undefined =>
  tag.includes("alpine")
    ? "alpine"
    : /slim|bookworm|bullseye|buster|trixie|stretch|jammy|noble|focal|ubuntu|debian/.test(tag)
      ? "debian"
      : /ubi|centos|fedora|oraclelinux|rocky|alma|al20/.test(tag)
        ? "rpm"
        : undefined;

/** Distroless images run as root unless their tag says `nonroot` (also `debug-nonroot`). */
function distroless(last: string, tag: string): Product {
  const runtime = RUNTIMES.get(last.replace(/-?(?:debian|ubuntu)\d+$/, "").replace(/\d+$/, ""));
  const user = tag.includes("nonroot") ? "non-root" : "root";
  return {
    name: "distroless",
    kind: "application",
    user,
    family: "distroless",
    ports: [],
    ...(runtime && { runtime }),
  };
}

/** Chainguard images run as `nonroot`; those with a shell (`-dev`) and the bare distribution `wolfi-base` as root. */
function chainguard(last: string, tag: string): Product {
  const known = PRODUCTS.get(last);
  const runtime = RUNTIMES.get(last);
  return {
    name: known?.name ?? last,
    kind: known?.kind ?? "application",
    user: last === "wolfi-base" ? "root" : "non-root",
    family: tag.includes("-dev") || last === "wolfi-base" ? "alpine" : "distroless",
    ports: known?.ports ?? [],
    ...(runtime && { runtime }),
  };
}

const DOCKER_HUB: ReadonlySet<string> = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "registry.hub.docker.com",
]);

/**
 * Splits a reference by the grammar of the distribution specification: registry with port, repository, tag, digest;
 * never inside `${…}`. A part that holds a reference is left out, except the repository. An image whose tag or digest
 * is written out is known even if its registry is not.
 */
export function imageReference(input: {
  readonly reference: Located<string>;
  readonly known: boolean;
  readonly subject: string;
  readonly format: Format;
  readonly pullPolicy?: Located<string>;
}): ImageReference {
  const text = input.reference.value.trim();
  const mask = masked(text).replace(/\$\w+/g, (name) => HOLE.repeat(name.length));
  const at = mask.indexOf("@");
  const named = at < 0 ? text.length : at;
  const colon = mask.lastIndexOf(":", named - 1);
  const tagged = named > 0 && colon > mask.lastIndexOf("/", named - 1) ? colon : named;
  const slash = mask.indexOf("/");
  const host = slash > 0 && slash < tagged ? text.slice(0, slash) : "";
  const isRegistry = /[.:]|^localhost$/.test(mask.slice(0, host.length));
  const path = isRegistry ? text.slice(slash + 1, tagged) : text.slice(0, tagged);
  const registry = isRegistry && !DOCKER_HUB.has(host) && !holed(mask, 0, slash) ? host : undefined;
  const tag = tagged < named && !holed(mask, tagged, named) ? text.slice(tagged + 1, named) : "";
  const digest = at >= 0 && !holed(mask, at, text.length) ? text.slice(at + 1) : "";
  return {
    ...input,
    repository: registry === undefined ? path.replace(/^library\//, "") : path,
    ...(registry !== undefined && { registry }),
    ...(tag && { tag }),
    ...(digest && { digest }),
    known: input.known || ((tag !== "" || digest !== "") && mask.includes(HOLE)),
  };
}

const holed = (mask: string, from: number, to: number): boolean => mask.slice(from, to).includes(HOLE);
