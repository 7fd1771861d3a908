import { describe, expect, test } from "vitest";
import { environment, project, shown } from "./compose-project.ts";

const BASE = `services:
  web:
    image: app:1
    ports: ["80:80"]
    environment: {A: base, B: base}
    command: [serve, fast]
    cap_add: [NET_ADMIN]
    volumes: ["./src:/src", "data:/data"]
    labels: [a=1, b=1]
    logging: {driver: json-file, options: {max-size: 1m}}
    build: {context: ., args: {X: 1}}
    security_opt: [label:disable]
    networks: [front]
    healthcheck: {test: [CMD, old], interval: 5s}
networks:
  front: {}
`;
const merged = (override: string) => project({ "compose.yaml": BASE, "compose.override.yaml": override });
const over = (attributes: string) => merged(`services:\n  web:\n${attributes.replace(/^/gm, "    ")}\n`).service("web");

describe("override files, attribute by attribute", () => {
  test("values are replaced, at the place that decides", () => {
    const { image, build } = over("image: app:2");
    expect(image!.reference).toMatchObject({ value: "app:2", span: { file: { path: "compose.override.yaml" } } });
    expect(build).toEqual({ context: "", dockerfile: "Dockerfile" });
  });

  test("ports append: a narrower port leaves the wide one published", () => {
    expect(over('ports: ["127.0.0.1:80:80"]').ports.map(({ reach, span }) => [reach, span.file.path])).toEqual([
      ["world", "compose.yaml"],
      ["loopback", "compose.override.yaml"],
    ]);
  });

  test("the same port is one port, in short and long form", () => {
    const { ports } = over("ports: [{target: 80, published: 80, host_ip: 0.0.0.0}]");
    expect(ports.map((at) => shown(at))).toEqual(["{target: 80, published: 80, host_ip: 0.0.0.0}"]);
  });

  test.each([
    ["!override", 'ports: !override ["127.0.0.1:80:80"]', ["127.0.0.1:80:80"]],
    ["!reset", "ports: !reset []", []],
    ["!reset null", "ports: !reset null", []],
  ])("%s", (_, text, expected) => expect(over(text).ports.map((at) => shown(at))).toEqual(expected));

  test("!reset of a name and of a service", () => {
    expect(environment(over("environment: {A: !reset null}").variables)).toEqual(["B=base"]);
    expect(merged("services:\n  web: !reset null\n").containers).toEqual([]);
  });

  test("environment by name, map over list", () => {
    const { variables } = over("environment: [B=over, C=over]");
    expect(environment(variables)).toEqual(["A=base", "B=over", "C=over"]);
    expect(variables.map(({ value }) => value.span.file.path)).toEqual([
      "compose.yaml",
      "compose.override.yaml",
      "compose.override.yaml",
    ]);
  });

  test("volumes by target, labels by name, capabilities once", () => {
    const web = over("volumes: ['/other:/src:ro']\nlabels: {b: 2, c: 2}\ncap_add: [NET_ADMIN, SYS_TIME]");
    expect(web.mounts.map(({ source, target }) => `${source}:${target}`)).toEqual(["/other:/src", "data:/data"]);
    expect(web.labels.map(({ name, value }) => `${name.value}=${value.value}`)).toEqual(["a=1", "b=2", "c=2"]);
    expect(web.capabilitiesAdded.map(({ value }) => value)).toEqual(["NET_ADMIN", "SYS_TIME"]);
  });

  test("command, entrypoint and test are replaced", () => {
    expect(over("command: [other]").command.map(({ value }) => value)).toEqual(["other"]);
    const { healthcheck } = over("healthcheck: {test: [NONE]}");
    expect(healthcheck).toMatchObject({ value: false });
  });

  test("options of a log stay with their driver", () => {
    expect(over("logging: {options: {max-file: '3'}}").logRotation).toMatchObject({ value: true });
    expect(over("logging: {driver: syslog}").logRotation).toMatchObject({ value: true });
    expect(over("logging: {driver: json-file, options: {mode: x}}").logRotation!.value).toBe(true);
  });

  test("build: a path is its context, arguments merge", () => {
    const { service, variables } = merged("services:\n  web:\n    build: ./api\n");
    expect(service("web").build!.context).toBe("api");
    expect(variables.filter(({ phase }) => phase === "build").map(({ name }) => name.value)).toEqual(["X"]);
  });

  test("security_opt appends, networks add up, new services join", () => {
    const { service, containers } = merged(
      "services:\n  web:\n    security_opt: [no-new-privileges]\n    networks: {back: {}}\n  db:\n    image: postgres\n",
    );
    expect(service("web").privilegeEscalation).toMatchObject({ value: false });
    expect(service("web").networks.map(({ value }) => value)).toEqual(["front", "back"]);
    expect(containers.map(({ subject }) => subject)).toEqual(["service web", "service db"]);
  });

  test("an empty command is a command: the image's own", () => {
    expect(over("command:").command).toEqual([]);
  });

  test("an empty value changes nothing", () => {
    expect(over("ports:\nimage:").ports.map((at) => shown(at))).toEqual(["80:80"]);
  });

  test("paths of an override start at the project, not at the file", () => {
    const { service } = project({
      "a/.env": "COMPOSE_FILE=compose.yaml:more/extra.yaml",
      "a/compose.yaml": "services:\n  web: {image: x}\n",
      "a/more/extra.yaml": "services:\n  web: {build: ./sub}\n",
    });
    expect(service("web").build!.context).toBe("a/sub");
  });
});

