import { defineRule, type ImageReference } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "image/unpinned-tag",
    title: "Image has no tag, or a moving tag such as latest",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/image-versions"],
    why: `
What runs tomorrow is not what was tested today, and a compromised release arrives by itself. Nobody can say afterwards
which version ran. A digest always satisfies the rule; stages of the same Dockerfile and images built here need no tag.`,
    remedy: `
Use specific versions.

\`\`\`dockerfile
FROM python:3.11.8-slim
\`\`\``,
    fix: "unsafe",
    sameAs: {
      kics: ["dockerfile/image_version_not_explicit", "dockerfile/image_version_using_latest", "k8s/invalid_image"],
      trivy: ["DS-0001", "KSV-0013"],
      checkov: ["CKV_DOCKER_7", "CKV_K8S_14"],
      "kube-linter": ["latest-tag"],
      "kube-score": ["container-image-tag"],
      hadolint: ["DL3006", "DL3007"],
      dclint: ["service-image-require-explicit-tag"],
      polaris: ["tagNotSpecified"],
    },
    references: [
      "https://cwe.mitre.org/data/definitions/1357.html",
      "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    ],
  },

  check(model, report) {
    const builtHere = new Set(model.containers.filter(({ build }) => build).map(({ image }) => image));
    for (const image of model.images) {
      if (!image.known || image.digest || image.repository === "scratch" || builtHere.has(image)) continue;
      if (image.tag !== undefined && !MOVING.has(image.tag.toLowerCase())) continue;

      const pinned = versionUsedElsewhere(image, model.images);
      report({
        at: image.reference,
        subject: image.subject,
        message: image.tag
          ? `image ${image.repository} follows the moving tag "${image.tag}"`
          : `image ${image.repository} has no tag, so latest is pulled`,
        related: pinned ? [{ at: pinned.reference, message: `pinned to ${pinned.tag} here` }] : [],
        snippet: snippet(image, pinned?.tag),
      });
    }
  },
});

/** Names that a registry moves from release to release. */
const MOVING: ReadonlySet<string> = new Set([
  "latest",
  "stable",
  "edge",
  "nightly",
  "dev",
  "develop",
  "development",
  "main",
  "master",
  "beta",
  "canary",
  "mainline",
  "rolling",
  "lts",
  "current",
  "unstable",
  "testing",
]);

const versionUsedElsewhere = (image: ImageReference, all: readonly ImageReference[]): ImageReference | undefined =>
  all.find(
    ({ registry, repository, tag, known }) =>
      known &&
      registry === image.registry &&
      repository === image.repository &&
      tag !== undefined &&
      !MOVING.has(tag.toLowerCase()),
  );

/** Versions of well-known images that the guide and its example deployments use, to show the form. */
const EXAMPLES: Readonly<Record<string, string>> = {
  python: "3.11.8-slim",
  node: "22.12.0-slim",
  nginx: "1.27.3",
  postgres: "16.6",
  redis: "7.4.1",
};

function snippet({ repository, registry, format }: ImageReference, tag: string | undefined): string {
  const pinned = `${registry ? `${registry}/` : ""}${repository}:${tag ?? EXAMPLES[repository] ?? "<version>"}`;
  return format === "dockerfile" ? `FROM ${pinned}` : `image: ${pinned}`;
}
