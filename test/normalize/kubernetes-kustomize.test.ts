import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { facts, filled, textAt } from "./kubernetes-facts.ts";

const BASE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {tier: front}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: api
          image: shop/api:latest
          env:
            - {name: LEVEL, value: debug}
            - {name: ORIGINS, value: "*"}
          securityContext:
            privileged: true
        - name: sidecar
          image: shop/sidecar:1
`;

const overlay = (kustomization: string, more: Readonly<Record<string, string>> = {}) =>
  facts({
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": BASE,
    "prod/kustomization.yaml": `resources:\n  - ../base\n${kustomization}`,
    ...more,
  });

const strategic = (body: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
${body}`;

const UNPRIVILEGED = strategic(`spec:
  template:
    spec:
      containers:
        - name: api
          securityContext:
            privileged: false
            runAsUser: 1000
          env:
            - {name: LEVEL, value: info}
            - {name: ORIGINS, $patch: delete}
`);

describe("overlays are judged after their patches", () => {
  test.each([
    ["patches", "patches: [{path: fix.yaml}]\n"],
    ["patchesStrategicMerge", "patchesStrategicMerge: [fix.yaml]\n"],
    ["a target", "patches: [{path: fix.yaml, target: {kind: Deployment, name: 'w.*', labelSelector: tier=front}}]\n"],
  ])("strategic merge by %s: one Deployment, each value at the place that decides it", (_, kustomization) => {
    const { containers, objects } = overlay(kustomization, { "prod/fix.yaml": UNPRIVILEGED });
    expect(objects.map(({ subject }) => subject)).toEqual(["Deployment web"]);
    expect(containers.map(({ name }) => name.value)).toEqual(["api", "sidecar"]);
    const [api] = containers;
    expect(api).toMatchObject({ privileged: { value: false }, user: { value: "1000" } });
    expect(api!.privileged!.span.file.path).toBe("prod/fix.yaml");
    expect(textAt(api!.user!)).toBe("1000");
    expect(api!.image!.reference.span.file.path).toBe("base/web.yaml");
    expect(api!.variables.map(({ name, value }) => [name.value, textAt(value), value.span.file.path])).toEqual([
      ["LEVEL", "info", "prod/fix.yaml"],
    ]);
  });

  test("an inline patch is found inside the kustomization", () => {
    const { containers } = overlay(`patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - name: api
                securityContext:
                  privileged: false
`);
    const { privileged } = containers[0]!;
    expect(privileged).toMatchObject({ value: false, span: { file: { path: "prod/kustomization.yaml" } } });
    expect(textAt(privileged!)).toBe("false");
  });

  test("a JSON patch replaces, adds and removes", () => {
    const { containers } = overlay(`patches:
  - target: {kind: Deployment, name: web}
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/securityContext/privileged
        value: false
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: {name: ADDED, value: here}
      - op: remove
        path: /spec/template/spec/containers/1
      - op: replace
        path: /spec/nowhere/at/all
        value: 1
`);
    expect(containers).toHaveLength(1);
    expect(containers[0]!.privileged).toMatchObject({ value: false });
    expect(textAt(containers[0]!.privileged!)).toBe("false");
    expect(containers[0]!.variables.map(({ name }) => name.value)).toEqual(["LEVEL", "ORIGINS", "ADDED"]);
  });

  test("a blank of a patched container is in the file its siblings are in", () => {
    const { containers } = overlay("patches: [{path: fix.yaml}]\n", { "prod/fix.yaml": UNPRIVILEGED });
    expect(filled(containers[0]!.readOnlyRoot!, "true")).toBe(
      BASE.replace("privileged: true\n", "readOnlyRootFilesystem: true\n            privileged: true\n"),
    );
  });

  test("a patch can delete the whole object, and one for another object changes nothing", () => {
    const remove = strategic("$patch: delete\n");
    expect(overlay("patches: [{path: fix.yaml}]\n", { "prod/fix.yaml": remove }).objects).toEqual([]);
    const other = UNPRIVILEGED.replace("name: web", "name: other");
    const { containers, objects } = overlay("patches: [{path: fix.yaml}]\n", { "prod/fix.yaml": other });
    expect(containers[0]!.privileged!.value).toBe(true);
    expect(objects).toHaveLength(1);
  });

  test("lists without a merge key are replaced", () => {
    const { containers } = overlay("patches: [{path: fix.yaml}]\n", {
      "prod/fix.yaml": strategic(
        "spec: {template: {spec: {containers: [{name: api, command: [run]}, {name: new}]}}}\n",
      ),
    });
    expect(containers.map(({ name }) => name.value)).toEqual(["new", "api", "sidecar"]);
    expect(containers[1]!.command.map(textAt)).toEqual(["run"]);
  });
});

