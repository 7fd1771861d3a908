import { defineRule, type EnvFile, ignoreCommand, shellPath } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/env-file-committed",
    title: ".env file with values is tracked by git",
    severity: "critical",
    presets: ["recommended"],
    guides: ["qwed/secret-management"],
    why: `
Everyone who can clone the repository has what is in the file, and its history keeps it after the file was removed. QWED's
guide: never commit \`.env\` files. A tracked file without anything that looks like a secret is reported as medium.`,
    remedy: `
Take the file out of git, ignore it, and change every secret that was in it.

\`\`\`bash
git rm --cached .env
echo ".env" >> .gitignore
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/538.html", "https://12factor.net/config"],
    sameInEveryStage: true,
  },

  check(model, report) {
    for (const { file, live, variables } of model.envFiles) {
      if (!live || file.git !== "tracked" || file.stage === "test") continue;
      const secrets = secretsOf(variables);
      const [first] = variables;
      if (!first || (!secrets.length && file.stage === "development")) continue;

      const late = file.alsoIgnored ? ", although .gitignore names it" : "";
      report({
        at: secrets[0]?.name ?? first.name,
        subject: file.path,
        message: secrets.length
          ? `${file.path} is tracked by git with ${secrets.length === 1 ? "a secret" : `${secrets.length} secrets`} in it${late}`
          : `${file.path} is tracked by git${late}`,
        severity: secrets.length ? undefined : "medium",
        related: secrets.slice(1).map(({ name }) => ({ at: name, message: `${name.value} is in it too` })),
        snippet: `git rm --cached ${shellPath(file.path)}${late ? "" : `\n${ignoreCommand(file.path)}`}`,
      });
    }
  },
});

const secretsOf = (variables: EnvFile["variables"]) =>
  variables.filter(
    ({ credential }) => credential !== undefined && ["strong", "provider", "weak"].includes(credential.kind),
  );
