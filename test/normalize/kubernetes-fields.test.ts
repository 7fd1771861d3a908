import { expect, test } from "vitest";
import { fieldFaults } from "../../src/normalize/kubernetes/fields.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";

/** Faults as "place: what", the place being the text that is marked. */
function faults(text: string): string[] {
  const file = sourceFile("k8s/a.yaml", text);
  return fieldFaults([{ file, tree: parseYaml(file) }]).map(({ fault, field, path, suggestion, expected, found }) => {
    const { start, end } = field.span;
    const where = [path, field.value].filter(Boolean).join(".");
    return `${text.slice(start, end)}: ${fault} ${where} ${suggestion ?? ""}${expected ? `${expected} not ${found}` : ""}`;
  });
}
const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nspec: ${spec}\n`;

test.each([
  [
    "a text where a number belongs",
    pod('{terminationGracePeriodSeconds: "30"}'),
    "30: type spec.terminationGracePeriodSeconds a number not a text",
  ],
  [
    "a number in a list of texts",
    pod("{containers: [{args: [-p, 80]}]}"),
    "80: type spec.containers[0].args[1] a text not a number",
  ],
  [
    "a word of YAML 1.1 in a text",
    pod("{nodeSelector: {ssd: yes}}"),
    "yes: type spec.nodeSelector.ssd a text not a boolean",
  ],
  ["digits with underscores", pod("{nodeSelector: {n: 1_000}}"), "1_000: type spec.nodeSelector.n a text not a number"],
  [
    "a boolean as a quantity",
    pod("{containers: [{resources: {limits: {cpu: true}}}]}"),
    "true: type spec.containers[0].resources.limits.cpu a number or a text not a boolean",
  ],
  [
    "a list where a mapping belongs",
    pod("{securityContext: []}"),
    "[]: type spec.securityContext a mapping not a list",
  ],
  ["a key that is quoted", pod('{"hostnetwork": true}'), "hostnetwork: unknown spec.hostnetwork hostNetwork"],
  [
    "a kind under the wrong version",
    "apiVersion: apps/v1\nkind: Ingress\n",
    "apps/v1: kind apps/v1 networking.k8s.io/v1",
  ],
])("%s", (_, text, expected) => {
  expect(faults(text).map((fault) => fault.trim())).toEqual([expected]);
});

test.each([
  ["words of YAML 1.1 as booleans", pod("{hostNetwork: off, hostPID: No}")],
  ["empty values", pod("{containers: , securityContext: ~, nodeSelector: {a: }}")],
  [
    "numbers and texts as quantities, ports and percentages",
    pod("{containers: [{resources: {limits: {cpu: 0.5, memory: 1Gi}}, livenessProbe: {tcpSocket: {port: db}}}]}"),
  ],
  ["tagged and block texts", pod("{nodeSelector: {a: !!str 1}}")],
  ["variables of any kind", pod("{hostNetwork: ${X}, priority: $(P), nodeSelector: {${KEY}: a}}")],
  ["custom resources", "apiVersion: example.com/v1\nkind: Pod\nspec: 3\n"],
  ["old versions, which another rule names", "apiVersion: extensions/v1beta1\nkind: Deployment\nspec: {x: 1}\n"],
  ["what tools leave", "apiVersion: v1\nkind: Pod\nsops: {}\nspec: {$setElementOrder/containers: []}\n"],
])("nothing about %s", (_, text) => {
  expect(faults(text)).toEqual([]);
});

test("what an anchor shares is judged once, at the anchor", () => {
  const text =
    "apiVersion: v1\nkind: Pod\nspec:\n  containers: [&c {imag: a}, *c, {<<: *c, name: b}]\n  initContainers: [*c]\n";
  expect(faults(text)).toEqual([
    "imag: unknown spec.containers[0].imag image",
    "imag: unknown spec.containers[2].imag image",
  ]);
});

test("objects of a list, each under its own name", () => {
  const text =
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {port: 80}}\n";
  const file = sourceFile("a.yaml", text);
  expect(
    fieldFaults([{ file, tree: parseYaml(file) }]).map(({ subject, suggestion }) => [subject, suggestion]),
  ).toEqual([["Service a", "ports"]]);
});
