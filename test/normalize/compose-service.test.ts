import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Container, Located } from "../../src/model.ts";
import { reachOf } from "../../src/normalize/compose/ports.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";
import { environment, filled, project, service, shown } from "./compose-project.ts";

const port = (item: string, env?: string) => {
  const { ports } = service(`    ports:\n      - ${item}\n`, env);
  const { host = "", published = "-", publishedEnd, target = "-", targetEnd, protocol, reach } = ports[0]!;
  const end = (last: number | undefined) => (last === undefined ? "" : `-${last}`);
  return `${host}|${published}${end(publishedEnd)}|${target}${end(targetEnd)}|${protocol}|${reach}`;
};

describe("ports", () => {
  test.each([
    ['"8080:80"', "|8080|80|tcp|world"],
    ["8080:80", "|8080|80|tcp|world"],
    ["3000", "|-|3000|tcp|world"],
    ['"3000-3005"', "|-|3000-3005|tcp|world"],
    ['"9090-9091:8080-8081"', "|9090-9091|8080-8081|tcp|world"],
    ['"127.0.0.1:8001:8001"', "127.0.0.1|8001|8001|tcp|loopback"],
    ['"127.0.0.1::80"', "127.0.0.1|-|80|tcp|loopback"],
    ['"0.0.0.0:80:80"', "0.0.0.0|80|80|tcp|world"],
    ['"192.168.1.5:80:80"', "192.168.1.5|80|80|tcp|internal"],
    ['"8.8.4.4:80:80"', "8.8.4.4|80|80|tcp|world"],
    ['"[::1]:80:81"', "::1|80|81|tcp|loopback"],
    ['"[::]:80:81"', "::|80|81|tcp|world"],
    ['"::1:80:81"', "::1|80|81|tcp|loopback"],
    ['"6060:6060/udp"', "|6060|6060|udp|world"],
    ['"80:80/TCP"', "|80|80|tcp|world"],
    ['"8000-8010:80"', "|8000-8010|80|tcp|world"],
    ['"${PORT:-8080}:80"', "|8080|80|tcp|world"],
    ['"${PORT}:80"', "|-|80|tcp|unknown"],
    ['"${HOST}:${PORT}:1025"', "|-|1025|tcp|unknown"],
    ["'$HOST:$PORT:1025'", "|-|1025|tcp|unknown"],
    ['"127.0.0.1:${PORT}:80"', "127.0.0.1|-|80|tcp|loopback"],
    ['"8080:${PORT}"', "|8080|-|tcp|world"],
    ['"${BIND:-127.0.0.1:5432}:5432"', "127.0.0.1|5432|5432|tcp|loopback"],
    ["{target: 80, published: 8080}", "|8080|80|tcp|world"],
    [
      '{target: 80, published: "8080-8081", host_ip: 127.0.0.1, protocol: udp, mode: host}',
      "127.0.0.1|8080-8081|80|udp|loopback",
    ],
    ["{target: 80}", "|-|80|tcp|world"],
    ["{target: 80, published: 80, host_ip: $HOST}", "|80|80|tcp|unknown"],
  ])("%s", (item, expected) => expect(port(item)).toBe(expected));

  test("the same port twice is one port, tcp and udp are two", () => {
    const { ports } = service('    ports: ["80:80", {target: 80, published: 80}, "80:80/udp"]\n');
    expect(ports.map((at) => shown(at))).toEqual(["{target: 80, published: 80}", "80:80/udp"]);
  });

  test("from .env", () => {
    expect(port('"${BIND}:${PORT}:80"', "BIND=127.0.0.1\nPORT=8080\n")).toBe("127.0.0.1|8080|80|tcp|loopback");
  });

  test.each([
    ['"8000:8000"', '"127.0.0.1:8000:8000"'],
    ["8000", "127.0.0.1::8000"],
    ['"0.0.0.0:80:80/tcp"', '"127.0.0.1:80:80/tcp"'],
    ['"[::]:80:80"', '"127.0.0.1:80:80"'],
    ['"${PORT:-8080}:80"', '"127.0.0.1:${PORT:-8080}:80"'],
    ["{target: 80, published: 80}", "{target: 80, published: 80, host_ip: 127.0.0.1}"],
    ["target: 80\n        published: 80", "target: 80\n        published: 80\n        host_ip: 127.0.0.1"],
    ['{target: 80, host_ip: "::"}', '{target: 80, host_ip: "127.0.0.1"}'],
  ])("an address for %s", (item, expected) => {
    const { bind } = service(`    ports:\n      - ${item}\n`).ports[0]!;
    expect(filled({ blank: bind! }, "127.0.0.1")).toContain(`    ports:\n      - ${expected}\n`);
  });

  test.each(['"127.0.0.1:80:80"', '"${HOST:-0.0.0.0}:80:80"', "{target: 80, host_ip: '${HOST:-0.0.0.0}'}"])(
    "no other address for %s",
    (item) => expect(service(`    ports:\n      - ${item}\n`).ports[0]!.bind).toBeUndefined(),
  );

  test("the span is the item, `expose` is never published", () => {
    const { ports } = service(
      '    ports: ["8080:80", {target: 81, published: 81}]\n    expose: ["5432", 6000-6001/udp]\n',
    );
    expect(ports.map((at) => [shown(at), at.via, at.reach])).toEqual([
      ["8080:80", "ports", "world"],
      ["{target: 81, published: 81}", "ports", "world"],
      ["5432", "expose", "internal"],
      ["6000-6001/udp", "expose", "internal"],
    ]);
    expect(ports[3]).toMatchObject({
      target: 6000,
      targetEnd: 6001,
      protocol: "udp",
      owner: "web",
      subject: "service web",
    });
  });

  test.each([
    ['"70000:80"', 70000, "70000"],
    ["65530-65540:65530-65540", 65540, "65540"],
    ['"127.0.0.1:80:99999/udp"', 99999, "99999"],
    ["{target: 80, published: 80800}", 80800, "80800"],
  ])("%s is beyond the range of ports, and nothing else is known of it", (item, value, text) => {
    const [port] = service(`    ports:\n      - ${item}\n`).ports;
    expect(port).toMatchObject({ outOfRange: { value }, reach: "unknown" });
    expect(port).not.toHaveProperty("target");
    expect(shown(port!.outOfRange!)).toBe(text);
  });

  test.each([
    "localhost:80:80",
    "300.1.1.1:80:80",
    "http",
    '"1-3:1-2"',
    '"9-8:80"',
    '"80:x"',
    '"1:2/quic"',
    "[1, 2]",
    "{published: 80}",
  ])("%s is no port", (item) => {
    const { problems, ports } = project(`services:\n  web:\n    image: a\n    ports:\n      - ${item}\n`);
    expect(ports).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(shown(problems[0]!)).toBe(item.replaceAll('"', ""));
  });

  test("host network: ports of the product and those declared, at the place of the mode", () => {
    const { ports } = project(
      "services:\n  db:\n    image: postgres:16\n    network_mode: host\n    expose: [9187]\n",
    ).service("db");
    expect(ports.map(({ via, reach, target }) => [via, reach, target])).toEqual([
      ["hostNetwork", "world", 9187],
      ["hostNetwork", "world", 5432],
    ]);
    expect(ports.map((at) => shown(at))).toEqual(["host", "host"]);
  });

  test("any port by its parts reads back as those parts", () => {
    const number = fc.integer({ min: 1, max: 65535 });
    const address = fc.oneof(
      fc.constant(""),
      fc.ipV4(),
      fc.ipV6().filter((ip) => !ip.includes(".")),
    );
    fc.assert(
      fc.property(
        address,
        fc.option(number),
        number,
        fc.constantFrom("", "/tcp", "/udp"),
        (host, published, target, protocol) => {
          const bracketed = host.includes(":") ? `[${host}]` : host;
          const text = [
            ...(host ? [bracketed] : []),
            ...(host || published !== null ? [published ?? ""] : []),
            target,
          ].join(":");
          expect(port(`"${text}${protocol}"`)).toBe(
            `${host}|${published ?? "-"}|${target}|${protocol === "/udp" ? "udp" : "tcp"}|${reachOf(host)}`,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("volumes", () => {
  const mount = (item: string, rest = "") => {
    const { kind, source, target, readOnly } = service(`    volumes:\n      - ${item}\n${rest}`).mounts[0]!;
    return `${kind}|${source ?? "-"}|${target}|${readOnly ? "ro" : "rw"}`;
  };
  test.each([
    ["/data", "volume|-|/data|rw"],
    ["db:/data", "volume|db|/data|rw"],
    ["./src:/app/src", "bind|./src|/app/src|rw"],
    ["/var/run/docker.sock:/var/run/docker.sock:ro", "bind|/var/run/docker.sock|/var/run/docker.sock|ro"],
    ["~/x:/x:rw,z", "bind|~/x|/x|rw"],
    ["../up:/up:z,ro", "bind|../up|/up|ro"],
    ["'C:\\Users\\me:/me:ro'", "bind|C:\\Users\\me|/me|ro"],
    ["${SOCK:-/var/run/docker.sock}:/sock", "bind|/var/run/docker.sock|/sock|rw"],
    ["${SOCK}:/sock:ro", "other|-|/sock|ro"],
    ["${PAIR:-./a:/b}:ro", "bind|./a|/b|ro"],
    ["{type: bind, source: /var/run/docker.sock, target: /s, read_only: 'yes'}", "bind|/var/run/docker.sock|/s|ro"],
    ["{type: volume, source: db, target: /data}", "volume|db|/data|rw"],
    ["{type: tmpfs, target: /tmp}", "tmpfs|-|/tmp|rw"],
    ["{type: npipe, source: x, target: /p}", "other|x|/p|rw"],
  ])("%s", (item, expected) => expect(mount(item)).toBe(expected));

  test("a named volume that binds a folder of the host is a bind mount", () => {
    const text =
      "services:\n  web:\n    image: a\n    volumes: [sock:/s]\nvolumes:\n  sock:\n    driver_opts: {type: none, o: 'ro,bind', device: /var/run}\n";
    expect(project(text).mounts[0]).toMatchObject({ kind: "bind", source: "/var/run", target: "/s" });
  });

  test("tmpfs, secrets and configs", () => {
    const { mounts } = service(
      "    tmpfs: /run:size=64m\n    secrets: [db, {source: key, target: /etc/key}, {source: pin, target: p}]\n    configs: [site]\n",
    );
    expect(mounts.map(({ kind, source, target, readOnly }) => [kind, source, target, readOnly])).toEqual([
      ["tmpfs", undefined, "/run", false],
      ["secret", "db", "/run/secrets/db", true],
      ["secret", "key", "/etc/key", true],
      ["secret", "pin", "/run/secrets/p", true],
      ["config", "site", "/site", true],
    ]);
  });

  test("any short volume by its parts reads back as those parts", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{1,8}$/);
    const source = fc.oneof(
      name,
      name.map((text) => `./${text}`),
      name.map((text) => `/${text}`),
      name.map((text) => `D:\\${text}`),
    );
    fc.assert(
      fc.property(source, name, fc.boolean(), (from, target, readOnly) => {
        const kind = /^[a-z]/.test(from) ? "volume" : "bind";
        expect(mount(`'${from}:/${target}${readOnly ? ":ro" : ""}'`)).toBe(
          `${kind}|${from}|/${target}|${readOnly ? "ro" : "rw"}`,
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe("environment", () => {
  test("map and list, empty, null and bare names", () => {
    const map = service("    environment:\n      A: 1\n      B:\n      C: ''\n      D: \"x\"\n      E: ${V:-d}\n");
    const list = service('    environment:\n      - A=1\n      - B\n      - C=\n      - "D=x"\n      - E=${V:-d}\n');
    for (const { variables } of [map, list]) {
      expect(environment(variables)).toEqual(["A=1", "B", "C=", "D=x", "E=d"]);
      expect(variables.map(({ name }) => shown(name))).toEqual(["A", "B", "C", "D", "E"]);
      expect(variables.map(({ value }) => shown(value))).toEqual(["1", "B", "", "x", "${V:-d}"]);
      expect(variables[1]!.value.value).toEqual({ from: "host" });
      expect(variables[0]).toMatchObject({ origin: "compose", phase: "run", subject: "service web" });
    }
  });

  test("a value may hold `=`, a fallback too", () => {
    const { variables } = service("    environment:\n      - URL=postgres://u:p@h/d?a=b\n      - X=${X:-a=b}\n");
    expect(environment(variables)).toEqual(["URL=postgres://u:p@h/d?a=b", "X=a=b"]);
  });

  test("references keep their place, the value is at its line in .env", () => {
    const { variables } = service("    environment:\n      KEY: pre-${KEY:-none}\n", "KEY=s3cret\n");
    const { value } = variables[0]!.value;
    if (value.from !== "variable") throw new Error(value.from);
    expect(value).toMatchObject({ text: "pre-${KEY:-none}", resolved: "pre-s3cret" });
    expect(shown(value.references[0]!)).toBe("${KEY:-none}");
    expect(shown(value.references[0]!.fallback!)).toBe("none");
    expect(shown(value.references[0]!.value!)).toBe("s3cret");
  });

  test("a bare name comes from .env, else from the host", () => {
    const { variables } = service("    environment: [KNOWN, UNKNOWN]\n", "KNOWN=x\n");
    expect(environment(variables)).toEqual(["KNOWN=x", "UNKNOWN"]);
    expect(variables[0]!.value.value).toMatchObject({ from: "variable", references: [{ name: "KNOWN" }] });
  });

  test("a .env value that nobody knows is not replaced by the default", () => {
    expect(environment(service("    environment: ['A=${A:-d}']\n", "A=${HOME}/x\n").variables)).toEqual(["A=?"]);
  });

  test("env_file: string, list, objects; the last file wins, `environment` over all, the same objects", () => {
    const {
      service: of,
      envFiles,
      variables,
    } = project({
      "app/compose.yaml":
        "services:\n  a:\n    image: x\n    env_file: one.env\n  b:\n    image: x\n    env_file: [one.env, {path: ./two.env, required: false}, gone.env]\n    environment: [B=own]\n",
      "app/one.env": "A=1\nB=1\nC=1\n",
      "app/two.env": "C=2\n",
    });
    expect(environment(of("a").variables)).toEqual(["A=1", "B=1", "C=1"]);
    expect(environment(of("b").variables)).toEqual(["A=1", "C=2", "B=own"]);
    expect(of("a").variables[0]).toBe(envFiles[0]!.variables[0]);
    expect(environment(variables)).toEqual(["B=own"]);
  });

  test("env_file does not feed interpolation", () => {
    const text = "services:\n  a:\n    image: x\n    env_file: one.env\n    user: ${WHO}\n";
    expect(project({ "compose.yaml": text, "one.env": "WHO=root\n" }).service("a").user).toBeUndefined();
  });

  test("`__proto__` is a name like any other", () => {
    const { variables } = service("    environment:\n      __proto__: x\n      constructor: y\n");
    expect(environment(variables)).toEqual(["__proto__=x", "constructor=y"]);
  });
});

describe("build", () => {
  test.each<[string, object | undefined]>([
    ["build: .", { context: "app", dockerfile: "app/Dockerfile" }],
    ["build: ../api/", { context: "api", dockerfile: "api/Dockerfile" }],
    [
      "build: {context: ./x, dockerfile: ../d/Prod.Dockerfile, target: run}",
      { context: "app/x", dockerfile: "app/d/Prod.Dockerfile", target: "run" },
    ],
    ["build: {dockerfile: D}", { context: "app", dockerfile: "app/D" }],
    ["build: https://example.com/r.git", undefined],
    ["build: ../../out", undefined],
    ["build: ${CONTEXT}", undefined],
    ["build: {dockerfile_inline: 'FROM x'}", undefined],
    ["build: {dockerfile: $D}", undefined],
  ])("%s", (text, expected) => {
    const { build, productKind } = project({ "app/compose.yaml": `services:\n  a:\n    ${text}\n` }).service("a");
    expect(build).toEqual(expected);
    expect(productKind).toBe("application");
  });

  test("arguments are variables of the build and not of the container; a built image is not pulled", () => {
    const {
      variables,
      images,
      service: of,
    } = project("services:\n  a:\n    build: {context: ., args: [T=1, U]}\n    image: me/a\n");
    expect(variables.map(({ name, origin, phase }) => [name.value, origin, phase])).toEqual([
      ["T", "compose-build-arg", "build"],
      ["U", "compose-build-arg", "build"],
    ]);
    expect(of("a").variables).toEqual([]);
    expect(of("a").image!.repository).toBe("me/a");
    expect(images).toEqual([]);
  });
});

describe("image", () => {
  test.each([
    ["postgres:16", "postgres:16", true],
    ["postgres:${TAG:-latest}", "postgres:latest", true],
    ["app:${TAG}", "app:${TAG}", false],
    ["${REGISTRY}/app:1.2", "${REGISTRY}/app:1.2", true],
    ["${IMAGE}", "${IMAGE}", false],
  ])("%s", (text, value, known) => {
    const { image } = project(`services:\n  a:\n    image: ${text}\n`).service("a");
    expect(image).toMatchObject({ known, subject: "service a", format: "compose", reference: { value } });
    expect(shown(image!.reference)).toBe(text);
  });

  test("what it is", () => {
    expect(project("services:\n  a:\n    image: postgres:16\n").service("a")).toMatchObject({
      product: "postgres",
      productKind: "datastore",
    });
  });
});

describe("hardening", () => {
  const fact = (name: keyof Container, attributes: string, env?: string) => {
    const found = service(attributes, env)[name] as Located<unknown> | undefined;
    return found && [found.value, found.implied ? "implied" : shown(found)];
  };
  test.each<[keyof Container, string, unknown]>([
    ["privileged", "", [false, "implied"]],
    ["privileged", "    privileged: true\n", [true, "true"]],
    ["privileged", '    privileged: "yes"\n', [true, "yes"]],
    ["privileged", '    privileged: "${P:-on}"\n', [true, "${P:-on}"]],
    ["privileged", "    privileged: ${P}\n", undefined],
    ["readOnlyRoot", "", [false, "implied"]],
    ["readOnlyRoot", "    read_only: 'true'\n", [true, "true"]],
    ["user", '    user: "0:0"\n', ["0:0", "0:0"]],
    ["user", "    user: 0\n", ["0", "0"]],
    ["user", "    user: ${UID}\n", undefined],
    ["user", "", undefined],
    ["privilegeEscalation", "", [true, "implied"]],
    ["privilegeEscalation", "    security_opt: [no-new-privileges, 'seccomp:x.json']\n", [false, "no-new-privileges"]],
    ["privilegeEscalation", "    security_opt: ['no-new-privileges:true']\n", [false, "no-new-privileges:true"]],
    ["privilegeEscalation", "    security_opt: ['no-new-privileges=true']\n", [false, "no-new-privileges=true"]],
    ["privilegeEscalation", "    security_opt: ['no-new-privileges:false']\n", [true, "no-new-privileges:false"]],
    ["privilegeEscalation", "    security_opt: ['label:disable']\n", [true, "implied"]],
    ["privilegeEscalation", "    security_opt: ['$OPTION']\n", undefined],
    ["seccomp", "", ["default", "implied"]],
    ["seccomp", "    security_opt: ['seccomp:unconfined']\n", ["Unconfined", "seccomp:unconfined"]],
    ["seccomp", "    security_opt: ['seccomp=./p.json']\n", ["Localhost", "seccomp=./p.json"]],
    ["memoryLimit", "", [false, "implied"]],
    ["memoryLimit", "    mem_limit: 512m\n", [true, "512m"]],
    ["memoryLimit", "    mem_limit: 0\n", [false, "0"]],
    ["memoryLimit", "    mem_limit: $M\n", undefined],
    ["memoryLimit", "    deploy: {resources: {limits: {memory: 1G}}}\n", [true, "1G"]],
    ["memoryLimit", "    deploy: {resources: {reservations: {memory: 1G}}}\n", [false, "implied"]],
    ["logRotation", "", [false, "implied"]],
    ["logRotation", "    logging: {driver: local}\n", [true, "local"]],
    ["logRotation", "    logging: {driver: journald}\n", [true, "journald"]],
    ["logRotation", "    logging: {driver: json-file}\n", [false, "implied"]],
    ["logRotation", "    logging: {options: {max-size: 10m}}\n", [true, "10m"]],
    ["logRotation", "    logging: {driver: $D}\n", undefined],
    ["healthcheck", "", undefined],
    ["healthcheck", "    healthcheck: {test: [CMD, x]}\n", [true, "healthcheck"]],
    ["healthcheck", "    healthcheck: {test: [NONE]}\n", [false, "NONE"]],
    ["healthcheck", "    healthcheck: {disable: true}\n", [false, "true"]],
    ["replicas", "", [1, "implied"]],
    ["replicas", "    deploy: {replicas: 3}\n", [3, "3"]],
    ["replicas", "    scale: 2\n", [2, "2"]],
    ["replicas", "    deploy: {mode: global}\n", undefined],
    ["networkMode", "    network_mode: service:db\n", ["service:db", "service:db"]],
  ])("%s %j", (name, attributes, expected) => expect(fact(name, attributes)).toEqual(expected));

  test("an implied fact stands at the service's name", () => {
    const { readOnlyRoot, privilegeEscalation, memoryLimit } = service("");
    for (const at of [readOnlyRoot!, privilegeEscalation!, memoryLimit!]) expect(shown(at)).toBe("web");
  });

  test("a known image that runs as root", () => {
    const { user } = project("services:\n  web:\n    image: python:3.12-slim\n").service("web");
    expect(user).toMatchObject({ value: "root", implied: true });
    expect(filled(user!, "1000")).toBe('services:\n  web:\n    image: python:3.12-slim\n    user: "1000"\n');
  });

  test("capabilities", () => {
    const { capabilitiesAdded, capabilitiesDropped } = service(
      "    cap_add: [CAP_NET_ADMIN, sys_time]\n    cap_drop: [all]\n",
    );
    expect(capabilitiesAdded.map(({ value }) => value)).toEqual(["NET_ADMIN", "SYS_TIME"]);
    expect(capabilitiesAdded.map((at) => shown(at))).toEqual(["CAP_NET_ADMIN", "sys_time"]);
    expect(capabilitiesDropped.map(({ value }) => value)).toEqual(["ALL"]);
  });
});

describe("blanks", () => {
  const file = (text: string) => project(text).service("web");

  test("behind the image, comments and line ends kept", () => {
    const web = file('services:\r\n  web:\r\n    # about\r\n    image: "a:1" # why\r\n    ports: ["1:1"]\r\n');
    expect(filled(web.readOnlyRoot!, "true")).toBe(
      'services:\r\n  web:\r\n    # about\r\n    image: "a:1" # why\r\n    read_only: true\r\n    ports: ["1:1"]\r\n',
    );
  });

  test("behind what it is built of", () => {
    const web = file("services:\n  web:\n    build:\n      context: .\n");
    expect(filled(web.readOnlyRoot!, "true")).toBe(
      "services:\n  web:\n    build:\n      context: .\n    read_only: true\n",
    );
  });

  test("into a map in braces", () => {
    const web = file("services:\n  web: {image: a}\n");
    expect(filled(web.memoryLimit!, "1g")).toBe("services:\n  web: {image: a, mem_limit: 1g}\n");
  });

  test("no place in an alias, which has other users", () => {
    const text = "x-base: &base\n  image: a\nservices:\n  web: *base\n  api:\n    <<: *base\n    restart: always\n";
    expect(file(text).readOnlyRoot!.blank).toBeUndefined();
    const { readOnlyRoot } = project(text).service("api");
    expect(filled(readOnlyRoot!, "true")).toContain(
      "  api:\n    <<: *base\n    restart: always\n    read_only: true\n",
    );
  });

  test.each<[keyof Container, string, string, (web: Container) => unknown]>([
    ["readOnlyRoot", "", "true", (web) => web.readOnlyRoot],
    ["privilegeEscalation", "", "true", (web) => web.privilegeEscalation],
    [
      "privilegeEscalation",
      "    security_opt:\n      - label:disable # why\n    tty: true\n",
      "true",
      (web) => web.privilegeEscalation,
    ],
    ["memoryLimit", "", "512m", (web) => web.memoryLimit],
    [
      "memoryLimit",
      "    deploy:\n      resources:\n        limits:\n          cpus: 1\n",
      "512m",
      (web) => web.memoryLimit,
    ],
    ["logRotation", "", "10m", (web) => web.logRotation],
    ["logRotation", "    logging:\n      driver: json-file\n", "10m", (web) => web.logRotation],
    [
      "logRotation",
      "    logging:\n      driver: json-file\n      options:\n        max-file: '3'\n",
      "10m",
      (web) => web.logRotation,
    ],
  ])("%s filled in is what was missing %j", (name, attributes, value) => {
    const before = service(attributes)[name] as Located<boolean>;
    expect(before.implied).toBe(true);
    const text = filled(before, value);
    expect(parseYaml(sourceFile("compose.yaml", text)).problems).toEqual([]);
    const after = project(text).service("web")[name] as Located<boolean>;
    expect(after.implied).toBeUndefined();
    expect(after.value).toBe(!before.value);
  });
});

describe("command", () => {
  test.each([
    ["redis-server --requirepass secret", ["redis-server", "--requirepass", "secret"]],
    ["sh -c 'a b' \"c d\"", ["sh", "-c", "a b", "c d"]],
    ["--password='p w' x\\ y", ["--password=p w", "x y"]],
    ["run ${A:-b c} $$HOME", ["run", "b", "c", "$HOME"]],
    ["run '${A:-b c}'", ["run", "b c"]],
    ["run ${X}", ["run", "${X}"]],
    ["[a, 'b c', 1]", ["a", "b c", "1"]],
  ])("%s", (text, expected) => {
    expect(service(`    command: ${text}\n`).command.map(({ value }) => value)).toEqual(expected);
  });

  test("each word at its place, in block scalars too", () => {
    const { command } = service(
      "    entrypoint: [run]\n    command: >\n      redis-server\n      --requirepass 'a b'\n        --port 1\n",
    );
    expect(command.map(({ value }) => value)).toEqual(["run", "redis-server", "--requirepass", "a b", "--port", "1"]);
    expect(command.map((at) => shown(at))).toEqual(["run", "redis-server", "--requirepass", "a b", "--port", "1"]);
  });

  test("places inside escapes", () => {
    const { variables } = service("    environment:\n      A: \"x\\ty ${V:-\\u00e9z}\"\n      B: 'it''s ${W:-ok}'\n");
    const [a, b] = variables.map(({ value }) =>
      value.value.from === "variable" ? value.value.references[0]! : undefined,
    );
    expect(shown(a!)).toBe("${V:-\\u00e9z}");
    expect(shown(a!.fallback!)).toBe("\\u00e9z");
    expect(a!.fallback!.value).toBe("éz");
    expect(shown(b!)).toBe("${W:-ok}");
  });
});

test("labels: map and list, of the service and of its deployment", () => {
  const of = (text: string) => service(text).labels.map(({ name, value }) => [name.value, value.value, shown(value)]);
  expect(of("    labels:\n      a.b: x\n    deploy:\n      labels: ['c=d=e']\n")).toEqual([
    ["a.b", "x", "x"],
    ["c", "d=e", "d=e"],
  ]);
});

test("profiles", () => expect(service("    profiles: [dev, debug]\n").profiles).toEqual(["dev", "debug"]));