describe("images, replicas, namespace", () => {
  test("a new tag or digest is the reference, at the place that decides it", () => {
    const { images } = overlay(`images:
  - name: shop/api
    newTag: "1.4"
  - name: shop/sidecar
    newName: registry.example.com/sidecar
    digest: sha256:abc
`);
    expect(images.map(({ reference }) => [reference.value, textAt(reference)])).toEqual([
      ["shop/api:1.4", "1.4"],
      ["registry.example.com/sidecar@sha256:abc", "sha256:abc"],
    ]);
    expect(images[0]).toMatchObject({ known: true, repository: "shop/api", tag: "1.4" });
  });

  test("replicas and namespace", () => {
    const { containers, objects } = overlay("namespace: shop\nreplicas: [{name: web, count: 5}]\n");
    expect(containers[0]!.replicas).toMatchObject({ value: 5, span: { file: { path: "prod/kustomization.yaml" } } });
    expect(objects).toMatchObject([{ namespace: "shop" }]);
  });
});

describe("what belongs to a build", () => {
  test("two overlays: facts they share are there once, those that differ twice", () => {
    const { containers, objects, roles } = overlay("patches: [{path: fix.yaml}]\n", {
      "prod/fix.yaml": UNPRIVILEGED,
      "dev/kustomization.yaml": "resources: [../base]\n",
    });
    expect(objects.map(({ subject }) => subject)).toEqual(["Deployment web"]);
    expect(containers.map(({ name, privileged }) => [name.value, privileged!.value])).toEqual([
      ["api", false],
      ["sidecar", false],
      ["api", true],
    ]);
    expect(roles.filter(({ role }) => role === "Kustomize").map(({ file }) => file.path)).toEqual([
      "base/kustomization.yaml",
      "prod/kustomization.yaml",
      "dev/kustomization.yaml",
    ]);
  });

  test("components patch what the overlay has; alone they are nothing that runs", () => {
    const component = {
      "parts/safe/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: fix.yaml}]\n",
      "parts/safe/fix.yaml": UNPRIVILEGED,
    };
    expect(overlay("components: [../parts/safe]\n", component).containers[0]!.privileged!.value).toBe(false);
    expect(facts(component).containers).toEqual([]);
  });

  test("generators: literals are variables, later kustomizations merge", () => {
    const { variables, containers, secrets } = facts({
      "base/kustomization.yaml":
        "resources: [pod.yaml]\nconfigMapGenerator: [{name: app, literals: [LEVEL=debug, MODE=a]}]\n",
      "base/pod.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: api, envFrom: [{configMapRef: {name: app}}]}]}\n",
      "prod/kustomization.yaml": `resources: [../base]
configMapGenerator:
  - name: app
    behavior: merge
    literals:
      - LEVEL="info"
secretGenerator:
  - name: keys
    literals: ["PASSWORD=hunter2"]
`,
    });
    expect(containers[0]!.variables.map(({ name, value }) => [name.value, textAt(value)])).toEqual([
      ["LEVEL", "info"],
      ["MODE", "a"],
    ]);
    expect(variables.map(({ name, origin, subject }) => [textAt(name), origin, subject])).toEqual([
      ["LEVEL", "config-map", "ConfigMap app"],
      ["MODE", "config-map", "ConfigMap app"],
      ["PASSWORD", "secret", "Secret keys"],
    ]);
    expect(secrets).toMatchObject([{ subject: "Secret keys", holds: "values" }]);
    expect(textAt(secrets[0]!.variables[0]!.value)).toBe("hunter2");
  });

  test("kustomizations that include each other, and paths that lead nowhere, end", () => {
    const { containers } = facts({
      "a/kustomization.yaml": "resources: [../b, ../../../etc/passwd, missing.yaml, 'https://example.com/x.yaml']\n",
      "b/kustomization.yaml": "resources: [../a, pod.yaml]\n",
      "b/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: api}]}\n",
      "c/kustomization.yaml": "resources: [../a]\n",
    });
    expect(containers.map(({ subject }) => subject)).toEqual(["Pod web / container api"]);
  });
});

test("any kustomization is taken without an exception, and patches never lose the other objects", () => {
  const keys = fc.constantFrom(
    ...[
      "spec",
      "template",
      "metadata",
      "containers",
      "name",
      "image",
      "target",
      "kind",
      "patch",
      "path",
      "op",
      "value",
    ],
    ...["$patch", "count", "newTag", "literals", "behavior", "namespace", "__proto__"],
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom(
        ...["web", "Deployment", "replace", "remove", "add", "delete", "/spec/template", "A=b", "", null, 1],
      ),
      fc.array(fc.tuple(keys, tie("tree")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  const fields = fc.constantFrom(
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "images",
    "replicas",
    "resources",
  );
  fc.assert(
    fc.property(fields, fc.array(tree), tree, (field, list, patch) => {
      const { objects } = facts({
        "kustomization.yaml": JSON.stringify({
          resources: ["web.yaml", "pod.yaml"],
          [field]: list,
          patches: [{ path: "p.yaml" }],
        }),
        "web.yaml": BASE,
        "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: untouched-by-name}\n",
        "p.yaml": JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: patch }),
      });
      if (field === "images" || field === "replicas") {
        expect(objects.map(({ subject }) => subject)).toEqual(["Deployment web", "Pod untouched-by-name"]);
      }
    }),
    { numRuns: 300 },
  );
});
