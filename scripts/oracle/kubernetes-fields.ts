/** The table of fields that `k8s/schema-invalid` judges by, beside the Go types that the API server decodes into. */
import { spawnSync } from "node:child_process";
import type { Retirement } from "../../src/model.ts";
import { retirement } from "../../src/normalize/kubernetes/api-versions.ts";
import { KINDS, TYPES } from "../../src/normalize/kubernetes/fields.generated.ts";
import type { Comparison } from "./run.ts";

/** As the program's "fields" prints it. */
interface Table {
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly retired: Readonly<Record<string, Retirement>>;
}

/** The minor version that go.mod asks for. */
const NEWEST = 36;
const minor = (version: string): number => Number(version.split(".")[1]);
/** Alpha versions come and go; answers and requests are in no file. */
const NOT_WRITTEN = /alpha|List$|Review$| Scale$|Rollback$| Eviction$/;

const LINES = TYPES.split("|");

const fieldsOf = (type: string): ReadonlyMap<string, string> =>
  new Map(
    (LINES[Number(type)] ?? "")
      .split(" ")
      .filter(Boolean)
      .map((field) => {
        const [name = "", code = "s"] = field.split(":");
        return [name, code] as const;
      }),
  );

/** Every kind that both have: fields that one of them lacks, and fields of another shape. */
export async function compare(program: string): Promise<Comparison> {
  const { stdout, stderr, status } = spawnSync(program, ["fields"], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  const { kinds, types, retired } = JSON.parse(stdout) as Table;
  const seen = new Set<string>();
  const differences: string[] = [];
  let count = 0;

  const shapes = (mine: string, theirs: string, path: string): void => {
    if (mine === "o" || theirs === "o") return;
    if ("[{".includes(mine[0]!) && mine[0] === theirs[0]) shapes(mine.slice(1), theirs.slice(1), path);
    else if (/^\d+$/.test(mine) && types[theirs]) structs(mine, theirs, path);
    else if (mine !== theirs) differences.push(`${path}: model ${mine}, Kubernetes ${theirs}`);
  };
  const structs = (mine: string, theirs: string, path: string): void => {
    if (seen.has(`${mine} ${theirs}`)) return;
    seen.add(`${mine} ${theirs}`);
    const [known, real] = [fieldsOf(mine), new Map(Object.entries(types[theirs]!))];
    for (const [name, shape] of real) {
      count++;
      const own = known.get(name);
      if (own === undefined) differences.push(`${path}.${name}: only Kubernetes has it`);
      else shapes(own, shape, `${path}.${name}`);
    }
    for (const name of known.keys()) if (!real.has(name)) differences.push(`${path}.${name}: only the model has it`);
  };
  const own = KINDS.split("|").map((line) => line.split(" ") as [string, string, string]);
  const both = own.filter(([version, kind]) => kinds[`${version} ${kind}`] !== undefined);
  // A kind that another version has is taken for a mistake.
  const [versions, names] = [new Set(own.map(([version]) => version)), new Set(own.map(([, kind]) => kind))];
  const known = new Set(own.map(([version, kind]) => `${version} ${kind}`));
  for (const key of Object.keys(kinds).filter((key) => !known.has(key))) {
    const [version, kind] = key.split(" ") as [string, string];
    if (versions.has(version) && names.has(kind) && !retirement(version, kind))
      differences.push(`${key}: only Kubernetes has it`);
  }
  for (const [version, kind, type] of both) structs(type, kinds[`${version} ${kind}`]!, `${version} ${kind}`);
  for (const [key, { removed }] of Object.entries(retired)) {
    const [version, kind] = key.split(" ") as [string, string];
    if (removed === undefined || minor(removed) > NEWEST || NOT_WRITTEN.test(key)) continue;
    const mine = retirement(version, kind)?.removed;
    if (mine !== removed) differences.push(`${key}: removed: model ${mine}, Kubernetes ${removed}`);
  }
  return { compared: `${count} fields of ${both.length} Kubernetes kinds`, differences };
}
