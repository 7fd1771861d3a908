import { describe, expect, test } from "vitest";
import { facts, textAt } from "./kubernetes-facts.ts";

const pod = (container: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: api
${container}`;

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("literal values", () => {
  const envOf = (value: string) =>
    facts(pod(`      env:\n        - name: X\n          value: ${value}\n`)).variables[0]!;

  test.each([
    ["plain", "plain"],
    ["'quoted: text'", "quoted: text"],
    ['""', ""],
    ["8080", "8080"],
    ["P@$$w0rd", "P@$$w0rd"],
    ["$$(NAME)", "$(NAME)"],
  ])("%s is a literal", (written, text) => {
    const { value, origin, subject } = envOf(written);
    expect(value.value).toEqual({ from: "literal", text });
    expect([origin, subject]).toEqual(["kubernetes", "Pod web / container api"]);
    expect(textAt(value)).toBe(written.replace(/^(['"])(.*)\1$/, "$2"));
  });

  test.each([
    ["$(HOST):5432", "HOST", "$(HOST)"],
    ["${TOKEN}", "TOKEN", "${TOKEN}"],
    ["'{{ .Values.token }}'", ".Values.token", "{{ .Values.token }}"],
    ["$TOKEN", "TOKEN", "$TOKEN"],
  ])("%s waits for somebody to fill it in", (written, name, place) => {
    const { value } = envOf(written).value;
    expect(value).toMatchObject({ from: "variable", references: [{ name }] });
    expect(value).not.toHaveProperty("resolved");
    expect(value.from === "variable" && textAt(value.references[0]!.span)).toBe(place);
  });

  test("a fallback of a substitution is found at its place", () => {
    const { value } = envOf("postgres://u:${PASSWORD:-hunter2}@db").value;
    if (value.from !== "variable") throw new Error(`it is ${value.from}`);
    expect(value.resolved).toBe("postgres://u:hunter2@db");
    expect(textAt(value.references[0]!.fallback!)).toBe("hunter2");
    expect(textAt(value.references[0]!.span)).toBe("${PASSWORD:-hunter2}");
  });

  test("$(NAME) takes the literal written above it, and nothing from below", () => {
    const { variables } = facts(
      pod(`      env:
        - {name: EARLY, value: $(LATE)}
        - {name: LATE, value: db}
        - {name: URL, value: "http://$(LATE):80"}
`),
    );
    expect(variables.map(({ value }) => value.value.from === "variable" && value.value.resolved)).toEqual([
      undefined,
      false,
      "http://db:80",
    ]);
    const url = variables[2]!.value.value;
    expect(url.from === "variable" && textAt(url.references[0]!.value!)).toBe("db");
  });

  test("a field of the pod is a reference", () => {
    const [ip] = facts(pod("      env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]\n")).variables;
    expect(ip!.value.value).toMatchObject({ from: "variable", references: [{ name: "status.podIP" }] });
    expect(textAt(ip!.value)).toBe("status.podIP");
  });
});

describe("ConfigMaps", () => {
  test("names of environments become variables, files do not", () => {
    const { variables } = facts(`apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data:
  LOG_LEVEL: "debug"
  cache-host: redis
  app.properties: a=b
  password_validation.py: |
    def check(password):
        return True
  NOTES: |
    one
    two
  BANNER: |
    one line
`);
    expect(variables.map(({ name }) => name.value)).toEqual(["LOG_LEVEL", "cache-host", "BANNER"]);
    expect(variables[0]).toMatchObject({ origin: "config-map", subject: "ConfigMap app", phase: "run" });
    expect([textAt(variables[0]!.name), textAt(variables[0]!.value)]).toEqual(["LOG_LEVEL", "debug"]);
  });

  const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: app, namespace: shop}
data: {ORIGINS: "*", LEVEL: info, cache-host: redis}
`;

  test("envFrom hands over the very objects, env wins over them", () => {
    const { variables, containers } = facts(
      configMap + pod("      envFrom: [{configMapRef: {name: app}}]\n      env: [{name: LEVEL, value: debug}]\n"),
    );
    const environment = containers[0]!.variables;
    expect(environment.map(({ name, origin }) => [name.value, origin])).toEqual([
      ["ORIGINS", "config-map"],
      ["cache-host", "config-map"],
      ["LEVEL", "kubernetes"],
    ]);
    expect(variables).toContain(environment[0]);
    expect(variables.filter(({ name }) => name.value === "ORIGINS")).toHaveLength(1);
  });

  test("a prefix makes variables of the container", () => {
    const { containers } = facts(configMap + pod("      envFrom: [{prefix: APP_, configMapRef: {name: app}}]\n"));
    const [origins] = containers[0]!.variables;
    expect(origins).toMatchObject({ name: { value: "APP_ORIGINS" }, subject: "Pod web / container api" });
    expect(textAt(origins!.value)).toBe("*");
  });

  test("configMapKeyRef: the same name is the same object, another name is bound to the value there", () => {
    const { containers, variables } = facts(
      configMap +
        pod(`      env:
        - {name: LEVEL, valueFrom: {configMapKeyRef: {name: app, key: LEVEL}}}
        - {name: CACHE_HOST, valueFrom: {configMapKeyRef: {name: app, key: cache-host}}}
        - {name: MISSING, valueFrom: {configMapKeyRef: {name: other, key: x}}}
`),
    );
    const [level, cache, missing] = containers[0]!.variables;
    expect(level!.subject).toBe("ConfigMap app");
    expect(cache).toMatchObject({ subject: "Pod web / container api", origin: "config-map" });
    expect(textAt(cache!.value)).toBe("redis");
    expect(missing!.value.value).toMatchObject({
      from: "secret",
      secret: { store: "config-map", name: "other", key: "x" },
    });
    expect(variables).toContain(cache);
  });

  test("of two ConfigMaps of one name the neighbour is meant, never one of another namespace", () => {
    const config = (level: string, namespace?: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app${namespace ? `, namespace: ${namespace}` : ""}}\ndata: {LEVEL: ${level}}\n`;
    const web = pod("      envFrom: [{configMapRef: {name: app}}]\n");
    const { containers } = facts({
      "dev/config.yaml": config("debug"),
      "dev/web.yaml": web,
      "prod/config.yaml": config("info"),
      "prod/web.yaml": web,
    });
    expect(containers.map(({ variables }) => variables.map(({ value }) => textAt(value)))).toEqual([
      ["debug"],
      ["info"],
    ]);
    expect(facts(config("info", "other") + web).containers[0]!.variables).toEqual([]);
  });
});

describe("Secrets", () => {
  test("data is decoded, stringData wins, the place is what is written", () => {
    const { secrets } = facts(`apiVersion: v1
kind: Secret
metadata: {name: keys}
data:
  password: ${base64("s3cret")}
  token: ${base64("old")}
  template: "\${TOKEN}"
stringData:
  token: new
`);
    expect(secrets).toMatchObject([{ subject: "Secret keys", holds: "values", format: "kubernetes" }]);
    const { variables } = secrets[0]!;
    expect(variables.map(({ name, value }) => [name.value, value.value])).toMatchObject([
      ["password", { from: "literal", text: "s3cret" }],
      ["token", { from: "literal", text: "new" }],
      ["template", { from: "variable" }],
    ]);
    expect(variables.map(({ value }) => textAt(value))).toEqual([base64("s3cret"), "new", "${TOKEN}"]);
    expect(variables.every(({ origin, subject }) => origin === "secret" && subject === "Secret keys")).toBe(true);
  });

  test.each([
    ["Secret", "data: {}", "Secret keys", "external"],
    ["SealedSecret", "spec: {encryptedData: {password: AgBy}}", "SealedSecret keys", "sealed"],
    ["ExternalSecret", "spec: {target: {name: made}}", "ExternalSecret keys", "external"],
    ["SecretProviderClass", "spec: {provider: vault}", "SecretProviderClass keys", "external"],
    ["Secret", "stringData: {a: 'ENC[AES256_GCM,data:x]'}\nsops: {version: 3.9.0}", "Secret keys", "sealed"],
  ])("%s with %s", (kind, body, subject, holds) => {
    const { secrets } = facts(`apiVersion: v1\nkind: ${kind}\nmetadata: {name: keys}\n${body}\n`);
    expect(secrets).toMatchObject([{ subject, holds, variables: [] }]);
    expect(textAt(secrets[0]!.name)).toBe(kind === "ExternalSecret" ? "made" : "keys");
  });

  test("secretKeyRef stays a reference, also to a Secret of the project", () => {
    const { containers, variables } = facts(
      `apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {openai: sk-1}\n${pod(
        "      env: [{name: OPENAI_API_KEY, valueFrom: {secretKeyRef: {name: keys, key: openai}}}]\n",
      )}`,
    );
    const [key] = containers[0]!.variables;
    expect(key!.value.value).toEqual({ from: "secret", secret: { store: "kubernetes", name: "keys", key: "openai" } });
    expect(textAt(key!.value)).toBe("openai");
    expect(variables.map(({ origin }) => origin)).toEqual(["secret", "kubernetes"]);
  });

  test("envFrom of a Secret lists its variables", () => {
    const { containers } = facts(
      `apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {API_KEY: k}\n${pod("      envFrom: [{secretRef: {name: keys}}]\n")}`,
    );
    expect(containers[0]!.variables.map(({ name, origin }) => [name.value, origin])).toEqual([["API_KEY", "secret"]]);
  });
});

describe("Helm charts", () => {
  const chart = (values: string) => ({ "web/Chart.yaml": "apiVersion: v2\nname: web\n", "web/values.yaml": values });

  test("environments of values are variables, the rest only if it is a credential", () => {
    const { variables, roles } = facts(
      chart(`image: {tag: "1.2"}
existingSecret: keys
env:
  LOG_LEVEL: debug
extraEnv:
  - name: ORIGINS
    value: "*"
postgresql:
  auth:
    password: ""
    postgresPassword: correct-horse-battery
    secretKeys: {adminPasswordKey: postgres-password}
`),
    );
    expect(variables.map(({ name, value }) => [name.value, textAt(value)])).toEqual([
      ["LOG_LEVEL", "debug"],
      ["ORIGINS", "*"],
      ["postgresql.auth.postgresPassword", "correct-horse-battery"],
    ]);
    expect(variables[0]).toMatchObject({ origin: "config-map", subject: "web/values.yaml" });
    expect(roles.map(({ file, role }) => [file.path, role])).toEqual([
      ["web/Chart.yaml", "Helm values"],
      ["web/values.yaml", "Helm values"],
    ]);
  });

  test("a values file without a chart is no concern of Helm", () => {
    expect(facts({ "config/values.yaml": "env: {A: b}\n" })).toMatchObject({ variables: [], roles: [] });
  });
});
