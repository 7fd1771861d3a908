import { describe, expect, test } from "vitest";
import type { Port } from "../../src/model.ts";
import { deployment, facts, filled, textAt } from "./kubernetes-facts.ts";

const web = deployment(`
      containers:
        - name: db
          image: postgres:16
          ports: [{name: sql, containerPort: 5432}]
`);

const service = (spec: string, annotations = "") => `---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {${annotations}}
spec:
  selector: {app: web}
  ${spec}
`;

const brief = (ports: readonly Port[]) =>
  ports
    .filter(({ via }) => via !== "containerPort")
    .map(({ span, via, reach, target, published, product }) => [textAt(span), via, reach, target, published, product]);

describe("Services", () => {
  test.each([
    ["ports: [{port: 80, targetPort: 5432}]", ["80", "ClusterIP", "internal", 5432, undefined, "postgres"]],
    [
      "type: NodePort\n  ports: [{port: 80, targetPort: sql, nodePort: 30080}]",
      ["30080", "NodePort", "world", 5432, 30080, "postgres"],
    ],
    ["type: NodePort\n  ports: [{port: 5432}]", ["5432", "NodePort", "world", 5432, undefined, "postgres"]],
    [
      "type: LoadBalancer\n  ports: [{port: 443, targetPort: sql}]",
      ["443", "LoadBalancer", "world", 5432, 443, "postgres"],
    ],
    [
      "externalIPs: [203.0.113.7]\n  ports: [{port: 5432}]",
      ["5432", "ClusterIP", "world", 5432, undefined, "postgres"],
    ],
    ["type: ${TYPE}\n  ports: [{port: 5432}]", ["5432", "ClusterIP", "unknown", 5432, undefined, "postgres"]],
    [
      "type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.0/8]\n  ports: [{port: 80}]",
      ["80", "LoadBalancer", "internal", 80, 80, "postgres"],
    ],
    [
      "type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]\n  ports: [{port: 80}]",
      ["80", "LoadBalancer", "world", 80, 80, "postgres"],
    ],
  ])("%j", (spec, expected) => {
    expect(brief(facts(web + service(spec)).ports)).toEqual([expected]);
  });

  test.each([
    ['service.beta.kubernetes.io/aws-load-balancer-internal: "true"', "internal"],
    ["service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing", "world"],
    ['service.beta.kubernetes.io/azure-load-balancer-internal: "true"', "internal"],
    ["networking.gke.io/load-balancer-type: Internal", "internal"],
  ])("%s makes the load balancer %s", (annotation, reach) => {
    const { ports } = facts(service("type: LoadBalancer\n  ports: [{port: 80}]", annotation));
    expect(ports).toMatchObject([{ reach, subject: "Service web", owner: "web" }]);
  });

  test("a port knows the workload that its Service sends to", () => {
    const { ports, containers } = facts(web + service("ports: [{port: 5432}]"));
    expect(ports?.find(({ via }) => via === "ClusterIP")?.workload).toBe(containers?.[0]?.workload);
    expect(containers?.[0]?.workload).toBe("Deployment web");
  });

  test("an ExternalName and a selector that fits nothing", () => {
    expect(facts(service("type: ExternalName\n  ports: [{port: 80}]")).ports).toEqual([]);
    const other = service("ports: [{port: 80, targetPort: sql}]").replace("app: web", "app: other");
    expect(brief(facts(web + other).ports)).toEqual([["80", "ClusterIP", "internal", undefined, undefined, undefined]]);
  });
});

const ingress = (spec: string, annotations = "{}") => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: front
  annotations: ${annotations}
spec:
  ${spec}
`;

const RULES = `rules:
    - host: app.example.com
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}`;
const TLS = `tls: [{hosts: [app.example.com], secretName: cert}]\n  ${RULES}`;
const nginx = (annotations: string) => `{${annotations.replaceAll("@", "nginx.ingress.kubernetes.io/")}}`;

describe("Ingress", () => {
  test("is joined through the Service to what it brings to the world", () => {
    const { edges, ports } = facts(web + service("ports: [{port: 80, targetPort: sql}]") + ingress(RULES));
    expect(edges).toMatchObject([
      { subject: "Ingress front", kind: "ingress", tls: false, serves: true, redirectsToHttps: false },
    ]);
    const [edge] = edges;
    expect([textAt(edge!.span), ...edge!.hosts.map(textAt), ...edge!.upstreams.map(textAt)]).toEqual([
      "front",
      "app.example.com",
      "web",
    ]);
    expect(edge!.listens).toMatchObject([{ port: 80, tls: false }]);
    expect(brief(ports).at(-1)).toEqual(["80", "Ingress", "world", 5432, 80, "postgres"]);
  });

  test.each([
    [ingress(TLS), true, true, [80, 443]],
    [ingress(TLS, nginx('@ssl-redirect: "false"')), true, false, [80, 443]],
    [ingress(TLS, nginx('@ssl-redirect: "false", @force-ssl-redirect: "true"')), true, true, [80, 443]],
    [ingress(TLS, '{kubernetes.io/ingress.allow-http: "false"}'), true, true, [443]],
    [ingress(RULES, "{alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:1'}"), true, true, [80, 443]],
    [ingress(RULES), false, false, [80]],
  ])("TLS and redirect of %s", (text, tls, redirectsToHttps, listens) => {
    const [edge] = facts(text).edges;
    expect(edge).toMatchObject({ tls, redirectsToHttps });
    expect(edge!.listens.map(({ port }) => port)).toEqual(listens);
  });

  test("the older API names its backend another way", () => {
    const old = `apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: front}
