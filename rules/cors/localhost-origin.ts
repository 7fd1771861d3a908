import { defineRule } from "../../src/rule.ts";

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
        message: `${key} trusts ${first.value}`,
        related: local.slice(1).map((at) => ({ at, message: `and ${at.value}` })),
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=https://app.example.com` : undefined,
      });
    }
  },
});

const LOOPBACK = /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(:[\d*]+)?\/?$/i;
