/** What rules about the user of a container say alike. */
import type { BuildStage, Container, Located, Span } from "./model.ts";
import { composeService, kubernetesContainer } from "./snippet.ts";

/** A user id above those that hosts give out. */
export const UNPRIVILEGED = 10001;

/** `root`, `0`, `0:0`, `root:wheel`: the group does not matter. */
export const isRootUser = (user: string): boolean => /^(root|0+)(:|$)/.test(user);

/** How a message names it: an image that nobody runs by its stage. */
export const containerName = ({ format, subject, name }: Container): string =>
  format === "dockerfile" ? subject : name.value;

/** How to give up root, in the language of the file that decides the user. */
export function unprivileged(at: Span, container: Container, stages: readonly BuildStage[]): string {
  const { file } = at;
  if (file.language === "dockerfile") {
    const stage = stages.findLast((each) => each.file === file && (each.instructions[0]?.span.start ?? 0) <= at.start);
    return stage ? userOf(stage) : "USER appuser";
  }
  const { format, name, image } = container;
  if (format === "kubernetes")
    return kubernetesContainer(name.value, `securityContext:\n  runAsNonRoot: true\n  runAsUser: ${UNPRIVILEGED}`);
  return composeService(
    name.value,
    image?.repository === "nginx" && image.tag
      ? `image: nginxinc/nginx-unprivileged:${image.tag}`
      : `user: "${UNPRIVILEGED}:${UNPRIVILEGED}"`,
  );
}

/** Commands that the base has; its own user where it brings one. */
function userOf({ image, parent, family }: BuildStage): string {
  if (image?.repository === "node") return "USER node";
  if (image?.repository === "nginx" && image.tag) return `FROM nginxinc/nginx-unprivileged:${image.tag}`;
  if (family === "distroless" || (!image && !parent)) return "USER 65532:65532";
  const create = {
    alpine: "adduser -D appuser",
    rpm: "useradd --create-home appuser",
    debian: "adduser --disabled-password --gecos '' appuser",
  }[family ?? "debian"];
  return `RUN ${create}\nUSER appuser`;
}

/** Containers that one place decides about (an anchor, a Dockerfile, a pod), in order. */
export function byPlace(
  containers: readonly Container[],
  placeOf: (container: Container) => Located<unknown>,
): Iterable<readonly [Container, ...Container[]]> {
  const groups = new Map<string, [Container, ...Container[]]>();
  for (const container of containers) {
    const { file, start } = placeOf(container).span;
    const place = `${start} ${file.path}`;
    const group = groups.get(place);
    if (group) group.push(container);
    else groups.set(place, [container]);
  }
  return groups.values();
}
