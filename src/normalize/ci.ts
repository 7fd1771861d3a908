/** Continuous integration → what pipelines do, and the variables they set (GitHub workflow syntax, GitLab CI/CD YAML syntax). */
import type { Pipeline, SourceFile, Variable } from "../model.ts";
import type { Parsed } from "../parse/index.ts";
import { at, boolean, entries, items, located, text, type YamlNode, type YamlTree } from "../parse/yaml.ts";
import { commands, type Found, match, scalars } from "./ci-steps.ts";
import { ACTIONS, BOTS, type Does, HOOKS, IMAGES, TEMPLATES } from "./ci-tools.ts";
import { ciVariables } from "./ci-variables.ts";
import type { Facts } from "./facts.ts";

/** Facts of workflows, GitLab pipelines, dependency bots and pre-commit hooks, known by their paths. Pure and linear. */
export function pipelines(input: {
  readonly yaml: readonly Parsed<YamlTree>[];
  readonly files: readonly SourceFile[];
}): Facts {
  const byPath = new Map(input.yaml.map((parsed) => [parsed.file.path, parsed]));
  const all: Pipeline[] = [];
  const bots: Pipeline[] = [];
  const roles: { file: SourceFile; role: string }[] = [];
  const variables: Variable[] = [];
  const gitlab = gitlabFiles(input.yaml, byPath);

  for (const parsed of input.yaml) {
    const { file } = parsed;
    const roots = parsed.tree.documents.map(({ root }) => root);
    const kind = gitlab.has(file) ? "gitlab" : KINDS.find(([, path]) => path.test(file.path))?.[0];
    if (!kind || !roots.length) continue;
    const found: Found = { does: [], calls: [] };
    for (const root of roots) READ[kind].read(file, root, found, byPath);
    const { provider, role } = READ[kind];
    const pipeline = {
      file,
      provider,
      at: start(file, roots),
      ...distinct(found),
      ...(kind === "hooks" && { watches: true as const }),
    };
    if (kind === "hooks") bots.push(pipeline);
    else all.push(pipeline);
    roles.push({ file, role });
    if (kind === "github" || kind === "gitlab") {
      for (const root of roots) for (const each of ciVariables(file, root, kind)) variables.push(each);
    }
  }

  for (const file of input.files) {
    const bot = BOTS.find(({ path }) => path.test(file.path));
    if (!bot) continue;
    const roots = byPath.get(file.path)?.tree.documents.map(({ root }) => root) ?? [];
    const place = start(file, roots);
    const off = roots.some((root) => boolean(at(root, "enabled")) === false);
    const does: Pipeline["does"] = off ? [] : [{ value: bot.does, span: place }];
    bots.push({ file, provider: "other", at: place, does, calls: [], watches: true });
    roles.push({ file, role: bot.role });
  }
  return { pipelines: [...all, ...bots], variables, roles };
}

type Kind = "github" | "gitlab" | "hooks" | "other";

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ["github", /(^|\/)\.(github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/],
  ["hooks", /(^|\/)\.pre-commit-config\.ya?ml$/],
  [
    "other",
    /(^|\/)(azure-pipelines[^/]*|\.circleci\/config|bitbucket-pipelines|\.travis|\.drone|\.woodpecker(\/[^/]+)?|cloudbuild[^/]*|buildspec[^/]*|\.buildkite\/[^/]+|appveyor|\.appveyor)\.ya?ml$/,
  ],
];

type Files = ReadonlyMap<string, Parsed<YamlTree>>;
type Read = (file: SourceFile, root: YamlNode, found: Found, files: Files) => void;

const READ: Readonly<Record<Kind, { provider: Pipeline["provider"]; role: string; read: Read }>> = {
  github: { provider: "github", role: "GitHub Actions", read: readGithub },
  gitlab: { provider: "gitlab", role: "GitLab CI", read: readGitlab },
  hooks: { provider: "other", role: "pre-commit", read: readHooks },
  other: {
    provider: "other",
    role: "CI",
    read: (file, root, found) => scalars(root, (node) => commands(file, node, found)),
  },
};

/** The pipeline's name, else its first key, else the start of the file. */
function start(file: SourceFile, roots: readonly YamlNode[]) {
  const [root] = roots;
  const node = at(root, "name") ?? entries(root).find(({ key }) => key.text === "jobs")?.key ?? entries(root)[0]?.key;
  return node ? located(file, node, null).span : { file, start: 0, end: 0 };
}

/** The first step that does a thing speaks for it. */
function distinct({ does, calls }: Found): Found {
  const seen = new Set<string>();
  return { does: does.filter(({ value }) => !seen.has(value) && seen.add(value)), calls };
}

// ── GitHub ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const isOff = (node: YamlNode): boolean => /^(\$\{\{\s*)?false(\s*\}\})?$/.test(text(at(node, "if")) ?? "");

function readGithub(file: SourceFile, root: YamlNode, found: Found, files: Files): void {
  for (const { value: job } of entries(at(root, "jobs"))) {
    if (isOff(job)) continue;
    const called = at(job, "uses");
    const name = text(called);
    if (called && name !== undefined && !match(ACTIONS, file, called, found)) {
      const local = /^\.\/(.+)$/.exec(name)?.[1];
      if (!local || !files.has(local)) found.calls.push(located(file, called, name));
    }
    match(IMAGES, file, at(job, "container", "image") ?? at(job, "container"), found);
    steps(file, at(job, "steps"), found, files, 0);
  }
}

