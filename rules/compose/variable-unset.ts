import { defineRule, rewritten } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "compose/variable-unset",
    title: "Interpolated variable has no value, no default and no error guard",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
Compose puts an empty text in its place and goes on with a warning: an empty password, a tag that becomes \`latest\`, a
port on every interface. In a command, \`$NAME\` is replaced before any shell sees it. An entry of \`environment\` that is
nothing but the reference counts as low: it hands on what whoever starts the project has set. Names that an example of
the \`.env\` file lists, that another environment file of the folder or a pipeline sets, and names that every shell sets
are not reported.`,
    remedy: `
Set it in \`.env\`, give it a default, or refuse to start without it. A dollar sign for the shell of the container is
written \`$$\`.

\`\`\`yaml
services:
  api:
    image: "qwedai/qwed-verification:\${TAG:-1.4.2}"
    environment:
      API_KEY: \${API_KEY:?set API_KEY in .env}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://docs.docker.com/reference/compose-file/interpolation/"],
    yieldsTo: ["secrets/missing-dollar-escape"],
  },

  check(model, report) {
    for (const { name, subject, others, handedOn, example } of model.unsetVariables) {
      const times = others.length ? `, ${others.length + 1} times` : "";
      const guarded = { span: name.span, text: `\${${name.value}:?set ${name.value} in .env}` };
      const snippet = rewritten([guarded], model.sensitive);
      report({
        at: name,
        subject: subject || name.span.file.path,
        severity: handedOn ? "low" : undefined,
        message: `${name.value} is used without a default${times}, and nothing sets it`,
        related: [
          ...others.slice(0, RELATED).map((at) => ({ at, message: "used here too" })),
          ...(example ? [{ at: example, message: "the example names it" }] : []),
        ],
        ...(snippet !== undefined && { snippet }),
      });
    }
  },
});

/** More places than this say nothing more. */
const RELATED = 5;
