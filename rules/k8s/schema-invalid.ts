import { defineRule, type FieldFault } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "k8s/schema-invalid",
    title: "Object does not match the schema of its kind",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
The API server refuses the object, or, where validation is off, drops the field without a word: a \`securityContext\` that
is misspelt or stands one level too high protects nothing. Numbers and booleans where a text belongs (\`value: 8080\`)
stop a rollout halfway. Custom resources and kinds that Kubernetes does not bring itself are not judged.`,
    remedy: `
Correct the name, or move the field to where the API reference has it. Put numbers and booleans that are texts in quotes.

\`\`\`yaml
env:
  - name: PORT
    value: "8080"
\`\`\``,
    fix: "none",
    sameAs: { "kube-linter": ["schema-validation"] },
    references: [
      "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
      "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/",
    ],
  },

  check(model, report) {
    for (const fault of model.fieldFaults) {
      report({ at: fault.field, subject: fault.subject, message: messageOf(fault) });
    }
  },
});

function messageOf({ fault, field, path, suggestion, expected, found }: FieldFault): string {
  const name = clip(field.value);
  if (fault === "kind") return `${field.value} has no kind ${clip(found ?? "")}, ${suggestion} has`;
  const about = (owner: string) =>
    fault === "type"
      ? `${name} of ${owner} must be ${expected}, not ${found}`
      : `${owner} has no field "${name}"${suggestion ? `, close to "${suggestion}"` : ""}`;
  const message = about(path ? end(path, 36) : "the object");
  return message.length > 100 ? about(end(path, 20)) : message;
}

const clip = (text: string): string => (text.length > 30 ? `${text.slice(0, 29)}…` : text);

/** The end of a long path: `…spec.containers[0]`. */
function end(path: string, most: number): string {
  if (path.length <= most) return path;
  const tail = path.slice(1 - most);
  return `…${tail.slice(tail.indexOf(".") + 1)}`;
}
