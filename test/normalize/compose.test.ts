import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCompose } from "../../src/normalize/compose/index.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";
import { environment, project, shown } from "./compose-project.ts";

describe("what is a Compose file", () => {
  test.each([
    ["compose.yaml", "services: {web: {image: a}}", true],
    ["docker-compose.prod.yml", "services: {web: {ports: ['1:1']}}", true],
    ["deploy/compose.dev.json", '{"services": {"web": {"image": "a"}}}', true],
    ["compose.yaml", "include: [a.yml]", true],
    ["compose.yaml", "services: [web]", true],
    ["stack.yml", "version: '3'\nservices: {web: {image: a}}\nx-y: {}", true],
    ["stack.yml", "services: {web: {ports: ['1:1']}}", false],
    ["stack.yml", "services: {web: {image: a}}\nother: 1", false],
    ["stack.yml", "services: {web: a, api: {image: a}}", false],
    ["config/services.yaml", "services: {App\\Mailer: {class: X}}", false],
    [".github/workflows/compose.yml", "on: push\njobs: {a: {services: {db: {image: a}}}}", false],
    [".github/workflows/compose.yml", "services: {db: {image: a}}", false],
    [".gitlab-ci.yml", "services: [postgres:16]", false],
    ["compose.yaml", "a: 1", false],
    ["compose.yaml", "- a", false],
  ])("%s: %s", (path, text, expected) => {
    const [document] = parseYaml(sourceFile(path, text)).documents;
    expect(isCompose(document!)).toBe(expected);
  });
});

const of = (image: string) => `services:\n  web:\n    image: ${image}\n`;
const images = (files: Readonly<Record<string, string>>) =>
  project(files).containers.map(({ image }) => image?.reference.value);

describe("which files are one project", () => {
  test("the first default name wins, with one override", () => {
    expect(
      images({ "compose.yaml": of("a"), "compose.override.yml": of("b"), "docker-compose.override.yml": of("c") }),
    ).toEqual(["b", "c"]);
  });

  test("folders are projects of their own", () => {
    expect(images({ "a/compose.yaml": of("a"), "b/compose.yaml": of("b") })).toEqual(["a", "b"]);
  });

  test("COMPOSE_FILE replaces the default and its override", () => {
    const files = {
      "compose.yaml": of("a"),
      "compose.override.yaml": of("b"),
      "prod.yaml": "services:\n  web: {user: root}\n",
    };
    const { containers } = project({ ...files, ".env": "COMPOSE_FILE=compose.yaml:prod.yaml" });
    expect(containers[0]).toMatchObject({ image: { reference: { value: "a" } }, user: { value: "root" } });
    expect(images({ ...files, ".env": "COMPOSE_FILE=prod.yaml,compose.yaml\nCOMPOSE_PATH_SEPARATOR=," })[0]).toBe("a");
  });

  test("an overlay is resolved over the base and adds what it adds", () => {
    const { containers, ports, variables, networks } = project({
      "compose.yaml":
        "services:\n  web:\n    image: a\n    read_only: true\n    ports: ['80:80']\n    environment: [A=1]\n  db: {image: b}\n",
      "docker-compose.prod.yml":
        "services:\n  web:\n    ports: ['81:81']\n    environment: [B=2]\n    privileged: true\n",
    });
    expect(containers.map(({ subject, privileged }) => [subject, privileged!.value])).toEqual([
      ["service web", false],
      ["service db", false],
      ["service web", true],
    ]);
    expect(containers[2]).toMatchObject({ image: { reference: { value: "a" } }, readOnlyRoot: { value: true } });
    expect(ports.map((at) => shown(at))).toEqual(["80:80", "81:81"]);
    expect(environment(variables)).toEqual(["A=1", "B=2"]);
    expect(networks).toHaveLength(1);
  });

  test("a file whose services all have an image stands alone", () => {
    const { containers } = project({ "compose.yaml": of("a"), "docker-compose.test.yml": of("t") });
    expect(containers.map(({ image }) => image!.reference.value)).toEqual(["a", "t"]);
  });

  test("an overlay without a default file finds the one file that completes it", () => {
    const { containers } = project({
      "docker-compose.base.yml": of("a"),
      "docker-compose.prod.yml": "services:\n  web: {user: '0'}\n",
    });
    expect(containers.map(({ image, user }) => [image!.reference.value, user?.value])).toEqual([
      ["a", undefined],
      ["a", "0"],
    ]);
  });

  test("several documents in one file are merged", () => {
    expect(images({ "compose.yaml": `${of("a")}---\n${of("b")}` })).toEqual(["b"]);
  });
});

