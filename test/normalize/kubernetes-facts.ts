import type { Deployment, Located, SourceFile, Span } from "../../src/model.ts";
import type { Facts } from "../../src/normalize/facts.ts";
import { kubernetes } from "../../src/normalize/kubernetes/index.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";

type Lists = Pick<
  Deployment,
  | "containers"
  | "images"
  | "ports"
  | "mounts"
  | "secrets"
  | "objects"
  | "variables"
  | "edges"
  | "cors"
  | "rateLimits"
  | "roles"
>;

/** What the manifests say, by path; one text is `manifest.yaml`. */
export function facts(input: string | Readonly<Record<string, string>>): Lists & Pick<Facts, "settings"> {
  const texts = typeof input === "string" ? { "manifest.yaml": input } : input;
  const files: SourceFile[] = Object.entries(texts).map(([path, text]) => sourceFile(path, text));
  const yaml = files.filter(({ language }) => language === "yaml").map((file) => ({ file, tree: parseYaml(file) }));
  const empty: Lists = {
    containers: [],
    images: [],
    ports: [],
    mounts: [],
    secrets: [],
    objects: [],
    variables: [],
    edges: [],
    cors: [],
    rateLimits: [],
    roles: [],
  };
  return { ...empty, ...kubernetes({ yaml, files }) };
}

/** The text a place covers, with its file if that is not the only one. */
export const textAt = (place: Span | Located<unknown>): string => {
  const { file, start, end } = "file" in place ? place : place.span;
  return file.text.slice(start, end);
};

export { filled } from "../filled.ts";

/** A Deployment `web` with the given lines of its pod spec, indented by six. */
export const deployment = (spec: string): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels:
        app: web
    spec:
${spec.replace(/^\n|\n *$/g, "")}
`;