describe("anchors and fragments", () => {
  test("a merge key: the service's own value wins, the inherited one keeps its place", () => {
    const { service, containers } = project(
      "x-base: &base\n  privileged: true\n  read_only: true\nx-unused: {privileged: true}\nservices:\n  web:\n    <<: *base\n    image: a\n    read_only: false\n",
    );
    expect(containers).toHaveLength(1);
    const { privileged, readOnlyRoot } = service("web");
    expect([privileged!.value, privileged!.span.start]).toEqual([true, 28]);
    expect(readOnlyRoot!.value).toBe(false);
  });

  test("environments merged from a list of anchors", () => {
    const { service } = project(
      "x-a: &a {A: 1}\nx-b: &b {A: 2, B: 2}\nservices:\n  web:\n    image: a\n    environment:\n      <<: [*a, *b]\n      C: 3\n",
    );
    expect(environment(service("web").variables).toSorted()).toEqual(["A=1", "B=2", "C=3"]);
  });
});

describe("extends", () => {
  test("same file, another file, recursive; paths start at the extended file", () => {
    const { service, problems } = project({
      "compose.yaml":
        "services:\n  web:\n    extends: base\n    image: app:2\n  base:\n    extends: {file: common/all.yml, service: root}\n    environment: [B=1]\n",
      "common/all.yml": "services:\n  root:\n    build: ./api\n    environment: {A: $V}\n    privileged: true\n",
      ".env": "V=found",
    });
    expect(problems).toEqual([]);
    const web = service("web");
    expect(web.image!.reference.value).toBe("app:2");
    expect(web.build!.context).toBe("common/api");
    expect(environment(web.variables)).toEqual(["A=found", "B=1"]);
    expect(web.privileged!.span.file.path).toBe("common/all.yml");
    expect(shown(web.readOnlyRoot!)).toBe("web");
  });

  test("a file that is only extended is no project", () => {
    const { containers, roles } = project({
      "compose.yaml": "services:\n  web:\n    extends: {file: base.yml, service: base}\n",
      "base.yml": "services:\n  base:\n    image: a\n",
    });
    expect(containers.map(({ subject }) => subject)).toEqual(["service web"]);
    expect(roles.map(({ file }) => file.path).toSorted()).toEqual(["base.yml", "compose.yaml"]);
  });

  test.each([
    ["itself", "services:\n  a: {image: x, extends: a}\n", "a"],
    ["a ring", "services:\n  a: {image: x, extends: b}\n  b: {extends: {service: a}}\n", "a"],
    ["nobody", "services:\n  a: {image: x, extends: gone}\n", "gone"],
  ])("%s is a problem", (_, text, at) => {
    const { problems, containers } = project(text);
    expect(shown(problems[0]!)).toBe(at);
    expect(containers.length).toBeGreaterThan(0);
  });

  test("what is out of sight leaves all that is not written unknown", () => {
    const { service, problems } = project(
      "services:\n  a: {image: x, read_only: true, extends: {file: ../far.yml, service: b}}\n",
    );
    const { readOnlyRoot, privilegeEscalation, memoryLimit, networks } = service("a");
    expect(problems).toEqual([]);
    expect(readOnlyRoot!.value).toBe(true);
    expect([privilegeEscalation, memoryLimit]).toEqual([undefined, undefined]);
    expect(networks).toEqual([]);
  });

  test("no place for a blank in an inherited map", () => {
    const { service } = project(
      "services:\n  a:\n    image: x\n    deploy:\n      resources:\n        limits:\n          cpus: 1\n  b:\n    extends: a\n    image: y\n",
    );
    expect(service("a").memoryLimit!.blank!.before).toContain("memory:");
    expect(service("b").memoryLimit!.blank!.before).toContain("mem_limit:");
  });

  test("a chain of a thousand ends", () => {
    const links = Array.from({ length: 1000 }, (_, i) => `  s${i}: {image: x, extends: s${i + 1}}\n`).join("");
    expect(project(`services:\n${links}`).containers).toHaveLength(1000);
  });
});

