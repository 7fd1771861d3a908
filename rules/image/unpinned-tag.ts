import { defineRule, replace } from "../../src/rule.ts";
import { fits, MOVING, nameOf, pinsOf, tagOf } from "../image-pins.ts";

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
    const builtHere = new Set(model.containers.flatMap(({ build, image }) => (build && image ? nameOf(image) : [])));
    const pins = pinsOf(model);
    const bases = new Map(model.stages.flatMap(({ image, name }) => (image ? [[image, name]] : [])));
    for (const image of model.images) {
      const name = nameOf(image);
      if (!image.known || image.digest || image.repository === "scratch" || builtHere.has(name)) continue;
      if (image.tag !== undefined && !MOVING.test(image.tag)) continue;

      const fitting = (pins.get(name) ?? []).filter(({ version }) => fits(image.tag, version));
      const [pin, ...others] = fitting;
      const only = others.every(({ version }) => version === pin?.version) ? pin : undefined;
      const version = only?.version ?? `:${exampleOf(name, image.tag)}`;
      const tag = only && tagOf(image);
      const alias = bases.get(image);
      report({
        at: image.reference,
        subject: image.subject,
        message: image.tag
          ? `image ${name} follows the moving tag "${image.tag}"`
          : `image ${name} has no tag, so latest is pulled`,
        related: fitting.map(({ at, version }) => ({ at, message: `pinned to ${version.replace(/^:/, "")} here` })),
        snippet:
          image.format === "dockerfile"
            ? `${alias ? "FROM " : "COPY --from="}${name}${version}${alias && !alias.implied ? ` AS ${alias.value}` : ""}`
            : `image: ${name}${version}`,
        fix: tag && {
          title: `pin to ${version.replace(/^:/, "")}, as elsewhere in this project`,
          safety: "unsafe",
          edits: [replace(tag, version)],
        },
      });
    }
  },
});

/** In the variant that is wanted: `stable-alpine3.20` → `1.27.3-alpine3.20`. */
function exampleOf(name: string, tag = ""): string {
  const example = EXAMPLES[name] ?? "<version>";
  const variant = /(?:^|-)((?:alpine|slim)[\w.-]*)$/.exec(tag)?.[1];
  return variant ? `${example.replace(/-.*$/, "")}-${variant}` : example;
}

/** Versions of well-known images that the guide and its example deployments use, to show the form. */
const EXAMPLES: Readonly<Record<string, string>> = {
  alpine: "3.20.3",
  busybox: "1.37.0",
  caddy: "2.8.4",
  golang: "1.23.4",
  mongo: "7.0.15",
  mysql: "8.4.3",
  nginx: "1.27.3",
  node: "22.12.0-slim",
  postgres: "16.6",
  python: "3.11.8-slim",
  rabbitmq: "4.0.4",
  redis: "7.4.1",
  traefik: "v3.2.1",
};