spec: {rules: [{http: {paths: [{backend: {serviceName: web, servicePort: 80}}]}}]}
`;
    expect(facts(old).edges[0]!.upstreams.map(textAt)).toEqual(["web"]);
    expect(brief(facts(old).ports)).toEqual([["80", "Ingress", "world", undefined, 80, undefined]]);
  });

  test("an internal class keeps it inside", () => {
    expect(facts(ingress(`ingressClassName: nginx-internal\n  ${RULES}`)).ports).toMatchObject([{ reach: "internal" }]);
    expect(facts(ingress(`ingressClassName: alb\n  ${RULES}`)).ports).toMatchObject([{ reach: "internal" }]);
    const inside = (spec: string) => facts(ingress(`${spec}\n  ${RULES}`)).edges[0]!.internal;
    expect(["ingressClassName: nginx-internal", "ingressClassName: nginx"].map(inside)).toEqual([true, undefined]);
  });

  test("the annotation that keeps plain requests is the place of their listener", () => {
    const [edge] = facts(ingress(TLS, nginx('@ssl-redirect: "false"'))).edges;
    expect(edge!.listens.map(({ span }) => textAt(span))).toEqual(["false", "front"]);
  });

  test("headers of a snippet, and HSTS that ingress-nginx sends by itself", () => {
    const text = ingress(
      `ingressClassName: nginx\n  ${TLS}`,
      nginx(`@configuration-snippet: 'more_set_headers "X-Frame-Options: DENY";'`),
    );
    const [edge] = facts(text).edges;
    expect(edge!.headers.map(({ name, value }) => [name.value, value.value, value.implied])).toEqual([
      ["X-Frame-Options", "DENY", undefined],
      ["Strict-Transport-Security", "max-age=31536000; includeSubDomains", true],
    ]);
    expect([textAt(edge!.headers[0]!.name), textAt(edge!.headers[0]!.value)]).toEqual(["X-Frame-Options", "DENY"]);
  });
});

test("headers of the ConfigMap that an Ingress names", () => {
  const headers =
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: headers, namespace: web}\ndata: {X-Frame-Options: DENY}\n";
  const [edge] = facts(ingress(RULES, nginx("@custom-headers: web/headers")) + headers).edges;
  expect(edge!.headers.map(({ name, value }) => [textAt(name), value.value])).toEqual([["X-Frame-Options", "DENY"]]);
});

test.each([
  ["NetworkPolicy", "spec: {podSelector: {}, policyTypes: [Ingress, Egress]}", true],
  ["NetworkPolicy", "spec: {podSelector: {}, policyTypes: [Ingress]}", false],
  ["NetworkPolicy", "spec: {podSelector: {}, egress: [{}]}", true],
  ["NetworkPolicy", "spec: {podSelector: {}}", false],
  ["CiliumNetworkPolicy", "spec: {endpointSelector: {}, egressDeny: [{}]}", true],
  ["Deployment", "spec: {}", undefined],
])("%s with %s restricts outgoing traffic: %s", (kind, spec, expected) => {
  const { objects } = facts(`apiVersion: networking.k8s.io/v1\nkind: ${kind}\nmetadata: {name: web}\n${spec}\n`);
  expect(objects[0]!.restrictsEgress).toBe(expected);
});

test("kinds of other groups that share a name are objects and nothing else", () => {
  const { objects, edges, variables } = facts(
    "apiVersion: config.openshift.io/v1\nkind: Ingress\nmetadata: {name: cluster}\n---\napiVersion: example.com/v1\nkind: Secret\nmetadata: {name: a}\ndata: {A: b}\n",
  );
  expect([objects.length, edges.length, variables.length]).toEqual([2, 0, 0]);
});

describe("annotations of ingress-nginx", () => {
  test("CORS with a list", () => {
    const [policy] = facts(
      ingress(
        RULES,
        `
    nginx.ingress.kubernetes.io/enable-cors: "true"
    nginx.ingress.kubernetes.io/cors-allow-origin: "https://a.example.com, http://b.example.com"
    nginx.ingress.kubernetes.io/cors-allow-credentials: "false"
    nginx.ingress.kubernetes.io/cors-allow-methods: GET`,
      ),
    ).cors;
    expect(policy).toMatchObject({ subject: "Ingress front", syntax: "ingress", credentials: { value: false } });
    expect(policy!.origins.map(textAt)).toEqual(["https://a.example.com", "http://b.example.com"]);
    expect(policy!.methods.map(({ value }) => value)).toEqual(["GET"]);
  });

  test("without a list every origin is let in, with credentials, and the list has a place", () => {
    const [policy] = facts(ingress(RULES, '\n    nginx.ingress.kubernetes.io/enable-cors: "true"')).cors;
    expect(policy!.origins).toMatchObject([{ value: "*", implied: true }]);
    expect(policy!.credentials).toMatchObject({ value: true, implied: true });
    expect(textAt(policy!.origins[0]!)).toBe("true");
    expect(filled(policy!.origins[0]!, '"https://a.example.com"')).toContain(
      'enable-cors: "true"\n    nginx.ingress.kubernetes.io/cors-allow-origin: "https://a.example.com"\nspec:',
    );
  });

  test.each(['@enable-cors: "false"', "@cors-allow-origin: '*'"])("%s is no policy", (annotations) => {
    expect(facts(ingress(RULES, nginx(annotations))).cors).toEqual([]);
  });

  test("limits and sizes", () => {
    const { rateLimits, settings } = facts(
      ingress(RULES, nginx('@limit-rps: "5", @limit-rpm: "100", @limit-connections: "3", @proxy-body-size: 8m')),
    );
    expect(rateLimits.map(({ requests, window, where }) => [requests!.value, window, where])).toEqual([
      [5, 1, "proxy"],
      [100, 60, "proxy"],
      [3, undefined, "proxy"],
    ]);
    expect(settings?.requestSize).toMatchObject([{ at: { value: 8 * 1024 * 1024 }, subject: "Ingress front" }]);
    expect(textAt(settings!.requestSize![0]!.at)).toBe("8m");
    expect(facts(ingress(RULES, nginx('@proxy-body-size: "0"'))).settings?.requestSize).toMatchObject([
      { at: { value: 0 } },
    ]);
  });
});

describe("other edges", () => {
  const gateway = (listeners: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge}
spec: {listeners: [${listeners}]}
`;
  const httpRoute = (rules: string, section = "") => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: app}
