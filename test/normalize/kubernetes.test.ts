import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isKubernetes } from "../../src/normalize/kubernetes/index.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";
import { deployment, facts, filled, textAt } from "./kubernetes-facts.ts";

const only = (text: string) => facts(text).containers[0]!;

describe("which documents are Kubernetes", () => {
  const recognised = (text: string) => parseYaml(sourceFile("a.yaml", text)).documents.map(isKubernetes);

  test.each([
    ["apiVersion: v1\nkind: Pod", [true]],
    ['{"apiVersion": "v1", "kind": "Pod"}', [true]],
    ["services:\n  web:\n    image: nginx", [false]],
    ["apiVersion: v2\nname: chart", [false]],
    ["apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization", [false]],
    ["apiVersion: v1\nkind: {}", [false]],
    ["- apiVersion: v1\n  kind: Pod", [false]],
    ["apiVersion: v1\nkind: Pod\n---\nfoo: bar", [true, false]],
  ])("%j", (text, expected) => expect(recognised(text)).toEqual(expected));

  test("several documents and lists give each object its own place", () => {
    const { objects, roles } = facts(`apiVersion: v1
kind: Namespace
metadata: {name: first}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata: {name: second, namespace: shop}
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: third}}
`);
    expect(objects.map(({ subject }) => subject)).toEqual([
      "Namespace first",
      "ServiceAccount second",
      "ConfigMap third",
    ]);
    expect(objects.map(({ name }) => textAt(name))).toEqual(["first", "second", "third"]);
    expect(objects[1]).toMatchObject({ namespace: "shop", apiVersion: { value: "v1" } });
    expect(roles.map(({ role }) => role)).toEqual(["Kubernetes"]);
  });

  test("an object without a name is named by its kind", () => {
    const [object] = facts("apiVersion: v1\nkind: Namespace").objects;
    expect(object).toMatchObject({ subject: "Namespace", name: { value: "", implied: true } });
    expect(textAt(object!.name)).toBe("Namespace");
  });
});

