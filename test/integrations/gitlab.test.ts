import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { writeIn } from "../command-line.ts";
import { DATABASE, gitIn, type Workbench, workbench } from "./workbench.ts";

interface Job {
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly rules: readonly { readonly if: string }[];
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly reports: { readonly codequality: string } };
}
const jobs = parse(readFileSync("integrations/gitlab-ci.yml", "utf8")) as Readonly<Record<string, Job>>;
const job = jobs.harden!;
const report = job.artifacts.reports.codequality;

let bench: Workbench;
beforeAll(() => {
  bench = workbench();
});
afterAll(() => bench.remove());

/** All lines in one shell that ends at the first failure, as the runner does. */
function runJob(workspace: string, variables: Readonly<Record<string, string>>) {
  const commands = bench.commands();
  const { status, stdout, stderr } = spawnSync("sh", ["-e"], {
    cwd: workspace,
    encoding: "utf8",
    input: [...job.before_script, ...job.script].join("\n"),
    env: { ...job.variables, ...variables, PATH: `${commands}:${process.env.PATH}`, HOME: bench.empty() },
  });
  const file = join(workspace, report);
  return {
    code: status,
    log: stdout + stderr,
    asked: readFileSync(join(commands, "asked"), "utf8"),
    found: existsSync(file) ? readFileSync(file, "utf8") : undefined,
  };
}

/** The rules and places of a Code Quality report. */
const placesIn = (text: string | undefined) =>
  (
    JSON.parse(text ?? "") as {
      readonly check_name: string;
      readonly location: { readonly path: string };
    }[]
  ).map(({ check_name, location }) => `${location.path} ${check_name}`);

const PORT = "network/database-port-exposed";

function repository(files: Readonly<Record<string, string>>): string {
  const folder = bench.empty();
  writeIn(folder, files);
  gitIn(folder, "init", "-q");
  gitIn(folder, "add", "-A");
  gitIn(folder, "commit", "-qm", "one");
  return folder;
}

describe("the job for GitLab", () => {
  test("runs for merge requests and on the default branch, with the whole history, and always keeps its report", () => {
    expect(Object.keys(jobs)).toEqual(["harden"]);
    expect(job.rules.map((rule) => rule.if)).toEqual([
      '$CI_PIPELINE_SOURCE == "merge_request_event"',
      "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
    ]);
    expect(job.variables).toEqual({ GIT_DEPTH: "0" });
    expect(job.artifacts.when).toBe("always");
    expect(job.image).toMatch(/^node:\d+\.\d+\.\d+-alpine[\d.]+@sha256:[0-9a-f]{64}$/);
  });

  test("the default branch answers for everything", () => {
    const folder = repository({ "compose.yaml": DATABASE });
    const ran = runJob(folder, { CI_COMMIT_BRANCH: "main", CI_DEFAULT_BRANCH: "main" });
    expect(ran.code).toBe(1);
    expect(ran.log).toContain(PORT);
    expect(placesIn(ran.found)).toContain(`compose.yaml ${PORT}`);
    expect(ran.asked.split("\n")[0]).toBe("apk add --no-cache git");
  });

  test("a merge request answers for what it changed, its report is whole", () => {
    const folder = repository({ "compose.yaml": DATABASE, "notes.txt": "" });
    const variables = {
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_MERGE_REQUEST_DIFF_BASE_SHA: gitIn(folder, "rev-parse", "HEAD"),
    };
    gitIn(folder, "checkout", "-qb", "change");
    writeIn(folder, { "notes.txt": "read\n" });
    gitIn(folder, "commit", "-qam", "two");
    const innocent = runJob(folder, variables);
    expect(innocent.code).toBe(0);
    expect(placesIn(innocent.found)).toContain(`compose.yaml ${PORT}`);

    writeIn(folder, { "other/compose.yaml": DATABASE });
    gitIn(folder, "add", "-A");
    gitIn(folder, "commit", "-qm", "three");
    const guilty = runJob(folder, variables);
    expect(guilty.code).toBe(1);
    expect(guilty.log).toContain("other/compose.yaml:4");
    expect(guilty.log).not.toContain("--> compose.yaml");
    expect(placesIn(guilty.found)).toEqual(
      expect.arrayContaining([`compose.yaml ${PORT}`, `other/compose.yaml ${PORT}`]),
    );
  });

  test("a clean project passes with an empty report", () => {
    const ran = runJob(repository({ ".gitignore": ".env\n" }), {});
    expect([ran.code, ran.found?.trim()]).toEqual([0, "[]"]);
  });

  test("a wrong configuration: exit code 2, and the log says why", () => {
    const ran = runJob(repository({ "compose.yaml": DATABASE, "qwed-harden.config.yaml": "rulez: {}\n" }), {});
    expect(ran.code).toBe(2);
    expect(ran.log).toContain('unknown key "rulez"');
  });

  test("what a variable says is run by nothing", () => {
    const folder = repository({ "compose.yaml": DATABASE });
    const ran = runJob(folder, { CI_MERGE_REQUEST_DIFF_BASE_SHA: "x; touch pwned; $(touch pwned) `touch pwned`" });
    expect(ran.code).toBe(2);
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  });
});