describe("include", () => {
  test("own folder, own .env below the parent's, lists of files", () => {
    const { service, problems, containers } = project({
      "compose.yaml":
        "include:\n  - sub/compose.yaml\n  - path: [other/a.yml, other/b.yml]\n    env_file: other/vars.env\nservices:\n  web: {image: a}\n",
      ".env": "SHARED=parent",
      "sub/compose.yaml": "services:\n  api:\n    build: .\n    environment: ['S=${SHARED}', 'O=${OWN}']\n",
      "sub/.env": "SHARED=child\nOWN=child",
      "other/a.yml": "services:\n  db: {image: 'postgres:${TAG}', ports: ['1:1']}\n",
      "other/b.yml": "services:\n  db: {ports: ['2:2']}\n",
      "other/vars.env": "TAG=16",
    });
    expect(problems).toEqual([]);
    expect(containers.map(({ subject }) => subject)).toEqual(["service web", "service api", "service db"]);
    expect(service("api").build!.context).toBe("sub");
    expect(environment(service("api").variables)).toEqual(["S=parent", "O=child"]);
    expect(service("db").image!.reference.value).toBe("postgres:16");
    expect(service("db").ports.map((at) => shown(at))).toEqual(["1:1", "2:2"]);
  });

  test("what the file says is merged over what it includes, an earlier include over a later one", () => {
    const { service, problems } = project({
      "compose.yaml": "include: [b/compose.yaml, c/compose.yaml]\nservices:\n  web: {user: '1'}\n",
      "b/compose.yaml": "services:\n  web: {image: b, ports: ['1:1']}\n",
      "c/compose.yaml": "services:\n  web: {image: c, build: ., ports: ['2:2']}\n",
    });
    expect(problems).toEqual([]);
    expect(service("web")).toMatchObject({
      user: { value: "1" },
      image: { reference: { value: "b" } },
      build: { context: "c" },
    });
    expect(service("web").ports.map((at) => shown(at))).toEqual(["2:2", "1:1"]);
  });

  test("two ways to one file bring it once", () => {
    const { service } = project({
      "compose.yaml": "include: [b/compose.yaml, c/compose.yaml]\n",
      "b/compose.yaml": "include: [../d.yaml]\nservices: {b: {image: b}}\n",
      "c/compose.yaml": "include: [../d.yaml]\nservices: {c: {image: c}}\n",
      "d.yaml": "services:\n  d: {image: d, security_opt: [x]}\n",
    });
    expect(service("d").image!.reference.value).toBe("d");
  });

  test("a cycle is a problem; what is out of sight is passed over", () => {
    const { problems, containers } = project({
      "compose.yaml": "include: [b/compose.yaml, oci://x/y, gone.yml]\nservices:\n  web: {image: a}\n",
      "b/compose.yaml": "include: [../compose.yaml]\nservices:\n  web: {image: b}\n",
    });
    expect(problems.map((at) => shown(at))).toContain("../compose.yaml");
    expect(containers.filter(({ subject }) => subject === "service web")).toHaveLength(1);
  });
});
