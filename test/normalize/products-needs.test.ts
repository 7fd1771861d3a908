import { describe, expect, test } from "vitest";
import { imageReference } from "../../src/normalize/images.ts";
import { foldersWithout, gainsPrivileges, needsOf } from "../../src/normalize/products-needs.ts";
import { sourceFile } from "../source-file.ts";
import { project, service } from "./compose-project.ts";

const file = sourceFile("compose.yaml", "");
const image = (value: string) =>
  imageReference({
    reference: { value, span: { file, start: 0, end: 0 } },
    known: true,
    subject: "service web",
    format: "compose",
  });
const mount = (target: string) => ({ target, readOnly: false });

test.each([
  ["postgres:16", ["/tmp", "/var/run/postgresql"]],
  ["docker.io/library/postgres:16", ["/tmp", "/var/run/postgresql"]],
  ["public.ecr.aws/docker/library/redis:7", ["/tmp"]],
  ["oauth2-proxy/oauth2-proxy:v7", []],
  ["rabbitmq:4", undefined],
])("folders of %s", (name, folders) => expect(needsOf(image(name))?.folders).toEqual(folders));

test.each(["acme/postgres:16", "registry.acme.io/postgres:16", "acme/api:1"])("nothing is known of %s", (name) =>
  expect(needsOf(image(name))).toBeUndefined(),
);

test.each<[string, readonly string[], readonly string[] | undefined]>([
  ["no mounts", [], ["/tmp", "/var/cache/nginx", "/var/run"]],
  ["a folder above", ["/var"], ["/tmp"]],
  ["the root of all", ["/"], []],
  ["a folder of a similar name", ["/var/runner", "/tmp/a"], ["/tmp", "/var/cache/nginx", "/var/run"]],
  ["templates that become files elsewhere", ["/etc/nginx/templates"], undefined],
  ["a script at the start", ["/docker-entrypoint.d/a.sh"], undefined],
])("folders that no mount covers: %s", (_, targets, expected) =>
  expect(foldersWithout(needsOf(image("nginx:1.27"))!, targets.map(mount))).toEqual(expected),
);

test.each([
  ["dpage/pgadmin4:8", true],
  ["registry.k8s.io/ingress-nginx/controller:v1.11", true],
  ["postgres:16", false],
])("%s gains privileges: %s", (name, expected) => expect(gainsPrivileges(image(name))).toBe(expected));

describe("a service", () => {
  const of = (attributes: string) =>
    project(`services:\n  web:\n    image: nginx:1.27\n${attributes}`).service("web").needs;

  test("an image that is not known needs nobody knows what", () => {
    expect(service("").needs).toBeUndefined();
  });

  test.each<[string, string, readonly string[], number | undefined]>([
    ["all of them", "", ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"], 1],
    ["none beside ALL", "    cap_add: [ALL]\n", [], 0],
    [
      "others are added in another list",
      "    cap_add: [CAP_CHOWN, setuid]\n",
      ["DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID"],
      undefined,
    ],
  ])("capabilities: %s", (_, attributes, names, blanks) => {
    const { capabilities } = of(attributes)!;
    expect([capabilities.names, capabilities.blanks?.length]).toEqual([names, blanks]);
  });
});
