import { composeService, defineRule, EDGE_NAMES, type Edge, type Port } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/public-http",
    title: "Service is public over plain HTTP and nothing in the project ends TLS",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
Passwords, tokens and prompts cross the internet readable and changeable. The finding looks at the proxies, Ingresses and
published ports of the whole project and speaks once, only if none of them ends TLS. A load balancer outside the project
cannot be seen: where one exists, suppress the finding with that reason.`,
    remedy: `
Let a reverse proxy end TLS.

\`\`\`nginx
server {
    listen 443 ssl;
    ssl_certificate     /etc/ssl/app.crt;
    ssl_certificate_key /etc/ssl/app.key;
}
\`\`\`

Caddy fetches certificates by itself for a site whose address is a plain host name.

\`\`\`yaml
services:
  proxy:
    image: caddy:2.10
    command: caddy reverse-proxy --from app.example.com --to app:8000
    ports:
      - "80:80"
      - "443:443"
\`\`\`

An Ingress needs a \`tls\` section.

\`\`\`yaml
spec:
  tls:
    - hosts: [app.example.com]
      secretName: app-tls
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
    yieldsTo: ["network/app-port-exposed"],
  },

  check(model, report) {
    if (model.edges.some(({ tls }) => tls) || model.ports.some(isTls)) return;
    if (model.containers.some(({ product }) => product === "cloudflared")) return;

    const open = model.ports.filter(({ reach, via }) => reach === "world" && via !== "hostNetwork");
    const reached =
      model.containers.length === 0 || open.some(({ productKind = "application" }) => HTTP.has(productKind));
    const edge = model.edges.find(
      ({ serves, internal, span }) => reached && serves && !internal && span.file.stage === "production",
    );
    const port = open.find(
      ({ published, productKind, span }) =>
        (published === 80 || productKind === "proxy") && span.file.stage === "production",
    );
    if (edge) {
      const host = edge.hosts.find(({ value }) => value !== "localhost")?.value;
      report({
        at: edge.listens.find(({ tls }) => !tls)?.span ?? edge.span,
        subject: edge.subject,
        message: `${host ? `${host} is served over` : `${EDGE_NAMES[edge.kind]} serves`} plain HTTP and nothing in this project ends TLS`,
        related:
          port && port.via !== "Ingress"
            ? [{ at: port.span, message: `${port.owner} publishes port ${port.published ?? port.target}` }]
            : [],
        snippet: edgeSnippet(edge, host ?? "app.example.com"),
      });
    } else if (port) {
      report({
        at: port.span,
        subject: port.subject,
        message: `${port.owner} is public over plain HTTP and nothing in this project ends TLS`,
        snippet: portSnippet(port),
      });
    }
  },
});

const HTTP: ReadonlySet<Port["productKind"]> = new Set(["application", "proxy"]);

const isTls = ({ reach, published, target }: Port): boolean =>
  reach === "world" && (published === 443 || target === 443 || target === 8443);

function edgeSnippet({ kind, subject, upstreams }: Edge, host: string): string {
  const name = subject.split(" ").at(-1);
  switch (kind) {
    case "nginx":
      return "listen 443 ssl;\nssl_certificate     /etc/ssl/app.crt;\nssl_certificate_key /etc/ssl/app.key;";
    case "caddy":
      return `${host} {\n    ${upstreams[0] ? `reverse_proxy ${upstreams[0].value}` : "…"}\n}`;
    case "traefik":
      return `- "traefik.http.routers.${name}.tls.certresolver=letsencrypt"`;
    case "ingress":
      return `spec:\n  tls:\n    - hosts: [${host}]\n      secretName: ${name}-tls`;
    case "gateway":
      return `- name: https\n  protocol: HTTPS\n  port: 443\n  tls:\n    certificateRefs:\n      - name: ${name}-tls`;
  }
}

function portSnippet({ format, productKind, owner, target }: Port): string {
  if (format !== "compose") {
    return `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ${owner}\nspec:\n  tls:\n    - hosts: [app.example.com]\n      secretName: ${owner}-tls`;
  }
  return productKind === "proxy"
    ? composeService(owner, 'ports:\n  - "80:80"\n  - "443:443"')
    : composeService(
        "proxy",
        `image: caddy:2.10\ncommand: caddy reverse-proxy --from app.example.com --to ${owner}:${target ?? 80}\nports:\n  - "80:80"\n  - "443:443"`,
      );
}
