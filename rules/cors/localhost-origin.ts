import { corsKey, defineRule, type Edit, type Located, replace, rewritten } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/localhost-origin",
    title: "CORS trusts localhost in a deployment that is not for development",
    severity: "low",
    presets: ["recommended"],
    guides: ["qwed/cors-configuration"],
    why: `
Any program on a visitor's machine can serve a page on localhost, and that page then reads the API's answers. It is also
the sign of a list that was never adapted. Development, test and example files are not judged, nor are defaults in source
that the deployment overrides.`,
    remedy: `
\`\`\`bash
export CORS_ALLOWED_ORIGINS="https://app.yourcompany.com,https://admin.yourcompany.com"
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/942.html"],
  },

  check(model, report) {
    for (const { subject, key, origins, fallback } of model.cors) {
      if (fallback?.providedBy.length) continue;
      const local = origins.filter(({ value, span }) => LOOPBACK.test(value) && span.file.stage === "production");
      const [first] = local;
      if (!first) continue;

      report({
        at: first,
        subject,
        message: `${corsKey(key)} trusts ${first.value}`,
        related: local.slice(1).map((at) => ({ at, message: `and ${at.value}` })),
        snippet: rewritten(without(local, origins), model.sensitive),
      });
    }
  },
});

const LOOPBACK = /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(:[\d*]+)?\/?$/i;

/**
 * Takes origins out of a list together with what separates them from the next one that stays, or from the one before
 * if none follows. Where none stays, an example takes their place.
 */
function without(taken: readonly Located<string>[], all: readonly Located<string>[]): readonly Edit[] {
  const { file, start } = taken[0]!.span;
  const { end } = taken.at(-1)!.span;
  const kept = all.filter((origin) => !taken.includes(origin)).map(({ span }) => span);
  const lastKept = kept.at(-1);
  if (!lastKept) return [replace({ file, start, end }, "https://app.example.com")];
  const leading = taken.flatMap(({ span }): Edit[] => {
    const next = kept.find((other) => other.start > span.start);
    return next ? [replace({ file, start: span.start, end: next.start }, "")] : [];
  });
  const before = leading.filter(({ span }, index) => span.end !== leading[index - 1]?.span.end);
  return lastKept.start > end ? before : [...before, replace({ file, start: lastKept.end, end }, "")];
}