const MAX_ACTIONS = 4;

function steps(file: SourceFile, list: YamlNode | undefined, found: Found, files: Files, depth: number): void {
  for (const step of items(list)) {
    if (isOff(step)) continue;
    commands(file, at(step, "run"), found);
    const uses = at(step, "uses");
    const name = text(uses);
    if (!uses || name === undefined) continue;
    if (name.startsWith("./")) {
      const folder = name.slice(2).replace(/\/$/, "");
      const action = [".yml", ".yaml"].map((end) => files.get(`${folder}/action${end}`)).find(Boolean);
      if (!action || depth >= MAX_ACTIONS) found.calls.push(located(file, uses, name));
      for (const { root } of (depth < MAX_ACTIONS && action?.tree.documents) || []) {
        steps(action!.file, at(root, "runs", "steps"), found, files, depth + 1);
      }
    } else if (!scanner(file, uses, name, at(step, "with"), found)) {
      match(ACTIONS, file, uses, found);
      if (name.startsWith("docker://")) match(IMAGES, file, uses, found);
    }
  }
}

/** Trivy and Grype scan what their inputs say: an image unless told otherwise, a folder, a configuration. */
function scanner(file: SourceFile, uses: YamlNode, name: string, inputs: YamlNode | undefined, found: Found): boolean {
  const put = (...does: readonly Does[]) => {
    for (const value of does) found.does.push({ value, span: located(file, uses, null).span });
    return true;
  };
  if (/^aquasecurity\/trivy-action\b|^docker:\/\/[^\s]*\btrivy\b/i.test(name)) {
    const type =
      text(at(inputs, "scan-type")) ?? /\b(fs|repo|config|image)\b/.exec(text(at(inputs, "args")) ?? "")?.[1];
    if (type === "config") return put("static-analysis");
    if (type && type !== "image") return put("dependency-scan");
    return put("image-scan", "dependency-scan");
  }
  if (/^anchore\/scan-action\b/i.test(name)) {
    return at(inputs, "image") ? put("image-scan", "dependency-scan") : put("dependency-scan");
  }
  return false;
}

// ── GitLab ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Pipeline files by name, and the local files they include. */
function gitlabFiles(yaml: readonly Parsed<YamlTree>[], files: Files): ReadonlySet<SourceFile> {
  const queue = yaml.filter(({ file }) =>
    /(^|\/)(\.gitlab-ci\.ya?ml|[^/]+\.gitlab-ci\.ya?ml|\.gitlab\/ci\/[^/]+\.ya?ml)$/.test(file.path),
  );
  const found = new Set(queue.map(({ file }) => file));
  for (const { tree } of queue) {
    for (const { local } of tree.documents.flatMap(({ root }) => includes(root))) {
      const target = local && files.get((text(local) ?? "").replace(/^\/+/, ""));
      if (!target || found.has(target.file)) continue;
      found.add(target.file);
      queue.push(target);
    }
  }
  return found;
}

interface Include {
  readonly local?: YamlNode;
  /** A template or component, or anything else that is not in the project. */
  readonly remote?: YamlNode;
}

/** `include:` as a string, a mapping, or a list of both. */
function includes(root: YamlNode): Include[] {
  const include = at(root, "include");
  const all = include?.kind === "sequence" ? items(include) : include ? [include] : [];
  return all.flatMap((each): Include[] => {
    if (each.kind === "scalar") return [/^https?:/.test(each.text) ? { remote: each } : { local: each }];
    const local = at(each, "local");
    if (local) return [{ local }];
    const remote = at(each, "template") ?? at(each, "component") ?? at(each, "remote") ?? at(each, "project");
    return remote ? [{ remote }] : [];
  });
}

/** Keys of the top level that are not jobs. */
const GLOBAL = new Set(["include", "variables", "stages", "workflow", "spec", "pages"]);
const SCRIPTS = ["before_script", "script", "after_script"];

function readGitlab(file: SourceFile, root: YamlNode, found: Found, files: Files): void {
  for (const { local, remote } of includes(root)) {
    const path = (text(local) ?? "").replace(/^\/+/, "");
    if (local && !files.has(path)) found.calls.push(located(file, local, path));
    if (remote && !match(TEMPLATES, file, remote, found)) found.calls.push(located(file, remote, text(remote) ?? ""));
  }
  for (const { key, value: job } of entries(root)) {
    if (GLOBAL.has(key.text) && key.text !== "pages") continue;
    if (SCRIPTS.includes(key.text)) scalars(job, (node) => commands(file, node, found));
    if (
      job.kind !== "mapping" ||
      items(at(job, "rules")).some((rule) => text(at(rule, "when")) === "never" && !at(rule, "if"))
    )
      continue;
    for (const script of SCRIPTS) scalars(at(job, script), (node) => commands(file, node, found));
    match(IMAGES, file, at(job, "image", "name") ?? at(job, "image"), found);
    const trigger = at(job, "trigger", "include") ?? at(job, "trigger", "project");
    if (trigger) found.calls.push(located(file, trigger, key.text));
  }
}

// ── Hooks ──────────────────────────────────────────────────────────────────────────────────────────────────

function readHooks(file: SourceFile, root: YamlNode, found: Found): void {
  for (const repository of items(at(root, "repos"))) {
    match(HOOKS, file, at(repository, "repo"), found);
    for (const hook of items(at(repository, "hooks"))) match(HOOKS, file, at(hook, "id"), found);
  }
}
