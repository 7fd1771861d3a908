import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/env-file-in-image",
    title: "Build copies a .env file into the image",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/secret-management"],
    why: `
Everyone who can pull the image reads the file, and deleting it in a later layer does not help. \`COPY . .\` takes it along
unless \`.dockerignore\` keeps it out of the build context.`,
    remedy: `
\`\`\`
# .dockerignore: patterns without **/ match at the root of the build context alone
**/.env*
!**/.env.example
\`\`\``,
    fix: "safe",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/538.html",
      "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    ],
  },

  check(model, report) {
    for (const stage of model.stages) {
      if (!stage.shipped) continue;
      for (const { at, path, file, ignoreFile } of stage.copiedEnvFiles) {
        if (file?.stage === "example") continue;
        const patterns = /(^|\/)\.env[^/]*$/.test(path) ? "**/.env*\n!**/.env.example" : "**/*.env";
        const named = at.file.text.slice(at.start, at.end).includes("env");

        report({
          at,
          subject: stage.subject,
          message: file
            ? `${path} is copied into the image: no .dockerignore rule keeps it out`
            : `a ${path} would be copied into the image: no .dockerignore rule keeps it out`,
          severity: file ? undefined : "medium",
          related: file ? [{ at: { file, start: 0, end: 0 }, message: "copied from here" }] : [],
          snippet: `# .dockerignore\n${patterns}`,
          // A COPY that names the file fails once it is kept out.
          fix: named
            ? undefined
            : {
                title: `keep ${path} out of the build context`,
                safety: "safe",
                edits: [],
                additions: [
                  {
                    path: ignoreFile,
                    file: model.files.find((file) => file.path === ignoreFile),
                    key: patterns,
                    text: patterns,
                  },
                ],
              },
        });
      }
    }
  },
});
