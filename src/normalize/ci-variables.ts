/** Variables that pipelines set: `env:` of GitHub workflows, `variables:` of GitLab pipelines. */
import type { EnvValue, Reference, SourceFile, Variable } from "../model.ts";
import { at, entries, items, located, slice, text, type YamlNode, type YamlScalar } from "../parse/yaml.ts";
import { variable } from "./variable.ts";

/** Variables of a document, at every level where the provider allows them. */
export function ciVariables(file: SourceFile, root: YamlNode, provider: "github" | "gitlab"): Variable[] {
  const read = provider === "github" ? githubValue : gitlabValue;
  const found: Variable[] = [];
  const add = (block: YamlNode | undefined, subject: string) => {
    for (const { key, value } of entries(block)) {
      const node = value.kind === "mapping" ? at(value, "value") : value;
      if (node?.kind !== "scalar") continue;
      found.push(
        variable({
          name: located(file, key, key.text),
          value: located(file, node, read(file, node)),
          origin: "ci",
          phase: "run",
          subject,
        }),
      );
    }
  };
  add(at(root, provider === "github" ? "env" : "variables"), file.path);
  for (const { key, value: job } of entries(provider === "github" ? at(root, "jobs") : root)) {
    const subject = `${file.path} job ${key.text}`;
    if (provider === "gitlab") {
      if (key.text !== "variables" && key.text !== "workflow") add(at(job, "variables"), subject);
      continue;
    }
    add(at(job, "env"), subject);
    items(at(job, "steps")).forEach((step, i) => {
      add(at(step, "env"), `${subject} / step ${text(at(step, "name")) ?? text(at(step, "id")) ?? i + 1}`);
    });
  }
  return found;
}

const EXPRESSION = /\$\{\{([^}]{0,500})\}\}/g;

/** `${{ secrets.X }}` alone is a secret, any other expression a reference; the runner expands nothing else. */
function githubValue(file: SourceFile, node: YamlScalar): EnvValue {
  const whole = /^\s*\$\{\{\s*secrets\.(\w+)\s*\}\}\s*$/.exec(node.text);
  if (whole) return { from: "secret", secret: { store: "ci", name: whole[1]! } };
  return withReferences(file, node, EXPRESSION, (match) => match[1]!.trim());
}

/** `$NAME`, `${NAME}`; `$$` is a dollar sign. GitLab has no fallbacks. */
function gitlabValue(file: SourceFile, node: YamlScalar): EnvValue {
  return withReferences(
    file,
    node,
    /\$\$|\$\{(\w{1,200})\}|\$([A-Za-z_]\w{0,200})|\$\[\[([^\]]{0,200})\]\]/g,
    (match) => {
      return match[1] ?? match[2] ?? match[3]?.trim();
    },
  );
}

function withReferences(
  file: SourceFile,
  node: YamlScalar,
  pattern: RegExp,
  nameOf: (match: RegExpMatchArray) => string | undefined,
): EnvValue {
  const references: Reference[] = [];
  for (const match of node.text.matchAll(pattern)) {
    const name = nameOf(match);
    if (name === undefined) continue;
    const start = match.index;
    references.push({ name, span: slice(file, node, start, start + match[0].length) });
  }
  const { text } = node;
  return references.length ? { from: "variable", text, references } : { from: "literal", text };
}
