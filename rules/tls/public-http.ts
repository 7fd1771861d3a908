import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/public-http",
    title: "Service is public over plain HTTP and nothing in the project ends TLS",
    severity: "high",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
Passwords, tokens and prompts cross the internet readable and changeable. The finding looks at the proxies and Ingresses of
the whole project and speaks only if none of them ends TLS; a load balancer outside the project cannot be seen, so where
one exists, suppress the finding with that reason.`,
    remedy: `
Let a reverse proxy end TLS.

\`\`\`nginx
server {
    listen 443 ssl;
    ssl_certificate     /etc/ssl/app.crt;
    ssl_certificate_key /etc/ssl/app.key;
}
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
  },

  check(model, report) {
    if (model.edges.some(({ tls }) => tls)) return;
    if (model.ports.some(({ reach, published }) => reach === "world" && published === 443)) return;

    const [edge] = model.edges.filter(({ serves, span }) => serves && span.file.stage === "production");
    const [port] = model.ports.filter(
      ({ reach, published, productKind, via, span }) =>
        reach === "world" &&
        (published === 80 || productKind === "proxy") &&
        via !== "hostNetwork" &&
        span.file.stage === "production",
    );
    if (edge) {
      const listen = edge.listens.find(({ tls }) => !tls);
      report({
        at: listen?.span ?? edge.span,
        subject: edge.subject,
        message: `${edge.hosts[0]?.value ?? "the server"} is served over plain HTTP and nothing in this project ends TLS`,
        related: port ? [{ at: port.span, message: `${port.owner} publishes it` }] : [],
        snippet: SNIPPETS[edge.kind],
      });
    } else if (port) {
      report({
        at: port.span,
        subject: port.subject,
        message: `${port.owner} is public over plain HTTP and nothing in this project ends TLS`,
        snippet: port.format === "compose" ? `ports:\n  - "443:443"` : SNIPPETS.ingress,
      });
    }
  },
});

const SNIPPETS: Readonly<Record<string, string>> = {
  nginx: "listen 443 ssl;\nssl_certificate     /etc/ssl/app.crt;\nssl_certificate_key /etc/ssl/app.key;",
  caddy: "app.example.com {\n}",
  traefik: '- "traefik.http.routers.app.tls.certresolver=letsencrypt"',
  ingress: "tls:\n  - hosts: [app.example.com]\n    secretName: app-tls",
  gateway: "protocol: HTTPS\ntls:\n  certificateRefs:\n    - name: app-tls",
};
