import { defineRule, type Variable } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/real-value-in-example",
    title: "Example or template env file holds a value that looks real",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
Example files are committed and copied. A value that was made by a generator was taken from a live file, or it will be used in
one by everyone who copies the example; either way it is known.`,
    remedy: `
\`\`\`bash
# openssl rand -base64 48
JWT_SECRET_KEY=
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/540.html"],
    yieldsTo: ["secrets/provider-key"],
    sameInEveryStage: true,
  },

  check(model, report) {
    const live = new Map<string, Variable>();
    for (const env of model.envFiles) {
      if (!env.live) continue;
      for (const variable of env.variables) {
        if (variable.credential?.kind === "strong") live.set(secretOf(variable), variable);
      }
    }
    for (const { live: isLive, file, variables } of model.envFiles) {
      if (isLive) continue;
      for (const variable of variables) {
        const { credential, name } = variable;
        if (credential?.kind !== "strong") continue;
        const secret = secretOf(variable);
        const same = live.get(secret);
        if (!same && !isGenerated(secret)) continue;
        report({
          at: credential.span,
          subject: file.path,
          message: same
            ? `${name.value} holds the same secret as ${same.name.span.file.path}`
            : `${name.value} holds a value that looks real`,
          related: same ? [{ at: same.name, message: `${same.name.value} holds it too` }] : [],
          snippet: `${name.value}=`,
        });
      }
    }
  },
});

const secretOf = ({ credential, value }: Variable): string => {
  const { file, start, end } = credential?.span ?? value.span;
  return file.text.slice(start, end);
};

/** As a generator makes them: long, no words, digits among letters. */
function isGenerated(secret: string): boolean {
  if (/^[0-9a-f]{24,}$/i.test(secret)) return true;
  if (secret.length < 16 || /[\s<>{}]/.test(secret)) return false;
  const digits = secret.match(/\d/g)?.length ?? 0;
  const changes = secret.match(/[a-z][A-Z0-9]|[A-Z][0-9]|[0-9][A-Za-z]/g)?.length ?? 0;
  return digits >= 2 && changes >= secret.length / 6 && new Set(secret).size >= 10;
}
