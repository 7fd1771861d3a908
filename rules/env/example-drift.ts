import { defineRule, type EnvFile, type EnvRead, folderOf, type Located, nearestAbove } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/example-drift",
    title: "Example file lacks a variable that the live file or the source uses",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `
Whoever sets the project up copies the example, and what it lacks fails in production or runs on a default that nobody chose. A
name in a comment (\`# NAME=\`) counts as shown.`,
    remedy: `
\`\`\`bash
# .env.example
JWT_SECRET_KEY=
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: ["https://12factor.net/config"],
  },

  check(model, report) {
    const examples = exampleByFolder(model.envFiles);
    for (const example of model.envFiles) {
      const last = example.lines.at(-1);
      if (example.live || !last) continue;
      const shown = new Set(
        [...example.lines.map(({ name }) => name), ...example.documented].map(({ value }) => value),
      );
      const lacking = new Map<string, { readonly name: Located<string>; readonly by: string }>();
      const add = (name: Located<string>, by: string) => {
        if (!shown.has(name.value) && !lacking.has(name.value)) lacking.set(name.value, { name, by });
      };
      for (const { live, file, lines } of model.envFiles) {
        if (!live || !isLiveOf(file.path, example.file.path)) continue;
        for (const { name, separator } of lines) {
          if (separator && /^[A-Za-z_]\w*$/.test(name.value)) add(name, `${file.path} sets it`);
        }
      }
      for (const read of model.reads) {
        if (isNeeded(read) && nearestAbove(examples, read.name.span.file.path) === example)
          add(read.name, "it is read here");
      }
      const [first, ...rest] = lacking.values();
      if (!first) continue;

      const more =
        rest.length === 0 ? "" : rest.length === 1 ? " and one more variable" : ` and ${rest.length} more variables`;
      const { file } = example;
      report({
        at: last.name,
        subject: file.path,
        message: `${file.path} does not show ${first.name.value}${more}`,
        related: [first, ...rest].map(({ name, by }) => ({ at: name, message: `${name.value}: ${by}` })),
        snippet: [...lacking.keys()].map((name) => `${name}=`).join("\n"),
        fix: {
          title: "show them without values",
          safety: "safe",
          edits: [
            {
              span: { file, start: file.text.length, end: file.text.length },
              text: appended(
                file.text,
                [...lacking.keys()].map((name) => `${name}=`),
              ),
            },
          ],
        },
      });
    }
  },
});

/** Lines behind the last one, which has a line end or has none as before. */
const appended = (text: string, lines: readonly string[]): string =>
  text.endsWith("\n") ? `${lines.join("\n")}\n` : `\n${lines.join("\n")}`;

/** `.env` for `.env.example`, `.env.production` for `.env.production.example`, `api.env` for `api.env.sample`. */
const isLiveOf = (live: string, example: string): boolean =>
  example.startsWith(`${live}.`) ||
  (folderOf(live) === folderOf(example) && /(?:^|\/)\.env$/.test(live) && /(?:^|\/)\.?env[.-]?[a-z]*$/.test(example));

/** A secret or an address must be set; what has a default may be left out. */
const isNeeded = ({ name, fallback, required, foreign }: EnvRead): boolean =>
  !foreign && required && !fallback && name.span.file.stage === "production" && /^[A-Z]/.test(name.value);

/** The first example of each folder. */
function exampleByFolder(envs: readonly EnvFile[]): ReadonlyMap<string, EnvFile> {
  const examples = envs.filter(({ live }) => !live);
  return new Map(examples.toReversed().map((env) => [folderOf(env.file.path), env]));
}
