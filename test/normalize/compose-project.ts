import type { Container, Deployment, EnvFile, Span, Variable } from "../../src/model.ts";
import { compose } from "../../src/normalize/compose/index.ts";
import { interpolate } from "../../src/normalize/interpolation.ts";
import { variable } from "../../src/normalize/variable.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";

type Lists = Pick<
  Deployment,
  "containers" | "ports" | "mounts" | "networks" | "secrets" | "images" | "variables" | "problems" | "roles"
>;

/** What Compose files say, by path; one text is `compose.yaml`. Files without a YAML ending are `.env` files. */
export function project(input: string | Readonly<Record<string, string>>) {
  const texts = typeof input === "string" ? { "compose.yaml": input } : input;
  const files = Object.entries(texts).map(([path, text]) => sourceFile(path, text));
  const yaml = files.filter(({ language }) => language === "yaml").map((file) => ({ file, tree: parseYaml(file) }));
  const envFiles = files.filter(({ language }) => language === "dotenv").map(envFile);
  const empty: Lists = {
    containers: [],
    ports: [],
    mounts: [],
    networks: [],
    secrets: [],
    images: [],
    variables: [],
    problems: [],
    roles: [],
  };
  const facts = { ...empty, ...compose({ yaml, envFiles, files }) };
  const service = (name: string): Container => {
    const found = facts.containers.filter((container) => container.name.value === name);
    if (found.length !== 1) throw new Error(`${found.length} services ${name}`);
    return found[0]!;
  };
  return { ...facts, envFiles, service };
}

/** One service, its attributes indented by four. */
export const service = (attributes: string, env = ""): Container =>
  project({ "compose.yaml": `services:\n  web:\n    image: app:1\n${attributes}`, ".env": env }).service("web");

/** `NAME=value` a line, as `normalize/env-files.ts` would read plain lines. */
function envFile(file: ReturnType<typeof sourceFile>): EnvFile {
  const variables: Variable[] = [];
  for (const { index, 1: name, 2: value } of file.text.matchAll(/^([A-Z_]+)=(.*)$/gm)) {
    const start = index + name!.length + 1;
    const place = (from: number, to: number) => ({ file, start: start + from, end: start + to });
    variables.push(
      variable({
        name: { value: name!, span: { file, start: index, end: index + name!.length } },
        value: { value: interpolate(value!, place, () => undefined), span: place(0, value!.length) },
        origin: "env-file",
        phase: "run",
        subject: file.path,
      }),
    );
  }
  return { file, live: true, variables, usedBy: [], readBy: [], lines: [], documented: [] };
}

export const shown = (at: Span | { readonly span: Span }): string => {
  const { file, start, end } = "span" in at ? at.span : at;
  return file.text.slice(start, end);
};

/** `NAME=value` of each variable, `NAME` alone where the host decides, `NAME=?` where nobody knows. */
export const environment = (variables: readonly Variable[]): readonly string[] =>
  variables.map(({ name, value: { value } }) => {
    if (value.from === "host") return name.value;
    const text = value.from === "literal" ? value.text : value.from === "variable" ? value.resolved : undefined;
    return `${name.value}=${text ?? "?"}`;
  });

export { filled } from "../filled.ts";
