/** The page of a rule: its meta, the first bad case with what the user sees, the first good case. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Control, Rule } from "../src/rule.ts";

const FENCES: readonly (readonly [RegExp, string])[] = [
  [/\.ya?ml$/, "yaml"],
  [/\.json$/, "json"],
  [/(^|\/)(Dockerfile|Containerfile)|\.Dockerfile$/, "dockerfile"],
  [/\.py$/, "python"],
  [/\.[cm]?js$/, "javascript"],
  [/\.tsx?$/, "typescript"],
  [/\.conf$/, "nginx"],
  [/\.toml$/, "toml"],
  [/\.env|(^|\/)env/, "sh"],
];
const FIX = { safe: "`--fix`", unsafe: "`--fix=unsafe`, to be reviewed", none: "by hand" } as const;

export function rulePage({ meta }: Rule, root: string, controls: ReadonlyMap<string, Control>, header: string): string {
  const folder = join("fixtures", meta.id);
  const bad = example(root, folder, "bad-");
  const good = example(root, folder, "good-");
  const section = (title: string, body: string | undefined) => (body?.trim() ? [`## ${title}`, body.trim()] : []);
  return `${[
    `<!-- ${header} -->`,
    `# ${meta.id}`,
    `${meta.title}.`,
    `| Severity | Presets | Fix |\n|---|---|---|\n| ${meta.severity} | ${meta.presets.join(", ")} | ${FIX[meta.fix]} |`,
    ...section("Why", meta.why),
    ...section("What to do", meta.remedy),
    ...section("What is reported", bad && [files(root, bad), output(root, bad)].join("\n\n")),
    ...section("What is not", good && files(root, good)),
    ...section("Asked for by", list(meta.guides.map((id) => `\`${id}\`: ${controls.get(id)?.text ?? ""}`))),
    ...section(
      "Known elsewhere as",
      list(Object.entries(meta.sameAs).map(([tool, ids]) => `${tool}: ${ids.map((id) => `\`${id}\``).join(", ")}`)),
    ),
    ...section("References", list(meta.references.map((reference) => `<${reference}>`))),
  ].join("\n\n")}\n`;
}

const list = (entries: readonly string[]): string => entries.map((entry) => `- ${entry}`).join("\n");

function example(root: string, folder: string, prefix: string): string | undefined {
  if (!existsSync(join(root, folder))) return undefined;
  const first = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
    .map(({ name }) => name)
    .sort()[0];
  return first && join(folder, first);
}

/** Every file of a fixture, longer fences around text that has fences itself. */
function files(root: string, folder: string): string {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(join(root, folder).length + 1)
        .replaceAll("\\", "/"),
    )
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, folder, path), "utf8").trimEnd();
      return path === "_git"
        ? `In git:\n\n${fenced(text, "text")}`
        : `\`${path}\`\n\n${fenced(text, FENCES.find(([pattern]) => pattern.test(path))?.[1] ?? "")}`;
    })
    .join("\n\n");
}

const output = (root: string, folder: string): string =>
  existsSync(join(root, `${folder}.out`))
    ? `What you see:\n\n${fenced(readFileSync(join(root, `${folder}.out`), "utf8").trimEnd(), "text")}`
    : "";

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
