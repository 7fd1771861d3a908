import { defineRule, type SourceFile, type Variable } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "secrets/reused-value",
    title: "One secret value serves two purposes or two environments",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/critical-secrets"],
    why: `
Whoever gets one of them has both: the signing secret that is also the database password, the staging key that also opens
production. Rotating one breaks the other.`,
    remedy: `
\`\`\`bash
openssl rand -base64 48   # one for each
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/1394.html"],
  },

  check(model, report) {
    const byValue = new Map<string, Variable[]>();
    for (const variable of model.variables) {
      const { credential, value } = variable;
      if (credential?.kind !== "strong" || value.value.from !== "literal" || value.value.text.length < 8) continue;
      const { file, start, end } = credential.span;
      const whole = start === value.span.start && end === value.span.end;
      const secret = whole ? value.value.text : file.text.slice(start, end);
      byValue.set(secret, [...(byValue.get(secret) ?? []), variable]);
    }
    for (const [first, ...others] of byValue.values()) {
      const other = first && others.find((candidate) => differs(first, candidate));
      if (!first || !other) continue;

      report({
        at: other.credential!.span,
        subject: other.subject,
        message: `${other.name.value} has the same value as ${first.name.value}${other.name.value === first.name.value ? ` in ${first.value.span.file.path}` : ""}`,
        related: [{ at: first.credential!.span, message: "first used here" }],
      });
    }
  },
});

/** Another purpose, or the same name in the file of another environment. The two ends of one connection share a password. */
function differs(a: Variable, b: Variable): boolean {
  if (a.name.value !== b.name.value) return !sameThing(a, b);
  const [one, other] = [environmentOf(a.value.span.file), environmentOf(b.value.span.file)];
  return one !== undefined && other !== undefined && one !== other;
}

const ENVIRONMENTS: readonly (readonly [name: string, word: RegExp])[] = [
  ["production", /(^|[^a-z])prod(uction)?(?![a-z])/],
  ["staging", /(^|[^a-z])(stag(e|ing)|preprod|uat)(?![a-z])/],
  ["quality", /(^|[^a-z])qa(?![a-z])/],
  ["development", /(^|[^a-z])dev(elopment)?(?![a-z])/],
  ["test", /(^|[^a-z])tests?(?![a-z])/],
  ["preview", /(^|[^a-z])preview(?![a-z])/],
];

/** The environment that the path of a file names: `.env.staging`, `overlays/production/secret.yaml`. */
const environmentOf = ({ path }: SourceFile): string | undefined =>
  ENVIRONMENTS.find(([, word]) => word.test(path.toLowerCase()))?.[0];

const STORE = /POSTGRES|PG|MYSQL|MARIADB|MONGO|REDIS|RABBIT|DB|DATABASE|SQL/i;

const sameThing = (a: Variable, b: Variable): boolean =>
  a.credential?.purpose === "url" ||
  b.credential?.purpose === "url" ||
  (STORE.test(a.name.value) && STORE.test(b.name.value)) ||
  stem(a) === stem(b);

const stem = ({ name }: Variable): string =>
  name.value.toUpperCase().replace(/^(VITE|NEXT_PUBLIC|REACT_APP|QWED|QCA|APP)_/, "");
