/** `npm run new-rule -- cors/wildcard-origin`: a rule's module and one example of each kind, ready to be written. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { GROUPS } from "../src/rule.ts";

const [id = ""] = process.argv.slice(2);
const [group = "", name = ""] = id.split("/");

const module = (): string => `import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "${id}",
    title: "",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: \`\`,
    remedy: \`\`,
    fix: "none",
    sameAs: {},
    references: [],
  },
  check(model, report) {
    for (const container of model.containers) {
      if (container.subject === "") report({ at: container.name, subject: container.subject, message: "" });
    }
  },
});
`;

const example = "services:\n  api:\n    image: registry.example.com/shop/api:2.4.1\n";

function create(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: "wx" });
  console.log(`wrote ${path}`);
}

if (!GROUPS.some((known) => known === group) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || id.split("/").length !== 2) {
  console.error(`usage: npm run new-rule -- <group>/<name>\ngroups: ${GROUPS.join(", ")}`);
  process.exitCode = 2;
} else if (existsSync(`rules/${id}.ts`)) {
  console.error(`rules/${id}.ts is there already`);
  process.exitCode = 2;
} else {
  create(`rules/${id}.ts`, module());
  create(`fixtures/${id}/bad-compose/compose.yaml`, example);
  create(`fixtures/${id}/good-compose/compose.yaml`, example);
  console.log(`next: write them, then npm run generate and UPDATE_GOLDEN=1 npx vitest run test/rules.test.ts -t ${id}`);
}
