import { containerOf, defineRule, setFor } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "cors/origins-unset",
    title: "Application falls back to the wildcard origin and nothing sets the allow list",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/cors-configuration"],
    why: `
The default of the source is what runs: no environment of this project sets the variable, so the API answers every
website. Nobody sees it in the deployment files, because the mistake is a line that is not there.`,
    remedy: `
Set the variable where the service is deployed, and let the source refuse to start without it.

\`\`\`bash
export CORS_ALLOWED_ORIGINS="https://app.yourcompany.com,https://admin.yourcompany.com"
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/1188.html"],
  },

  check(model, report) {
    for (const { subject, origins, fallback, credentials } of model.cors) {
      const wildcard = origins.find(({ value }) => value === "*");
      if (!fallback || !wildcard || fallback.providedBy.length) continue;

      const variable = fallback.variable.value;
      const deployed = containerOf(wildcard.span.file, model.containers);
      report({
        at: wildcard,
        subject,
        message: `${variable} is set nowhere, so CORS falls back to every origin`,
        severity: credentials?.value ? "critical" : undefined,
        related: [
          ...(deployed ? [{ at: deployed.name, message: `${deployed.subject} does not set ${variable}` }] : []),
          ...(credentials?.value ? [{ at: credentials, message: "and credentials are allowed" }] : []),
        ],
        snippet: setFor(deployed, variable, "https://app.example.com,https://admin.example.com"),
      });
    }
  },
});
