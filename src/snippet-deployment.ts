/** Where a source file is deployed, and how a variable would be set there. */
import type { Container, SourceFile } from "./model.ts";
import { composeService, kubernetesContainer } from "./snippet.ts";

/**
 * The container that runs `file`: of those that are built here the one whose build context lies nearest above it, else
 * the only application there is. Absent where several could be meant.
 */
export function containerOf(file: SourceFile, containers: readonly Container[]): Container | undefined {
  const applications = containers.filter(
    ({ productKind, format, role }) => productKind === "application" && format !== "dockerfile" && role === "main",
  );
  const [nearest] = applications
    .filter(({ build }) => build && isBelow(file.path, build.context))
    .sort((a, b) => b.build!.context.length - a.build!.context.length);
  if (nearest) return nearest;
  return applications.length === 1 && !applications[0]!.build ? applications[0] : undefined;
}

const isBelow = (path: string, folder: string): boolean =>
  folder === "" || folder === "." || path.startsWith(`${folder}/`);

/** `variable` set for `container`, in the language of its file; as a line of a `.env` where no container is known. */
export function setFor(container: Container | undefined, variable: string, value: string): string {
  switch (container?.format) {
    case "compose":
      return composeService(container.name.value, `environment:\n  ${variable}: "${value}"`);
    case "kubernetes":
      return kubernetesContainer(container.name.value, `env:\n  - name: ${variable}\n    value: "${value}"`);
    default:
      return `${variable}=${value}`;
  }
}
