import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/model.ts";
import { checkSchema } from "../../src/normalize/compose/schema.ts";
import type { YamlDocument } from "../../src/parse/yaml.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";
import { shown } from "./compose-project.ts";

/** Unknown keys as `subject path (suggestion)` and problems as `token: message` of one file. */
function checked(text: string) {
  const [document] = parseYaml(sourceFile("compose.yaml", text)).documents;
  const problems: Problem[] = [];
  const unknown = checkSchema(document as YamlDocument, problems);
  return {
    unknown: unknown.map(({ subject, path, suggestion }) => [subject, path, suggestion ?? ""].join(" | ")),
    keys: unknown.map(({ key }) => shown(key)),
    problems: problems.map(({ span, message }) => `${shown(span)} | ${message}`),
  };
}

const service = (attribute: string) => checked(`services:\n  api:\n    image: a\n    ${attribute}\n`);

describe("unknown keys", () => {
  test.each([
    ["enviroment: {A: b}", "service api | enviroment | environment"],
    ["container-name: a", "service api | container-name | container_name"],
    ["deploy: {resources: {limits: {cpu: '1'}}}", "service api | deploy.resources.limits.cpu | cpus"],
    ["ports: [{target: 80, publish: 80}]", "service api | ports.publish | published"],
    ["build: {dockerFile: x}", "service api | build.dockerFile | dockerfile"],
    ["healthcheck: {tests: [a]}", "service api | healthcheck.tests | test"],
    ["depends_on: {db: {conditions: service_started}}", "service api | depends_on.db.conditions | condition"],
    ["zzzzzzzz: 1", "service api | zzzzzzzz | "],
  ])("%s", (attribute, unknown) => {
    expect(service(attribute)).toMatchObject({ unknown: [unknown], problems: [] });
  });

  test("are marked at the key, quotes excluded, wherever it is written", () => {
    expect(
      checked('x-a: &a {"restrat": no}\nservices: {api: {<<: *a, image: a}, web: {<<: *a, image: a}}\n').keys,
    ).toEqual(["restrat"]);
    expect(checked("service: {}\nservices: {api: {image: a}}\n").unknown).toEqual([" | service | services"]);
    expect(checked("services: {a b: {image: a}}\n").unknown).toEqual([" | services.a b | "]);
  });

  test.each([
    "x-note: 1",
    "environment: {ANY: 1, __proto__: 2}",
    "labels: {any.thing: x}",
    "logging: {driver: x, options: {any: y}}",
    "sysctls: {net.core.somaxconn: 1}",
    "deploy: {x-a: 1, resources: {limits: {cpus: 0.5}}}",
  ])("%s has none", (attribute) => {
    expect(service(attribute)).toEqual({ unknown: [], keys: [], problems: [] });
  });

  test("a key named like what every object has is no known key", () => {
    expect(service("constructor: 1").keys).toEqual(["constructor"]);
  });
});

describe("values", () => {
  test.each([
    ["hostname: 12", '12 | service api: "hostname" must be a quoted text, not a number'],
    ["hostname: true", 'true | service api: "hostname" must be a quoted text, not a boolean'],
    ["ports: {a: b}", '{a: b} | service api: "ports" must be a list, not a mapping'],
    ["ports: [[80]]", '[80] | service api: item of "ports" must be a single value or a mapping, not a list'],
    ["labels: {a: {b: c}}", '{b: c} | service api: "labels.a" must be a single value, not a mapping'],
    ["init: maybe", 'maybe | service api: "init" must be true or false, not "maybe"'],
    ["cgroup: guest", 'guest | service api: "cgroup" must be host or private'],
    ["environment:", 'environment | service api: "environment" must be a mapping or a list, not empty'],
  ])("%s", (attribute, problem) => {
    expect(service(attribute)).toMatchObject({ problems: [problem], unknown: [] });
  });

  test.each([
    "hostname: ${HOST}",
    "privileged: 'yes'",
    "init: ${INIT}",
    "mem_limit: 512",
    "scale: '3'",
    "ports: !reset",
    "ports: !reset null",
    "deploy:",
    "command:",
    "environment: {A: , B: 1, C: true}",
    "networks: {default: }",
  ])("%s is right", (attribute) => {
    expect(service(attribute).problems).toEqual([]);
  });

  test("of the file and its sections are named by what they are", () => {
    expect(checked("name: 1\nservices: {api: }\nnetworks: {n: {internal: 3}}\nvolumes: a\n").problems).toEqual([
      '1 | "name" must be a quoted text, not a number',
      'api | services: "api" must be a mapping, not empty',
      '3 | network n: "internal" must be a quoted text, not a number',
      'a | "volumes" must be a mapping, not a single value',
    ]);
  });
});

test("what aliases share is judged once, a megabyte within a second", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => `  s${i}: *a`).join("\n");
  const start = performance.now();
  const { keys } = checked(`x-a: &a {image: a, restrat: b, environment: {A: b}}\nservices:\n${many}\n`);
  expect(keys).toEqual(["restrat"]);
  expect(performance.now() - start).toBeLessThan(1000);
});