describe("networks and secrets", () => {
  test("default, internal, members", () => {
    const { networks, service } = project(
      "services:\n  a: {image: x}\n  b: {image: x, networks: {back: {aliases: [q]}}}\n  c: {image: x, network_mode: none}\nnetworks:\n  back: {internal: 'yes'}\n",
    );
    expect(networks.map(({ name, internal, members }) => [name.value, shown(name), internal, members])).toEqual([
      ["default", "services", false, ["service a"]],
      ["back", "back", true, ["service b"]],
    ]);
    expect(networks[0]!.name.implied).toBe(true);
    expect(service("a").networks[0]).toMatchObject({ value: "default", implied: true });
    expect(service("c").networks).toEqual([]);
  });

  test("a default network that is declared is not implied", () => {
    const { networks } = project("services:\n  a: {image: x}\nnetworks:\n  default: {internal: true}\n");
    expect(networks).toMatchObject([{ name: { value: "default" }, internal: true, members: ["service a"] }]);
  });

  test.each(["{external: true}", "{external: {name: shared}}", "{internal: $UNSET_FLAG}"])(
    "whether %s has a way out is not known",
    (network) => {
      const { networks } = project(`services:\n  a: {image: x, networks: [n]}\nnetworks:\n  n: ${network}\n`);
      expect(networks[0]).not.toHaveProperty("internal");
    },
  );

  test("where secrets come from", () => {
    const { secrets } = project({
      "app/compose.yaml":
        "services: {a: {image: x}}\nsecrets:\n  f: {file: ./s/pw.txt}\n  e: {environment: PW}\n  x: {external: true}\n  u: {file: $F}\n  n: {}\n",
    });
    expect(secrets.map(({ name, holds, path }) => [name.value, holds, path?.value])).toEqual([
      ["f", "file", "app/s/pw.txt"],
      ["e", "environment", undefined],
      ["x", "external", undefined],
      ["u", "file", undefined],
    ]);
    expect(shown(secrets[0]!.path!)).toBe("./s/pw.txt");
  });
});

describe("wrong types", () => {
  test.each([
    ["services: [a]", "[a]", '"services" must be a mapping, not a list'],
    ["services:\n  web: nginx", "nginx", 'services: "web" must be a mapping, not a single value'],
    ["services:\n  web: {image: [a]}", "[a]", 'service web: "image" must be a single value, not a list'],
    ["services:\n  web: {ports: 80}", "80", 'service web: "ports" must be a list, not a single value'],
    [
      "services:\n  web: {environment: A=1}",
      "A=1",
      'service web: "environment" must be a mapping or a list, not a single value',
    ],
    ["services:\n  web: {image: 'a:${V/x}'}", "${V/x}", "expected a variable such as ${NAME}"],
  ])("%j", (text, at, message) => {
    const { problems } = project(text);
    expect(problems.map((problem) => [problem.kind, shown(problem)])).toEqual([["unreadable", at]]);
    expect(problems[0]!.message).toContain(message);
  });

  test("the rest of the service is read, the problem is told once", () => {
    const { service, problems } = project({
      "compose.yaml": "services:\n  web:\n    image: a\n    ports: 80\n    user: root\n",
      "docker-compose.x.yml": "services:\n  api: {image: b}\n  web: {tty: true}\n",
    });
    expect(problems).toHaveLength(1);
    expect(service("api").image!.reference.value).toBe("b");
  });
});

const NAMES = [
  "image",
  "build",
  "ports",
  "volumes",
  "environment",
  "extends",
  "deploy",
  "logging",
  "networks",
  "user",
  "command",
  "__proto__",
  "security_opt",
  "healthcheck",
  "env_file",
];
const values = fc.oneof(
  fc.constantFrom(
    "",
    "~",
    "true",
    "80:80",
    "'[::1]:80:80'",
    "${X:-a:b}",
    "'${'",
    "[]",
    "{}",
    "!reset []",
    "[a, {b: c}, [d]]",
    "{target: 80, source: [x]}",
    "web",
    "{service: web}",
    "'a \"b'",
    "{driver: json-file, options: {}}",
  ),
  fc.string({ maxLength: 12 }).map((text) => JSON.stringify(text)),
);

test("any file: never throws, every span lies in its file", () => {
  const attributes = fc.dictionary(fc.constantFrom(...NAMES), values, { maxKeys: 6 });
  fc.assert(
    fc.property(attributes, attributes, (web, api) => {
      const body = (of: Record<string, string>) =>
        Object.entries(of)
          .map(([name, value]) => `    ${name}: ${value}\n`)
          .join("") || "    {}\n";
      const text = `services:\n  web:\n${body(web)}  api:\n    extends: web\n${api.extends === undefined ? body(api) : ""}`;
      const { containers, ports, mounts, problems } = project({
        "compose.yaml": text,
        "compose.override.yaml": `services:\n  web:\n${body(api)}`,
      });
      const spans = [
        ...ports,
        ...mounts,
        ...problems,
        ...containers.map(({ name }) => name),
        ...containers.flatMap(({ command }) => command),
      ];
      for (const at of spans) {
        const { file, start, end } = at.span;
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(file.text.length);
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["services", Array.from({ length: 4000 }, (_, i) => `  s${i}: {image: a, ports: ["${i}:80"]}\n`).join("")],
  [
    "variables",
    `  a:\n    image: x\n    environment:\n${Array.from({ length: 8000 }, (_, i) => `      - V${i}=\${X${i}:-y}\n`).join("")}`,
  ],
  ["ports", `  a:\n    image: x\n    ports:\n${'      - "${P}:80"\n'.repeat(8000)}`],
  ["one long command", `  a:\n    image: x\n    command: "${"a\\\\tb ${X} ".repeat(15000)}"\n`],
  ["one long block", `  a:\n    image: x\n    command: >\n${"      word ${X:-y} 'q r'\n".repeat(8000)}`],
  ["colons", `  a:\n    image: x\n    volumes: ["${":".repeat(200000)}"]\n    ports: ["${"[".repeat(100000)}"]\n`],
])("many %s take no time", (_, text) => {
  const started = performance.now();
  project(`services:\n${text}`);
  expect(performance.now() - started).toBeLessThan(4000);
});
