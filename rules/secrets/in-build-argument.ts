import { defineRule, fromOutside } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/in-build-argument",
    title: "Secret reaches the build as an argument and stays in the image history",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/deployment-secrets"],
    why: `
\`docker history\` shows every build argument that an instruction used to everyone who can pull the image, also when the
value came from outside.`,
    remedy: `
Mount the secret for the one instruction that needs it.

\`\`\`dockerfile
RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/build/building/secrets/", "https://cwe.mitre.org/data/definitions/522.html"],
  },

  check(model, report) {
    for (const variable of model.variables) {
      const { credential, origin, name, subject } = variable;
      if (origin !== "dockerfile-arg" && origin !== "compose-build-arg") continue;
      if (!credential || !PURPOSES.test(credential.purpose) || credential.kind === "placeholder") continue;

      report({
        at: name,
        subject,
        message: `build argument ${name.value} leaves a secret in the image history`,
        snippet: fromOutside(variable),
      });
    }
  },
});

/** Names that promise a secret; a URL or DSN may be anything. */
const PURPOSES = /password|secret|token|key/;
