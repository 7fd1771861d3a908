/** `k8s/schema-invalid` beside what strict decoding of the API server refuses. */
import { relative, resolve } from "node:path";
import { discover } from "../../src/discover/index.ts";
import type { FieldFault, Problem } from "../../src/model.ts";
import { understand } from "../../src/run.ts";
import { type ApiObject, ask } from "./kubernetes-api.ts";
import type { Comparison } from "./run.ts";

interface Case {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly faults: readonly FieldFault[];
  readonly problems: readonly Problem[];
}

/** Compares all manifests below the folders. `program` is the built oracle. */
export async function compare(program: string, folders: readonly string[]): Promise<Comparison> {
  const cases = (await Promise.all(folders.map(casesOf))).flat();
  const answers = ask(
    program,
    cases.map(({ path }) => path),
  );
  const own = answers.flat().filter(({ foreign }) => !foreign);
  const differences = cases.flatMap((each, index) =>
    differencesOf(each, answers[index]!).map((text) => `${relative(".", each.path)}: ${text}`),
  );
  return { compared: `${own.length} Kubernetes objects in ${cases.length} files`, differences };
}

async function casesOf(folder: string): Promise<readonly Case[]> {
  const project = discover([folder], { cwd: process.cwd(), openRepository: () => undefined });
  const model = await understand(project);
  return model.roles
    .filter(({ role }) => role === "Kubernetes")
    .map(({ file }) => ({
      path: resolve(folder, file.path),
      text: file.text,
      faults: model.fieldFaults.filter(({ field }) => field.span.file.path === file.path),
      problems: model.problems.filter(({ span }) => span.file.path === file.path),
    }));
}

function differencesOf({ text, faults, problems }: Case, objects: readonly ApiObject[]): readonly string[] {
  const starts = objects.map(({ line }) => line);
  return objects.flatMap((object, index) => {
    const { line, kind, name, foreign } = object;
    if (foreign || starts.indexOf(line) !== index) return [];
    const end = starts.find((start) => start > line) ?? Number.POSITIVE_INFINITY;
    const within = (offset: number) => {
      const at = text.slice(0, offset).split("\n").length;
      return line <= at && at < end;
    };
    const mine = faults.filter(({ field }) => within(field.span.start));
    const told = problems.some(({ span }) => within(span.start));
    const document = objects.filter((other) => other.line === line);
    return documentDifferences(mine, told, document).map((difference) => `${kind} ${name ?? ""}: ${difference}`);
  });
}

/** Unknown fields one by one; of what has the wrong type, the API server names the first. */
function documentDifferences(mine: readonly FieldFault[], told: boolean, document: readonly ApiObject[]): string[] {
  const theirs = document.flatMap(({ strict = [] }) => strict);
  const refused = document.flatMap(({ refused = [] }) => refused);
  const unknown = theirs.flatMap((text) => /^unknown field "(.*)"$/.exec(text)?.[1] ?? []);
  const repeated = theirs.filter((text) => /already set in map|duplicate field/.test(text));
  const names = mine.flatMap(({ fault, path, field }) =>
    fault === "unknown" ? [path ? `${path}.${field.value}` : field.value] : [],
  );
  const typed = mine.some(({ fault }) => fault !== "unknown");
  const differences: string[] = [];
  if (refused.length && !typed && !told) differences.push(`only the API server refuses it: ${refused[0]}`);
  if (!refused.length && typed) {
    differences.push(...mine.filter(({ fault }) => fault !== "unknown").map(said));
  }
  if (repeated.length && !told) differences.push(`only the API server: ${repeated.join(", ")}`);
  if (refused.length) return differences;
  const missed = unknown.filter((field) => !names.includes(field));
  const invented = names.filter((field) => !unknown.includes(field));
  if (missed.length) differences.push(`only the API server: unknown ${missed.join(", ")}`);
  if (invented.length) differences.push(`only the model: unknown ${invented.join(", ")}`);
  return differences;
}

const said = ({ fault, path, field, expected, found }: FieldFault): string =>
  `only the model: ${fault} ${path}.${field.value} wants ${expected}, is ${found}`;
