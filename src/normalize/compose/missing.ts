/** Files and folders that a service names and that are not there (Compose Specification, `env_file`, build: `context`). */
import type { Container, Located, MissingPath } from "../../model.ts";
import { folderOf, nameOf, within } from "../paths.ts";
import type { Sight } from "./load.ts";
import { at, entry, flag, get, list, type Mapping, type Node, text } from "./node.ts";

/** Only what certainly is not there: nothing for paths out of sight, ignored by git, or made from an example. */
export function missingPaths(service: Mapping, build: Container["build"], sight: Sight): readonly MissingPath[] {
  return [...missingEnvFiles(service, sight), ...missingBuild(service, build, sight)];
}

function missingEnvFiles(service: Mapping, sight: Sight): readonly MissingPath[] {
  return list(get(service, "env_file")).flatMap((item): MissingPath[] => {
    const node = item.kind === "scalar" ? item : get(item, "path");
    const written = text(node);
    const path = written === undefined ? undefined : within(item.source.folder, written);
    const optional = item.kind === "mapping" && get(item, "required") && flag(get(item, "required")) !== true;
    if (!node || path === undefined || optional || sight.envFiles(path) || hasExample(path, sight)) return [];
    return sight.presence(path) === "missing" ? [{ kind: "env-file", path: at(node, path) }] : [];
  });
}

const EXAMPLE = ["example", "sample", "template", "dist", "tmpl"];

/** Somebody copies it: `.env.example`, `example.env`, `.env.prod.sample`. */
function hasExample(path: string, sight: Sight): boolean {
  const folder = folderOf(path) ? `${folderOf(path)}/` : "";
  const name = nameOf(path);
  const generic = EXAMPLE.map((word) => `.env.${word}`);
  return [...EXAMPLE.flatMap((word) => [`${name}.${word}`, `${word}.${name}`, `${word}${name}`]), ...generic].some(
    (other) => sight.envFiles(folder + other) !== undefined || sight.presence(folder + other) === "file",
  );
}

function missingBuild(service: Mapping, build: Container["build"], sight: Sight): readonly MissingPath[] {
  const key = entry(service, "build")?.key;
  const node = get(service, "build");
  if (!build || !key || !node) return [];
  const context = node.kind === "scalar" ? node : get(node, "context");
  const folder = sight.presence(build.context);
  if (folder === "missing" || folder === "file") {
    return [{ kind: "build-context", path: located(context, key, build.context) }];
  }
  if (folder !== "folder" || sight.presence(build.dockerfile) !== "missing") return [];
  return [{ kind: "dockerfile", path: located(get(node, "dockerfile") ?? context, key, build.dockerfile) }];
}

const located = (node: Node | undefined, key: Located<string>, path: string): Located<string> =>
  node ? at(node, path) : { value: path, span: key.span, implied: true };