describe("workloads", () => {
  const pod = "{containers: [{name: api, image: a:1}]}";
  test.each([
    ["v1", "Pod", `spec: ${pod}`],
    ["apps/v1", "Deployment", `spec: {template: {spec: ${pod}}}`],
    ["apps/v1", "StatefulSet", `spec: {template: {spec: ${pod}}}`],
    ["apps/v1", "DaemonSet", `spec: {template: {spec: ${pod}}}`],
    ["apps/v1", "ReplicaSet", `spec: {template: {spec: ${pod}}}`],
    ["v1", "ReplicationController", `spec: {template: {spec: ${pod}}}`],
    ["batch/v1", "Job", `spec: {template: {spec: ${pod}}}`],
    ["batch/v1", "CronJob", `spec: {jobTemplate: {spec: {template: {spec: ${pod}}}}}`],
    ["serving.knative.dev/v1", "Service", `spec: {template: {spec: ${pod}}}`],
    ["argoproj.io/v1alpha1", "Rollout", `spec: {template: {spec: ${pod}}}`],
    ["apps.openshift.io/v1", "DeploymentConfig", `spec: {template: {spec: ${pod}}}`],
  ])("%s %s", (apiVersion, kind, spec) => {
    const { containers } = facts(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web}\n${spec}\n`);
    expect(containers.map(({ subject }) => subject)).toEqual([`${kind} web / container api`]);
    expect(containers[0]).toMatchObject({ kind, workload: `${kind} web`, format: "kubernetes", role: "main" });
  });

  test("a Service of the core group has no containers", () => {
    expect(
      facts(`apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {template: {spec: ${pod}}}`).containers,
    ).toEqual([]);
  });

  test("init and ephemeral containers are containers; only serving ones want probes and replicas", () => {
    const { containers } = facts(
      deployment(`
      initContainers: [{name: migrate, image: a}]
      containers: [{name: api, image: a}]
      ephemeralContainers: [{name: debug, image: a}]
`),
    );
    expect(
      containers.map(({ name, role, healthcheck, replicas }) => [
        name.value,
        role,
        healthcheck?.value,
        replicas?.value,
      ]),
    ).toEqual([
      ["api", "main", false, 1],
      ["migrate", "init", undefined, undefined],
      ["debug", "ephemeral", undefined, undefined],
    ]);
  });

  test("an init container that is always restarted runs beside the main ones", () => {
    const { containers } = facts(
      deployment(`      initContainers: [{name: migrate}, {name: mesh, restartPolicy: Always}, {name: once, restartPolicy: Never}]
      containers: [{name: api}]`),
    );
    expect(containers.map(({ name, role }) => [name.value, role])).toEqual([
      ["api", "main"],
      ["migrate", "init"],
      ["mesh", "main"],
      ["once", "init"],
    ]);
  });

  test("replicas: written, implied, templated, autoscaled", () => {
    const manifest = (replicas: string, more = "") =>
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  ${replicas}
  template: {spec: {containers: [{name: api}]}}
${more}`;
    expect(only(manifest("replicas: 3")).replicas).toMatchObject({ value: 3 });
    expect(only(manifest("paused: false")).replicas).toMatchObject({ value: 1, implied: true });
    expect(only(manifest("replicas: ${REPLICAS}")).replicas).toBeUndefined();
    const autoscaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {kind: Deployment, name: web}, maxReplicas: 8}
`;
    expect(only(manifest("replicas: 1", autoscaler)).replicas).toMatchObject({ value: 8 });
  });

  test("image, pull policy, command and arguments at their places", () => {
    const container = only(
      deployment(`
      containers:
        - name: "api"
          image: 'registry.example.com:5000/shop/api:1.2' # pinned
          imagePullPolicy: Always
          command: [sh, -c]
          args:
            - "uvicorn app:app"
`),
    );
    expect(textAt(container.name)).toBe("api");
    expect(textAt(container.image!.reference)).toBe("registry.example.com:5000/shop/api:1.2");
    expect(container.image).toMatchObject({ known: true, pullPolicy: { value: "Always" } });
    expect(container.command.map(textAt)).toEqual(["sh", "-c", "uvicorn app:app"]);
    expect(container.labels.map(({ name, value }) => `${textAt(name)}=${textAt(value)}`)).toEqual(["app=web"]);
  });

  test.each(["api:${TAG}", '"{{ .Values.image }}"', "$(IMAGE)"])(
    "image %s is unknown until it is rendered",
    (image) => {
      expect(
        only(deployment(`      containers: [{name: api, image: ${image.startsWith('"') ? image : `"${image}"`}}]`))
          .image?.known,
      ).toBe(false);
    },
  );

  test("well-known images name their product and the user they start as", () => {
    const [db, web] = facts(
      deployment(`
      containers:
        - name: cache
          image: nginx:1.27
        - name: api
          image: shop/api:1
`),
    ).containers;
    expect(db).toMatchObject({ product: "nginx", productKind: "proxy" });
    expect(web).toMatchObject({ productKind: "application" });
    expect(web!.user).toBeUndefined();
  });
});

describe("security context", () => {
  test("the container's own field wins, the pod's is inherited", () => {
    const [api, sidecar] = facts(
      deployment(`
      securityContext:
        runAsUser: 1000
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: api
          securityContext: {runAsUser: 0, runAsNonRoot: no, seccompProfile: {type: Unconfined}}
        - name: sidecar
`),
    ).containers;
    expect(api).toMatchObject({
      user: { value: "0" },
      runAsNonRoot: { value: false },
      seccomp: { value: "Unconfined" },
    });
    expect(api!.runAsNonRoot).not.toHaveProperty("implied");
    expect(sidecar).toMatchObject({
      user: { value: "1000" },
      runAsNonRoot: { value: true },
      seccomp: { value: "RuntimeDefault" },
    });
    expect(textAt(sidecar!.user!)).toBe("1000");
  });

  test("what nobody wrote is implied, at the container's name", () => {
    const container = only(deployment("      containers: [{name: api}]"));
    expect(container).toMatchObject({
      runAsNonRoot: { value: false, implied: true },
      privileged: { value: false, implied: true },
      privilegeEscalation: { value: true, implied: true },
      readOnlyRoot: { value: false, implied: true },
      seccomp: { value: "", implied: true },
      memoryLimit: { value: false, implied: true },
    });
    expect(container.user).toBeUndefined();
    expect(textAt(container.privilegeEscalation!)).toBe("api");
  });

  test.each(["true", "yes", "On", '"true"'])("privileged: %s is true, as the decoder takes it", (word) => {
    const { privileged } = only(deployment(`      containers: [{name: api, securityContext: {privileged: ${word}}}]`));
    expect(privileged).toEqual({ value: true, span: expect.anything() });
    expect(textAt(privileged!)).toBe(word.replaceAll('"', ""));
  });

  test.each(["${PRIVILEGED}", "$(X)", "{{ .Values.x }}"])("a template %s is unknown and not the default", (word) => {
    const container = only(
      deployment(
        `      containers: [{name: api, securityContext: {privileged: "${word}", runAsUser: "${word}", runAsNonRoot: "${word}"}}]`,
      ),
    );
    expect(container).not.toHaveProperty("privileged");
    expect(container).not.toHaveProperty("user");
    expect(container).not.toHaveProperty("runAsNonRoot");
  });

  test.each([
    "      os: {name: windows}\n      containers: [{name: api}]",
    "      nodeSelector: {kubernetes.io/os: windows}\n      containers: [{name: api}]",
    "      containers: [{name: api, securityContext: {windowsOptions: {hostProcess: false}}}]",
  ])("what hardens Linux alone is unknown on Windows: %j", (pod) => {
    const container = only(deployment(pod));
    expect(container).not.toHaveProperty("privilegeEscalation");
    expect(container).not.toHaveProperty("readOnlyRoot");
    expect(container).not.toHaveProperty("seccomp");
    expect(container.runAsNonRoot).toMatchObject({ value: false, implied: true });
  });

  test("a user of Windows is a user", () => {
    const pod = "      containers: [{name: api, securityContext: {windowsOptions: {runAsUserName: ContainerUser}}}]";
    expect(textAt(only(deployment(pod)).user!)).toBe("ContainerUser");
  });

  test("a template in place of the whole context leaves all of it unknown", () => {
    const container = only(deployment('      containers: [{name: api, securityContext: "${CONTEXT}"}]'));
    expect(container.privilegeEscalation).toBeUndefined();
    expect(container.seccomp).toBeUndefined();
  });

  test("capabilities, host network, memory limit", () => {
    const container = only(
      deployment(`
      hostNetwork: true
      containers:
        - name: api
          resources: {limits: {memory: 1Gi}}
          ports: [{containerPort: 8000}]
          securityContext:
            capabilities:
              add: [SYS_ADMIN]
              drop: ["ALL"]
`),
    );
    expect(container.capabilitiesAdded.map(textAt)).toEqual(["SYS_ADMIN"]);
    expect(container.capabilitiesDropped.map(textAt)).toEqual(["ALL"]);
    expect(container).toMatchObject({ networkMode: { value: "host" }, memoryLimit: { value: true } });
    expect(textAt(container.memoryLimit!)).toBe("1Gi");
    expect(container.ports).toMatchObject([{ via: "hostNetwork", reach: "world", target: 8000, published: 8000 }]);
  });

  test("annotations from before the seccomp field still count", () => {
    const manifest = (name: string, profile: string) =>
      `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    ${name}: ${profile}
spec: {containers: [{name: api}]}`;
    expect(only(manifest("seccomp.security.alpha.kubernetes.io/pod", "runtime/default")).seccomp?.value).toBe(
      "RuntimeDefault",
    );
    expect(only(manifest("container.seccomp.security.alpha.kubernetes.io/api", "unconfined")).seccomp?.value).toBe(
      "Unconfined",
    );
    expect(only(manifest("container.seccomp.security.alpha.kubernetes.io/other", "unconfined")).seccomp?.implied).toBe(
      true,
    );
  });

  test("a LimitRange of the namespace makes a missing memory limit unknown", () => {
    const limits = "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: defaults}\nspec: {limits: []}\n";
    expect(only(deployment("      containers: [{name: api}]") + limits).memoryLimit).toBeUndefined();
  });

  test("merge keys and aliases: the place is where the value is written", () => {
    const container = only(
      deployment(`
      containers:
        - name: api
          securityContext: &hardened
            privileged: true
        - name: worker
          securityContext:
            <<: *hardened
            readOnlyRootFilesystem: true
`),
    );
    expect(textAt(container.privileged!)).toBe("true");
  });
});

describe("blanks", () => {
  const spec = (text: string) => text.slice(text.indexOf("      containers:"));

  test("behind the image, as a new context", () => {
    const container = only(
      deployment(`
      containers:
        - name: api
          image: shop/api:1 # pinned
          env: []
`),
    );
    expect(spec(filled(container.runAsNonRoot!, "true"))).toBe(`      containers:
        - name: api
          image: shop/api:1 # pinned
          securityContext:
            runAsNonRoot: true
          env: []
`);
  });

  test("into the context that is there, deeper ones nested", () => {
    const container = only(
      deployment(`
      containers:
        - name: api
          securityContext:
            privileged: false # never
          image: shop/api:1
`),
    );
    expect(spec(filled(container.seccomp!, "RuntimeDefault"))).toBe(`      containers:
        - name: api
          securityContext:
            privileged: false # never
            seccompProfile:
              type: RuntimeDefault
          image: shop/api:1
`);
  });

  test("before the first key where no entry ends on a line of its own", () => {
    const container = only(
      deployment(`
      containers:
        - name: api
          securityContext:
            capabilities:
              drop: &all
                - ALL
`),
    );
    expect(spec(filled(container.privilegeEscalation!, "false"))).toBe(`      containers:
        - name: api
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: &all
                - ALL
`);
  });

  test("under a key that holds nothing, with the file's line ends", () => {
    const container = only(
      deployment("\n      containers:\n        - name: api\n          securityContext:\n").replaceAll("\n", "\r\n"),
    );
    expect(spec(filled(container.readOnlyRoot!, "true"))).toBe(
      "      containers:\r\n        - name: api\r\n          securityContext:\r\n            readOnlyRootFilesystem: true\r\n",
    );
  });

  test("into flow mappings and JSON", () => {
    const flow = only(deployment("      containers: [{name: api, securityContext: {}}]"));
    expect(spec(filled(flow.runAsNonRoot!, "true"))).toBe(
      "      containers: [{name: api, securityContext: {runAsNonRoot: true}}]\n",
    );
    const json = facts({
      "pod.json": '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"api"}]}}',
    }).containers[0]!;
    expect(filled(json.runAsNonRoot!, "true")).toBe(
      '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"api", "securityContext": {"runAsNonRoot": true}}]}}',
    );
  });

  test("none where an alias would carry the change elsewhere", () => {
    const [, worker] = facts(
      deployment(`
      containers:
        - name: api
          securityContext: &shared {privileged: false}
        - name: worker
          securityContext: *shared
`),
    ).containers;
    expect(worker!.readOnlyRoot).toMatchObject({ implied: true });
    expect(worker!.readOnlyRoot).not.toHaveProperty("blank");
  });

  test("every filled blank is YAML that says so", () => {
    const layout = fc.record({
      context: fc.constantFrom(
        "",
        "securityContext:",
        "securityContext: {}",
        "securityContext:\n            privileged: false",
      ),
      comment: fc.constantFrom("", " # why"),
      eol: fc.constantFrom("\n", "\r\n"),
      trailing: fc.boolean(),
    });
    fc.assert(
      fc.property(layout, ({ context, comment, eol, trailing }) => {
        const text = deployment(`
      containers:
        - name: api
          image: shop/api:1${comment}
          ${context}
`).replace(/\n +\n/, "\n");
        const whole = (trailing ? text : text.trimEnd()).replaceAll("\n", eol);
        const after = only(filled(only(whole).runAsNonRoot!, "true"));
        expect(after.runAsNonRoot).toEqual({ value: true, span: expect.anything() });
      }),
    );
  });
});

describe("ports and volumes", () => {
  test("container and host ports", () => {
    const { ports } = facts(
      deployment(`
      containers:
        - name: api
          ports:
            - containerPort: 8000
            - {containerPort: 53, hostPort: 5353, protocol: UDP}
            - {containerPort: 9000, hostPort: 9000, hostIP: 127.0.0.1}
`),
    );
    expect(
      ports.map(({ span, via, reach, target, published, protocol }) => [
        textAt(span),
        via,
        reach,
        target,
        published,
        protocol,
      ]),
    ).toEqual([
      ["8000", "containerPort", "internal", 8000, undefined, "tcp"],
      ["53", "containerPort", "internal", 53, undefined, "udp"],
      ["5353", "hostPort", "world", 53, 5353, "udp"],
      ["9000", "containerPort", "internal", 9000, undefined, "tcp"],
      ["9000", "hostPort", "loopback", 9000, 9000, "tcp"],
    ]);
  });

  test("volumes by what is behind them", () => {
    const { mounts } = facts(
      deployment(`
      containers:
        - name: api
          volumeMounts:
            - {name: socket, mountPath: /var/run/docker.sock}
            - {name: keys, mountPath: /keys}
            - {name: config, mountPath: /etc/app, readOnly: true}
            - {name: scratch, mountPath: /tmp}
            - {name: claimed, mountPath: /data}
            - {name: unknown, mountPath: /other}
            - {name: work, mountPath: /work}
      volumes:
        - {name: work, emptyDir: {}}
        - {name: socket, hostPath: {path: /var/run/docker.sock}}
        - {name: keys, secret: {secretName: api-keys}}
        - {name: config, configMap: {name: app}}
        - {name: scratch, emptyDir: {medium: Memory}}
        - {name: claimed, persistentVolumeClaim: {claimName: data}}
`),
    );
    expect(mounts.map(({ kind, source, target, readOnly }) => [kind, source, target, readOnly])).toEqual([
      ["bind", "/var/run/docker.sock", "/var/run/docker.sock", false],
      ["secret", "api-keys", "/keys", true],
      ["config", "app", "/etc/app", true],
      ["tmpfs", undefined, "/tmp", false],
      ["volume", "data", "/data", false],
      ["volume", undefined, "/other", false],
      ["ephemeral", undefined, "/work", false],
    ]);
    expect(mounts.slice(0, 2).map(({ span }) => textAt(span))).toEqual(["/var/run/docker.sock", "/keys"]);
  });
});

describe("hostile input", () => {
  test("any shape is taken without an exception", () => {
    const keys = fc.constantFrom(
      ...[
        "metadata",
        "spec",
        "template",
        "containers",
        "env",
        "envFrom",
        "name",
        "ports",
        "securityContext",
        "volumes",
      ],
      ...["rules", "http", "paths", "backend", "tls", "listeners", "parentRefs", "routes", "annotations", "__proto__"],
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "medium", withCrossShrink: true },
        fc.constantFrom("x", "", null, 1, true, "${X}", "$(A)$(B)", "{{ .x }}", "__proto__"),
        fc.array(fc.tuple(keys, tie("tree")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    }));
    const kinds = fc.constantFrom(
      ...["Pod", "Deployment", "CronJob", "Secret", "ConfigMap", "Service", "Ingress", "Gateway", "HTTPRoute", "List"],
      ...[
        "IngressRoute",
        "Middleware",
        "Route",
        "HorizontalPodAutoscaler",
        "ExternalSecret",
        "__proto__",
        "constructor",
      ],
    );
    fc.assert(
      fc.property(kinds, tree, tree, tree, (kind, metadata, spec, items) => {
        const text = JSON.stringify({ apiVersion: "v1", kind, metadata, spec, data: spec, items });
        const list = kind === "List" && Array.isArray(items);
        expect(facts({ "a.json": text }).objects).toHaveLength(list ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });
});