spec:
  parentRefs: [{name: edge${section && `, sectionName: ${section}`}}]
  hostnames: [app.example.com]
  rules: [${rules}]
`;
  const HTTP = "{name: http, port: 80, protocol: HTTP}";
  const HTTPS = "{name: https, port: 443, protocol: HTTPS, hostname: '*.example.com'}";
  const SENDS = "{backendRefs: [{name: web, port: 80}]}";
  const REDIRECT = "{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}";

  test.each([
    [gateway(HTTP) + httpRoute(SENDS), { tls: false, serves: true, redirectsToHttps: false }],
    [gateway(`${HTTP}, ${HTTPS}`) + httpRoute(SENDS), { tls: true, serves: true, redirectsToHttps: false }],
    [gateway(`${HTTP}, ${HTTPS}`) + httpRoute(SENDS, "https"), { tls: true, redirectsToHttps: true }],
    [
      gateway(`${HTTP}, ${HTTPS}`) + httpRoute(SENDS, "https") + httpRoute(REDIRECT, "http"),
      { tls: true, serves: true, redirectsToHttps: true },
    ],
    [gateway(HTTP), { tls: false, serves: false }],
  ])("Gateway %#", (text, expected) => {
    expect(facts(text).edges).toMatchObject([{ subject: "Gateway edge", kind: "gateway", ...expected }]);
  });

  test("a Gateway's listeners, hosts and ports at their places", () => {
    const { edges, ports } = facts(
      `${web}${service("ports: [{port: 80, targetPort: sql}]")}---\n${gateway(HTTPS)}${httpRoute(SENDS)}`,
    );
    expect(edges[0]!.listens.map(({ port, tls, span }) => [port, tls, textAt(span)])).toEqual([[443, true, "443"]]);
    expect(edges[0]!.hosts.map(textAt)).toEqual(["*.example.com", "app.example.com"]);
    expect(brief(ports).at(-1)).toEqual(["80", "Ingress", "world", 5432, 443, "postgres"]);
  });

  test("headers count only where every rule sets them", () => {
    const set = (name: string) =>
      `{backendRefs: [{name: web}], filters: [{responseHeaderModifier: {set: [{name: X-Frame-Options, value: DENY}, {name: ${name}, value: x}]}}]}`;
    const [edge] = facts(gateway(HTTPS) + httpRoute(`${set("X-A")}, ${set("X-B")}`)).edges;
    expect(edge!.headers.map(({ name }) => name.value)).toEqual(["X-Frame-Options"]);
  });

  test.each([
    ["{to: {name: web}}", { tls: false, redirectsToHttps: false, serves: true }],
    ["{to: {name: web}, tls: {termination: edge}}", { tls: true, redirectsToHttps: true }],
    ["{to: {name: web}, tls: {termination: edge, insecureEdgeTerminationPolicy: Allow}}", { redirectsToHttps: false }],
  ])("OpenShift Route %s", (spec, expected) => {
    const text = `apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: web}\nspec: ${spec}\n`;
    expect(facts(text).edges).toMatchObject([{ subject: "Route web", kind: "ingress", ...expected }]);
  });

  const ingressRoute = (spec: string) => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: app}
spec:
  ${spec}
  routes:
    - match: Host(\`app.example.com\`) && PathPrefix(\`/api\`)
      kind: Rule
      services: [{name: web, port: 80}]
      middlewares: [{name: secure}]
`;
  const middleware = (spec: string) => `---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: secure}
spec: ${spec}
`;

  test.each([
    ["entryPoints: [web]", { tls: false, redirectsToHttps: false }],
    ["entryPoints: [websecure]\n  tls: {}", { tls: true, redirectsToHttps: true }],
    ["entryPoints: [web, websecure]", { tls: true, redirectsToHttps: false }],
  ])("Traefik route on %j", (spec, expected) => {
    const [edge] = facts(ingressRoute(spec)).edges;
    expect(edge).toMatchObject({ subject: "IngressRoute app", kind: "traefik", serves: true, ...expected });
    expect(edge!.hosts.map(textAt)).toEqual(["app.example.com"]);
  });

  test("TLS options of a Traefik route, by name or by default", () => {
    const option = (name: string) =>
      `---\napiVersion: traefik.io/v1alpha1\nkind: TLSOption\nmetadata: {name: ${name}}\nspec: {minVersion: VersionTLS10, cipherSuites: [TLS_RSA_WITH_RC4_128_SHA]}\n`;
    const protocols = (spec: string, name: string) =>
      facts(ingressRoute(spec) + option(name)).edges[0]!.protocols.map((at) => [at.value, textAt(at)]);
    expect(protocols("tls: {options: {name: old}}", "old")).toEqual([["TLSv1", "VersionTLS10"]]);
    expect(protocols("tls: {}", "default")).toEqual([["TLSv1", "VersionTLS10"]]);
    expect(protocols("tls: {}", "old")).toEqual([]);
    expect(facts(ingressRoute("tls: {}") + option("default")).edges[0]!.ciphers.map(textAt)).toEqual([
      "TLS_RSA_WITH_RC4_128_SHA",
    ]);
  });

  test("headers are unknown where a middleware is not here", () => {
    expect(facts(ingressRoute("tls: {}")).edges[0]!.headersUnknown).toBe(true);
    expect(facts(ingressRoute("tls: {}") + middleware("{}")).edges[0]!.headersUnknown).toBeUndefined();
  });

  test("Traefik middlewares: headers, CORS, limits, sizes, redirects", () => {
    const text = (spec: string) => ingressRoute("entryPoints: [web]") + middleware(spec);
    const headers = facts(
      text(
        "{headers: {stsSeconds: 31536000, frameDeny: true, contentTypeNosniff: false, referrerPolicy: same-origin}}",
      ),
    );
    expect(headers.edges[0]!.headers.map(({ name, value }) => [name.value, value.value])).toEqual([
      ["Strict-Transport-Security", "max-age=31536000"],
      ["X-Frame-Options", "DENY"],
      ["Referrer-Policy", "same-origin"],
    ]);
    const { cors } = facts(
      text("{headers: {accessControlAllowOriginList: ['*'], accessControlAllowCredentials: true}}"),
    );
    expect(cors).toMatchObject([{ syntax: "traefik", subject: "Middleware secure", credentials: { value: true } }]);
    expect(cors[0]!.origins.map(textAt)).toEqual(["*"]);
    expect(facts(text("{rateLimit: {average: 100, period: 1m}}")).rateLimits).toMatchObject([
      { requests: { value: 100 }, window: 60 },
    ]);
    expect(facts(text("{buffering: {maxRequestBodyBytes: 1024}}")).settings?.requestSize).toMatchObject([
      { at: { value: 1024 } },
    ]);
    expect(facts(text("{redirectScheme: {scheme: https}}")).edges).toMatchObject([
      { redirectsToHttps: true, serves: false },
    ]);
  });
});
