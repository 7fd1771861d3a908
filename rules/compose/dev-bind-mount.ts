import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/dev-bind-mount",
    title: "Source code is bind-mounted into a service meant for production",
    severity: "low",
    presets: ["recommended"],
    guides: ["qca/development-setup"],
    why: `
What runs is whatever lies in that folder, not the image that was built, scanned and tagged; and whoever changes the
container's code changes the checkout on the host. Override and development files are not judged.`,
    remedy: `
Copy the code into the image, and keep the mount in \`compose.override.yaml\`, which only developers load.

\`\`\`dockerfile
COPY src/ /app/src/
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/compose/how-tos/production/"],
  },

  check(model, report) {
    for (const { name, subject, build, format, mounts, product, productKind } of model.containers) {
      const runsCode = build !== undefined || (product !== undefined && productKind === "application");
      if (format !== "compose" || !runsCode) continue;
      for (const { span, kind, source, target, readOnly } of mounts) {
        if (kind !== "bind" || !source || span.file.stage !== "production") continue;
        if (!holdsSource(source, target, build?.context ?? "")) continue;

        report({
          at: span,
          subject,
          message: `${name.value} runs source code from the host folder "${source}"${readOnly ? "" : ", writable"}`,
          snippet: `# Dockerfile\nCOPY ${inContext(source, build?.context)}/ ${target.replace(/\/$/, "")}/`,
        });
      }
    }
  },
});

/** The path as COPY names it: below the build context. */
function inContext(source: string, context = ""): string {
  const path = source.replace(/^\.\//, "").replace(/\/$/, "");
  const folder = `${context.split("/").at(-1)}/`;
  return (context && path.startsWith(folder) ? path.slice(folder.length) : path) || ".";
}

/** The build context itself or a folder of code below it, put where applications live. */
function holdsSource(source: string, target: string, context: string): boolean {
  if (!/^(\.|\.\.)(\/|$)/.test(source)) return false;
  if (/\.[a-z0-9]{1,5}$/i.test(source)) return /\.(py|js|ts|mjs|rb|go|php|java|rs)$/i.test(source);
  const folder = source.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const own = context.split("/").at(-1) ?? "";
  return APPLICATION.test(target) && (folder === "." || folder === ".." || folder === own || CODE.test(folder));
}

const APPLICATION = /^\/(app|code|src|srv|usr\/src|workspace|project|var\/www|opt\/[^/]+|home\/[^/]+)(\/|$)/;
const CODE = /^(src|app|api|lib|server|backend|frontend|web|client|code|services?|packages|pkg|cmd|internal|site)$/;
