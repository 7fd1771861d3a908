/** What rules about the user of a container say alike. */
import type { BuildStage, Container, Located, Span } from "./model.ts";
import { composeService, kubernetesContainer } from "./snippet.ts";

/** A user id above those that hosts give out. */
export const UNPRIVILEGED = 10001;

/** `root`, `0`, `0:0`, `root:wheel`: the group does not matter. */
export const isRootUser = (user: string): boolean => /^(root|0+)(:|$)/.test(user);

/** Many hosts let root alone open ports below 1024. */
export const opensLowPort = ({ ports }: Container): boolean =>
  ports.some(({ target }) => target !== undefined && target < 1024);

/** How a message names it: an image that nobody runs by its stage. */
export const containerName = ({ format, subject, name }: Container): string =>
  format === "dockerfile" ? subject : name.value;

/** The stage that a container ends in, if its user was decided there. */
const stageOf = ({ user }: Container, stages: readonly BuildStage[]): BuildStage | undefined =>
  user && stages.find((stage) => stage.user === user);

/** Whom it should run as: by number in Kubernetes, which cannot verify a name (`runAsNonRoot`). */
export function unprivilegedUser(container: Container, stages: readonly BuildStage[]): string {
  const account = stageOf(container, stages)?.account;
  return (container.format === "kubernetes" ? account?.id : undefined) ?? account?.user ?? `${UNPRIVILEGED}`;
}

/** A well-known data store that changes to a user of its own once its files are that user's. */
export const givesUpRoot = ({ needs, productKind }: Container): boolean =>
  productKind === "datastore" && needs !== undefined && needs.capabilities.names.includes("SETUID");

/** How to give up root, in the language of the file that decides the user. */
export function unprivileged(at: Span, container: Container, stages: readonly BuildStage[]): string {
  const { format, name, image } = container;
  if (at.file.language === "dockerfile") {
    const stage = stageOf(container, stages);
    if (stage?.image?.repository === "nginx" && stage.image.tag)
      return `FROM nginxinc/nginx-unprivileged:${stage.image.tag}`;
    const { create } = stage?.account ?? {};
    return `${create === undefined ? "" : `RUN ${create}\n`}USER ${unprivilegedUser(container, stages)}`;
  }
  if (format === "kubernetes")
    return kubernetesContainer(name.value, `securityContext:\n  runAsNonRoot: true\n  runAsUser: ${UNPRIVILEGED}`);
  if (givesUpRoot(container)) return composeService(name.value, "# no user: its entry point gives up root by itself");
  return composeService(
    name.value,
    image?.repository === "nginx" && image.tag
      ? `image: nginxinc/nginx-unprivileged:${image.tag}`
      : `user: "${UNPRIVILEGED}:${UNPRIVILEGED}"`,
  );
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
